"""The work of the rules grows with the stack, and not faster."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.alarms import alarms_present
from apprunner_policies.themes.notifications import alarms_notify
from apprunner_policies.themes.secret_grants import secrets_grant_matches
from policies.growth import growth
from policies.public_services import service as public_service
from policies.secret_services import service

ACCOUNT = "arn:aws:iam::123456789012:root"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:on-call"


def document(principal: str, action: str):
    kind = "AWS" if principal == ACCOUNT else "Service"
    return json.dumps({"Statement": {"Effect": "Allow", "Principal": {kind: principal}, "Action": action}})


def encrypted(name: str, key: aws.kms.Key):
    """Create a service with a secret, which its role may use by a grant of the key."""
    secret = aws.secretsmanager.Secret(name, name=name, kms_key_id=key.arn)
    role = aws.iam.Role(name, assume_role_policy=document("tasks.apprunner.amazonaws.com", "sts:AssumeRole"))
    reads = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": secret.arn}
    aws.iam.RolePolicy(name, role=role.name, policy=pulumi.Output.json_dumps({"Statement": reads}))
    aws.kms.Grant(name, key_id=key.key_id, grantee_principal=role.arn, operations=["Decrypt"])
    service(name=name, role=role.arn, secrets={"TOKEN": secret.arn})


def with_keys(names: Sequence[str]):
    for name in names:
        key = aws.kms.Key(name)
        aws.kms.KeyPolicy(name, key_id=key.key_id, policy=document(ACCOUNT, "kms:*"))
        encrypted(name, key)


def with_one_key(names: Sequence[str]):
    key = aws.kms.Key("all")
    for name in names:
        encrypted(name, key)


def with_aliases(names: Sequence[str]):
    for name in names:
        key = aws.kms.Key(name)
        aws.kms.Alias(name, name=f"alias/{name}", target_key_id=key.key_id)
        aws.secretsmanager.Secret(name, name=name, kms_key_id=f"alias/{name}")
        aws.ssm.Parameter(name, name=f"/{name}", type="SecureString", value="x", key_id=f"alias/{name}")
        role = aws.iam.Role(name, assume_role_policy=document("tasks.apprunner.amazonaws.com", "sts:AssumeRole"))
        service(name=name, role=role.arn, secrets={"TOKEN": f"/{name}"})


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("program", [with_keys, with_one_key, with_aliases])
def test_keys_of_secrets(program, unknown):
    assert growth(secrets_grant_matches, program, unknown=unknown) < 1.01


def with_alarms(names: Sequence[str]):
    """Create services with an alarm on a query and one on a metric, which a chain of composite alarms contains."""
    before = "none"
    for name in names:
        api = public_service(name)
        identity = {"ServiceName": api.service_name, "ServiceID": api.service_id}
        rest = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}
        metric = {"namespace": "AWS/AppRunner", "metric_name": "5xxStatusResponses", "dimensions": identity}
        aws.cloudwatch.MetricAlarm(f"{name}-errors", name=f"{name}-errors", **metric, **rest)
        sql = api.service_id.apply(
            lambda id: f"SELECT MAX(CPUUtilization) FROM \"AWS/AppRunner\" WHERE ServiceID='{id}'"
        )
        queries: Any = [{"id": "cpu", "expression": sql, "period": 60, "return_data": True}]
        aws.cloudwatch.MetricAlarm(f"{name}-cpu", metric_queries=queries, **rest)
        rule = f"ALARM({before}) OR ALARM({name}-errors)"
        aws.cloudwatch.CompositeAlarm(name, alarm_name=name, alarm_rule=rule, alarm_actions=[TOPIC])
        before = name


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("rule", [alarms_present, alarms_notify], ids=lambda rule: rule.name)
def test_alarms(rule, unknown):
    assert growth(rule, with_alarms, unknown=unknown) < 1.01
