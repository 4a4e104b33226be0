"""The deployment after a push: its resources, its permissions and its errors."""

import json
from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, RedeployOnPush
from pulumi_apprunner.redeployment.definition import definition
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import ACCOUNT, BOUNDARY_ARN, PUBLIC_IMAGE, SERVICE_ARN, TOPIC_ARN

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"
ROLE, POLICY = "aws:iam/role:Role", "aws:iam/rolePolicy:RolePolicy"
MACHINE = "aws:sfn/stateMachine:StateMachine"
NAME = "project-pushes-stack"
MACHINE_ARN = f"arn:aws:states:eu-west-1:{ACCOUNT}:stateMachine:{NAME}"
BUS_ARN = f"arn:aws:events:eu-west-1:{ACCOUNT}:event-bus/default"
OTHER_ACCOUNT = "210987654321"
REGIONAL = f"{ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/storefront/orders:live"
FOREIGN = f"{OTHER_ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/storefront/orders:live"
LOCAL = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/storefront/orders:live"


def pushes(image: Any = REGIONAL, **args: Any) -> Callable[[], None]:
    """Return a program that deploys a service after a push of its image."""
    arguments: Any = {"service_arn": SERVICE_ARN, "topic_arn": TOPIC_ARN, "image": image} | args
    return lambda: RedeployOnPush("pushes", arguments) and None


def graph(image: Any = REGIONAL, **args: Any) -> Graph:
    return plan(pushes(image, **args), config={"aws:region": "eu-west-1"})


def policy(plan: Graph, name: str, key: str = "policy") -> Any:
    """Return the one statement of a policy."""
    (statement,) = json.loads(plan.named(f"pushes-{name}")[key])["Statement"]
    return statement


def pattern(account: str, region: str) -> Any:
    detail = {
        "action-type": ["PUSH"],
        "result": ["SUCCESS"],
        "repository-name": ["storefront/orders"],
        "image-tag": ["live"],
    }
    source = {"source": ["aws.ecr"], "detail-type": ["ECR Image Action"]}
    return {**source, "account": [account], "region": [region], "detail": detail}


SHARED = [
    (RULE, "pushes-failures"),
    (RULE, "pushes-pushes"),
    (TARGET, "pushes-failures-target"),
    (TARGET, "pushes-pushes-target"),
    (ROLE, "pushes-events-role"),
    (ROLE, "pushes-machine-role"),
    (POLICY, "pushes-events-policy"),
    (POLICY, "pushes-machine-policy"),
    (MACHINE, "pushes-machine"),
]
FORWARDING = [
    (RULE, "pushes-forward"),
    (TARGET, "pushes-forward-target"),
    (ROLE, "pushes-forward-role"),
    (POLICY, "pushes-forward-policy"),
]


def test_an_event_of_another_region_is_forwarded_to_the_rule_that_starts_the_machine() -> None:
    assert sorted(children(graph(), "pushes")) == sorted([*SHARED, *FORWARDING])


def test_an_event_of_another_account_is_forwarded_there() -> None:
    assert sorted(children(graph(FOREIGN, cross_account=True), "pushes")) == sorted(SHARED)


@pytest.mark.parametrize(
    ("image", "cross_account", "account", "region"),
    [(REGIONAL, False, ACCOUNT, "us-east-1"), (FOREIGN, True, OTHER_ACCOUNT, "eu-west-1")],
)
def test_the_rules_match_pushes_of_this_tag_to_this_repository_only(
    image: str, cross_account: bool, account: str, region: str
) -> None:
    planned = graph(image, cross_account=cross_account)
    assert json.loads(planned.named("pushes-pushes")["eventPattern"]) == pattern(account, region)
    if not cross_account:
        assert planned.named("pushes-forward")["eventPattern"] == planned.named("pushes-pushes")["eventPattern"]


def test_the_machine_deploys_the_service_after_the_settle_time() -> None:
    machine = graph(settle_seconds=5).named("pushes-machine")
    assert machine["definition"] == definition(SERVICE_ARN, 5)
    target = graph().named("pushes-pushes-target")
    assert target["arn"] == MACHINE_ARN
    assert target["inputTransformer"]["inputPaths"] == {"time": "$.time", "subject": "$.detail.image-digest"}


def test_the_forwarding_rule_and_its_target_have_all_inputs() -> None:
    planned = graph(tags={"team": "orders"})
    rule = dict(planned.named("pushes-forward").inputs)
    del rule["eventPattern"]
    assert rule == {
        "name": f"{NAME}-forward",
        "description": "Forwards the pushes after which pushes deploys a service",
        "state": "ENABLED",
        "region": "us-east-1",
        "tags": {"team": "orders"},
    }
    target = planned.named("pushes-forward-target")
    assert target.inputs == {
        "rule": f"{NAME}-forward",
        "targetId": "bus",
        "arn": BUS_ARN,
        "roleArn": f"arn:aws:iam::{ACCOUNT}:role/{NAME}-forward",
        "retryPolicy": {"maximumEventAgeInSeconds": 86_400, "maximumRetryAttempts": 185},
        "region": "us-east-1",
    }
    assert "pushes-forward-policy" in dependencies(planned, target)


def test_the_forwarding_role_can_only_send_events_to_this_bus_for_this_rule() -> None:
    planned = graph(permissions_boundary=BOUNDARY_ARN)
    assert policy(planned, "forward-policy") == {"Effect": "Allow", "Action": "events:PutEvents", "Resource": BUS_ARN}
    assert policy(planned, "forward-role", "assumeRolePolicy") == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnEquals": {"aws:SourceArn": [f"arn:aws:events:us-east-1:{ACCOUNT}:rule/{NAME}-forward"]},
        },
    }
    assert planned.named("pushes-forward-role")["permissionsBoundary"] == BOUNDARY_ARN


def test_other_resources_are_in_the_region_of_the_service() -> None:
    planned = graph()
    assert [each.name for each in planned.resources if "region" in each.inputs] == [
        "pushes-forward",
        "pushes-forward-target",
    ]


def test_the_state_machine_is_an_output() -> None:
    (component,) = [each for each in graph().resources if not each.custom]
    assert component.outputs == {"stateMachineArn": MACHINE_ARN}


@pytest.mark.parametrize("unknown", [False, True])
def test_the_resources_are_the_same_for_a_new_service(unknown: bool) -> None:
    def program() -> None:
        service = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        pushes(service_arn=service.arn)()

    planned = run(program, config={"aws:region": "eu-west-1"}, unknown=unknown)
    assert sorted(children(planned, "pushes")) == sorted([*SHARED, *FORWARDING])
    if unknown:
        assert planned.named("pushes-forward-target")["arn"] is UNKNOWN


# Errors


@pytest.mark.parametrize(
    ("args", "path", "message"),
    [
        ({"image": PUBLIC_IMAGE}, "image", "must be an image in private ECR: ACCOUNT.dkr.ecr.REGION"),
        ({"image": "orders:live"}, "image", "must be an image in private ECR: ACCOUNT.dkr.ecr.REGION"),
        ({"image": REGIONAL.removesuffix(":live")}, "image", "must have a tag and no digest"),
        ({"image": f"{REGIONAL}@sha256:{'4f' * 32}"}, "image", "must have a tag and no digest"),
        ({"image": LOCAL}, "image", "must be in another account or region than the service, got eu-west-1"),
        ({"image": FOREIGN}, "cross_account", f"must be true, since the image is in account {OTHER_ACCOUNT}"),
        ({"cross_account": True}, "cross_account", f"must be false, since the image is in account {ACCOUNT}"),
    ],
)
def test_an_image_that_app_runner_follows_or_that_sends_no_such_events_is_an_error(
    args: dict[str, Any], path: str, message: str
) -> None:
    assert problems(pushes(**args))[path].startswith(message)


def test_an_image_must_be_known_because_it_decides_which_resources_exist() -> None:
    def program() -> None:
        pushes(pulumi.Output.from_input(REGIONAL))()

    assert list(problems(program)) == ["image"]


@pytest.mark.parametrize(("image", "path"), [(LOCAL, "image"), (FOREIGN, "cross_account")])
def test_an_arn_that_resolves_later_is_compared_then(image: str, path: str) -> None:
    def program() -> None:
        pushes(image, service_arn=pulumi.Output.from_input(SERVICE_ARN))()

    assert list(problems(program)) == [path]
