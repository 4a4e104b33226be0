"""`apprunner plan --against` where a service's tracing is switched on, switched off or left out."""

from typing import Any

import pytest

from cli.test_against import Program, changes, of_service, told

LEFT_OUT = "tracing goes on, since the argument is left out. Set tracing to False to switch it off"


def test_tracing_that_is_left_out_after_true_goes_on(program: Program) -> None:
    found = changes(program, of_service(tracing=True), of_service())
    [service] = [each for each in found["updated"] if each["name"] == "api-service"]
    assert [note for note in service["notes"] if "tracing" in note] == [
        f"{LEFT_OUT}: AWS refuses to delete an observability configuration in use"
    ]
    assert "api-observability" in [each["name"] for each in found["deleted"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [({"tracing": False}, {}), ({}, {}), ({"tracing": True}, {"tracing": False}), ({}, {"tracing": True})],
)
def test_any_other_change_of_tracing_has_no_such_note(
    program: Program, before: dict[str, Any], after: dict[str, Any]
) -> None:
    found = changes(program, of_service(**before), of_service(**after))
    assert not [note for each in found["updated"] for note in each["notes"] if "tracing goes on" in note]


@pytest.mark.parametrize("before", [{}, {"tracing": False}])
def test_without_the_argument_nothing_changes(program: Program, before: dict[str, Any]) -> None:
    assert told(changes(program, of_service(**before), of_service())) == {}


def test_an_explicit_false_is_an_update_of_a_service_that_was_made_without_it(program: Program) -> None:
    assert told(changes(program, of_service(), of_service(tracing=False))) == {
        "api-service": "updated observabilityConfiguration"
    }
