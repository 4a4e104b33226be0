# pyright: standard
"""Requests and responses of CloudFront's REST API in XML, by botocore's model of it."""

import base64
import datetime
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote
from xml.etree import ElementTree

from botocore.loaders import Loader
from botocore.model import ServiceModel

Members = dict[str, Any]
_NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/"


@cache
def _model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("cloudfront", "service-2"), "cloudfront")


@cache
def _routes() -> list[tuple[str, re.Pattern[str], dict[str, list[str]], str]]:
    """Return method, path, query and name of each operation, those with a query first."""
    routes: list[tuple[str, re.Pattern[str], dict[str, list[str]], str]] = []
    names: Any = _model().operation_names
    for name in names:
        http = _model().operation_model(name).http
        path, _, query = http["requestUri"].partition("?")
        pattern = re.compile(re.sub(r"\{(\w+)\+?\}", r"(?P<\1>[^/]+)", path))
        routes.append((http["method"], pattern, parse_qs(query, keep_blank_values=True), name))
    return sorted(routes, key=lambda route: -len(route[2]))


def read_request(environ: Mapping[str, Any], body: bytes) -> tuple[str, Members] | None:
    """Return the operation of a request, and its members; None if CloudFront's API has no such operation."""
    query = parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)
    for method, pattern, required, name in _routes():
        match = pattern.fullmatch(environ["PATH_INFO"]) if method == environ["REQUEST_METHOD"] else None
        if match and all(query.get(key) == item for key, item in required.items()):
            return name, _members(name, match.groupdict(), query, environ, body)
    return None


def _members(
    operation: str, labels: Mapping[str, str], query: Mapping[str, list[str]], environ: Mapping[str, Any], body: bytes
) -> Members:
    shape: Any = _model().operation_model(operation).input_shape
    members: Members = {}
    for name, member in shape.members.items():
        place, key = member.serialization.get("location"), member.serialization.get("name", name)
        if place == "uri":
            members[name] = unquote(labels[key])
        elif place == "querystring" and key in query:
            members[name] = query[key][0]
        elif place == "header" and (value := environ.get(f"HTTP_{key.upper().replace('-', '_')}")):
            members[name] = value
    if body:
        root = ElementTree.fromstring(body)
        payload = shape.serialization.get("payload")
        if payload:
            members[payload] = _parse(shape.members[payload], root)
        else:
            in_body = {each for each, member in shape.members.items() if not member.serialization.get("location")}
            members |= {name: value for name, value in _parse(shape, root).items() if name in in_body}
    return members


def _parse(shape: Any, element: ElementTree.Element) -> Any:
    if shape.type_name == "structure":
        children = {child.tag.rpartition("}")[2]: child for child in element}
        names = {name: member.serialization.get("name", name) for name, member in shape.members.items()}
        return {name: _parse(shape.members[name], children[tag]) for name, tag in names.items() if tag in children}
    if shape.type_name == "list":
        return [_parse(shape.member, child) for child in element]
    text = element.text or ""
    if shape.type_name in ("integer", "long"):
        return int(text)
    if shape.type_name == "boolean":
        return text == "true"
    return base64.b64decode(text) if shape.type_name == "blob" else text


def write_response(operation: str, members: Members) -> tuple[list[tuple[str, str]], bytes]:
    """Return the headers and the body of a response."""
    shape: Any = _model().operation_model(operation).output_shape
    if shape is None:
        return [], b""
    headers = [
        (member.serialization["name"], str(members[name]))
        for name, member in shape.members.items()
        if member.serialization.get("location") == "header" and name in members
    ]
    payload = shape.serialization.get("payload")
    if payload is None:
        return headers, b""
    if shape.members[payload].type_name == "blob":
        return headers, members[payload]
    root = ElementTree.Element(payload, xmlns=_NAMESPACE)
    _fill(root, shape.members[payload], members[payload])
    return [*headers, ("Content-Type", "text/xml")], ElementTree.tostring(root)


def write_error(code: str, message: str) -> bytes:
    """Return the body of an error."""
    root = ElementTree.Element("ErrorResponse", xmlns=_NAMESPACE)
    error = ElementTree.SubElement(root, "Error")
    for tag, text in (("Type", "Sender"), ("Code", code), ("Message", message)):
        ElementTree.SubElement(error, tag).text = text
    return ElementTree.tostring(root)


def status_of(operation: str, code: str) -> int:
    """Return the HTTP status of an error, by the model; 400 for an error that the operation does not declare."""
    shapes: Any = _model().operation_model(operation).error_shapes
    return next((each.metadata["error"]["httpStatusCode"] for each in shapes if each.name == code), 400)


def _fill(element: ElementTree.Element, shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                child = ElementTree.SubElement(element, member.serialization.get("name", name))
                _fill(child, member, value[name])
    elif shape.type_name == "list":
        for item in value:
            _fill(ElementTree.SubElement(element, shape.member.serialization.get("name", "member")), shape.member, item)
    elif isinstance(value, datetime.datetime):
        element.text = value.strftime("%Y-%m-%dT%H:%M:%SZ")
    elif isinstance(value, bool):
        element.text = str(value).lower()
    else:
        element.text = str(value)
