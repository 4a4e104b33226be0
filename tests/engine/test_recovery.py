"""docs/recovery.md, compared with the local AWS: the result of a second create of each type, and of an import."""

import re
from collections.abc import Callable
from typing import Any, cast

import pytest

from apprunner_facts import github
from apprunner_facts.repositories import lifecycle_policy
from apprunner_local.aws import LocalAws
from apprunner_local.provider.provider import FailedError, Provider
from engine import programs
from engine.projects import ROOT
from local_aws.resources import KEY_VALUE_STORE, SHOP
from pulumi_apprunner import iam

SERVICE = "aws:apprunner/service:Service"
ROLE = "aws:iam/role:Role"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
PROFILE = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
TOPIC = "aws:sns/topic:Topic"
REPOSITORY = "aws:ecr/repository:Repository"
RULE = "aws:cloudwatch/eventRule:EventRule"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TASKS = "arn:aws:iam::123456789012:role/orders"
COMPONENTS = sorted((ROOT / "components" / "pulumi_apprunner").rglob("*.py"))

_ROW = re.compile(r"^\| `(aws:\S+)` \| (.+?) \| ", re.MULTILINE)
RECOVERY = dict(_ROW.findall((ROOT / "docs" / "recovery.md").read_text()))
NOT_REFUSED_BY_MOTO = "aws:scheduler/scheduleGroup:ScheduleGroup"


def test_the_page_documents_every_type_that_the_components_create() -> None:
    types = re.findall(r"\baws\.(\w+)\.([A-Z]\w+)\(", "".join(file.read_text() for file in COMPONENTS))
    assert types
    documented = {(token.split(":")[1].split("/")[0], token.rsplit(":", 1)[1]) for token in RECOVERY}
    assert documented == set(types)


@pytest.mark.parametrize("type", sorted(set(RECOVERY) - {NOT_REFUSED_BY_MOTO}))
def test_a_second_create_has_the_documented_result(type: str, aws: LocalAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    provider = Provider()
    provider.configure({"region": "eu-west-1"})
    try:
        inputs = provider.check(type, "orders", {}, inputs_of(type, provider), b"seed")
        first, _ = provider.create(type, inputs)
        documented = RECOVERY[type]
        if documented.startswith("fails: "):
            with pytest.raises(FailedError, match=re.escape(documented.split("`")[1])):
                provider.create(type, inputs)
        else:
            again, _ = provider.create(type, inputs)
            assert (again != first) == documented.startswith("creates ")
        import_id = f"{first}/orders/REGIONAL" if type == WEB_ACL else first
        assert provider.read(type, import_id, {}, {}).id == first  # as an import does
    finally:
        provider.close()


def inputs_of(type: str, provider: Provider) -> dict[str, Any]:
    """Return the inputs of one resource of a type, and create the resources that it refers to."""

    def created(other: str) -> str:
        return provider.create(other, provider.check(other, "other", {}, known[other], b"seed"))[0]

    def created_acl() -> str:
        inputs = provider.check(WEB_ACL, "other", {}, known[WEB_ACL], b"seed")
        return str(provider.create(WEB_ACL, inputs)[1]["arn"])

    def created_store() -> str:
        inputs = provider.check(KEY_VALUE_STORE, "other", {}, {"name": "other"}, b"seed")
        return str(provider.create(KEY_VALUE_STORE, inputs)[1]["arn"])

    trust = iam.trust("tasks.apprunner.amazonaws.com")
    source = {"imageRepository": {"imageIdentifier": programs.PUBLIC_IMAGE, "imageRepositoryType": "ECR_PUBLIC"}}
    visible = {"cloudwatchMetricsEnabled": True, "metricName": "orders", "sampledRequestsEnabled": False}
    acl = {"scope": "REGIONAL", "defaultAction": {"allow": {}}, "visibilityConfig": visible}
    known: dict[str, Any] = {
        SERVICE: {"serviceName": "orders", "sourceConfiguration": {**source, "autoDeploymentsEnabled": False}},
        ROLE: {"name": "orders", "assumeRolePolicy": trust},
        GROUP: {"name": "orders", "description": "orders", "vpcId": programs.VPC_ID},
        PROFILE: {"autoScalingConfigurationName": "orders"},
        TOPIC: {"name": "orders"},
        WEB_ACL: {"name": "orders", **acl},
        LOG_GROUP: {"name": "aws-waf-logs-orders"},
        RULE: {"name": "orders", "eventPattern": '{"source": ["aws.apprunner"]}'},
        REPOSITORY: {"name": "orders"},
    }
    if type in known:
        return cast(dict[str, Any], known[type])
    short = type.rsplit(":", 1)[1]
    anyone = {"ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}
    target = {"arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService", "roleArn": TASKS, "input": "{}"}
    inputs: dict[str, Callable[[], dict[str, Any]]] = {
        "VpcConnector": lambda: {
            "vpcConnectorName": "orders",
            "subnets": programs.SUBNET_IDS,
            "securityGroups": [created(GROUP)],
        },
        "VpcIngressConnection": lambda: {
            "name": "orders",
            "serviceArn": created(SERVICE),
            "ingressVpcConfiguration": {"vpcId": programs.VPC_ID, "vpcEndpointId": "vpce-0a51b62c73d84e95f"},
        },
        "DefaultAutoScalingConfigurationVersion": lambda: {"autoScalingConfigurationArn": created(PROFILE)},
        "ObservabilityConfiguration": lambda: {"observabilityConfigurationName": "orders"},
        "CustomDomainAssociation": lambda: {
            "domainName": "orders.staging.example.com",
            "serviceArn": created(SERVICE),
            "enableWwwSubdomain": False,
        },
        "RolePolicy": lambda: {
            "name": "own",
            "role": created(ROLE),
            "policy": iam.document([iam.allow(["s3:Get*"], "*")]),
        },
        "RolePolicyAttachment": lambda: {"role": created(ROLE), "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "OpenIdConnectProvider": lambda: {
            "url": f"https://{github.ISSUER}",
            "clientIdLists": [github.AUDIENCE],
        },
        "LifecyclePolicy": lambda: {"repository": created(REPOSITORY), "policy": lifecycle_policy(7, {}, 100)},
        "RepositoryPolicy": lambda: {
            "repository": created(REPOSITORY),
            "policy": iam.share_images("", None, ["210987654321"]),
        },
        "SecurityGroupEgressRule": lambda: {"securityGroupId": created(GROUP), **anyone},
        "SecurityGroupIngressRule": lambda: {"securityGroupId": created(GROUP), **anyone},
        "Record": lambda: {
            "zoneId": programs.ZONE["id"],
            "name": "orders.staging.example.com",
            "type": "CNAME",
            "ttl": 60,
            "records": ["example.com"],
            "allowOverwrite": True,
        },
        "Schedule": lambda: {
            "name": "pause",
            "scheduleExpression": "rate(1 hour)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": target,
        },
        "Queue": lambda: {"name": "orders", "messageRetentionSeconds": 1209600, "sqsManagedSseEnabled": True},
        "TopicPolicy": lambda: {"arn": created(TOPIC), "policy": iam.document([iam.allow(["sns:Publish"], "*")])},
        "TopicSubscription": lambda: {"topic": created(TOPIC), "protocol": "email", "endpoint": "team@example.com"},
        "MetricAlarm": lambda: {
            "name": "orders",
            "namespace": "AWS/AppRunner",
            "metricName": "Requests",
            "statistic": "Sum",
            "period": 60,
            "evaluationPeriods": 1,
            "comparisonOperator": "LessThanThreshold",
            "threshold": 1,
        },
        "Dashboard": lambda: {"dashboardName": "orders", "dashboardBody": '{"widgets": []}'},
        "StateMachine": lambda: {
            "name": "orders",
            "roleArn": TASKS,
            "definition": '{"StartAt": "End", "States": {"End": {"Type": "Succeed"}}}',
        },
        "QueryDefinition": lambda: {"name": "orders/errors", "queryString": "fields @message"},
        "EventRule": lambda: {"name": "orders", "eventPattern": '{"source": ["aws.apprunner"]}'},
        "EventTarget": lambda: {"rule": created(RULE), "targetId": "topic", "arn": created(TOPIC)},
        "WebAclAssociation": lambda: {"resourceArn": created(SERVICE), "webAclArn": created_acl()},
        "WebAclLoggingConfiguration": lambda: {
            "resourceArn": created_acl(),
            "logDestinationConfigs": [f"arn:aws:logs:eu-west-1:123456789012:log-group:{created(LOG_GROUP)}"],
        },
        "Distribution": lambda: SHOP,
        "Function": lambda: {
            "name": "orders",
            "runtime": "cloudfront-js-2.0",
            "code": "function handler(event) { return event.request; }",
        },
        "KeyValueStore": lambda: {"name": "orders"},
        "KeyvaluestoreKey": lambda: {"keyValueStoreArn": created_store(), "key": "weight", "value": "10"},
        "VpcEndpoint": lambda: {
            "vpcId": programs.VPC_ID,
            "vpcEndpointType": "Interface",
            "serviceName": "com.amazonaws.eu-west-1.apprunner.requests",
            "subnetIds": programs.SUBNET_IDS,
            "securityGroupIds": [created(GROUP)],
            "privateDnsEnabled": False,
        },
    }
    return inputs[short]()
