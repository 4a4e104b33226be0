"""A scaling profile that services share, and the account's default."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, ScalingProfile, ScalingProfileArgs
from pulumi_apprunner.testing import Graph, evaluate, run
from samples import IMAGE

PROFILE = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
DEFAULT = "aws:apprunner/defaultAutoScalingConfigurationVersion:DefaultAutoScalingConfigurationVersion"
SERVICE = "aws:apprunner/service:Service"


def profile(**args: Any) -> Callable[[], None]:
    """Return a program with a profile, small."""
    return lambda: ScalingProfile("small", ScalingProfileArgs(**args)) and None


def shared(*services: str, **args: Any) -> Callable[[], None]:
    """Return a program whose services share a profile, small."""

    def program() -> None:
        small = ScalingProfile("small", ScalingProfileArgs(**args))
        for name in services:
            AppRunnerService(name, {"image": {"identifier": IMAGE}, "auto_scaling_configuration_arn": small.arn})

    return program


def services_of_their_own(count: int) -> Callable[[], None]:
    """Return a program whose services each have a profile."""

    def program() -> None:
        for number in range(count):
            AppRunnerService(f"api{number}", {"image": {"identifier": IMAGE}})

    return program


def about_profiles(graph: Graph) -> list[str]:
    """Return the messages about the number of profiles."""
    return [each for each in graph.messages if "scaling profiles" in each]


def test_it_creates_one_profile_with_all_its_numbers() -> None:
    graph = plan(profile(max_size=3, max_concurrency=80, tags={"team": "orders"}))
    assert children(graph, "small") == [(PROFILE, "small-profile")]
    assert graph.one(PROFILE).inputs == {
        "autoScalingConfigurationName": "project-small-stack-profile",
        "minSize": 1,
        "maxSize": 3,
        "maxConcurrency": 80,
        "tags": {"team": "orders"},
    }
    assert graph.named("small").outputs == {"arn": graph.one(PROFILE).outputs["arn"]}
    assert graph.messages == ()


def test_several_services_use_it_and_have_no_profile_of_their_own() -> None:
    graph = plan(shared("orders", "billing", max_size=3))
    arn = graph.one(PROFILE).outputs["arn"]
    services = graph.all(SERVICE)
    assert [each["autoScalingConfigurationArn"] for each in services] == [arn, arn]
    assert all("small-profile" in dependencies(graph, each) for each in services)


def test_a_service_and_a_profile_may_have_the_same_name() -> None:
    def program() -> None:
        ScalingProfile("orders", {})
        AppRunnerService("orders", {"image": {"identifier": IMAGE}})

    names = [each["autoScalingConfigurationName"] for each in plan(program).all(PROFILE)]
    assert names == ["project-orders-stack-profile", "project-orders-stack"]


def test_a_replacement_creates_the_new_revision_first() -> None:
    assert plan(profile()).one(PROFILE).delete_before_replace is None


def test_the_default_of_the_account_is_this_revision_and_no_revision_is_deleted() -> None:
    graph = plan(profile(account_default=True))
    assert children(graph, "small") == [(PROFILE, "small-profile"), (DEFAULT, "small-default")]
    assert graph.one(DEFAULT).inputs == {"autoScalingConfigurationArn": graph.one(PROFILE).outputs["arn"]}
    assert graph.one(PROFILE).retain_on_delete
    assert not plan(profile()).one(PROFILE).retain_on_delete


def test_the_default_of_the_account_is_a_warning() -> None:
    (message,) = run(profile(account_default=True)).messages
    assert "account_default: this profile becomes the default of the account and region" in message


def test_an_account_and_region_has_one_default() -> None:
    def program() -> None:
        for name in ("small", "large"):
            ScalingProfile(name, {"account_default": True})

    assert problems(program) == {
        "account_default": "must be true for one profile of an account and region, got true also for ScalingProfile "
        "'small'. Remove one of them"
    }


def test_two_regions_have_a_default_each() -> None:
    def program() -> None:
        for region in ("eu-west-1", "us-east-1"):
            provider = aws.Provider(region, region=region)
            ScalingProfile(region, {"account_default": True}, pulumi.ResourceOptions(provider=provider))

    assert len(run(program).all(DEFAULT)) == 2


@pytest.mark.parametrize(("count", "warnings"), [(7, 0), (8, 1), (12, 1)])
def test_many_profiles_in_a_program_are_one_warning(count: int, warnings: int) -> None:
    messages = about_profiles(run(services_of_their_own(count)))
    assert len(messages) == warnings
    assert all("this program creates 8 or more scaling profiles. The default quota is 10" in each for each in messages)


def test_many_services_with_one_profile_are_no_warning() -> None:
    assert about_profiles(run(shared(*(f"api{number}" for number in range(12))))) == []


def test_all_invalid_arguments_are_one_error() -> None:
    args: Any = {"min_size": 0, "max_concurrency": 201, "account_default": "yes", "maximum": 3}
    result = problems(lambda: ScalingProfile("small", args) and None)
    assert set(result) == {"min_size", "max_concurrency", "account_default", "maximum"}
    assert problems(profile(min_size=4, max_size=3)) == {"max_size": "must be at least min_size, 4, got 3"}


def test_the_rules_about_scaling_read_the_shared_profile() -> None:
    rules = ("scaling-bounds", "max-size-quota", "prod-min-instances")
    production: Any = {"all": {"environment": "production"}}

    def violations(**args: Any) -> list[tuple[str, str]]:
        report = evaluate(plan(shared("orders", **args)), config=production)
        return [(each.policy, each.resource.rpartition("::")[2]) for each in report.violations if each.policy in rules]

    assert violations(min_size=2, max_size=5) == []
    assert violations(min_size=2, account_default=True) == []
    assert violations(min_size=1) == [("prod-min-instances", "small-profile")]
    assert violations(min_size=2, max_size=30) == [("max-size-quota", "small-profile")]
