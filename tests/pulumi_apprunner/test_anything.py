"""Random arguments of components: the result is a graph that AWS accepts, or one clear error."""

from typing import Any

import pulumi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import strategies
from apprunner_local.api_model import check
from pulumi_apprunner import AppRunnerService, ArgsError, CustomDomain, PauseSchedule, SecretsBinding, VpcEgress
from pulumi_apprunner.testing import SeveralErrors, run
from strategies import in_program

_EXPLORING = settings.get_current_profile_name() == "explore"

thorough = settings(
    max_examples=2000 if _EXPLORING else 150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def outcome(component: Any, args: Any, unknown: bool) -> None:
    """Run a component with some arguments; fail unless that ends in one of the two ways."""
    try:
        graph = run(lambda: component("it", in_program(args)) and None, unknown=unknown)
    except SeveralErrors as several:  # values that are found wrong late, each in an output of its own
        texts = [clear(error) for error in several.errors]
        assert len(set(texts)) == len(texts), texts
    except pulumi.RunError as error:
        clear(error)
    else:
        for resource in graph.resources:
            if resource.custom:
                assert check(resource.type, resource.inputs) == []


def clear(error: BaseException) -> str:
    """Return an error's message; it is about arguments, has a reason for each, and can be printed."""
    assert isinstance(error, ArgsError), error
    assert error.problems
    assert all(error.problems.values())
    text = str(error)
    text.encode()
    assert not any(inside in text for inside in ("pydantic", "Calling __str__", "Deferred(", " object at 0x")), text
    return text


@thorough
@given(strategies.service, st.booleans())
def test_a_service(args: Any, unknown: bool) -> None:
    outcome(AppRunnerService, args, unknown)


@thorough
@given(strategies.egress, st.booleans())
def test_an_egress(args: Any, unknown: bool) -> None:
    outcome(VpcEgress, args, unknown)


@thorough
@given(strategies.domain, st.booleans())
def test_a_domain(args: Any, unknown: bool) -> None:
    outcome(CustomDomain, args, unknown)


@thorough
@given(strategies.secrets, st.booleans())
def test_secrets(args: Any, unknown: bool) -> None:
    outcome(SecretsBinding, args, unknown)


@thorough
@given(strategies.pause, st.booleans())
def test_a_pause(args: Any, unknown: bool) -> None:
    outcome(PauseSchedule, args, unknown)


@settings(max_examples=30)
@given(strategies.junk)
def test_anything_at_all(args: Any) -> None:
    for component in (AppRunnerService, VpcEgress, CustomDomain, SecretsBinding, PauseSchedule):
        outcome(component, args, unknown=False)
