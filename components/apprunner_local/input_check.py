# pyright: standard
"""Checks of inputs for pulumi-aws against the models of AWS's APIs in botocore."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from apprunner_facts import tokens
from apprunner_local import api_model
from apprunner_local.api_model import Members
from apprunner_local.dns_inputs import health_check_members, record_members
from apprunner_local.edge.inputs import distribution_members, function_members, key_members, store_members
from apprunner_local.waf.inputs import log_group_members, web_acl_inputs, web_acl_members
from pulumi_apprunner.offline.values import UNKNOWN, Secret


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
    problems = api_model.input_problems(service, operation, members)
    return problems + [f"{operation}.{member}: {what}" for member, what in _ec2_text_errors(operation, members)]


def knows(type: str) -> bool:
    """Return whether `check` has a model for a type."""
    return type in _CALLS


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


def _alarm(inputs: Members) -> Members:
    names = {
        "name": "AlarmName",
        "okActions": "OKActions",
        "evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile",
    }
    rest = {key: value for key, value in inputs.items() if key not in ("dimensions", "metricQueries")}
    members = _named(**names)(rest)
    if "dimensions" in inputs:
        members["Dimensions"] = _dimensions(inputs["dimensions"])
    if "metricQueries" in inputs:
        members["Metrics"] = [_metric_query(each) for each in inputs["metricQueries"]]
    return members


def _metric_query(query: Members) -> Members:
    members = {_capital(key): value for key, value in query.items() if key != "metric"}
    if "metric" not in query:
        return members
    metric = {_capital(key): value for key, value in query["metric"].items()}
    period, stat = metric.pop("Period"), metric.pop("Stat")
    metric["Dimensions"] = _dimensions(metric.get("Dimensions", {}))
    return members | {"MetricStat": {"Metric": metric, "Period": period, "Stat": stat}}


def _dimensions(dimensions: Members) -> list[Members]:
    return [{"Name": name, "Value": value} for name, value in dimensions.items()]


def _event_target(inputs: Members) -> Members:
    own = ("rule", "targetId", "inputTransformer")
    target = {_capital(key): _capitals(value) for key, value in inputs.items() if key not in own}
    if transformer := inputs.get("inputTransformer"):
        paths, template = transformer.get("inputPaths", {}), transformer["inputTemplate"]
        target["InputTransformer"] = {"InputPathsMap": paths, "InputTemplate": template}
    return {"Rule": inputs["rule"], "Targets": [target | {"Id": inputs["targetId"]}]}


def _state_machine(inputs: Members) -> Members:
    members = {key: value for key, value in inputs.items() if key != "tags"}
    if "tags" not in inputs:
        return members
    tags = inputs["tags"]
    listed = tags if tags is UNKNOWN else [{"key": key, "value": value} for key, value in tags.items()]
    return members | {"tags": listed}


def _topic(inputs: Members) -> Members:
    attributes = {
        _capital(key): value if value is UNKNOWN else str(value)
        for key, value in inputs.items()
        if key not in ("name", "tags")
    }
    return {"Name": inputs["name"], "Attributes": attributes, "Tags": _tag_list(inputs.get("tags", {}))}


def _subscription(inputs: Members) -> Members:
    own = {"topic": "TopicArn", "protocol": "Protocol", "endpoint": "Endpoint"}
    provider_only = ("confirmationTimeoutInMinutes", "endpointAutoConfirms")
    attributes = {_capital(key): value for key, value in inputs.items() if key not in (*own, *provider_only)}
    texts = {key: value if value is UNKNOWN else str(value) for key, value in attributes.items()}
    return {name: inputs[key] for key, name in own.items() if key in inputs} | {"Attributes": texts}


def _topic_policy(inputs: Members) -> Members:
    return {"TopicArn": inputs["arn"], "AttributeName": "Policy", "AttributeValue": inputs["policy"]}


def _repository(inputs: Members) -> Members:
    rest = {key: value for key, value in inputs.items() if key not in ("encryptionConfigurations", "forceDelete")}
    members = {"name": "repositoryName"}
    encryption = inputs.get("encryptionConfigurations")
    return {
        **{members.get(key, key): _tag_list(value) if key == "tags" else value for key, value in rest.items()},
        **({"encryptionConfiguration": encryption[0]} if encryption else {}),
    }


def _of_repository(document: str) -> Callable[[Members], Members]:
    names = {"repository": "repositoryName", "policy": document}
    return lambda inputs: {names.get(key, key): value for key, value in inputs.items()}


def _security_group(inputs: Members) -> Members:
    names = {"name": "GroupName", "description": "Description", "vpcId": "VpcId"}
    members = {names.get(key, _capital(key)): value for key, value in inputs.items() if key != "tags"}
    return members | _tag_specifications("security-group", inputs)


def _vpc_endpoint(inputs: Members) -> Members:
    names = {"policy": "PolicyDocument"}
    members = {names.get(key, _capital(key)): _capitals(value) for key, value in inputs.items() if key != "tags"}
    return members | _tag_specifications("vpc-endpoint", inputs)


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


_CALLS: Mapping[str, tuple[str, str, Callable[[Members], Members]]] = {
    tokens.SERVICE: ("apprunner", "CreateService", _named()),
    tokens.AUTO_SCALING: (
        "apprunner",
        "CreateAutoScalingConfiguration",
        _named(),
    ),
    tokens.DEFAULT_AUTO_SCALING: ("apprunner", "UpdateDefaultAutoScalingConfiguration", _named()),
    tokens.OBSERVABILITY: (
        "apprunner",
        "CreateObservabilityConfiguration",
        _named(),
    ),
    tokens.VPC_INGRESS_CONNECTION: (
        "apprunner",
        "CreateVpcIngressConnection",
        _named(name="VpcIngressConnectionName"),
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
    tokens.OPEN_ID_CONNECT_PROVIDER: (
        "iam",
        "CreateOpenIDConnectProvider",
        _named(clientIdLists="ClientIDList", thumbprintLists="ThumbprintList"),
    ),
    tokens.QUEUE: ("sqs", "CreateQueue", _queue),
    tokens.DASHBOARD: ("cloudwatch", "PutDashboard", _named()),
    tokens.QUERY_DEFINITION: ("logs", "PutQueryDefinition", dict),
    tokens.EVENT_RULE: ("events", "PutRule", _named()),
    tokens.EVENT_TARGET: ("events", "PutTargets", _event_target),
    tokens.METRIC_ALARM: ("cloudwatch", "PutMetricAlarm", _alarm),
    tokens.STATE_MACHINE: ("stepfunctions", "CreateStateMachine", _state_machine),
    tokens.TOPIC: ("sns", "CreateTopic", _topic),
    tokens.TOPIC_POLICY: ("sns", "SetTopicAttributes", _topic_policy),
    tokens.TOPIC_SUBSCRIPTION: ("sns", "Subscribe", _subscription),
    tokens.ECR_REPOSITORY: ("ecr", "CreateRepository", _repository),
    tokens.ECR_LIFECYCLE_POLICY: ("ecr", "PutLifecyclePolicy", _of_repository("lifecyclePolicyText")),
    tokens.ECR_REPOSITORY_POLICY: ("ecr", "SetRepositoryPolicy", _of_repository("policyText")),
    tokens.SECURITY_GROUP: (
        "ec2",
        "CreateSecurityGroup",
        _without("revokeRulesOnDelete", then=_security_group),
    ),
    tokens.VPC_ENDPOINT: ("ec2", "CreateVpcEndpoint", _without("autoAccept", then=_vpc_endpoint)),
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
    tokens.HEALTH_CHECK: ("route53", "CreateHealthCheck", health_check_members),
    tokens.RECORD: ("route53", "ChangeResourceRecordSets", _without("allowOverwrite", then=record_members)),
    tokens.DISTRIBUTION: ("cloudfront", "CreateDistributionWithTags", distribution_members),
    tokens.EDGE_FUNCTION: ("cloudfront", "CreateFunction", _without("publish", then=function_members)),
    tokens.KEY_VALUE_STORE: ("cloudfront", "CreateKeyValueStore", store_members),
    tokens.KEY_VALUE_STORE_KEY: ("cloudfront-keyvaluestore", "PutKey", key_members),
    tokens.LOG_GROUP: ("logs", "CreateLogGroup", _without("skipDestroy", then=log_group_members)),
    tokens.WEB_ACL: ("wafv2", "CreateWebACL", lambda inputs: web_acl_members(_named()(web_acl_inputs(inputs)))),
    tokens.WEB_ACL_ASSOCIATION: ("wafv2", "AssociateWebACL", _named(webAclArn="WebACLArn")),
    tokens.WEB_ACL_LOGGING: (
        "wafv2",
        "PutLoggingConfiguration",
        lambda inputs: {"LoggingConfiguration": _capitals(inputs)},
    ),
}
"""By type: the service, the operation that creates the resource, and its inputs as that operation's members."""
