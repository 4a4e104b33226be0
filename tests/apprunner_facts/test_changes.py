"""The effects of changes, compared with pulumi_aws's classes and the components' resources."""

import importlib
import inspect
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from apprunner_facts import change_notes, change_table, changes, tokens
from apprunner_facts.changes import ALTERNATIVES, CHANGES, COMPUTED, DELETED_FIRST_IF_NAMED, Change
from pulumi_apprunner.testing import run_project

PROJECT = Path(__file__).parents[2]
TYPES = sorted(CHANGES)


def inputs_of(token: str) -> dict[str, Any]:
    """Return the inputs of a type in pulumi_aws, with the names of the provider."""
    module, name = token.removeprefix("aws:").split(":")
    package = importlib.import_module(f"pulumi_aws.{module.split('/')[0]}")
    args = getattr(inspect.getmodule(getattr(package, name)), f"{name}Args")
    return {camel(parameter): value for parameter, value in inspect.signature(args).parameters.items()}


def camel(name: str) -> str:
    """Return a name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


NEWER = {
    tokens.DISTRIBUTION: {"cacheTagConfig", "connectionFunctionAssociation", "viewerMtlsConfig"},
    tokens.EDGE_FUNCTION: {"tags"},
    tokens.KEY_VALUE_STORE: {"tags"},
    tokens.LOG_GROUP: {"deletionProtectionEnabled"},
    tokens.WEB_ACL: {"monetizationConfig"},
    tokens.METRIC_ALARM: {"evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration"},
    tokens.SCHEDULE: {"actionAfterCompletion"},
    tokens.TOPIC: {"fifoThroughputScope", "maximumMessageSize"},
}
"""Properties that the oldest supported pulumi-aws does not have."""


def rows() -> Iterator[tuple[str, Change]]:
    """Yield every row with its type and path."""
    for token, table in CHANGES.items():
        for path, change in table.items():
            yield f"{token} {path}", change


@pytest.mark.parametrize("token", TYPES)
def test_the_table_has_exactly_the_inputs_of_a_type(token: str) -> None:
    assert set(CHANGES[token]) - NEWER.get(token, set()) <= set(inputs_of(token)) <= set(CHANGES[token])


@pytest.mark.parametrize("token", TYPES)
def test_no_property_is_listed_twice(token: str) -> None:
    table = change_table.TYPES[token]
    listed = [*table.replaces.split(), *table.updates.split(), *table.ignores.split()]
    assert len(listed) == len(set(listed))


@pytest.mark.parametrize("token", TYPES)
def test_computed_alternative_and_noted_properties_exist(token: str) -> None:
    table = change_table.TYPES[token]
    listed = {path.split(".")[0] for path in (*COMPUTED[token], *ALTERNATIVES[token], *table.notes)}
    assert listed <= set(CHANGES[token])


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_type_that_the_components_create_is_in_the_table(stack: str) -> None:
    types = {
        each.type for each in run_project(PROJECT, stack).resources if each.custom and each.type.startswith("aws:")
    }
    assert types
    assert types <= set(CHANGES)


def test_every_row_has_a_commit_of_the_providers_file() -> None:
    start = "https://github.com/hashicorp/terraform-provider-aws/blob/"
    assert [where for where, change in rows() if not change.source.url.startswith(start)] == []
    commits = {change.source.url.removeprefix(start).split("/")[0] for _, change in rows()}
    assert {len(commit) for commit in commits} == {40}


def test_types_with_an_optional_name_are_deleted_first() -> None:
    optional = {
        token for token in TYPES if "name" in (its := inputs_of(token)) and its["name"].default is not its["name"].empty
    }
    assert optional == DELETED_FIRST_IF_NAMED


@pytest.mark.parametrize("token", sorted(changes.ALWAYS_DELETED_FIRST))
def test_types_that_are_always_deleted_first_exist(token: str) -> None:
    assert inputs_of(token)
    assert changes.is_deleted_first(token, ())


def test_a_resource_with_an_explicit_name_is_deleted_first() -> None:
    assert changes.is_deleted_first(tokens.QUEUE, {"name"})
    assert not changes.is_deleted_first(tokens.QUEUE, {"tags"})
    assert not changes.is_deleted_first(tokens.RECORD, {"name"})


def test_an_omitted_name_is_not_kept() -> None:
    assert changes.is_kept(tokens.QUEUE, "policy")
    assert not changes.is_kept(tokens.QUEUE, "name")
    assert not changes.is_kept(tokens.ROLE, "namePrefix")
    assert not changes.is_kept(tokens.BUCKET, "bucket")


def test_notes_are_on_types_of_the_table() -> None:
    assert set(change_notes.NOTES) | set(change_notes.IDENTITIES) <= set(CHANGES)


def test_a_change_of_a_scaling_profile_replaces_it() -> None:
    assert changes.replacing_properties(tokens.AUTO_SCALING) >= {"minSize", "maxSize", "maxConcurrency"}


def test_only_name_key_and_region_replace_a_service() -> None:
    replacing = changes.replacing_properties(tokens.SERVICE)
    assert replacing == {"serviceName", "encryptionConfiguration", "region"}


def test_a_type_outside_the_table_is_an_error() -> None:
    with pytest.raises(KeyError):
        changes.replacing_properties(tokens.BUCKET)
