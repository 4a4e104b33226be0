# pyright: standard
"""The fake CloudFront: moto keeps no function associations, and neither updates nor publishes functions."""

import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from apprunner_local import api_model
from apprunner_local.edge import functions, key_value_stores, rest_xml
from apprunner_local.edge.state import ARN, Distribution, EdgeError, EdgeState, Members, new_version, require_version

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


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


def _create_distribution(state: EdgeState, members: Members) -> Members:
    config = members["DistributionConfigWithTags"]["DistributionConfig"]
    # [M] DistributionAlreadyExists: a caller reference belongs to one distribution.
    if any(each.config["CallerReference"] == config["CallerReference"] for each in state.distributions.values()):
        raise EdgeError(
            "DistributionAlreadyExists",
            "The caller reference you attempted to create the distribution with is associated with another "
            "distribution.",
        )
    _check_config(state, config)
    id = f"E{uuid.uuid4().hex[:13].upper()}"
    # [P: cloudfront/distribution.go] A distribution is InProgress until its configuration is deployed.
    created = Distribution(id, f"{ARN}distribution/{id}", f"d{uuid.uuid4().hex[:13]}.cloudfront.net", config, pending=2)
    state.distributions[id] = created
    state.keep_tags(created.arn, members["DistributionConfigWithTags"]["Tags"])
    return _described(created)


def _get_distribution(state: EdgeState, members: Members) -> Members:
    each = _distribution(state, members)
    described = _described(each)
    each.pending = max(0, each.pending - 1)
    return described


def _update_distribution(state: EdgeState, members: Members) -> Members:
    each, config = _distribution(state, members), members["DistributionConfig"]
    require_version(members.get("IfMatch"), each.version)
    # [M] IllegalUpdate: the caller reference never changes.
    if config["CallerReference"] != each.config["CallerReference"]:
        raise EdgeError("IllegalUpdate", "The update contains modifications that are not allowed.")
    _check_config(state, config, each.id)
    each.config, each.version, each.pending = config, new_version(), 2
    return _described(each)


def _delete_distribution(state: EdgeState, members: Members) -> Members:
    each = _distribution(state, members)
    require_version(members.get("IfMatch"), each.version)
    # [M] DistributionNotDisabled: only a disabled distribution is deleted.
    if each.config["Enabled"] or each.pending:
        raise EdgeError("DistributionNotDisabled", "The specified CloudFront distribution is not disabled.")
    del state.distributions[each.id], state.tags[each.arn]
    return {}


# Tags


def _tags(state: EdgeState, members: Members) -> dict[str, str]:
    # [M] NoSuchResource: only existing resources have tags.
    if members["Resource"] not in state.tags:
        raise EdgeError("NoSuchResource", "A resource that was specified is not valid.")
    return state.tags[members["Resource"]]


def _list_tags(state: EdgeState, members: Members) -> Members:
    tags = _tags(state, members)
    return {"Tags": {"Items": [{"Key": key, "Value": value} for key, value in tags.items()]}}


def _tag(state: EdgeState, members: Members) -> Members:
    items = members["Tags"].get("Items", [])
    _tags(state, members).update({each["Key"]: each["Value"] for each in items})
    return {}


def _untag(state: EdgeState, members: Members) -> Members:
    for key in members["TagKeys"].get("Items", []):
        _tags(state, members).pop(key, None)
    return {}


_OPERATIONS: dict[str, Callable[[EdgeState, Members], Members]] = {
    "CreateDistributionWithTags": _create_distribution,
    "GetDistribution": _get_distribution,
    "UpdateDistribution": _update_distribution,
    "DeleteDistribution": _delete_distribution,
    "CreateFunction": functions.create_function,
    "UpdateFunction": functions.update_function,
    "PublishFunction": functions.publish_function,
    "DescribeFunction": functions.describe_function,
    "GetFunction": functions.get_function,
    "DeleteFunction": functions.delete_function,
    "CreateKeyValueStore": functions.create_store,
    "DescribeKeyValueStore": functions.describe_store,
    "UpdateKeyValueStore": functions.update_store,
    "DeleteKeyValueStore": functions.delete_store,
    "ListTagsForResource": _list_tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
