# pyright: standard
"""The fake API of the keys in CloudFront's key value stores."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from apprunner_local.edge.state import EdgeError, EdgeState, Members, new_version

_PATH = re.compile(r"/key-value-stores/(?P<arn>.+?)(?:/keys/(?P<key>[^/]+))?")
_STATUSES = {"ResourceNotFoundException": 404, "ConflictException": 409, "ValidationException": 400}
_KEY_BYTES, _VALUE_BYTES = 512, 1024


def respond(
    state: EdgeState, environ: Mapping[str, Any], body: bytes, start_response: Callable[..., Any]
) -> list[bytes]:
    """Handle a call about the keys of a store."""
    match = _PATH.fullmatch(unquote(environ["PATH_INFO"]))
    try:
        if match is None:
            raise EdgeError("ValidationException", "The fake key value stores do not have this operation")
        answer, version = _answer(state, environ, match["arn"], match["key"], body)
    except EdgeError as error:
        headers = [("x-amzn-ErrorType", error.code), ("Content-Type", "application/json")]
        start_response(f"{_STATUSES[error.code]} Rejected", headers)
        return [json.dumps({"Message": error.message}).encode()]
    start_response("200 OK", [("Content-Type", "application/json"), ("ETag", version)])
    return [json.dumps(answer).encode()]


def _answer(
    state: EdgeState, environ: Mapping[str, Any], arn: str, key: str | None, body: bytes
) -> tuple[Members, str]:
    store = state.store_by_arn(arn)
    if store is None:
        raise EdgeError("ResourceNotFoundException", f"Key value store {arn} not found")
    method = environ["REQUEST_METHOD"]
    if key is not None and method != "GET":
        # [M] ConflictException: a change names the current version of the keys, which is not that of the store.
        if environ.get("HTTP_IF_MATCH") != store.keys_version:
            raise EdgeError("ConflictException", "Pre-Condition failed")
        if method == "DELETE" and key not in store.keys:
            raise EdgeError("ResourceNotFoundException", f"Key {key} not found")
        if method == "DELETE":
            del store.keys[key]
        else:
            value = json.loads(body)["Value"]
            # [D: cloudfront-limits] A key has at most 512 bytes, its value 1 KB.
            if len(key.encode()) > _KEY_BYTES or len(value.encode()) > _VALUE_BYTES:
                raise EdgeError("ValidationException", "The key or its value is too long")
            store.keys[key] = value
        store.keys_version = new_version()
    elif key is not None and key not in store.keys:
        raise EdgeError("ResourceNotFoundException", f"Key {key} not found")
    size = sum(len(name) + len(value) for name, value in store.keys.items())
    totals: Members = {"ItemCount": len(store.keys), "TotalSizeInBytes": size}
    if key is None:
        totals |= {"KvsARN": store.arn, "Created": 0, "Status": "READY"}
    elif method == "GET":
        totals |= {"Key": key, "Value": store.keys[key]}
    return totals, store.keys_version
