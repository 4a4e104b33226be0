"""The hooks: their retries, messages and names."""

import asyncio
from typing import Any

import pulumi
import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import paused, running, status
from pulumi_apprunner import AppRunnerService, CustomDomain, Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedService, configuration_hooks, domain_hooks, service_hooks
from pulumi_apprunner.lifecycle.runs import Case
from pulumi_apprunner.lifecycle.verification import current_run
from pulumi_apprunner.testing import Graph, run
from samples import PUBLIC_IMAGE, SERVICE_ARN

NEW_ROLE = "InvalidRequestException: Error in assuming access role arn:aws:iam::123456789012:role/orders"
DUPLICATE_NAME = "InvalidRequestException: Service with the provided name already exists: orders."
URN = "urn:pulumi:prod::shop::apprunner:index:AppRunnerService$aws:apprunner/service:Service::api-service"


def is_retried(*errors: str, operation: str = "create", id: str = "", **settings: Any) -> bool:
    """Return whether an operation on the service orders is retried after these errors, the newest first."""
    results: list[bool] = []

    async def program() -> None:
        service = WatchedService("api", Lifecycle(**settings), Access(region="eu-west-1"))
        hooks = service_hooks("api-service", service)
        assert hooks is not None
        assert hooks.on_error is not None
        type = "aws:apprunner/service:Service"
        inputs = {"serviceName": "orders"}
        hook_args = pulumi.ErrorHookArgs(URN, id, "api-service", type, inputs, None, None, operation, list(errors))
        results.append(await hooks.on_error[0].callback(hook_args))  # type: ignore[misc]

    global last_run
    last_run = run(program)
    return results[0]


last_run: Graph


def test_a_create_is_retried_while_the_access_role_cannot_be_assumed(plane: AppRunner) -> None:
    assert is_retried(NEW_ROLE)
    assert is_retried(NEW_ROLE.upper(), NEW_ROLE)


def test_the_retry_is_printed_once(plane: AppRunner) -> None:
    is_retried(NEW_ROLE)
    assert any("cannot assume the new access role yet: retrying" in message for message in last_run.messages)
    is_retried(NEW_ROLE, NEW_ROLE)
    assert last_run.messages == ()


def test_retries_are_bounded(plane: AppRunner) -> None:
    assert not is_retried(*[NEW_ROLE] * 40)
    assert not is_retried(NEW_ROLE, retry_access_role_seconds=0)


def test_only_the_newest_error_counts(plane: AppRunner) -> None:
    assert not is_retried("AccessDeniedException: not you", NEW_ROLE)


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_a_role_that_cannot_be_assumed_concerns_only_a_create(plane: AppRunner, operation: str) -> None:
    assert not is_retried(NEW_ROLE, operation=operation)


BUSY = (
    "updating App Runner Service (arn): operation error AppRunner: UpdateService, https response error "
    "StatusCode: 400, InvalidStateException: Service status must be RUNNING to be updated."
)


@pytest.mark.usefixtures("own_account")
@pytest.mark.parametrize("state", ["paused", "busy"])
def test_an_update_during_another_operation_is_retried_when_the_service_runs(
    client: Any, plane: AppRunner, state: str
) -> None:
    arn = paused(client, plane) if state == "paused" else running(client, plane)
    if state == "busy":
        plane.faults.inject(Fault.slow("StartDeployment", 100))
        client.start_deployment(ServiceArn=arn)
    assert is_retried(BUSY, operation="update", id=arn)
    assert status(client, arn) == "RUNNING"


@pytest.mark.usefixtures("own_account")
def test_an_update_is_retried_at_most_three_times(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    assert [is_retried(*[BUSY] * attempts, operation="update", id=arn) for attempts in (1, 2, 3, 4)] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.usefixtures("own_account")
@pytest.mark.parametrize("settings", [{"resume_paused": False, "wait_for_operation": False}], ids=["disabled"])
def test_an_update_is_not_retried_if_the_settings_disable_it(
    client: Any, plane: AppRunner, settings: dict[str, Any]
) -> None:
    assert not is_retried(BUSY, operation="update", id=running(client, plane), **settings)


@pytest.mark.usefixtures("own_account")
def test_an_update_that_ended_in_another_state_is_explained_and_not_retried(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(60)
    assert not is_retried("updating App Runner Service: unexpected state 'PAUSED'", operation="update", id=arn)
    assert any("ended ROLLBACK_SUCCEEDED: the version before it runs" in message for message in last_run.messages)


IN_USE = (
    "deleting App Runner AutoScaling Configuration Version (arn): operation error AppRunner: "
    "DeleteAutoScalingConfiguration, https response error StatusCode: 400, InvalidRequestException: "
    "You can't delete the auto scaling configuration. It's used by one or more services."
)
CONNECTOR_IN_USE = IN_USE.replace(
    "You can't delete the auto scaling configuration. It's used by one or more services.",
    "Provided VPC connector arn is being used by other services. ARN: arn",
)


def deletion_is_retried(*errors: str, operation: str = "delete", id: str = "", case: Case | None = None) -> bool:
    """Return whether the deletion of a scaling configuration is retried after these errors, the newest first."""
    results: list[bool] = []

    async def program() -> None:
        hooks = configuration_hooks("api-scaling")
        current_run().cases += [case] if case else []
        assert hooks is not None
        assert hooks.on_error is not None
        type = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
        hook_args = pulumi.ErrorHookArgs(URN, id, "api-scaling", type, None, {}, {}, operation, list(errors))
        results.append(await hooks.on_error[0].callback(hook_args))  # type: ignore[misc]

    global last_run
    last_run = run(program)
    return results[0]


@pytest.mark.parametrize("error", [IN_USE, CONNECTOR_IN_USE], ids=["scaling", "connector"])
def test_the_deletion_of_a_used_resource_is_retried_for_two_to_three_minutes(plane: AppRunner, error: str) -> None:
    assert deletion_is_retried(error)
    assert any("retrying the deletion" in message for message in last_run.messages)
    started = plane.clock.now()
    retries = sum(deletion_is_retried(*[error] * attempts) for attempts in range(1, 40))
    assert 5 < retries < 39
    assert 120 <= plane.clock.now() - started <= 180


def rolled_back_with_profile(client: Any, plane: AppRunner) -> tuple[str, str]:
    """Return the ARNs of a service whose update was rolled back, and of the profile that it still uses."""
    arn = running(client, plane)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration={"Cpu": "2 vCPU", "Memory": "4 GB"})
    plane.clock.move(60)
    summary = client.describe_service(ServiceArn=arn)["Service"]["AutoScalingConfigurationSummary"]
    return arn, summary["AutoScalingConfigurationArn"]


@pytest.mark.usefixtures("own_account")
def test_a_deletion_is_not_retried_if_a_failed_service_uses_the_resource(client: Any, plane: AppRunner) -> None:
    arn, profile = rolled_back_with_profile(client, plane)
    case = Case(WatchedService("orders", Lifecycle(), Access(region="eu-west-1")), arn)
    assert not deletion_is_retried(IN_USE, id=profile, case=case)
    assert [message for message in last_run.messages if message.startswith("error") and "ROLLBACK" in message]
    assert deletion_is_retried(IN_USE, id=f"{profile}0", case=case)
    assert [message for message in last_run.messages if message.startswith("error")] == []


@pytest.mark.usefixtures("own_account")
def test_secret_settings_are_compared_by_their_values(client: Any, plane: AppRunner) -> None:
    arn, _ = rolled_back_with_profile(client, plane)
    client.start_deployment(ServiceArn=arn)
    plane.clock.move(60)

    async def program() -> None:
        inputs = {"instance_configuration": pulumi.Output.secret({"cpu": "1024", "memory": "2048"})}
        service = WatchedService("api", Lifecycle(), Access(region="eu-west-1"), inputs)
        hooks = service_hooks("api-service", service)
        assert hooks is not None
        assert hooks.after_update is not None
        hook_args = pulumi.ResourceHookArgs(URN, arn, "api-service", "")
        await hooks.after_update[0].callback(hook_args)  # type: ignore[misc, operator, union-attr]

    assert run(program).messages == ()


@pytest.mark.parametrize(
    ("errors", "operation"),
    [
        ((), "delete"),
        (("AccessDeniedException: not you",), "delete"),
        (("InvalidRequestException: You can't delete the default auto scaling configuration.",), "delete"),
        ((IN_USE,), "create"),
    ],
)
def test_no_other_deletion_is_retried(plane: AppRunner, errors: tuple[str, ...], operation: str) -> None:
    assert not deletion_is_retried(*errors, operation=operation)


def test_an_existing_service_is_not_created_twice(client: Any, plane: AppRunner) -> None:
    running(client, plane)
    assert not is_retried(NEW_ROLE)


def test_a_duplicate_name_is_explained_with_the_command_that_imports_the_service(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    assert not is_retried(DUPLICATE_NAME)
    (message,) = last_run.messages
    parent = "urn:pulumi:prod::shop::apprunner:index:AppRunnerService::api"
    assert f"pulumi import aws:apprunner/service:Service api-service {arn} --parent 'parent={parent}' " in message


def test_nothing_is_retried_if_the_service_cannot_be_looked_up(
    plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_APPRUNNER", "http://127.0.0.1:1")
    assert not is_retried(NEW_ROLE)
    assert any("could not look up whether" in message for message in last_run.messages)


REFUSED = (
    "creating App Runner Custom Domain Association (shop.example.com): operation error AppRunner: "
    "AssociateCustomDomain, https response error StatusCode: 400, InvalidStateException: Service is not RUNNING."
)


def domain_is_retried(arn: str, *errors: str, operation: str = "create", **settings: Any) -> bool:
    """Return whether the creation or deletion of a domain is retried after these errors, the newest first."""
    results: list[bool] = []

    async def program() -> None:
        hooks = domain_hooks("shop-association", "shop", Lifecycle(**settings), Access(region="eu-west-1"))
        assert hooks is not None
        assert hooks.on_error is not None
        type = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
        inputs = None if operation == "delete" else {"serviceArn": arn}
        outputs = None if operation == "create" else {"serviceArn": arn}
        hook_args = pulumi.ErrorHookArgs(
            URN, "", "shop-association", type, inputs, None, outputs, operation, list(errors)
        )
        results.append(await hooks.on_error[0].callback(hook_args))  # type: ignore[misc]

    global last_run
    last_run = run(program)
    return results[0]


@pytest.mark.parametrize("operation", ["create", "delete"])
@pytest.mark.usefixtures("own_account")
def test_a_domain_that_a_paused_service_rejected_is_retried_when_it_runs(
    client: Any, plane: AppRunner, operation: str
) -> None:
    arn = paused(client, plane)
    assert domain_is_retried(arn, REFUSED, operation=operation)
    assert status(client, arn) == "RUNNING"
    assert any("CustomDomain 'shop': is paused, so it is being resumed" in message for message in last_run.messages)


@pytest.mark.usefixtures("own_account")
def test_a_domain_that_was_rejected_during_an_operation_is_retried_after_it(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    plane.faults.inject(Fault.slow("StartDeployment", 100))
    client.start_deployment(ServiceArn=arn)
    assert domain_is_retried(arn, REFUSED)
    assert status(client, arn) == "RUNNING"


@pytest.mark.usefixtures("own_account")
def test_a_domain_of_a_running_service_is_retried_three_times_with_growing_waits(
    client: Any, plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = running(client, plane)
    waits: list[float] = []

    async def record_wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", record_wait)
    assert [domain_is_retried(arn, *[REFUSED] * attempts) for attempts in (1, 2, 3, 4)] == [True, True, True, False]
    assert [wait for wait in waits if wait] == [1.0, 3.0, 9.0]


@pytest.mark.parametrize(
    "errors",
    [
        (),
        ("InvalidRequestException: Custom domain shop.example.com is already associated with a service.",),
        ("AccessDeniedException: not you", REFUSED),
    ],
    ids=["none", "another", "another after the rejection"],
)
def test_a_domain_is_not_retried_after_another_error_and_aws_is_not_called(
    client: Any, plane: AppRunner, errors: tuple[str, ...]
) -> None:
    arn = paused(client, plane)
    plane.calls.clear()
    assert not domain_is_retried(arn, *errors)
    assert plane.calls == []


def test_only_the_creation_and_deletion_of_a_domain_are_retried(client: Any, plane: AppRunner) -> None:
    assert not domain_is_retried(paused(client, plane), REFUSED, operation="update")


@pytest.mark.usefixtures("own_account")
def test_a_domain_is_not_retried_if_the_service_must_stay_paused(client: Any, plane: AppRunner) -> None:
    arn = paused(client, plane)
    assert not domain_is_retried(arn, REFUSED, resume_paused=False)
    assert status(client, arn) == "PAUSED"


@pytest.mark.usefixtures("own_account")
def test_a_domain_is_not_retried_if_the_service_cannot_be_looked_up(
    client: Any, plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = running(client, plane)
    monkeypatch.setenv("AWS_ENDPOINT_URL_APPRUNNER", "http://127.0.0.1:1")
    assert not domain_is_retried(arn, REFUSED)
    assert any("could not look up whether" in message for message in last_run.messages)


def test_the_names_of_hooks_begin_with_the_components() -> None:
    def program() -> None:
        AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        CustomDomain("shop", {"domain_name": "shop.example.com", "service_arn": SERVICE_ARN})

    graph = run(program)
    assert graph.one("aws:apprunner/service:Service").hooks == {
        "before_update": ("api-service-before-update",),
        "after_update": ("api-service-after-update",),
        "on_error": ("api-service-retry",),
    }
    assert graph.one("aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion").hooks == {
        "on_error": ("api-scaling-retry",),
    }
    assert graph.one("aws:apprunner/customDomainAssociation:CustomDomainAssociation").hooks == {
        "on_error": ("shop-association-retry",),
    }


def test_there_are_no_delete_hooks_so_that_destroy_needs_no_program() -> None:
    def program() -> None:
        AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        CustomDomain("shop", {"domain_name": "shop.example.com", "service_arn": SERVICE_ARN})

    moments = {moment for each in run(program).resources for moment in each.hooks}
    assert moments == {"before_update", "after_update", "on_error"}
