# pyright: standard
"""Checks of inputs for pulumi-aws against the models of AWS's APIs in botocore."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import ServiceModel

from apprunner_facts import tokens
from pulumi_apprunner.offline.values import UNKNOWN, Secret

Members = dict[str, Any]


def check(type: str, inputs: Mapping[str, Any]) -> list[str]:
    """Return the errors of a resource's inputs by AWS's model of the API; an empty list for valid inputs.

    Types, required and unknown members, enums, ranges, lengths and patterns are checked. Unknown values are valid; the
    values of secrets are checked too. An error has AWS's name of the member, but not the value, which may be secret.

    Args:
        type: The type's token, such as aws:apprunner/service:Service.
        inputs: Its inputs under the provider's own (camelCase) names.

    Raises:
        LookupError: The type is not in _CALLS.
    """
    if type not in _CALLS:
        raise LookupError(f"{type}: the model of its API is unknown. Add it to _CALLS")
    service, operation, members_of = _CALLS[type]
    inputs_known = {key: value for key, value in _reveal(inputs).items() if value is not None and key != "region"}
    members = members_of(inputs_known)
    problems = list(_problems(_model(service).operation_model(operation).input_shape, members, operation))
    return problems + [f"{operation}.{member}: {what}" for member, what in _ec2_text_errors(operation, members)]


def operations(service: str) -> Sequence[str]:
    """Return the operations of a service's API."""
    names: Any = _model(service).operation_names
    return list(names)


def errors(service: str, operation: str) -> Sequence[str]:
    """Return the errors that an operation declares."""
    shapes: Any = _model(service).operation_model(operation).error_shapes
    return [shape.name for shape in shapes]


def input_problems(service: str, operation: str, members: Members) -> list[str]:
    """Return the errors of an operation's input, whose members have AWS's names."""
    return list(_problems(_model(service).operation_model(operation).input_shape, members, operation))


def output_problems(service: str, operation: str, members: Members) -> list[str]:
    """Return the errors of an operation's output; times are seconds since 1970."""
    return list(_problems(_model(service).operation_model(operation).output_shape, members, operation))


def knows(type: str) -> bool:
    """Return whether `check` has a model for a type."""
    return type in _CALLS


@cache
def shape(service: str, name: str) -> Mapping[str, Any]:
    """Return a shape's own traits in a service's model: pattern, enum, min, max and the like."""
    shape_traits: Mapping[str, Any] = Loader().load_service_model(service, "service-2")["shapes"][name]
    return shape_traits


def matches(service: str, name: str, text: str) -> bool:
    """Return whether a string matches a shape."""
    return not list(_text_problems(_model(service).shape_for(name), text))


def _ec2_text_errors(operation: str, members: Members) -> Iterator[tuple[str, str]]:
    """Yield the errors by rules that only EC2's documentation has: a group's name and description."""
    if operation == "CreateSecurityGroup":
        for member in ("GroupName", "Description"):
            text = members.get(member)
            if isinstance(text, str) and not _EC2_TEXT.fullmatch(text):
                yield member, f"must match {_EC2_TEXT.pattern}"
        if str(members.get("GroupName")).startswith("sg-"):
            yield "GroupName", "must not begin with sg-"


_EC2_TEXT = re.compile(r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}")


@cache
def _model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


def _problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    if value is UNKNOWN:
        return
    if not _is_a(shape.type_name, value):
        yield f"{path}: must be a {shape.type_name}, got {type(value).__name__}"
    elif shape.type_name == "structure":
        yield from (f"{path}.{name}: is required" for name in shape.required_members if value.get(name) is None)
        for name, item in value.items():
            if name not in shape.members:
                yield f"{path}.{name}: unknown member"
            elif item is not None:
                yield from _problems(shape.members[name], item, f"{path}.{name}")
    elif shape.type_name == "list":
        yield from _length_problems(shape, value, path)
        for index, item in enumerate(value):
            yield from _problems(shape.member, item, f"{path}[{index}]")
    elif shape.type_name == "map":
        for name, item in value.items():
            yield from _problems(shape.key, name, f"{path} (a key)")
            yield from _problems(shape.value, item, f"{path}.{name}")
    elif shape.type_name == "string":
        yield from (f"{path}: {problem}" for problem in _text_problems(shape, value))
    elif shape.type_name in ("integer", "long"):
        yield from _range_problems(shape, value, path)


_KINDS: Mapping[str, Any] = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "long": int,
    "timestamp": int | float,
}


def _is_a(kind: str, value: Any) -> bool:
    return isinstance(value, _KINDS[kind]) and (kind == "boolean" or not isinstance(value, bool))


def _range_problems(shape: Any, number: int, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and number < least) or (most is not None and number > most):
        yield f"{path}: must be {least} to {most}, got {number}"


def _length_problems(shape: Any, value: Any, path: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if (least is not None and len(value) < least) or (most is not None and len(value) > most):
        yield f"{path}: must have a length of {least} to {most}, got {len(value)}"


def _text_problems(shape: Any, text: str) -> Iterator[str]:
    yield from (problem.removeprefix(": ") for problem in _length_problems(shape, text, ""))
    if shape.enum and text not in shape.enum:
        yield f"must be one of {', '.join(shape.enum)}"
    if (pattern := shape.metadata.get("pattern")) and not _compiled(pattern).fullmatch(text):
        yield f"must match {pattern}"


# Python's equivalents of Java's Unicode classes: letters and digits, and separators except control characters.
_CLASSES = {r"\p{L}": r"\w", r"\p{N}": r"\w", r"\p{Z}": " \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"}


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    translated = pattern
    for java, python in _CLASSES.items():
        translated = translated.replace(java, python)
    # In other patterns `\w` means ASCII, and `.*` includes line ends.
    return re.compile(translated, re.DOTALL if translated != pattern else re.ASCII | re.DOTALL)


def _reveal(value: Any) -> Any:
    if isinstance(value, Secret):
        return _reveal(value.value)
    if isinstance(value, Mapping):
        return {key: _reveal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_reveal(item) for item in value]
    return value


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _capitals(value: Any) -> Any:
    """Return a block with AWS's names, which are the provider's with a capital first letter."""
    if isinstance(value, dict):
        return {
            _capital(key): item if key.startswith("runtimeEnvironment") else _capitals(item)
            for key, item in value.items()
        }
    return [_capitals(item) for item in value] if isinstance(value, list) else value


def _tag_list(tags: Any) -> Any:
    return tags if tags is UNKNOWN else [{"Key": key, "Value": value} for key, value in tags.items()]


def _named(**names: str) -> Callable[[Members], Members]:
    """Return a function that renames inputs to AWS's names: to these, otherwise to the provider's own, capitalized."""

    def members(inputs: Members) -> Members:
        renamed = {names.get(key, _capital(key)): _capitals(value) for key, value in inputs.items() if key != "tags"}
        return renamed | ({"Tags": _tag_list(inputs["tags"])} if "tags" in inputs else {})

    return members


def _without(*left_out: str, then: Callable[[Members], Members]) -> Callable[[Members], Members]:
    return lambda inputs: then({key: value for key, value in inputs.items() if key not in left_out})


def _queue(inputs: Members) -> Members:
    names = {"messageRetentionSeconds": "MessageRetentionPeriod", "sqsManagedSseEnabled": "SqsManagedSseEnabled"}
    attributes = {
        names.get(key, _capital(key)): value if value is UNKNOWN else str(value).lower()
        for key, value in inputs.items()
        if key not in ("name", "tags")
    }
    return {"QueueName": inputs["name"], "Attributes": attributes, "tags": inputs.get("tags", {})}


def _security_group(inputs: Members) -> Members:
    names = {"name": "GroupName", "description": "Description", "vpcId": "VpcId"}
    members = {names.get(key, _capital(key)): value for key, value in inputs.items() if key != "tags"}
    return members | _tag_specifications("security-group", inputs)


def _security_group_rule(inputs: Members) -> Members:
    described = {"Description": inputs["description"]} if "description" in inputs else {}
    permission: Members = {
        "IpProtocol": inputs["ipProtocol"],
        "FromPort": inputs.get("fromPort"),
        "ToPort": inputs.get("toPort"),
    }
    for key, kind, member in (
        ("cidrIpv4", "IpRanges", "CidrIp"),
        ("cidrIpv6", "Ipv6Ranges", "CidrIpv6"),
        ("prefixListId", "PrefixListIds", "PrefixListId"),
        ("referencedSecurityGroupId", "UserIdGroupPairs", "GroupId"),
    ):
        if key in inputs:
            permission[kind] = [{member: inputs[key], **described}]
    return {"GroupId": inputs["securityGroupId"], "IpPermissions": [permission]} | _tag_specifications(
        "security-group-rule", inputs
    )


def _tag_specifications(kind: str, inputs: Members) -> Members:
    if "tags" not in inputs:
        return {}
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": _tag_list(inputs["tags"])}]}


def _record(inputs: Members) -> Members:
    record = {"Name": inputs["name"], "Type": inputs["type"], "TTL": inputs.get("ttl")}
    if "records" in inputs:
        record["ResourceRecords"] = [{"Value": value} for value in inputs["records"]]
    for alias in inputs.get("aliases", ()):
        record["AliasTarget"] = {
            "DNSName": alias["name"],
            "HostedZoneId": alias["zoneId"],
            "EvaluateTargetHealth": alias["evaluateTargetHealth"],
        }
    change = {"Action": "UPSERT", "ResourceRecordSet": record}
    return {"HostedZoneId": inputs["zoneId"], "ChangeBatch": {"Changes": [change]}}


_CALLS: Mapping[str, tuple[str, str, Callable[[Members], Members]]] = {
    tokens.SERVICE: ("apprunner", "CreateService", _named()),
    tokens.AUTO_SCALING: (
        "apprunner",
        "CreateAutoScalingConfiguration",
        _named(),
    ),
    tokens.OBSERVABILITY: (
        "apprunner",
        "CreateObservabilityConfiguration",
        _named(),
    ),
    tokens.VPC_CONNECTOR: ("apprunner", "CreateVpcConnector", _named()),
    tokens.CUSTOM_DOMAIN: (
        "apprunner",
        "AssociateCustomDomain",
        _named(enableWwwSubdomain="EnableWWWSubdomain"),
    ),
    tokens.SCHEDULE: ("scheduler", "CreateSchedule", _named()),
    tokens.SCHEDULE_GROUP: ("scheduler", "CreateScheduleGroup", _named()),
    tokens.ROLE: (
        "iam",
        "CreateRole",
        _named(name="RoleName", assumeRolePolicy="AssumeRolePolicyDocument"),
    ),
    tokens.ROLE_POLICY: (
        "iam",
        "PutRolePolicy",
        _named(name="PolicyName", role="RoleName", policy="PolicyDocument"),
    ),
    tokens.ROLE_POLICY_ATTACHMENT: ("iam", "AttachRolePolicy", _named(role="RoleName")),
    tokens.QUEUE: ("sqs", "CreateQueue", _queue),
    tokens.SECURITY_GROUP: (
        "ec2",
        "CreateSecurityGroup",
        _without("revokeRulesOnDelete", then=_security_group),
    ),
    tokens.SECURITY_GROUP_EGRESS_RULE: (
        "ec2",
        "AuthorizeSecurityGroupEgress",
        _security_group_rule,
    ),
    tokens.SECURITY_GROUP_INGRESS_RULE: (
        "ec2",
        "AuthorizeSecurityGroupIngress",
        _security_group_rule,
    ),
    tokens.RECORD: ("route53", "ChangeResourceRecordSets", _without("allowOverwrite", then=_record)),
}
"""By type: the service, the operation that creates the resource, and its inputs as that operation's members."""
