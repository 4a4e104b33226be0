# pyright: standard
"""The fake CloudFront: moto keeps no function associations, and neither updates nor publishes functions."""

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from apprunner_facts.arns import EXAMPLE_ACCOUNT
from apprunner_facts.cloudfront import FUNCTION_BYTES
from apprunner_local import api_model
from apprunner_local.edge import key_value_stores, rest_xml
from apprunner_local.edge.state import Distribution, EdgeError, EdgeState, Function, Members, Store, new_version

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_ARN = f"arn:aws:cloudfront::{EXAMPLE_ACCOUNT}:"


class CloudFront:
    """The distributions, functions and key value stores of an account."""

    state: EdgeState
    """What exists."""

    def __init__(self) -> None:
        self.state = EdgeState()

    def reset(self) -> None:
        """Delete everything."""
        self.state = EdgeState()

    def names(self) -> list[str]:
        """Return the resources as strings, for the summary and for tests."""
        state = self.state
        return sorted(
            [
                *(f"cloudfront distribution {', '.join(_hosts(each.config))}" for each in state.distributions.values()),
                *(f"cloudfront function {name}" for name in state.functions),
                *(f"cloudfront key value store {name}" for name in state.stores),
                *(f"cloudfront key {key} of {name}" for name, each in state.stores.items() for key in each.keys),
            ]
        )

    def around(self, application: Application) -> Application:
        """Return a WSGI application that handles the calls to CloudFront, and passes on all others."""

        def handle(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            scope = environ.get("HTTP_AUTHORIZATION", "")
            if "/cloudfront/" not in scope and "/cloudfront-keyvaluestore/" not in scope:
                return application(environ, start_response)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            if "/cloudfront-keyvaluestore/" in scope:
                return key_value_stores.respond(self.state, environ, body, start_response)
            request = rest_xml.read_request(environ, body)
            if request is None or request[0] not in _OPERATIONS:
                start_response("501 Not Implemented", [])
                return [rest_xml.write_error("NotImplemented", "The fake CloudFront does not have this operation")]
            return [self._respond(*request, start_response)]

        return handle

    def _respond(self, operation: str, members: Members, start_response: Callable[..., Any]) -> bytes:
        try:
            if problems := api_model.input_problems("cloudfront", operation, members):
                raise EdgeError("InvalidArgument", "; ".join(problems))
            headers, body = rest_xml.write_response(operation, _OPERATIONS[operation](self.state, members))
        except EdgeError as error:
            start_response(f"{rest_xml.status_of(operation, error.code)} Rejected", [("Content-Type", "text/xml")])
            return rest_xml.write_error(error.code, error.message)
        start_response("200 OK", headers)
        return body


# Distributions


def _hosts(config: Members) -> list[str]:
    return config.get("Aliases", {}).get("Items", [])


def _check_config(state: EdgeState, config: Members, own_id: str | None = None) -> None:
    hosts = _hosts(config)
    for other in state.distributions.values():
        # [M] CNAMEAlreadyExists: a host is an alias of one distribution.
        if other.id != own_id and set(hosts) & set(_hosts(other.config)):
            raise EdgeError(
                "CNAMEAlreadyExists",
                "One or more of the CNAMEs you provided are already associated with a different resource.",
            )
    origins = [each["Id"] for each in config["Origins"]["Items"]]
    # [M] NoSuchOrigin: a behavior has an origin of the distribution.
    if config["DefaultCacheBehavior"]["TargetOriginId"] not in origins or len(set(origins)) != len(origins):
        raise EdgeError("NoSuchOrigin", "One or more of your origins or origin groups do not exist.")
    # [M] An aliased distribution has a certificate (InvalidViewerCertificate); it is one of us-east-1.
    certificate = config.get("ViewerCertificate", {}).get("ACMCertificateArn", "")
    if hosts and ":acm:us-east-1:" not in certificate:
        raise EdgeError(
            "InvalidViewerCertificate",
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
            "valid certificate chain.",
        )
    for association in config["DefaultCacheBehavior"].get("FunctionAssociations", {}).get("Items", []):
        function = next((each for each in state.functions.values() if each.arn == association["FunctionARN"]), None)
        # [M] InvalidFunctionAssociation: an associated function exists and is published.
        if function is None or function.live is None:
            raise EdgeError(
                "InvalidFunctionAssociation",
                "The function ARN provided is invalid, or the function is not in LIVE stage.",
            )


def _described(each: Distribution) -> Members:
    distribution = {
        "Id": each.id,
        "ARN": each.arn,
        "Status": "InProgress" if each.pending else "Deployed",
        "LastModifiedTime": datetime.now(UTC),
        "InProgressInvalidationBatches": 0,
        "DomainName": each.host,
        "DistributionConfig": each.config,
    }
    return {"Distribution": distribution, "ETag": each.version}


def _distribution(state: EdgeState, members: Members) -> Distribution:
    if members["Id"] not in state.distributions:
        raise EdgeError("NoSuchDistribution", "The specified distribution does not exist.")
    return state.distributions[members["Id"]]


def _require_version(given: str | None, current: str) -> None:
    # [M] InvalidIfMatchVersion, PreconditionFailed: a change names the current version.
    if not given:
        raise EdgeError("InvalidIfMatchVersion", "The If-Match version is missing or not valid for the resource.")
    if given != current:
        raise EdgeError(
            "PreconditionFailed",
            "The request failed because it didn't meet the preconditions in one or more request-header fields.",
        )


def _create_distribution(state: EdgeState, members: Members) -> Members:
    config = members["DistributionConfigWithTags"]["DistributionConfig"]
    _check_config(state, config)
    id = f"E{uuid.uuid4().hex[:13].upper()}"
    # [P: cloudfront/distribution.go] A distribution is InProgress until its configuration is deployed.
    created = Distribution(
        id, f"{_ARN}distribution/{id}", f"d{uuid.uuid4().hex[:13]}.cloudfront.net", config, pending=2
    )
    state.distributions[id] = created
    items = members["DistributionConfigWithTags"]["Tags"].get("Items", [])
    state.tags[created.arn] = {each["Key"]: each["Value"] for each in items}
    return _described(created)


def _get_distribution(state: EdgeState, members: Members) -> Members:
    each = _distribution(state, members)
    described = _described(each)
    each.pending = max(0, each.pending - 1)
    return described


def _update_distribution(state: EdgeState, members: Members) -> Members:
    each, config = _distribution(state, members), members["DistributionConfig"]
    _require_version(members.get("IfMatch"), each.version)
    # [M] IllegalUpdate: the caller reference never changes.
    if config["CallerReference"] != each.config["CallerReference"]:
        raise EdgeError("IllegalUpdate", "The update contains modifications that are not allowed.")
    _check_config(state, config, each.id)
    each.config, each.version, each.pending = config, new_version(), 2
    return _described(each)


def _delete_distribution(state: EdgeState, members: Members) -> Members:
    each = _distribution(state, members)
    _require_version(members.get("IfMatch"), each.version)
    # [M] DistributionNotDisabled: only a disabled distribution is deleted.
    if each.config["Enabled"] or each.pending:
        raise EdgeError("DistributionNotDisabled", "The specified CloudFront distribution is not disabled.")
    del state.distributions[each.id]
    return {}


# Functions


def _function(state: EdgeState, members: Members) -> Function:
    if members["Name"] not in state.functions:
        raise EdgeError("NoSuchFunctionExists", "The specified function does not exist.")
    return state.functions[members["Name"]]


def _check_function(state: EdgeState, members: Members) -> None:
    config, code = members["FunctionConfig"], members["FunctionCode"]
    # [D: cloudfront-limits] The code has at most 10 KB.
    if len(code) > FUNCTION_BYTES:
        raise EdgeError("FunctionSizeLimitExceeded", "The function is too large.")
    stores = config.get("KeyValueStoreAssociations", {}).get("Items", [])
    # [D: cloudfront-limits] A function has at most one store. It requires runtime 2.0.
    if len(stores) > 1 or (stores and config["Runtime"] != "cloudfront-js-2.0"):
        raise EdgeError("InvalidArgument", "The function has too many key value stores, or another runtime than 2.0.")
    # [M] EntityNotFound: the store exists.
    if any(state.store_by_arn(each["KeyValueStoreARN"]) is None for each in stores):
        raise EdgeError("EntityNotFound", "The entity was not found.")


def _summary(name: str, each: Function, *, live: bool) -> Members:
    config = each.live[0] if live and each.live else each.config
    metadata = {
        "FunctionARN": each.arn,
        "Stage": "LIVE" if live else "DEVELOPMENT",
        "LastModifiedTime": datetime.now(UTC),
    }
    version = each.live[2] if live and each.live else each.version
    summary = {"Name": name, "Status": "UNASSOCIATED", "FunctionConfig": config, "FunctionMetadata": metadata}
    return {"FunctionSummary": summary, "ETag": version}


def _create_function(state: EdgeState, members: Members) -> Members:
    name = members["Name"]
    # [M] FunctionAlreadyExists: a name is unique in an account.
    if name in state.functions:
        raise EdgeError("FunctionAlreadyExists", "A function with the same name already exists in this AWS account.")
    _check_function(state, members)
    created = Function(f"{_ARN}function/{name}", members["FunctionConfig"], members["FunctionCode"])
    state.functions[name] = created
    return _summary(name, created, live=False)


def _update_function(state: EdgeState, members: Members) -> Members:
    each = _function(state, members)
    _require_version(members.get("IfMatch"), each.version)
    _check_function(state, members)
    each.config, each.code, each.version = members["FunctionConfig"], members["FunctionCode"], new_version()
    return _summary(members["Name"], each, live=False)


def _publish_function(state: EdgeState, members: Members) -> Members:
    each = _function(state, members)
    _require_version(members.get("IfMatch"), each.version)
    each.live = (each.config, each.code, new_version())
    return {"FunctionSummary": _summary(members["Name"], each, live=True)["FunctionSummary"]}


def _describe_function(state: EdgeState, members: Members) -> Members:
    each, live = _function(state, members), members.get("Stage") == "LIVE"
    if live and each.live is None:
        raise EdgeError("NoSuchFunctionExists", "The specified function does not exist.")
    return _summary(members["Name"], each, live=live)


def _get_function(state: EdgeState, members: Members) -> Members:
    each, live = _function(state, members), members.get("Stage") == "LIVE"
    code = each.live[1] if live and each.live else each.code
    return {"FunctionCode": code, "ETag": each.version, "ContentType": "application/octet-stream"}


def _delete_function(state: EdgeState, members: Members) -> Members:
    each = _function(state, members)
    _require_version(members.get("IfMatch"), each.version)
    used = [
        association["FunctionARN"]
        for distribution in state.distributions.values()
        for association in distribution.config["DefaultCacheBehavior"].get("FunctionAssociations", {}).get("Items", [])
    ]
    # [M] FunctionInUse: a function of a distribution is not deleted.
    if each.arn in used:
        raise EdgeError("FunctionInUse", "Cannot delete the function because it's attached to one or more behaviors.")
    del state.functions[members["Name"]]
    return {}


# Key value stores


def _store(state: EdgeState, members: Members) -> Store:
    if members["Name"] not in state.stores:
        raise EdgeError("EntityNotFound", "The entity was not found.")
    return state.stores[members["Name"]]


def _described_store(name: str, each: Store) -> Members:
    described = {
        "Name": name,
        "Id": each.id,
        "Comment": each.comment,
        "ARN": each.arn,
        "Status": "PROVISIONING" if each.pending else "READY",
        "LastModifiedTime": datetime.now(UTC),
    }
    return {"KeyValueStore": described, "ETag": each.version}


def _create_store(state: EdgeState, members: Members) -> Members:
    name = members["Name"]
    # [M] EntityAlreadyExists: a name is unique in an account.
    if name in state.stores:
        raise EdgeError("EntityAlreadyExists", "The entity already exists. You must provide a unique entity.")
    id = str(uuid.uuid4())
    state.stores[name] = Store(id, f"{_ARN}key-value-store/{id}", members.get("Comment", ""))
    return _described_store(name, state.stores[name])


def _describe_store(state: EdgeState, members: Members) -> Members:
    each = _store(state, members)
    described = _described_store(members["Name"], each)
    each.pending = 0
    return described


def _update_store(state: EdgeState, members: Members) -> Members:
    each = _store(state, members)
    _require_version(members.get("IfMatch"), each.version)
    each.comment, each.version = members["Comment"], new_version()
    return _described_store(members["Name"], each)


def _delete_store(state: EdgeState, members: Members) -> Members:
    each = _store(state, members)
    _require_version(members.get("IfMatch"), each.version)
    # [M] CannotDeleteEntityWhileInUse: a store of a function is not deleted.
    used = [
        association["KeyValueStoreARN"]
        for function in state.functions.values()
        for association in function.config.get("KeyValueStoreAssociations", {}).get("Items", [])
    ]
    if each.arn in used:
        raise EdgeError("CannotDeleteEntityWhileInUse", "The entity cannot be deleted while it is in use.")
    del state.stores[members["Name"]]
    return {}


# Tags


def _list_tags(state: EdgeState, members: Members) -> Members:
    tags = state.tags.get(members["Resource"], {})
    return {"Tags": {"Items": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def _tag(state: EdgeState, members: Members) -> Members:
    items = members["Tags"].get("Items", [])
    state.tags.setdefault(members["Resource"], {}).update({each["Key"]: each["Value"] for each in items})
    return {}


def _untag(state: EdgeState, members: Members) -> Members:
    for key in members["TagKeys"].get("Items", []):
        state.tags.get(members["Resource"], {}).pop(key, None)
    return {}


_OPERATIONS: dict[str, Callable[[EdgeState, Members], Members]] = {
    "CreateDistributionWithTags": _create_distribution,
    "GetDistribution": _get_distribution,
    "UpdateDistribution": _update_distribution,
    "DeleteDistribution": _delete_distribution,
    "CreateFunction": _create_function,
    "UpdateFunction": _update_function,
    "PublishFunction": _publish_function,
    "DescribeFunction": _describe_function,
    "GetFunction": _get_function,
    "DeleteFunction": _delete_function,
    "CreateKeyValueStore": _create_store,
    "DescribeKeyValueStore": _describe_store,
    "UpdateKeyValueStore": _update_store,
    "DeleteKeyValueStore": _delete_store,
    "ListTagsForResource": _list_tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
