"""The deployment after a push to another region on the Pulumi engine: created, triggered by events, and deleted."""

import json

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make
from engine.test_rotation import QUEUE_ARN, deployments, messages

IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:live"


def program() -> str:
    """Return a program with a service whose image is in another region; failures are sent to a queue."""
    topic = programs.topic(subscriptions={"tickets": {"protocol": "sqs", "endpoint": QUEUE_ARN}})
    service = programs.service(image={"identifier": IMAGE})
    return programs.program(service, topic, programs.pushes(IMAGE, settle_seconds=1))


def push(aws: LocalAws, version: int, tag: str = "live") -> None:
    """Push an image some time later."""
    aws.plane.clock.move(60)
    mediatype = "application/vnd.oci.image.manifest.v1+json"
    manifest = json.dumps({"schemaVersion": 2, "mediaType": mediatype, "annotations": {"version": str(version)}})
    aws.client("ecr", "us-east-1").put_image(repositoryName="orders", imageManifest=manifest, imageTag=tag)


def test_a_push_deploys_the_service_until_the_component_is_deleted(aws: LocalAws, trial: Make) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    aws.client("ecr", "us-east-1").create_repository(repositoryName="orders")
    push(aws, 1)
    before = aws.created_resources()
    stack = trial(program())
    created = stack.up()
    assert created.ok, created.output
    assert stack.up().changes == []

    push(aws, 2)
    assert deployments(aws) == ["SUCCEEDED"]
    push(aws, 3, tag="1.4.2")
    assert deployments(aws) == ["SUCCEEDED"]
    assert [(each.rule, each.error) for each in aws.events.deliveries] == [
        ("trial-api-pushes-test-pushes", None),
        ("trial-api-pushes-test-forward", None),
    ]
    assert {each.allowed for each in aws.role_calls} == {True}
    assert {each.action for each in aws.role_calls if "pushes" in each.role} == {
        "apprunner:ListOperations",
        "apprunner:StartDeployment",
        "events:PutEvents",
        "states:StartExecution",
    }

    aws.plane.faults.inject(Fault.roll_back("the health check failed", operation="StartDeployment"))
    push(aws, 4)
    assert deployments(aws) == ["ROLLBACK_SUCCEEDED", "SUCCEEDED"]
    (event,) = messages(aws)
    assert "ended with ROLLBACK_SUCCEEDED" in event["detail"]["cause"]

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before
    deliveries = len(aws.events.deliveries)
    push(aws, 5)
    assert len(aws.events.deliveries) == deliveries
