"""The deployment after a rotation: its resources, its permissions and its errors."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, ArgsError, RedeployOnRotation
from pulumi_apprunner.redeployment.definition import definition
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import ACCOUNT, BOUNDARY_ARN, PARAMETER_ARN, PUBLIC_IMAGE, SECRET_ARN, SERVICE_ARN, TOPIC_ARN

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
MACHINE = "aws:sfn/stateMachine:StateMachine"
NAME = "project-rotation-stack"
MACHINE_ARN = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:{NAME}"
SECRETS: dict[str, Any] = {
    "PASSWORD": {"secret_arn": SECRET_ARN, "json_key": "password"},
    "FLAGS": {"parameter_name": "/orders/flags"},
}


def rotation(secrets: Any = SECRETS, **args: Any) -> Callable[[], None]:
    """Return a program that deploys a service after the rotation of its secrets."""
    arguments: Any = {"service_arn": SERVICE_ARN, "topic_arn": TOPIC_ARN, "secrets": secrets} | args
    return lambda: RedeployOnRotation("rotation", arguments) and None


def graph(secrets: Any = SECRETS, **args: Any) -> Graph:
    return plan(rotation(secrets, **args), config={"aws:region": "eu-west-1"})


def pattern(plan: Graph, rule: str) -> Any:
    return json.loads(plan.named(f"rotation-{rule}")["eventPattern"])


def policy(plan: Graph, name: str, key: str = "policy") -> Any:
    """Return the one statement of a policy."""
    (statement,) = json.loads(plan.named(f"rotation-{name}")[key])["Statement"]
    return statement


def secret(number: int) -> dict[str, str]:
    return {"secret_arn": f"arn:aws:secretsmanager:eu-west-1:{ACCOUNT}:secret:orders/{number}-AbCdEf"}


def test_rules_start_a_machine_and_another_rule_notifies_of_its_failures() -> None:
    assert children(graph(), "rotation") == [
        (RULE, "rotation-failures"),
        (RULE, "rotation-parameters"),
        (RULE, "rotation-secrets"),
        (TARGET, "rotation-failures-target"),
        (TARGET, "rotation-parameters-target"),
        (TARGET, "rotation-secrets-target"),
        (ROLE, "rotation-events-role"),
        (ROLE, "rotation-machine-role"),
        (POLICY, "rotation-events-policy"),
        (POLICY, "rotation-machine-policy"),
        (MACHINE, "rotation-machine"),
    ]


def test_the_machine_has_all_inputs() -> None:
    machine = graph(tags={"team": "orders"}, settle_seconds=300).named("rotation-machine")
    assert machine.inputs == {
        "name": NAME,
        "type": "STANDARD",
        "definition": definition(SERVICE_ARN, 300),
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}-machine",
        "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
        "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
        "tracingConfiguration": {"enabled": False},
        "tags": {"team": "orders"},
    }
    assert dependencies(graph(), graph().named("rotation-machine")) == [
        "rotation-machine-policy",
        "rotation-machine-role",
    ]


def test_a_rule_and_its_target_have_all_inputs() -> None:
    plan = graph(tags={"team": "orders"})
    rule = dict(plan.named("rotation-secrets").inputs)
    del rule["eventPattern"]
    assert rule == {
        "name": f"{NAME}-secrets",
        "description": "Changes of secrets after which rotation deploys a service again",
        "state": "ENABLED",
        "tags": {"team": "orders"},
    }
    target = plan.named("rotation-secrets-target")
    assert target.inputs == {
        "rule": f"{NAME}-secrets",
        "targetId": "redeployment",
        "arn": MACHINE_ARN,
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}-events",
        "inputTransformer": {
            "inputPaths": {"time": "$.time", "subject": "$.detail.name"},
            "inputTemplate": '{"time": "<time>", "change": "<subject>"}',
        },
        "retryPolicy": {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185},
    }
    assert "rotation-events-policy" in dependencies(plan, target)


def test_failed_executions_notify_the_topic() -> None:
    plan = graph()
    assert pattern(plan, "failures") == {
        "source": ["aws.states"],
        "detail-type": ["Step Functions Execution Status Change"],
        "detail": {"stateMachineArn": [MACHINE_ARN], "status": ["ABORTED", "FAILED", "TIMED_OUT"]},
    }
    assert plan.named("rotation-failures-target").inputs == {
        "rule": f"{NAME}-failures",
        "targetId": "topic",
        "arn": TOPIC_ARN,
        "retryPolicy": {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185},
    }


# The patterns


def test_a_secret_is_watched_by_its_arn_without_the_json_key() -> None:
    assert pattern(graph(), "secrets") == {
        "source": ["aws.secretsmanager"],
        "detail-type": ["Secret Label Updated"],
        "resources": [SECRET_ARN],
        "detail": {"labelUpdated": ["AWSCURRENT"]},
    }


@pytest.mark.parametrize("source", [{"parameter_name": "/orders/flags"}, {"parameter_arn": PARAMETER_ARN}])
def test_a_parameter_is_watched_by_its_name_with_and_without_a_slash(source: dict[str, str]) -> None:
    assert pattern(graph({"FLAGS": source}), "parameters") == {
        "source": ["aws.ssm"],
        "detail-type": ["Parameter Store Change"],
        "detail": {"name": ["/orders/flags", "orders/flags"], "operation": ["Update"]},
    }


def test_two_keys_of_a_secret_are_one_resource_of_the_pattern() -> None:
    secrets = {key: {"secret_arn": SECRET_ARN, "json_key": key.lower()} for key in ("USERNAME", "PASSWORD")}
    assert pattern(graph(secrets), "secrets")["resources"] == [SECRET_ARN]


def test_a_secret_that_is_pinned_to_a_version_is_not_watched() -> None:
    pinned = {"secret_arn": secret(2)["secret_arn"], "version_id": "01234567-89ab-cdef-0123-456789abcdef"}
    assert pattern(graph({"A": secret(1), "B": pinned}), "secrets")["resources"] == [secret(1)["secret_arn"]]


@pytest.mark.parametrize(("stage", "label"), [("BLUE", "BLUE"), ("AWSPREVIOUS", "AWSCURRENT")])
def test_a_secret_with_a_stage_is_watched_by_the_label_that_moves(stage: str, label: str) -> None:
    secrets = {"PASSWORD": {"secret_arn": SECRET_ARN, "version_stage": stage}}
    assert pattern(graph(secrets), "secrets")["detail"] == {"labelUpdated": [label]}


def test_each_label_and_each_five_secrets_have_a_rule() -> None:
    secrets = {f"S{number}": secret(number) for number in range(6)}
    blue = {"secret_arn": SECRET_ARN, "version_stage": "BLUE"}
    parameters = {f"P{number}": {"parameter_name": f"/orders/{number}"} for number in range(6)}
    plan = graph({"BLUE": blue, **secrets, **parameters})
    rules = ["secrets", "secrets-2", "secrets-3", "parameters", "parameters-2"]
    assert {name for type, name in children(plan, "rotation") if type == RULE} == {
        f"rotation-{each}" for each in [*rules, "failures"]
    }
    assert [len(pattern(plan, rule)["resources"]) for rule in rules[:3]] == [5, 1, 1]
    assert pattern(plan, "secrets-3")["detail"] == {"labelUpdated": ["BLUE"]}
    assert [len(pattern(plan, rule)["detail"]["name"]) for rule in rules[3:]] == [10, 2]


def test_the_longest_names_of_secrets_fit_into_a_pattern() -> None:
    arn = f"arn:aws:secretsmanager:ap-southeast-1:{ACCOUNT}:secret:"
    secrets = {f"S{number}": {"secret_arn": f"{arn}{number}{'x' * 511}-AbCdEf"} for number in range(5)}
    service, topic = (each.replace("eu-west-1", "ap-southeast-1") for each in (SERVICE_ARN, TOPIC_ARN))
    assert len(graph(secrets, service_arn=service, topic_arn=topic).named("rotation-secrets")["eventPattern"]) <= 4096


def test_parameters_with_long_names_are_distributed_over_more_rules() -> None:
    secrets = {f"P{number}": {"parameter_name": f"/{number}{'x' * 900}"} for number in range(5)}
    plan = graph(secrets)
    rules = [name for type, name in children(plan, "rotation") if type == RULE and "parameters" in name]
    patterns = [plan.named(each)["eventPattern"] for each in rules]
    assert [len(json.loads(each)["detail"]["name"]) for each in patterns] == [4, 4, 2]
    assert all(len(each) <= 4096 for each in patterns)


def test_a_pattern_that_turns_out_to_be_too_long_is_an_error() -> None:
    def program() -> None:
        arns = [PARAMETER_ARN + str(number) + "x" * 900 for number in range(5)]
        rotation({f"P{at}": {"parameter_arn": pulumi.Output.from_input(arn)} for at, arn in enumerate(arns)})()

    with pytest.raises(ArgsError) as caught:
        plan(program)
    assert caught.value.problems == {
        "secrets": "must have names that fit into a pattern of EventBridge, which has at most 4,096 characters, got "
        "9,288 for parameters. Shorten them, or divide them among several components"
    }


def test_a_trust_policy_beyond_the_default_quota_is_a_warning_also_in_a_preview() -> None:
    many = {f"S{number}": secret(number) for number in range(120)}
    messages = [run(rotation(many), unknown=unknown).messages for unknown in (False, True)]
    assert [len(each) for each in messages] == [1, 1]
    assert messages[0][0].startswith("warning: secrets: the trust policy of the role that starts deployments has about")
    assert graph({f"S{number}": secret(number) for number in range(60)}).messages == ()


def test_the_warning_about_a_trust_policy_knows_its_length() -> None:
    plan = graph({f"S{number}": secret(number) for number in range(120)})
    length = len("".join(plan.named("rotation-events-role")["assumeRolePolicy"].split()))
    assert f"has about {length:,} characters" in plan.messages[0]


# The permissions


def test_the_machine_may_only_read_the_operations_of_its_service_and_deploy_it() -> None:
    plan = graph()
    assert policy(plan, "machine-policy") == {
        "Effect": "Allow",
        "Action": ["apprunner:ListOperations", "apprunner:StartDeployment"],
        "Resource": SERVICE_ARN,
    }
    assert policy(plan, "machine-role", "assumeRolePolicy") == {
        "Effect": "Allow",
        "Principal": {"Service": "states.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnEquals": {"aws:SourceArn": MACHINE_ARN},
        },
    }


def test_only_the_rules_may_start_the_machine() -> None:
    plan = graph()
    assert policy(plan, "events-policy") == {
        "Effect": "Allow",
        "Action": "states:StartExecution",
        "Resource": MACHINE_ARN,
    }
    rules = [f"arn:aws:events:eu-west-1:{ACCOUNT}:rule/{NAME}-{kind}" for kind in ("secrets", "parameters")]
    assert policy(plan, "events-role", "assumeRolePolicy") == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnEquals": {"aws:SourceArn": rules}},
    }


def test_both_roles_have_the_permissions_boundary_and_tags() -> None:
    plan = graph(permissions_boundary=BOUNDARY_ARN, tags={"team": "orders"})
    for role in ("machine", "events"):
        inputs = plan.named(f"rotation-{role}-role").inputs
        assert (inputs["permissionsBoundary"], inputs["tags"]) == (BOUNDARY_ARN, {"team": "orders"})


# Outputs


def test_the_arns_of_service_and_secrets_may_be_outputs() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        later = pulumi.Output.from_input(SECRET_ARN)
        args: Any = {"service_arn": api.arn, "topic_arn": TOPIC_ARN, "secrets": {"PASSWORD": {"secret_arn": later}}}
        RedeployOnRotation("rotation", args)

    config = {"aws:region": "eu-west-1"}
    known = plan(program, config=config)
    assert pattern(known, "secrets")["resources"] == [SECRET_ARN]
    assert policy(known, "machine-policy")["Resource"] == known.named("api").outputs["arn"]
    assert known.named("rotation").outputs["stateMachineArn"] == MACHINE_ARN
    assert known.messages == ()
    assert run(program, unknown=True, config=config).named("rotation-machine")["definition"] is UNKNOWN


def test_a_secret_that_turns_out_to_be_in_another_region_is_a_warning() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        secrets = {"PASSWORD": {"secret_arn": SECRET_ARN}, "hunter2": {"parameter_arn": PARAMETER_ARN}}
        args: Any = {
            "service_arn": api.arn,
            "topic_arn": TOPIC_ARN.replace("eu-west-1", "us-east-1"),
            "secrets": secrets,
        }
        RedeployOnRotation("rotation", args)

    assert sorted(run(program, config={"aws:region": "us-east-1"}).messages) == [
        f"warning: secrets.{path}: must be in the service's region, us-east-1, got eu-west-1. AWS sends events only "
        "there, so the service is not deployed after a rotation. Remove the secret here, and deploy the service in "
        "another way"
        for path in ("(key 2).parameter_arn", "PASSWORD.secret_arn")
    ]
    assert run(program).messages == ()


# Errors


def test_all_errors_are_reported_together() -> None:
    secrets = {
        "A": {"secret_arn": SECRET_ARN.replace("eu-west-1", "us-east-1")},
        "B": {"parameter_arn": PARAMETER_ARN.replace(ACCOUNT, "210987654321")},
        "C": {"parameter_name": "/aws/reference/secretsmanager/orders"},
        "D": {"secret_arn": SECRET_ARN},
    }
    assert problems(rotation(secrets, settle_seconds=0, topic_arn="on-call")) == {
        "settle_seconds": "must be 1 to 3600 seconds, got 0",
        "topic_arn": 'must be the ARN of a standard SNS topic (arn:aws:sns:REGION:ACCOUNT:NAME), got "on-call"',
        "secrets.A.secret_arn": f"must be in the service's account and region, {ACCOUNT} and eu-west-1, got {ACCOUNT} "
        "and us-east-1. AWS sends events only there. Remove the secret here, and deploy the service in another way "
        "after its rotation",
        "secrets.B.parameter_arn": f"must be in the service's account and region, {ACCOUNT} and eu-west-1, got "
        "210987654321 and eu-west-1. AWS sends events only there. Remove the secret here, and deploy the service in "
        "another way after its rotation",
        "secrets.C.parameter_name": "must not refer to a secret, because Parameter Store sends no events about it. Use "
        "secret_arn with the secret's ARN",
    }


@pytest.mark.parametrize("pinned", [{"version_id": "1"}, {"version_stage": "AWSPENDING"}])
def test_one_value_must_be_able_to_change(pinned: dict[str, str]) -> None:
    assert problems(rotation({"PASSWORD": {"secret_arn": SECRET_ARN, **pinned}})) == {
        "secrets": "must contain a value that can change. A secret with a version_id, or with the stage AWSPENDING, "
        "never does. Remove them, or the component"
    }
    assert problems(rotation({})) == {"secrets": "must not be empty"}
