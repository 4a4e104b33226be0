"""A scaling profile on the Pulumi engine: created, updated while services use it, replaced and deleted."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from engine.conftest import Make
from engine.programs import profile, program, scaled_service


def profiles(aws: LocalAws) -> dict[str, tuple[int, bool]]:
    """Return the maximum of each active revision, and whether it is the default, by name and revision."""
    client = aws.client("apprunner")
    listed = client.list_auto_scaling_configurations(LatestOnly=False)["AutoScalingConfigurationSummaryList"]
    arns = [each["AutoScalingConfigurationArn"] for each in listed]
    described = [
        client.describe_auto_scaling_configuration(AutoScalingConfigurationArn=arn)["AutoScalingConfiguration"]
        for arn in arns
    ]
    return {
        f"{each['AutoScalingConfigurationName']}/{each['AutoScalingConfigurationRevision']}": (
            each["MaxSize"],
            each["IsDefault"],
        )
        for each in described
    }


def used_profiles(aws: LocalAws) -> set[str]:
    """Return name and revision of the profiles that services have."""
    client = aws.client("apprunner")
    services = [each["ServiceArn"] for each in client.list_services()["ServiceSummaryList"]]
    arns = [
        client.describe_service(ServiceArn=arn)["Service"]["AutoScalingConfigurationSummary"][
            "AutoScalingConfigurationArn"
        ]
        for arn in services
    ]
    return {arn.partition("autoscalingconfiguration/")[2].rpartition("/")[0] for arn in arns}


def shared(name: str = "small", **args: Any) -> str:
    """Return a program with two services that share a profile."""
    return program(profile(**args), scaled_service("orders"), scaled_service("billing")).replace("'small'", repr(name))


@pytest.mark.parametrize("release", [0, 4])
def test_a_profile_in_use_is_replaced_after_its_services_moved(aws: LocalAws, trial: Make, release: float) -> None:
    aws.plane.world.durations.release = release
    before = aws.created_resources()
    stack = trial(shared(max_size=3))
    created = stack.up()
    assert created.ok, created.output
    assert used_profiles(aws) == {"trial-small-test-profile/1"}
    assert stack.up().changes == []

    stack.program(shared(max_size=5, tags={"team": "orders"}))
    updated = stack.up()
    assert updated.ok, updated.output
    assert ("update", "billing-service") in updated.changes
    assert used_profiles(aws) == {"trial-small-test-profile/2"}
    assert profiles(aws) == {"trial-small-test-profile/2": (5, False), "DefaultConfiguration/1": (25, True)}
    rejected = {call.operation for call in aws.plane.calls if call.error}
    assert ("DeleteAutoScalingConfiguration" in rejected) is (release > 0)
    assert stack.up().changes == []

    destroyed = stack.destroy(run_program=release > 0)
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before


def test_another_name_replaces_the_profile_and_moves_the_services(aws: LocalAws, trial: Make) -> None:
    stack = trial(shared(max_size=3))
    assert stack.up().ok
    stack.program(shared("medium", max_size=3))
    renamed = stack.up()
    assert renamed.ok, renamed.output
    assert used_profiles(aws) == {"trial-medium-test-profile/1"}
    assert set(profiles(aws)) == {"trial-medium-test-profile/1", "DefaultConfiguration/1"}


def test_the_accounts_default_follows_the_profile_whose_revisions_stay(aws: LocalAws, trial: Make) -> None:
    stack = trial(program(profile(max_size=3, account_default=True)))
    created = stack.up()
    assert created.ok, created.output
    assert "account_default: this profile becomes the default" in created.output
    assert stack.up().changes == []

    stack.program(program(profile(max_size=5, account_default=True)))
    updated = stack.up()
    assert updated.ok, updated.output
    name = "trial-small-test-profile"
    kept = {f"{name}/2": (5, True), f"{name}/1": (3, False), "DefaultConfiguration/1": (25, False)}
    assert profiles(aws) == kept
    assert stack.up().changes == []

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert profiles(aws) == kept
