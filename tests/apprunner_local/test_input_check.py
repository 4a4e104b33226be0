"""The check of inputs by AWS's models: it accepts valid inputs, and reports the invalid members."""

from typing import Any

import pytest

from apprunner_local.input_check import check, knows
from pulumi_apprunner.testing import UNKNOWN, Secret
from samples import CONNECTOR_ARN, GROUP_ID, IMAGE, KMS_KEY_ARN, QUEUE_ARN, ROLE_ARN, SERVICE_ARN, ZONE_ID

SERVICE = "aws:apprunner/service:Service"


def service(**more: Any) -> dict[str, Any]:
    return {
        "serviceName": "orders",
        "sourceConfiguration": {"imageRepository": {"imageIdentifier": IMAGE, "imageRepositoryType": "ECR"}},
    } | more


def invalid_members(type: str, inputs: dict[str, Any]) -> list[str]:
    """Return the invalid members, without the operation's name."""
    return [problem.partition(":")[0].partition(".")[2] for problem in check(type, inputs)]


def test_valid_inputs_have_no_errors() -> None:
    run = {"port": "8080", "runtimeEnvironmentVariables": {"lower_case": "a\nb"}, "startCommand": None}
    image = {"imageIdentifier": IMAGE, "imageRepositoryType": "ECR", "imageConfiguration": run}
    inputs = service(
        sourceConfiguration={"imageRepository": image, "autoDeploymentsEnabled": False},
        instanceConfiguration={"cpu": "1024", "memory": "2 GB", "instanceRoleArn": ROLE_ARN},
        encryptionConfiguration={"kmsKey": KMS_KEY_ARN},
        healthCheckConfiguration={"protocol": "TCP", "interval": 20},
        networkConfiguration={"egressConfiguration": {"egressType": "VPC", "vpcConnectorArn": CONNECTOR_ARN}},
        observabilityConfiguration={"observabilityEnabled": False},
        tags={"team": ""},
        region="eu-west-1",
    )
    assert check(SERVICE, inputs) == []


@pytest.mark.parametrize(
    ("changed", "member"),
    [
        ({"serviceName": "api"}, "ServiceName"),
        ({"serviceName": "-orders"}, "ServiceName"),
        ({"serviceName": 4040}, "ServiceName"),
        ({"serviceNam": "orders"}, "ServiceNam"),
        (
            {"sourceConfiguration": {"imageRepository": {"imageIdentifier": IMAGE}}},
            "SourceConfiguration.ImageRepository.ImageRepositoryType",
        ),
        ({"instanceConfiguration": {"cpu": "25600"}}, "InstanceConfiguration.Cpu"),
        ({"instanceConfiguration": {"cpu": 1024}}, "InstanceConfiguration.Cpu"),
        ({"instanceConfiguration": {"memory": "5 GB"}}, "InstanceConfiguration.Memory"),
        ({"healthCheckConfiguration": {"interval": 21}}, "HealthCheckConfiguration.Interval"),
        ({"healthCheckConfiguration": {"interval": "5"}}, "HealthCheckConfiguration.Interval"),
        ({"healthCheckConfiguration": {"interval": True}}, "HealthCheckConfiguration.Interval"),
        ({"healthCheckConfiguration": {"protocol": "HTTPS"}}, "HealthCheckConfiguration.Protocol"),
        (
            {"encryptionConfiguration": {"kmsKey": KMS_KEY_ARN.replace("key/", "alias/")}},
            "EncryptionConfiguration.KmsKey",
        ),
        (
            {"networkConfiguration": {"ingressConfiguration": {"isPubliclyAccessible": 1}}},
            "NetworkConfiguration.IngressConfiguration.IsPubliclyAccessible",
        ),
        ({"observabilityConfiguration": {}}, "ObservabilityConfiguration.ObservabilityEnabled"),
        ({"tags": {"aws:team": "a"}}, "Tags[0].Key"),
        ({"tags": {"team": 1}}, "Tags[0].Value"),
        ({"autoScalingConfigurationArn": "shared"}, "AutoScalingConfigurationArn"),
    ],
)
def test_an_invalid_member_is_reported(changed: dict[str, Any], member: str) -> None:
    assert set(invalid_members(SERVICE, service(**changed))) == {member}


def test_a_missing_member_is_reported() -> None:
    assert invalid_members(SERVICE, {"serviceName": "orders"}) == ["SourceConfiguration"]


def test_an_unknown_value_is_valid_and_a_secret_is_checked_without_being_shown() -> None:
    assert check(SERVICE, service(serviceName=UNKNOWN, tags=UNKNOWN)) == []
    (problem, *_) = check(SERVICE, service(serviceName=Secret("canary!")))
    assert "canary" not in problem


@pytest.mark.parametrize(
    ("type", "inputs", "member"),
    [
        (
            "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion",
            {"autoScalingConfigurationName": "orders", "minSize": 0},
            "MinSize",
        ),
        ("aws:apprunner/vpcConnector:VpcConnector", {"vpcConnectorName": "orders"}, "Subnets"),
        (
            "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration",
            {"observabilityConfigurationName": "orders", "traceConfiguration": {"vendor": "JAEGER"}},
            "TraceConfiguration.Vendor",
        ),
        (
            "aws:apprunner/customDomainAssociation:CustomDomainAssociation",
            {"domainName": "a b", "serviceArn": SERVICE_ARN, "enableWwwSubdomain": True},
            "DomainName",
        ),
        (
            "aws:iam/role:Role",
            {"name": "a/b", "assumeRolePolicy": "{}", "description": "ok", "permissionsBoundary": ROLE_ARN},
            "RoleName",
        ),
        ("aws:iam/role:Role", {"name": "a", "assumeRolePolicy": "{}", "tags": {"a,b": "c"}}, "Tags[0].Key"),
        ("aws:iam/role:Role", {"name": "a", "assumeRolePolicy": "{}", "tags": {"a": "c\n"}}, "Tags[0].Value"),
        ("aws:iam/rolePolicy:RolePolicy", {"name": "a", "role": "b"}, "PolicyDocument"),
        ("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {"role": "b", "policyArn": "short"}, "PolicyArn"),
        ("aws:scheduler/scheduleGroup:ScheduleGroup", {"name": "a", "tags": {"a": ""}}, "Tags[0].Value"),
        (
            "aws:scheduler/schedule:Schedule",
            {
                "name": "pause",
                "scheduleExpression": "cron(0 8 * * ? *)",
                "flexibleTimeWindow": {"mode": "OFF"},
                "target": {
                    "arn": "a",
                    "roleArn": ROLE_ARN,
                    "deadLetterConfig": {"arn": QUEUE_ARN},
                    "retryPolicy": {"maximumEventAgeInSeconds": 30},
                },
            },
            "Target.RetryPolicy.MaximumEventAgeInSeconds",
        ),
        ("aws:sqs/queue:Queue", {"name": "a", "retention": 4}, "Attributes (a key)"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "a", "vpcId": "vpc-1"}, "Description"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "sg-a", "description": "a"}, "GroupName"),
        ("aws:ec2/securityGroup:SecurityGroup", {"name": "a", "description": "größe"}, "Description"),
        (
            "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
            {"securityGroupId": GROUP_ID, "ipProtocol": "tcp", "fromPort": "443"},
            "IpPermissions[0].FromPort",
        ),
        (
            "aws:route53/record:Record",
            {"zoneId": ZONE_ID, "name": "a", "type": "CNAM", "ttl": 1, "records": ["b"], "allowOverwrite": True},
            "ChangeBatch.Changes[0].ResourceRecordSet.Type",
        ),
    ],
)
def test_inputs_of_other_services_are_checked(type: str, inputs: dict[str, Any], member: str) -> None:
    assert knows(type)
    assert invalid_members(type, inputs) == [member]


def test_a_type_without_a_model_is_an_error() -> None:
    with pytest.raises(LookupError, match="aws:s3/bucket:Bucket"):
        check("aws:s3/bucket:Bucket", {})
