"""The hook on the weight of a TrafficSplit."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import paused, running
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedSplit, weight_hooks
from pulumi_apprunner.lifecycle.verification import current_run
from pulumi_apprunner.split.functions import weight_value
from pulumi_apprunner.testing import Graph, run
from samples import SERVICE_ARN

URN = (
    "urn:pulumi:prod::shop::apprunner:index:TrafficSplit$aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey::shop-weight"
)
LARGER = {"Cpu": "2048", "Memory": "4096"}

Change = Callable[..., Graph]


@pytest.fixture
def change(own_account: None, plane: AppRunner) -> Change:
    """Return a function that runs the hook for a change of the weight, and returns the run; without a `before` it is a
    creation."""

    def run_hook(before: str | None, after: str, *, stable: Any, candidate: Any, **settings: Any) -> Graph:
        async def program() -> None:
            arns = {"stable": stable, "candidate": candidate}
            hooks = weight_hooks("shop-weight", WatchedSplit("shop", arns, Lifecycle(**settings), Access()))
            assert hooks is not None
            listed = hooks.before_create if before is None else hooks.before_update
            assert listed is not None
            hook: Any = listed[0]
            old = None if before is None else {"key": "weight", "value": value(before)}
            new = {"key": "weight", "value": value(after)}
            await hook.callback(pulumi.ResourceHookArgs(URN, "", "shop-weight", "", new, old, None, old))

        return run(program)

    return run_hook


def value(share: str) -> str:
    """Return the value of the key for a share: a weight, or a weight and the candidate's host, separated by a space.

    A weight with a space and no host is a value that was set without Pulumi.
    """
    weight, separator, host = share.partition(" ")
    return weight if separator and not host else weight_value(int(weight), host or "v2.eu-west-1.awsapprunner.com")


def refusal(graph: Callable[[], Graph]) -> str:
    """Return the message of a refused change."""
    with pytest.raises(pulumi.RunError) as caught:
        graph()
    return str(caught.value)


def rolled_back(client: Any, plane: AppRunner, name: str) -> str:
    """Create a service whose last deployment was rolled back, and return its ARN."""
    arn = running(client, plane, name)
    plane.faults.inject(Fault.roll_back())
    client.update_service(ServiceArn=arn, InstanceConfiguration=LARGER)
    plane.clock.move(60)
    return arn


def test_a_service_whose_last_deployment_succeeded_may_have_more_requests(
    client: Any, plane: AppRunner, change: Change
) -> None:
    stable, candidate = running(client, plane, "shop-v1"), running(client, plane, "shop-v2")
    for before, after in ((None, "10"), ("0", "10"), ("10", "100"), ("100", "50")):
        assert change(before, after, stable=stable, candidate=candidate).messages == ()


@pytest.mark.parametrize("before", [None, "0", "10"])
def test_a_candidate_whose_deployment_was_rolled_back_gets_no_more_requests(
    client: Any, plane: AppRunner, change: Change, before: str | None
) -> None:
    stable, candidate = running(client, plane, "shop-v1"), rolled_back(client, plane, "shop-v2")
    message = refusal(lambda: change(before, "50", stable=stable, candidate=candidate))
    assert message.startswith(
        f"TrafficSplit 'shop': weight: must not change from {before or 0} to 50, since the candidate service is not "
        f"ready for more requests: {candidate}: its last deployment, UPDATE_SERVICE of "
    )
    assert message.endswith(
        "ended ROLLBACK_SUCCEEDED: the version before it runs. Deploy it successfully first. To change the weight "
        "without this check, set APPRUNNER_VERIFY=off in the environment"
    )


def test_a_paused_candidate_gets_no_requests(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), paused(client, plane, "shop-v2")
    message = refusal(lambda: change("0", "10", stable=stable, candidate=candidate))
    assert f"not ready for more requests: {candidate} is paused. Resume it" in message


def test_a_candidate_that_does_not_exist_gets_no_requests(plane: AppRunner, change: Change) -> None:
    assert f"{SERVICE_ARN} does not exist" in refusal(
        lambda: change("0", "10", stable=SERVICE_ARN, candidate=SERVICE_ARN)
    )


def test_a_paused_stable_service_gets_no_requests_back_below_100(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = paused(client, plane, "shop-v1"), running(client, plane, "shop-v2")
    message = refusal(lambda: change("100", "90", stable=stable, candidate=candidate))
    assert f"since the stable service is not ready for more requests: {stable} is paused" in message
    assert change("90", "100", stable=stable, candidate=candidate).messages == ()


def test_a_roll_back_to_weight_0_is_never_refused_and_makes_no_call(
    client: Any, plane: AppRunner, change: Change
) -> None:
    stable, candidate = rolled_back(client, plane, "shop-v1"), paused(client, plane, "shop-v2")
    calls = len(plane.calls)
    for before in (None, "0", "10", "100"):
        assert change(before, "0", stable=stable, candidate=candidate).messages == ()
    assert len(plane.calls) == calls


def test_a_lower_weight_does_not_depend_on_the_candidate(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), rolled_back(client, plane, "shop-v2")
    assert change("50", "10", stable=stable, candidate=candidate).messages == ()


def test_a_deployment_in_progress_is_waited_for(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), running(client, plane, "shop-v2")
    client.start_deployment(ServiceArn=candidate)
    graph = change("0", "10", stable=stable, candidate=candidate)
    assert list(graph.messages) == [f"info: TrafficSplit 'shop': waiting for an operation in progress of {candidate}"]
    plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    client.start_deployment(ServiceArn=candidate)
    assert "START_DEPLOYMENT" in refusal(lambda: change("10", "20", stable=stable, candidate=candidate))


def test_a_pause_in_progress_is_waited_for(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), running(client, plane, "shop-v2")
    client.pause_service(ServiceArn=candidate)
    assert f"{candidate} is paused" in refusal(lambda: change("0", "10", stable=stable, candidate=candidate))


def test_an_operation_that_does_not_end_is_a_refusal(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), running(client, plane, "shop-v2")
    plane.faults.inject(Fault.slow("StartDeployment", 3600))
    client.start_deployment(ServiceArn=candidate)
    message = refusal(lambda: change("0", "10", stable=stable, candidate=candidate, timeout_minutes=2))
    assert f"an operation of {candidate} must end within 2 minutes, but is still in progress" in message


def test_the_arns_may_be_outputs(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), paused(client, plane, "shop-v2")
    outputs = {"stable": pulumi.Output.from_input(stable), "candidate": pulumi.Output.from_input(candidate)}
    assert "is paused" in refusal(lambda: change("0", "10", **outputs))


def test_a_share_of_no_candidate_is_none(client: Any, plane: AppRunner, change: Change) -> None:
    stable, candidate = running(client, plane, "shop-v1"), paused(client, plane, "shop-v2")
    message = refusal(lambda: change("50 ", "10", stable=stable, candidate=candidate))
    assert "weight: must not change from 0 to 10, since the candidate service" in message


@pytest.mark.parametrize("weight", ["5", "10", "100"])
def test_another_candidate_is_looked_up_at_any_weight_above_0(
    client: Any, plane: AppRunner, change: Change, weight: str
) -> None:
    stable, candidate = running(client, plane, "shop-v1"), paused(client, plane, "shop-v3")
    message = refusal(lambda: change("10", f"{weight} v3.example.com", stable=stable, candidate=candidate))
    assert message.startswith(
        f"TrafficSplit 'shop': candidate: must not change at weight {weight}, since the new candidate is not ready for "
        f"more requests: {candidate} is paused"
    )
    assert change("10", "0", stable=stable, candidate=candidate).messages == ()


def test_services_that_could_not_be_looked_up_are_a_warning_unless_required(plane: AppRunner, change: Change) -> None:
    plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", times=9))
    (message,) = change("0", "10", stable=SERVICE_ARN, candidate=SERVICE_ARN).messages
    assert message.startswith(f"warning: TrafficSplit 'shop': could not look up the candidate service {SERVICE_ARN}: ")
    assert "Grant the deployer apprunner:DescribeService and apprunner:ListOperations" in message
    required = refusal(
        lambda: change("0", "10", stable=SERVICE_ARN, candidate=SERVICE_ARN, verify_deployment="required")
    )
    assert "AccessDeniedException" in required


def test_the_environment_skips_the_check(
    client: Any, plane: AppRunner, change: Change, monkeypatch: pytest.MonkeyPatch
) -> None:
    stable, candidate = running(client, plane, "shop-v1"), paused(client, plane, "shop-v2")
    monkeypatch.setenv("APPRUNNER_VERIFY", "off")
    assert change("0", "10", stable=stable, candidate=candidate).messages == ()


def test_without_verification_there_is_no_hook_but_the_environment_may_name_the_split() -> None:
    split = WatchedSplit("shop", {}, Lifecycle(verify_deployment=False), Access())

    def program() -> None:
        assert weight_hooks("shop-weight", split) is None
        assert current_run().names == {"shop"}

    run(program)


def test_the_names_of_the_hooks_begin_with_the_name_of_the_resource() -> None:
    names: list[str] = []

    def program() -> None:
        hooks = weight_hooks("shop-weight", WatchedSplit("shop", {}, Lifecycle(), Access()))
        assert hooks is not None
        listed: Any = [*(hooks.before_create or ()), *(hooks.before_update or ())]
        names.extend(each.name for each in listed)

    run(program)
    assert names == ["shop-weight-before-create", "shop-weight-before-update"]
