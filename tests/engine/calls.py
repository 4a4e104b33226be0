"""The calls that a run makes in the local AWS, as IAM checks them: actions and resources."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from apprunner_local.aws import LocalAws

ACCOUNT = "123456789012"
ID = "0123456789abcdef0123456789abcdef"
PASSED_TO = {
    "apprunner": "apprunner.amazonaws.com",
    "events": "events.amazonaws.com",
    "scheduler": "scheduler.amazonaws.com",
    "stepfunctions": "states.amazonaws.com",
}
PREFIXES = {"stepfunctions": "states"}
"""The prefixes of actions that differ from boto3's names of services."""

Members = Mapping[str, Any]


class Checked(NamedTuple):
    """What IAM checks before a call.

    Args:
        action: The action.
        resource: The resource; "*" for an action without resources.
        passed_to: The service to which a role is passed.
    """

    action: str
    resource: str = "*"
    passed_to: str = ""


def checks(record: Path, aws: LocalAws) -> set[Checked]:
    """Return what IAM checks for the calls of the provider, in a record, and of the program to App Runner."""
    lines = [json.loads(line) for line in record.read_text().splitlines()]
    calls = [*lines, *([each.region, "apprunner", each.operation, each.parameters] for each in aws.plane.calls)]
    return {
        each for region, service, operation, members in calls for each in _checks(region, service, operation, members)
    }


def boundaries(record: Path) -> set[str | None]:
    """Return the permissions boundaries with which roles were created."""
    calls = map(json.loads, record.read_text().splitlines())
    return {members.get("PermissionsBoundary") for _, _, operation, members in calls if operation == "CreateRole"}


def _checks(region: str, service: str, operation: str, members: Members) -> Iterator[Checked]:
    if operation == "GetCallerIdentity":  # requires no permission
        return
    prefix = PREFIXES.get(service, service)
    place = ":" if service == "route53" else f"{region}:{ACCOUNT}"
    place = f":{ACCOUNT}" if service in ("cloudfront", "iam") or "Dashboard" in operation else place
    action = operation.removesuffix("WithTags")
    for name in _resources(service, operation, members):
        known = name == "*" or name.startswith("arn:")
        yield Checked(f"{prefix}:{action}", name if known else f"arn:aws:{prefix}:{place}:{name}")
    if action != operation:  # botocore's documentation of CreateDistributionWithTags
        yield Checked(f"{prefix}:TagResource", f"arn:aws:{prefix}:{place}:distribution/{ID}")
    if service == "wafv2" and "apprunner" in str(members.get("ResourceArn")):
        action = operation.replace("WebACL", "WebAcl").replace("GetWebAclForResource", "DescribeWebAclForService")
        yield Checked(f"apprunner:{action}", members["ResourceArn"])
    if service in PASSED_TO:
        for role in {text for text in _texts(members) if text.startswith("arn:aws:iam:") and ":role/" in text}:
            yield Checked("iam:PassRole", role, PASSED_TO[service])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for each in value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ():
        yield from _texts(each)


def _resources(service: str, operation: str, members: Members) -> Iterable[str]:
    """Return the resources of a call: ARNs, or the last parts of ARNs; "*" for a call without resources."""
    return _BY_SERVICE[service](operation, members)


def _first(members: Members, **patterns: str) -> str | None:
    """Return the pattern of the first member that is set, with its value; a whole ARN stays."""
    for member, pattern in patterns.items():
        if value := members.get(member):
            short = str(value).removeprefix("/hostedzone/").removeprefix("/change/")
            return short if short.startswith("arn:") else pattern.format(short)
    return None


def _named(**patterns: str) -> Callable[[str, Members], list[str]]:
    return lambda operation, members: [_first(members, **patterns) or "*"]


def _apprunner(operation: str, members: Members) -> list[str]:
    if operation in ("ListAutoScalingConfigurations", "ListServices"):
        return ["*"]
    if operation in ("CreateService", "UpdateService"):
        own = _first(members, ServiceArn="", ServiceName="service/{}/" + ID) or "*"
        return [own, *(text for text in _texts(members) if text.startswith("arn:aws:apprunner:") and text != own)]
    ingress = f"vpcingressconnection/{{}}/{members.get('ServiceArn', '').rpartition(':service/')[2]}"
    existing = "Resource AutoScalingConfiguration ObservabilityConfiguration VpcConnector VpcIngressConnection"
    new = {
        "VpcIngressConnectionName": ingress,
        "ServiceArn": "",
        "AutoScalingConfigurationName": "autoscalingconfiguration/{}/1/" + ID,
        "ObservabilityConfigurationName": "observabilityconfiguration/{}/1/" + ID,
        "VpcConnectorName": "vpcconnector/{}/1/" + ID,
    }
    return [_first(members, **{f"{each}Arn": "" for each in existing.split()}, **new) or "*"]


def _cloudfront(operation: str, members: Members) -> list[str]:
    if operation.startswith("Create"):
        return ["*"]
    if operation.endswith("KeyValueStore"):  # calls have its name, and its ARN has another id
        return [f"key-value-store/{ID}"]
    return [_first(members, Resource="", Id="distribution/{}", Name="function/{}") or "*"]


def _cloudwatch(operation: str, members: Members) -> list[str]:
    names = [*members.get("AlarmNames", []), *members.get("DashboardNames", [])]
    kind = "dashboard/{}" if "Dashboard" in operation else "alarm:{}"
    return [kind.format(each) for each in names] or [
        _first(members, ResourceARN="", AlarmName="alarm:{}", DashboardName="dashboard/{}") or "*"
    ]


_IDS = {
    "vpce-": "vpc-endpoint",
    "sgr-": "security-group-rule",
    "sg-": "security-group",
    "subnet-": "subnet",
    "vpc-": "vpc",
    "pl-": "prefix-list",
}


def _ec2(operation: str, members: Members) -> list[str]:
    if operation.startswith("Describe"):
        return ["*"]
    return [
        f"{kind}/{text}"
        for text in _texts(members)
        for kind in [next((kind for start, kind in _IDS.items() if text.startswith(start)), "")]
        if kind
    ]


def _logs(operation: str, members: Members) -> list[str]:
    if operation in ("DescribeLogGroups", "PutQueryDefinition", "DescribeQueryDefinitions", "DeleteQueryDefinition"):
        return ["*"]
    return [_first(members, resourceArn="", logGroupName="log-group:{}") or "*"]


def _ecr(operation: str, members: Members) -> list[str]:
    names = [f"repository/{each}" for each in members.get("repositoryNames", ())]
    return names or [_first(members, resourceArn="", repositoryName="repository/{}") or "*"]


def _route53(operation: str, members: Members) -> list[str]:
    by_id = "change/{}" if operation == "GetChange" else "hostedzone/{}"
    return [_first(members, HostedZoneId="hostedzone/{}", Id=by_id) or "*"]


def _sns(operation: str, members: Members) -> list[str]:
    if operation in ("GetSubscriptionAttributes", "SetSubscriptionAttributes", "Unsubscribe"):
        return ["*"]
    return [_first(members, TopicArn="", ResourceArn="", Name="{}") or "*"]


def _sqs(operation: str, members: Members) -> list[str]:
    return [members.get("QueueName") or members["QueueUrl"].rpartition("/")[2]]


def _scheduler(operation: str, members: Members) -> list[str]:
    if "ResourceArn" in members:
        return [members["ResourceArn"]]
    name = members["Name"]
    return [f"schedule-group/{name}" if "Group" in operation else f"schedule/{members['GroupName']}/{name}"]


def _wafv2(operation: str, members: Members) -> list[str]:
    arns = [text for key, text in members.items() if key in ("WebACLArn", "ResourceArn", "ResourceARN")]
    if "LoggingConfiguration" in members:
        return [members["LoggingConfiguration"]["ResourceArn"]]
    return arns or [f"regional/webacl/{members['Name']}/{members.get('Id', ID)}"]


_BY_SERVICE: Mapping[str, Callable[[str, Members], list[str]]] = {
    "apprunner": _apprunner,
    "cloudfront": _cloudfront,
    "cloudfront-keyvaluestore": _named(KvsARN=""),
    "cloudwatch": _cloudwatch,
    "ec2": _ec2,
    "ecr": _ecr,
    "events": _named(ResourceARN="", Rule="rule/{}", Name="rule/{}"),
    "iam": _named(RoleName="role/{}"),
    "logs": _logs,
    "route53": _route53,
    "scheduler": _scheduler,
    "sns": _sns,
    "sqs": _sqs,
    "stepfunctions": _named(stateMachineArn="", resourceArn="", name="stateMachine:{}"),
    "wafv2": _wafv2,
}
