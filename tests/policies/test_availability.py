from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.availability import no_new_app_runner, regions_allowed
from policies.public_services import messages, service
from pulumi_apprunner.testing import evaluate, run


def test_a_region_without_app_runner_is_a_violation_of_the_resource(report):
    (violation,) = report(lambda: service(region="eu-north-1"), regions_allowed).violations

    assert violation.message.startswith('api: region must be a region with App Runner, got "eu-north-1". Set it to "us')


def test_the_providers_region_is_checked_if_the_resource_has_none(report):
    def program():
        provider = aws.Provider("north", region="eu-north-1")
        service(opts=pulumi.ResourceOptions(provider=provider))
        service("here", region="eu-west-1", opts=pulumi.ResourceOptions(provider=provider))

    (message,) = messages(report(program, regions_allowed))

    assert message.startswith('api: region of the provider north must be a region with App Runner, got "eu-north-1"')


def test_the_allowed_regions_are_configurable(report):
    config = {"regions-allowed": {"regions": ["eu-west-1"]}}

    assert not report(lambda: service(region="eu-west-1"), regions_allowed, config=config).violations
    (message,) = messages(report(lambda: service(region="us-west-2"), regions_allowed, config=config))
    assert message.endswith('region must be an allowed region, got "us-west-2". Set it to "eu-west-1".')


@pytest.mark.parametrize("region", [1, ["eu-north-1"], {"a": "b"}])
def test_a_region_of_another_type_is_ignored(region):
    graph = run(service)
    resources = [replace(each, outputs={**each.outputs, "region": region}) for each in graph.resources]

    assert not evaluate(replace(graph, resources=tuple(resources)), [regions_allowed]).violations


def test_an_unknown_region_is_reported_as_unknown(report):
    def program():
        service(region=aws.sqs.Queue("orders").url)

    (skipped,) = report(program, regions_allowed, unknown=True).skipped

    assert "region can't be known" in skipped.reason


def in_the_north():
    provider = aws.Provider("north", region="eu-noth-1")
    for name in ("one", "two", "three"):
        service(name, opts=pulumi.ResourceOptions(provider=provider))


def test_a_providers_region_is_reported_once(report):
    (message,) = messages(report(in_the_north, regions_allowed))

    assert message.startswith('one: region of the provider north must be a region with App Runner, got "eu-noth-1".')
    assert message.endswith(" 2 more resources are in it.")


def test_a_waiver_of_one_resource_does_not_hide_the_region_of_the_others(report):
    waiver = {"resource": "one", "reason": "moves", "until": "2099-12-31"}

    (message,) = messages(report(in_the_north, regions_allowed, config={"regions-allowed": {"waivers": [waiver]}}))

    assert message.startswith("two: region of the provider north")
    assert message.endswith(" 1 more resource is in it.")


def test_new_services_are_reported_with_the_successor_only_if_it_is_enabled(report):
    assert not report(service, no_new_app_runner).violations

    (message,) = messages(report(service, no_new_app_runner, config={"no-new-app-runner": "advisory"}))
    assert "Since 2026-04-30" in message
    assert "Amazon ECS Express Mode" in message


def test_only_services_are_reported_with_the_successor(report):
    def program():
        aws.apprunner.Connection("code", connection_name="shop-code", provider_type="GITHUB")

    assert not report(program, no_new_app_runner, config={"no-new-app-runner": "advisory"}).violations


def test_an_unknown_name_does_not_hide_a_new_service(check_rule, unknown):
    assert check_rule(no_new_app_runner, {"serviceName": unknown}).messages
