"""The images that CI deploys: an update must not roll them back."""

from typing import Any

import pulumi
import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import paused, running, status
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedService, service_hooks
from pulumi_apprunner.testing import run
from samples import IMAGE, SERVICE_ARN

pytestmark = pytest.mark.usefixtures("own_account")

URN = "urn:pulumi:prod::shop::apprunner:index:AppRunnerService$aws:apprunner/service:Service::api-service"
OTHER = "public.ecr.aws/docker/library/httpd:2.2"
OFF: dict[str, Any] = {"wait_for_operation": False, "resume_paused": False}


def inputs(image: str | None) -> dict[str, Any]:
    return {"sourceConfiguration": {"imageRepository": {"imageIdentifier": image}} if image else {}}


def update(arn: str, new_inputs: dict[str, Any] | None, **settings: Any) -> None:
    """Run the hook before an update of a service whose images CI deploys."""

    async def program() -> None:
        service = WatchedService("api", Lifecycle(**settings), Access(region="eu-west-1"), {}, keeps_image=True)
        hooks = service_hooks("api-service", service)
        assert hooks is not None
        assert hooks.before_update is not None
        args = pulumi.ResourceHookArgs(
            URN, arn, "api-service", "aws:apprunner/service:Service", new_inputs, None, None, None
        )
        await hooks.before_update[0].callback(args)  # type: ignore[misc]

    run(program)


def test_an_update_with_the_image_of_the_service_is_allowed(client: Any, plane: AppRunner) -> None:
    update(running(client, plane), inputs(IMAGE))


def test_an_update_with_another_image_is_an_error(client: Any, plane: AppRunner) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        update(running(client, plane), inputs(OTHER))
    assert str(caught.value) == (
        "AppRunnerService 'api': image.managed_by \"ci\": the image in the state must be the one of the service, got "
        f"{OTHER} in the state and {IMAGE} in the service. CI has deployed since the last refresh, and this "
        "update would roll it back. Run `pulumi up --refresh`, or set `options: {refresh: always}` in Pulumi.yaml"
    )


def test_the_image_is_compared_also_without_waits(client: Any, plane: AppRunner) -> None:
    arn = paused(client, plane)
    with pytest.raises(pulumi.RunError, match="the image in the state"):
        update(arn, inputs(OTHER), **OFF)
    assert status(client, arn) == "PAUSED"


@pytest.mark.parametrize("new_inputs", [None, {}, inputs(None)])
def test_an_update_without_an_image_is_allowed(client: Any, plane: AppRunner, new_inputs: Any) -> None:
    update(running(client, plane), new_inputs)


def test_an_update_of_a_service_that_cannot_be_read_is_an_error(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", "not you", times=20))
    with pytest.raises(pulumi.RunError) as caught:
        update(arn, inputs(IMAGE), **OFF)
    assert 'image.managed_by "ci": the image of the service must be readable before an update' in str(caught.value)
    assert "AccessDeniedException" in str(caught.value)
    assert str(caught.value).endswith("Grant the deployer apprunner:DescribeService")


def test_a_service_that_pulumi_deploys_is_not_compared(plane: AppRunner) -> None:
    async def program() -> None:
        service = WatchedService("api", Lifecycle(**OFF), Access(region="eu-west-1"))
        hooks = service_hooks("api-service", service)
        assert hooks is not None
        assert hooks.before_update is None

    run(program)
    assert not [call for call in plane.calls if SERVICE_ARN in str(call)]
