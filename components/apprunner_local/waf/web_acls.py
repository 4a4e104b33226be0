# pyright: standard
"""The calls about web ACLs that moto handles less strictly than AWS."""

import json
import re
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from moto.wafv2.models import FakeWebACL, WAFV2Backend, wafv2_backends

from apprunner_facts import firewall
from apprunner_facts.arns import EXAMPLE_ACCOUNT, SERVICE, parse_arn
from apprunner_local import api_model
from apprunner_local.waf.rules import capacity_of, rule_problems

_TARGET = re.compile(r"AWSWAF_20190729\.(?P<operation>\w+)")
_REGION = re.compile(r"Credential=[^/]+/[0-9]+/(?P<region>[a-z0-9-]+)/")
_INVALID, _MISSING = "WAFInvalidParameterException", "WAFNonexistentItemException"
_DOES_NOT_EXIST = "AWS WAF couldn't perform the operation because your resource doesn't exist."

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Members = dict[str, Any]


class WebAcls:
    """The web ACLs of an account, kept in moto.

    Args:
        service_exists: Returns whether an App Runner service with an ARN exists.
        log_group_exists: Returns whether a log group exists, by region and name.
    """

    unavailable: int
    """The number of next associations that fail, because the web ACL is not available yet."""

    def __init__(self, service_exists: Callable[[str], bool], log_group_exists: Callable[[str, str], bool]) -> None:
        self.unavailable = 0
        self._service_exists = service_exists
        self._log_group_exists = log_group_exists

    def around(self, application: Application) -> Application:
        """Return a WSGI application that handles or checks the calls about web ACLs, and passes on all others."""

        def handle(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            target = _TARGET.fullmatch(environ.get("HTTP_X_AMZ_TARGET", ""))
            region = _REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
            if target is None or region is None:
                return application(environ, start_response)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            parameters = json.loads(body or b"{}")
            error = self._error(target["operation"], parameters, region["region"])
            if error is not None:
                return _respond(start_response, "400 Bad Request", {"__type": error[0], "Message": error[1]})
            if target["operation"] == "ListResourcesForWebACL":
                acl = _backend(region["region"]).wacls[parameters["WebACLArn"]]
                return _respond(start_response, "200 OK", {"ResourceArns": acl.associated_resources})
            response = application(environ, start_response)
            _complete(target["operation"], parameters, region["region"])
            return response

        return handle

    def _error(self, operation: str, parameters: Members, region: str) -> tuple[str, str] | None:
        """Return the code and the message of the error about a call; None if it may continue."""
        if problems := api_model.input_problems("wafv2", operation, parameters):
            return _INVALID, "; ".join(problems)
        checks: dict[str, Callable[[Members, WAFV2Backend], tuple[str, str] | None]] = {
            "CreateWebACL": _creation_error,
            "UpdateWebACL": _rule_error,
            "DeleteWebACL": _delete_error,
            "AssociateWebACL": self._association_error,
            "GetWebACLForResource": self._resource_error,
            "DisassociateWebACL": self._resource_error,
            "ListResourcesForWebACL": _existence_error,
            "PutLoggingConfiguration": self._logging_error,
        }
        check = checks.get(operation)
        return check(parameters, _backend(region)) if check else None

    def _association_error(self, parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
        acl = parse_arn(parameters["WebACLArn"])
        # [M] Only a web ACL with scope REGIONAL, in the region of the resource, is associated with it.
        if firewall.GLOBAL_ARN in parameters["WebACLArn"] or acl.region != backend.region_name:
            return _INVALID, f"Error reason: The ARN isn't valid. parameter: {parameters['WebACLArn']}"
        if error := _existence_error(parameters, backend) or self._resource_error(parameters, backend):
            return error
        # [M] A new web ACL can be unavailable at first (WebAcls.unavailable).
        if self.unavailable:
            self.unavailable -= 1
            return "WAFUnavailableEntityException", "AWS WAF couldn't retrieve a resource that you requested. Retry."
        return None

    def _resource_error(self, parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
        arn = parameters["ResourceArn"]
        # [assumed] The association of a service that does not exist any more is not found.
        return (_MISSING, _DOES_NOT_EXIST) if SERVICE.fullmatch(arn) and not self._service_exists(arn) else None

    def _logging_error(self, parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
        configuration = parameters["LoggingConfiguration"]
        if configuration["ResourceArn"] not in backend.wacls:
            return _MISSING, _DOES_NOT_EXIST
        # [M] A web ACL has one destination, whose name begins with aws-waf-logs-.
        destinations = configuration["LogDestinationConfigs"]
        name = destinations[0].rpartition(":log-group:")[2].removesuffix(":*")
        if len(destinations) != 1 or not name.startswith(firewall.LOG_GROUP_PREFIX):
            return _INVALID, f"Error reason: The ARN isn't valid. field: LOG_DESTINATION, parameter: {destinations}"
        # [assumed] The log group must exist.
        if not self._log_group_exists(backend.region_name, name):
            return "WAFLogDestinationPermissionIssueException", "Unable to deliver logs to the configured destination."
        # [M] The path, the query string, the method and single headers can be redacted.
        allowed = {"UriPath", "QueryString", "SingleHeader", "Method"}
        if any(field.keys() - allowed for field in configuration.get("RedactedFields", ())):
            return _INVALID, "Error reason: The field can't be redacted. field: REDACTED_FIELDS"
        return None


def _creation_error(parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
    # [M] WAFDuplicateItemException: the name of a web ACL is unique in a region.
    if any(acl.name == parameters["Name"] for acl in backend.wacls.values()):
        return (
            "WAFDuplicateItemException",
            "AWS WAF couldn't perform the operation because some resource in your request is a duplicate of an "
            "existing one.",
        )
    return _rule_error(parameters, backend)


def _rule_error(parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
    rules = parameters.get("Rules", [])
    if problems := list(rule_problems(rules)):
        return _INVALID, "; ".join(problems)
    # [M] WAFLimitsExceededException: the rules of a web ACL use at most 5,000 WCU.
    if capacity_of(rules) > firewall.MAX_CAPACITY:
        return "WAFLimitsExceededException", "You exceeded the capacity limit for a rule group or web ACL."
    return None


def _delete_error(parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
    acl = next((each for each in backend.wacls.values() if each.id == parameters["Id"]), None)
    # [M] A web ACL that is associated with a resource cannot be deleted.
    if acl is not None and acl.associated_resources:
        return (
            "WAFAssociatedItemException",
            "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's "
            "associated with another resource.",
        )
    return None


def _existence_error(parameters: Members, backend: WAFV2Backend) -> tuple[str, str] | None:
    return None if parameters["WebACLArn"] in backend.wacls else (_MISSING, _DOES_NOT_EXIST)


def _complete(operation: str, parameters: Members, region: str) -> None:
    """Do what moto leaves out after a call."""
    acls = _backend(region).wacls.values()
    if operation == "AssociateWebACL":
        # [D: waf-manage] A service has one web ACL.
        # [R: pulumi/pulumi-aws#4782] The association with another web ACL removes the first one without an error.
        for acl in acls:
            kept = {parameters["ResourceArn"]} if acl.arn == parameters["WebACLArn"] else set[str]()
            others = [each for each in acl.associated_resources if each != parameters["ResourceArn"]]
            acl.associated_resources[:] = [*others, *kept]
    if operation in ("CreateWebACL", "UpdateWebACL"):
        changed = next((each for each in acls if each.name == parameters["Name"]), None)
        if changed is not None:
            _complete_acl(changed, parameters.get("Rules", []))


def _complete_acl(acl: FakeWebACL, rules: list[Members]) -> None:
    acl.capacity = capacity_of(rules)
    if not rules:  # moto keeps the old ones
        acl.rules = []


def _backend(region: str) -> WAFV2Backend:
    return wafv2_backends[EXAMPLE_ACCOUNT][region]


def _respond(start_response: Callable[..., Any], status: str, response: Members) -> list[bytes]:
    start_response(status, [("Content-Type", "application/x-amz-json-1.1")])
    return [json.dumps(response).encode()]
