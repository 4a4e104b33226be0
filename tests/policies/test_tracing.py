import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_policies.themes.tracing import tracing_grants, tracing_required
from policies.public_services import messages

CONFIGURATION = "arn:aws:apprunner:eu-west-1:123456789012:observabilityconfiguration/traces/1/0123"
TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)
ARN = "arn:aws:iam::123456789012:role/elsewhere"


def service(name="api", *, role=None, enabled=True, configuration: Any = CONFIGURATION):
    return aws.apprunner.Service(
        name,
        service_name=name,
        source_configuration={
            "image_repository": {
                "image_identifier": "public.ecr.aws/acme/shop:1.2.3",
                "image_repository_type": "ECR_PUBLIC",
            },
        },
        instance_configuration={"instance_role_arn": role} if role is not None else {"cpu": "1024"},
        observability_configuration={
            "observability_enabled": enabled,
            "observability_configuration_arn": configuration,
        },
    )


def traced(*actions, managed=None, effect="Allow"):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        if actions:
            policy = {"Statement": {"Effect": effect, "Action": list(actions), "Resource": "*"}}
            aws.iam.RolePolicy("traces", role=role.name, policy=json.dumps(policy))
        if managed:
            aws.iam.RolePolicyAttachment("managed", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{managed}")
        service(role=role.arn)

    return program


@pytest.mark.parametrize("unknown", [True, False])
def test_a_role_of_a_traced_service_without_x_ray_is_reported_with_the_missing_actions(report, unknown):
    (message,) = messages(report(traced("xray:PutTraceSegments"), tracing_grants, unknown=unknown))

    assert message.startswith("api: the role of instanceConfiguration.instanceRoleArn, tasks, must allow xray:GetSampl")
    assert "since observabilityConfiguration.observabilityEnabled is true" in message
    assert "xray:PutTraceSegments" not in message


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(
    "program", [traced(*TRACING_ACTIONS), traced("xray:Put*", "xray:Get*"), traced(managed="AWSXRayDaemonWriteAccess")]
)
def test_a_role_with_the_permissions_passes(report, program, unknown):
    result = report(program, tracing_grants, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_a_managed_policy_of_an_account_may_allow_everything(report):
    arn = "arn:aws:iam::123456789012:policy/traces"

    def program():
        service(role=aws.iam.Role("tasks", assume_role_policy=TRUST, managed_policy_arns=[arn]).arn)

    assert not report(program, tracing_grants).violations


@pytest.mark.parametrize(
    ("managed", "is_reported"),
    [("AmazonS3ReadOnlyAccess", True), ("CloudWatchAgentServerPolicy", False), ("AWSXrayWriteOnlyAccess", False)],
)
def test_aws_policies_count_for_the_actions_that_they_allow(report, managed, is_reported):
    assert bool(report(traced(managed=managed), tracing_grants).violations) is is_reported


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("traces", "is_reported"), [(None, True), ({"vendor": "AWSXRAY"}, False)])
def test_the_configuration_of_a_traced_service_has_traces(report, traces, is_reported, unknown):
    def program():
        configuration = aws.apprunner.ObservabilityConfiguration(
            "orders", observability_configuration_name="orders", trace_configuration=traces
        )
        service(role=ARN, configuration=configuration.arn)

    found = messages(report(program, tracing_grants, unknown=unknown))
    assert bool(found) is is_reported
    assert not found or "Set traceConfiguration.vendor of orders to AWSXRAY" in found[0]


def test_a_denied_action_is_not_allowed(report):
    def program():
        inline: Any = [
            {"name": "yes", "policy": json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})},
            {
                "name": "no",
                "policy": json.dumps({"Statement": {"Effect": "Deny", "Action": "xray:*", "Resource": "*"}}),
            },
        ]
        service(role=aws.iam.Role("tasks", assume_role_policy=TRUST, inline_policies=inline).arn)

    assert "must allow" in messages(report(program, tracing_grants))[0]


def test_an_unknown_policy_is_no_violation(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        table = aws.dynamodb.Table("orders")
        aws.iam.RolePolicy("orders", role=role.name, policy=table.arn.apply(lambda arn: json.dumps({"Statement": []})))
        service(role=role.arn)

    result = report(program, tracing_grants, unknown=True)

    assert not result.violations
    assert "policy can't be known" in result.skipped[0].reason


def test_a_traced_service_needs_a_role(report):
    assert "instanceRoleArn must be set" in messages(report(service, tracing_grants))[0]


def test_a_role_from_outside_the_stack_is_not_checked(report):
    assert not report(lambda: service(role=ARN), tracing_grants).violations


def test_a_traced_service_needs_a_configuration(report):
    (message,) = messages(report(lambda: service(role=ARN, configuration=None), tracing_grants))

    assert "observabilityConfiguration.observabilityConfigurationArn must be set" in message


def test_a_service_without_tracing_passes(report):
    assert not report(lambda: service(enabled=False, configuration=None), tracing_grants).violations


# Required


@pytest.mark.parametrize("enabled", [True, False])
def test_tracing_can_be_required(report, enabled):
    result = report(lambda: service(enabled=enabled), tracing_required, config={"tracing-required": "mandatory"})

    assert bool(result.violations) is not enabled


def test_tracing_that_is_not_set_is_disabled(check_rule):
    (message,) = check_rule(tracing_required, {}).messages

    assert message.startswith("api: observabilityConfiguration.observabilityEnabled must be true, got false (the defau")


def test_tracing_is_not_required_by_default(report):
    assert not report(lambda: service(enabled=False), tracing_required).violations


def test_an_unknown_flag_is_reported_as_unknown(check_rule, unknown):
    result = check_rule(tracing_required, {"observabilityConfiguration": {"observabilityEnabled": unknown}})

    assert not result.messages
    assert "observabilityEnabled can't be known" in result.unknown
