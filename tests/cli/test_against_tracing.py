"""`apprunner plan --against` for changes of a service's tracing."""

from typing import Any

import pytest

from cli.test_against import Program, changes, service_program, summary

OMITTED = "tracing stays on, because the argument is omitted. To turn it off, set tracing to False"


def test_omitted_tracing_stays_on_after_true(program: Program) -> None:
    result = changes(program, service_program(tracing=True), service_program())
    [service] = [each for each in result["updated"] if each["name"] == "api-service"]
    assert [note for note in service["notes"] if "tracing" in note] == [
        f"{OMITTED}: AWS does not delete an observability configuration in use"
    ]
    assert "api-observability" in [each["name"] for each in result["deleted"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [({"tracing": False}, {}), ({}, {}), ({"tracing": True}, {"tracing": False}), ({}, {"tracing": True})],
)
def test_any_other_change_of_tracing_has_no_such_note(
    program: Program, before: dict[str, Any], after: dict[str, Any]
) -> None:
    result = changes(program, service_program(**before), service_program(**after))
    assert not [note for each in result["updated"] for note in each["notes"] if "tracing stays on" in note]


@pytest.mark.parametrize("before", [{}, {"tracing": False}])
def test_without_the_argument_nothing_changes(program: Program, before: dict[str, Any]) -> None:
    assert summary(changes(program, service_program(**before), service_program())) == {}


def test_an_explicit_false_updates_a_service_without_the_argument(program: Program) -> None:
    assert summary(changes(program, service_program(), service_program(tracing=False))) == {
        "api-service": "updated observabilityConfiguration"
    }
