"""Images that CI deploys between two updates, with image.managed_by "ci"."""

from typing import Any

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make
from engine.stack import Stack

INITIAL, OTHER = "public.ecr.aws/docker/library/httpd:2.4", "public.ecr.aws/docker/library/httpd:2.2"
DEPLOYED = "public.ecr.aws/docker/library/httpd@sha256:" + "4f" * 32
PLAIN = ""
"""A Pulumi.yaml without `refresh: always`."""


def program(identifier: str = INITIAL, managed_by: str = "ci", **args: Any) -> str:
    return programs.program(programs.service(image={"identifier": identifier, "managed_by": managed_by}, **args))


def service(aws: LocalAws) -> dict[str, Any]:
    client = aws.client("apprunner")
    [summary] = client.list_services()["ServiceSummaryList"]
    return dict(client.describe_service(ServiceArn=summary["ServiceArn"])["Service"])


def image(aws: LocalAws) -> str:
    return str(service(aws)["SourceConfiguration"]["ImageRepository"]["ImageIdentifier"])


def deploy(aws: LocalAws, identifier: str = DEPLOYED) -> None:
    """Deploy an image as CI does."""
    described = service(aws)
    source = described["SourceConfiguration"]
    source["ImageRepository"]["ImageIdentifier"] = identifier
    aws.client("apprunner").update_service(ServiceArn=described["ServiceArn"], SourceConfiguration=source)
    aws.plane.clock.move(60)


def deployed(make: Make, aws: LocalAws, *settings: str) -> Stack:
    """Return a stack whose service has an image of CI."""
    stack = make(program(), *settings)
    up = stack.up()
    assert up.ok, up.output
    assert image(aws) == INITIAL
    deploy(aws)
    return stack


def test_an_update_keeps_the_image(trial: Make, aws: LocalAws) -> None:
    stack = deployed(trial, aws)
    stack.program(program(OTHER))
    up = stack.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert image(aws) == DEPLOYED
    stack.program(program(OTHER, environment={"LEVEL": "debug"}))
    preview = stack.preview()
    [step] = [each for each in preview.steps if each.op == "update"]
    assert step.inputs["sourceConfiguration"]["imageRepository"]["imageIdentifier"] == DEPLOYED
    up = stack.up()
    assert (up.ok, up.changes) == (True, [("update", "api-service")]), up.output
    assert image(aws) == DEPLOYED


def test_a_replacement_is_created_with_the_image_of_the_program(trial: Make, aws: LocalAws) -> None:
    stack = deployed(trial, aws)
    stack.program(program(OTHER, service_name="another-name"))
    up = stack.up()
    assert up.ok, up.output
    assert (service(aws)["ServiceName"], image(aws)) == ("another-name", OTHER)


def test_an_update_that_would_roll_back_the_image_is_refused_until_a_refresh(trial: Make, aws: LocalAws) -> None:
    stack = deployed(trial, aws, PLAIN)
    stack.program(program(environment={"LEVEL": "debug"}))
    assert stack.preview().ok
    up = stack.up()
    assert not up.ok
    assert any(
        "AppRunnerService 'api': image.managed_by \"ci\": the image in the state must be the one of the service, got "
        f"{INITIAL} in the state and {DEPLOYED} in the service." in error
        for error in up.errors
    ), up.errors
    assert image(aws) == DEPLOYED
    again = stack.up(refresh=True)
    assert (again.ok, again.changes) == (True, [("update", "api-service")]), again.output
    assert image(aws) == DEPLOYED


def test_an_image_managed_by_pulumi_again_is_deployed(trial: Make, aws: LocalAws) -> None:
    stack = deployed(trial, aws)
    stack.program(program(OTHER, managed_by="pulumi"))
    assert stack.up().ok
    assert image(aws) == OTHER
    stack.program(program(INITIAL))
    up = stack.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert image(aws) == OTHER
