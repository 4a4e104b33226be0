# pyright: standard
"""The saved queries of CloudWatch Logs, which moto does not have."""

import json
import re
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from apprunner_local import api_model

_TARGET = re.compile(r"Logs_20140328\.(PutQueryDefinition|DescribeQueryDefinitions|DeleteQueryDefinition)")
_REGION = re.compile(r"Credential=[^/]+/[0-9]+/(?P<region>[a-z0-9-]+)/")
_RESET = "/moto-api/reset"

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class QueryDefinitions:
    """A WSGI application that handles the calls about saved queries, and passes all others on.

    Args:
        application: The application for all other calls.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._by_region: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match = _TARGET.fullmatch(environ.get("HTTP_X_AMZ_TARGET", ""))
        if environ.get("PATH_INFO") == _RESET:
            self._by_region.clear()
        if match is None:
            return self._application(environ, start_response)
        length = int(environ.get("CONTENT_LENGTH") or 0)
        parameters = json.loads(environ["wsgi.input"].read(length) or b"{}")
        status, response = self._handle(match[1], parameters, self._by_region[region_of(environ)])
        start_response(status, [("Content-Type", "application/x-amz-json-1.1")])
        return [json.dumps(response).encode()]

    def _handle(
        self, operation: str, parameters: dict[str, Any], queries: dict[str, dict[str, Any]]
    ) -> tuple[str, dict[str, Any]]:
        if problems := api_model.input_problems("logs", operation, parameters):
            return _error("InvalidParameterException", "; ".join(problems))
        id = parameters.get("queryDefinitionId") or str(uuid.uuid4())
        if operation == "DescribeQueryDefinitions":
            prefix = parameters.get("queryDefinitionNamePrefix", "")
            found = [each for each in queries.values() if each["name"].startswith(prefix)]
            return "200 OK", {"queryDefinitions": found}
        if parameters.get("queryDefinitionId") and id not in queries:
            return _error("ResourceNotFoundException", f"The query definition {id} does not exist.")
        if operation == "DeleteQueryDefinition":
            del queries[id]
            return "200 OK", {"success": True}
        queries[id] = {"logGroupNames": [], **parameters, "queryDefinitionId": id}
        return "200 OK", {"queryDefinitionId": id}


def region_of(environ: dict[str, Any]) -> str:
    """Return the region for which a request is signed; an empty string for an unsigned one."""
    match = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
    return match["region"] if match else ""


def _error(code: str, message: str) -> tuple[str, dict[str, Any]]:
    return "400 Bad Request", {"__type": code, "message": message}
