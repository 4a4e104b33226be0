"""App Runner releases the resources of a deleted service late (reported): hooks retry the deletions.

Without hooks the deletion fails, and a second run succeeds.
"""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from engine.programs import program, service
from engine.stack import Stack

Make = Callable[..., Stack]

CONNECTOR = (
    "private = VpcEgress('private', {'vpc_id': 'vpc-0f61728394a5b6c7d', "
    "'subnet_ids': ['subnet-01728394a5b6c7d8e', 'subnet-028394a5b6c7d8e9f']})\n"
)
WITH_ALL = CONNECTOR + service(tracing=True, scaling={"max_size": 3}).replace(
    "AppRunnerService('api', {", "AppRunnerService('api', {'vpc_connector_arn': private.vpc_connector_arn, "
)


@pytest.fixture
def late(aws: LocalAws) -> LocalAws:
    """Return a local AWS that releases a service's resources some seconds after the service is deleted or changed."""
    aws.plane.world.durations.release = 4
    return aws


def rejected_deletions(aws: LocalAws) -> set[str]:
    """Return the deletions that App Runner rejected."""
    return {call.operation for call in aws.plane.calls if call.operation.startswith("Delete") and call.error}


def test_a_destroy_with_the_program_retries_until_all_is_released(trial: Make, late: LocalAws) -> None:
    stack = trial(program(WITH_ALL), "")
    assert stack.up().ok
    destroyed = stack.destroy(run_program=True)
    assert destroyed.ok, destroyed.output
    assert "DeleteVpcConnector" in rejected_deletions(late)
    assert "'private-connector': App Runner has not released it from its service yet" in destroyed.output
    assert late.created_resources() == []


def test_a_move_to_other_configurations_retries_the_deletion_of_the_old_ones(trial: Make, late: LocalAws) -> None:
    stack = trial(program(WITH_ALL), "")
    assert stack.up().ok
    moved = WITH_ALL.replace("028394a5b6c7d8e9f", "0394a5b6c7d8e9f0a").replace("'max_size': 3", "'max_size': 4")
    stack.program(program(moved))
    update = stack.up()
    assert update.ok, update.output
    assert "DeleteVpcConnector" in rejected_deletions(late)
    quiet = stack.up()
    assert (quiet.ok, quiet.changes) == (True, [])


@pytest.mark.parametrize("by", ["destroy", "up"])
def test_without_the_components_in_the_program_a_second_run_succeeds(trial: Make, late: LocalAws, by: Any) -> None:
    stack = trial(program(WITH_ALL), "")
    assert stack.up().ok
    stack.program(program())
    first = getattr(stack, by)()
    assert not first.ok
    assert "used" in first.output
    late.plane.clock.move(10)
    second = getattr(stack, by)()
    assert second.ok, second.output
    assert late.created_resources() == []
