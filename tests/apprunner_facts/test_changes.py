"""What a change of each property does, against pulumi_aws's classes and what the components make."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apprunner_facts import change_notes, changes
from apprunner_facts.changes import ALTERNATIVES, CHANGES, COMPUTED, DELETED_FIRST, Change
from pulumi_apprunner.testing import run_project

PROJECT = Path(__file__).parents[2]
TYPES = sorted(CHANGES)


def inputs_of(token: str) -> dict[str, Any]:
    """Return the inputs of pulumi_aws's class of a type, under the provider's own names."""
    module, name = token.removeprefix("aws:").split(":")
    package = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    args = getattr(inspect.getmodule(getattr(package, name)), f"{name}Args")
    return {camel(parameter): said for parameter, said in inspect.signature(args).parameters.items()}


def camel(name: str) -> str:
    """Return a name as the provider writes it."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


NEWER = {"aws:scheduler/schedule:Schedule": {"actionAfterCompletion"}}
"""What the oldest pulumi-aws that is supported does not have."""


def told() -> Iterator[tuple[str, Change]]:
    """Yield every row, with where it stands."""
    for token, table in CHANGES.items():
        for path, change in table.items():
            yield f"{token} {path}", change


@pytest.mark.parametrize("token", TYPES)
def test_every_input_of_a_type_stands_in_the_table_and_nothing_else_does(token: str) -> None:
    assert set(CHANGES[token]) - NEWER.get(token, set()) <= set(inputs_of(token)) <= set(CHANGES[token])


@pytest.mark.parametrize("token", TYPES)
def test_no_property_is_told_twice(token: str) -> None:
    its = changes._TYPES[token]  # pyright: ignore[reportPrivateUsage]
    listed = [*its.replaces.split(), *its.updates.split(), *its.ignores.split()]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("token", TYPES)
def test_what_else_is_said_is_said_of_properties_that_exist(token: str) -> None:
    its = changes._TYPES[token]  # pyright: ignore[reportPrivateUsage]
    said = {path.split(".")[0] for path in (*COMPUTED[token], *ALTERNATIVES[token], *its.notes)}
    assert said <= set(CHANGES[token])


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_type_that_the_components_make_is_in_the_table(stack: str) -> None:
    made = {each.type for each in run_project(PROJECT, stack).resources if each.custom and each.type.startswith("aws:")}
    assert made
    assert made <= set(CHANGES)


def test_every_row_names_a_version_of_the_providers_file() -> None:
    start = "https://github.com/hashicorp/terraform-provider-aws/blob/"
    assert [where for where, change in told() if not change.source.url.startswith(start)] == []
    commits = {change.source.url.removeprefix(start).split("/")[0] for _, change in told()}
    assert {len(commit) for commit in commits} == {40}


def test_deleted_first_are_the_types_whose_name_pulumi_can_make() -> None:
    optional = {
        token for token in TYPES if "name" in (its := inputs_of(token)) and its["name"].default is not its["name"].empty
    }
    assert optional == DELETED_FIRST


@pytest.mark.parametrize("token", sorted(changes.ALWAYS_DELETED_FIRST))
def test_types_that_are_always_deleted_first_exist(token: str) -> None:
    assert inputs_of(token)
    assert changes.is_deleted_first(token, ())


def test_a_type_that_pulumi_can_name_is_deleted_first_if_the_program_names_it() -> None:
    queue = "aws:sqs/queue:Queue"
    assert (changes.is_deleted_first(queue, {"name"}), changes.is_deleted_first(queue, {"tags"})) == (True, False)
    assert not changes.is_deleted_first("aws:route53/record:Record", {"name"})


def test_a_name_that_is_left_out_is_not_kept() -> None:
    assert changes.is_kept("aws:sqs/queue:Queue", "policy")
    assert not changes.is_kept("aws:sqs/queue:Queue", "name")
    assert not changes.is_kept("aws:iam/role:Role", "namePrefix")
    assert not changes.is_kept("aws:s3/bucket:Bucket", "bucket")


def test_notes_are_on_types_of_the_table() -> None:
    assert set(change_notes.NOTES) | set(change_notes.IDENTITIES) <= set(CHANGES)


def test_a_new_number_of_a_scaling_profile_replaces_it() -> None:
    token = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
    assert changes.replacing(token) >= {"minSize", "maxSize", "maxConcurrency"}


def test_a_service_is_replaced_for_its_name_its_key_and_its_region_only() -> None:
    replacing = changes.replacing("aws:apprunner/service:Service")
    assert replacing == {"serviceName", "encryptionConfiguration", "region"}


def test_a_type_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        changes.replacing("aws:s3/bucket:Bucket")
