"""Random arguments of components result in a graph that AWS accepts, or in clear errors."""

from typing import Any

import pulumi
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import arbitrary_values
import delivery_strategies
import strategies
from apprunner_local.input_check import check
from arbitrary_values import in_program
from pulumi_apprunner import (
    AppRunnerService,
    ArgsError,
    CustomDomain,
    GitHubDelivery,
    ImageRepository,
    LogRetention,
    NotificationTopic,
    PauseSchedule,
    PrivateEndpoint,
    PrivateIngress,
    RedeployOnPush,
    RedeployOnRotation,
    ScalingProfile,
    SecretsBinding,
    ServiceMonitoring,
    TrafficSplit,
    VpcEgress,
    WebFirewall,
)
from pulumi_apprunner.testing import SeveralErrors, run

_EXPLORING = settings.get_current_profile_name() == "explore"

thorough = settings(
    max_examples=2000 if _EXPLORING else 150,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)


def check_result(component: Any, args: Any, unknown: bool) -> None:
    """Create a component with some arguments. Fail unless its graph is valid or its errors are clear."""
    try:
        graph = run(lambda: component("it", in_program(args)) and None, unknown=unknown)
    except SeveralErrors as several:  # several outputs resolved to invalid values
        texts = [check_error(error) for error in several.errors]
        assert len(set(texts)) == len(texts), texts
    except pulumi.RunError as error:
        check_error(error)
    else:
        for resource in graph.resources:
            if resource.custom:
                assert check(resource.type, resource.inputs) == []


def check_error(error: BaseException) -> str:
    """Return the message of an error. Fail unless it has a reason for each argument and can be printed."""
    assert isinstance(error, ArgsError), error
    assert error.problems
    assert all(error.problems.values())
    text = str(error)
    text.encode()
    assert not any(internal in text for internal in ("pydantic", "Calling __str__", "Deferred(", " object at 0x")), text
    return text


@thorough
@given(strategies.service, st.booleans())
def test_a_service_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(AppRunnerService, args, unknown)


@thorough
@given(strategies.egress, st.booleans())
def test_an_egress_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(VpcEgress, args, unknown)


@thorough
@given(strategies.domain, st.booleans())
def test_a_domain_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(CustomDomain, args, unknown)


@thorough
@given(strategies.secrets, st.booleans())
def test_secrets_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(SecretsBinding, args, unknown)


@thorough
@given(strategies.pause, st.booleans())
def test_a_pause_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(PauseSchedule, args, unknown)


@thorough
@given(strategies.endpoint, st.booleans())
def test_an_endpoint_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(PrivateEndpoint, args, unknown)


@thorough
@given(strategies.ingress, st.booleans())
def test_an_ingress_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(PrivateIngress, args, unknown)


@thorough
@given(delivery_strategies.push, st.booleans())
def test_pushes_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(RedeployOnPush, args, unknown)


@thorough
@given(delivery_strategies.rotation, st.booleans())
def test_a_rotation_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(RedeployOnRotation, args, unknown)


@thorough
@given(strategies.scaling, st.booleans())
def test_a_scaling_profile_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(ScalingProfile, args, unknown)


@thorough
@given(delivery_strategies.repository, st.booleans())
def test_a_repository_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(ImageRepository, args, unknown)


@thorough
@given(delivery_strategies.delivery, st.booleans())
def test_a_delivery_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(GitHubDelivery, args, unknown)


@thorough
@given(strategies.topic, st.booleans())
def test_a_topic_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(NotificationTopic, args, unknown)


@thorough
@given(strategies.monitoring, st.booleans())
def test_monitoring_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(ServiceMonitoring, args, unknown)


@thorough
@given(strategies.retention, st.booleans())
def test_a_retention_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(LogRetention, args, unknown)


@thorough
@given(strategies.firewall, st.booleans())
def test_a_firewall_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(WebFirewall, args, unknown)


@thorough
@given(strategies.split, st.booleans())
def test_a_split_with_random_arguments(args: Any, unknown: bool) -> None:
    check_result(TrafficSplit, args, unknown)


@settings(max_examples=30)
@given(arbitrary_values.junk)
def test_arbitrary_values_as_arguments(args: Any) -> None:
    components = (
        AppRunnerService,
        VpcEgress,
        PrivateEndpoint,
        PrivateIngress,
        CustomDomain,
        SecretsBinding,
        PauseSchedule,
        RedeployOnPush,
        RedeployOnRotation,
        ScalingProfile,
        ImageRepository,
        GitHubDelivery,
        NotificationTopic,
        ServiceMonitoring,
        LogRetention,
        WebFirewall,
        TrafficSplit,
    )
    for component in components:
        check_result(component, args, unknown=False)
