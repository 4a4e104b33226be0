"""The deployments of a Fleet's services after the rotation of their secrets."""

from typing import Any

import pytest

from plans import children, plan, problems
from pulumi_apprunner import Fleet
from samples import BOUNDARY_ARN, PUBLIC_IMAGE, SECRET_ARN, TOPIC_ARN
from services import ROLE

SECRETS = {"TOKEN": {"secret_arn": SECRET_ARN}}
TOPICS = {"on-call": {"arn": TOPIC_ARN}, "security": {"arn": f"{TOPIC_ARN}-security"}}


def fleet(**service: Any) -> Any:
    """Return a program with a Fleet of one service with a secret and a rotation."""
    site = {"image": {"identifier": PUBLIC_IMAGE}, "secrets": SECRETS, "rotation": {"topic": "security"}, **service}
    args: Any = {"environment": "staging", "topics": TOPICS, "services": {"site": site}}
    return lambda: Fleet("shop", args) and None


def test_a_service_is_deployed_again_when_its_secrets_change() -> None:
    graph = plan(fleet(permissions_boundary=BOUNDARY_ARN))
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "site"),
        ("apprunner:index:RedeployOnRotation", "site-rotation"),
        ("apprunner:index:SecretsBinding", "site-secrets"),
    ]
    patterns = [each["eventPattern"] for each in graph.all("aws:cloudwatch/eventRule:EventRule")]
    assert any(SECRET_ARN in each for each in patterns)
    roles = [each for each in graph.all(ROLE) if each.name.startswith("site-rotation")]
    assert {each["permissionsBoundary"] for each in roles} == {BOUNDARY_ARN}


@pytest.mark.parametrize(("rotation", "topic"), [({}, TOPIC_ARN), ({"topic": "security"}, f"{TOPIC_ARN}-security")])
def test_the_topic_of_the_monitoring_is_notified_unless_another_is_set(rotation: Any, topic: str) -> None:
    graph = plan(fleet(rotation=rotation, monitoring={"topic": "on-call"}))
    targets = graph.all("aws:cloudwatch/eventTarget:EventTarget")
    assert topic in [each["arn"] for each in targets if each.name.startswith("site-rotation")]


@pytest.mark.parametrize(
    ("service", "path", "message"),
    [
        ({"rotation": {}}, "rotation.topic", "is required without monitoring. Set it to a name in topics"),
        (
            {"secrets": {}},
            "rotation",
            "must not be set without secrets that can change. A secret with a version_id, or with the stage "
            "AWSPENDING, never does. Remove rotation",
        ),
        (
            {"rotation": {"topic": "securty"}},
            "rotation.topic",
            'topic "securty" is not defined. Defined topics: on-call, security. Did you mean "security"?',
        ),
    ],
)
def test_an_invalid_rotation_is_an_error(service: dict[str, Any], path: str, message: str) -> None:
    assert problems(fleet(**service)) == {f"services.site.{path}": message}
