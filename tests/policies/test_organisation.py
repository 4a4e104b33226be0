import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import SERVICE
from apprunner_policies.organisation import monthly_budget, no_new_app_runner, regions_allowed, required_tags

TAGS = {"required-tags": {"tags": ["team", "cost"]}}
SOURCE: Any = {
    "auto_deployments_enabled": False,
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    },
}


def service(name="api", **more):
    return aws.apprunner.Service(name, **{"service_name": f"shop-{name}", "source_configuration": SOURCE, **more})


def messages(verdict):
    return [each.message for each in verdict.violations]


def test_a_missing_tag_is_a_violation_that_names_it(report):
    (violation,) = report(lambda: service(tags={"team": "shop"}), required_tags, config=TAGS).violations

    assert violation.level == "mandatory"
    assert violation.message.startswith('api: tags has no "cost", and neither have the provider\'s defaultTags.')
    assert 'Set tags["cost"]' in violation.message


def test_all_tags_that_are_missing_are_told_together(report):
    (message,) = messages(report(service, required_tags, config=TAGS))

    assert 'tags has no "team" and no "cost"' in message


def test_tags_that_stand_pass_also_where_their_values_are_unknown(report):
    def program():
        other = aws.sqs.Queue("q")
        service(tags={"team": other.arn, "cost": "1"})

    verdict = report(program, required_tags, config=TAGS, unknown=True)

    assert not verdict.violations
    assert not verdict.skipped


def test_no_tags_are_demanded_before_it_is_configured(report):
    assert not report(service, required_tags).violations


@pytest.mark.parametrize("tags", [None, "team", ["team"], 1])
def test_tags_of_an_odd_type_are_no_tags(judge, tags):
    assert judge(required_tags, {"tags": tags}, of_type=SERVICE, config={"tags": ["team"]}).messages


def test_tags_that_are_all_unknown_are_said_to_be_unknown(judge, unknown):
    verdict = judge(required_tags, {"tags": unknown}, of_type=SERVICE, config={"tags": ["team"]})

    assert verdict.messages == ()
    assert "tags can't be known" in verdict.unknown


def test_default_tags_of_the_provider_count(report):
    def program(**tags):
        def made():
            provider = aws.Provider("tagging", region="eu-west-1", default_tags={"tags": tags})
            service(tags={"team": "shop"}, opts=pulumi.ResourceOptions(provider=provider))

        return made

    assert not report(program(cost="1"), required_tags, config=TAGS).violations
    assert report(program(other="1"), required_tags, config=TAGS).violations


def test_tags_that_the_provider_put_together_count(judge):
    assert judge(required_tags, {"tagsAll": {"team": "shop"}}, of_type=SERVICE, config={"tags": ["team"]}).clean


def test_other_types_are_judged_where_it_is_configured(report):
    def program():
        aws.sqs.Queue("q")

    assert not report(program, required_tags, config=TAGS).violations
    config = {"required-tags": {"tags": ["team"], "types": ["aws:sqs/queue:Queue"]}}
    assert report(program, required_tags, config=config).violations


@pytest.mark.parametrize("tags", [None, {"team": "shop"}])
def test_at_the_level_remediate_tags_with_a_value_are_added(report, tags):
    values = {"team": "all", "cost": "1"}
    config = {"required-tags": {"tags": ["team", "cost"], "values": values, "enforcementLevel": "remediate"}}

    (violation,) = report(lambda: service(tags=tags), required_tags, config=config).violations

    assert violation.level == "remediate"
    assert violation.message.endswith("It would change tags.")


def test_a_tag_without_a_configured_value_is_not_made_up(report):
    config = {"required-tags": {"tags": ["team"], "enforcementLevel": "remediate"}}

    (violation,) = report(service, required_tags, config=config).violations

    assert violation.level == "mandatory"


def test_a_region_without_app_runner_is_a_violation_of_the_resource(report):
    (violation,) = report(lambda: service(region="eu-north-1"), regions_allowed).violations

    assert violation.message.startswith(
        'api: region is "eu-north-1", where AWS does not offer App Runner. Set it to "us'
    )


def test_the_region_of_the_provider_is_judged_where_the_resource_says_none(report):
    def program():
        provider = aws.Provider("north", region="eu-north-1")
        service(opts=pulumi.ResourceOptions(provider=provider))
        service("here", region="eu-west-1", opts=pulumi.ResourceOptions(provider=provider))

    (message,) = messages(report(program, regions_allowed))

    assert message.startswith('api: region of the provider north is "eu-north-1"')


def test_the_regions_allowed_are_configured(report):
    config = {"regions-allowed": {"regions": ["eu-west-1"]}}

    assert not report(lambda: service(region="eu-west-1"), regions_allowed, config=config).violations
    (message,) = messages(report(lambda: service(region="us-east-1"), regions_allowed, config=config))
    assert message.endswith('which is not one of those allowed here. Set it to "eu-west-1".')


@pytest.mark.parametrize("region", [1, ["eu-north-1"], {"a": "b"}])
def test_a_region_of_an_odd_type_is_left(judge, region):
    assert judge(regions_allowed, {"region": region}, of_type=SERVICE).clean


def test_an_unknown_region_is_said_to_be_unknown(judge, unknown):
    assert "region can't be known" in judge(regions_allowed, {"region": unknown}, of_type=SERVICE).unknown


def test_new_services_are_told_of_the_successor_only_where_it_is_switched_on(report):
    assert not report(service, no_new_app_runner).violations

    (message,) = messages(report(service, no_new_app_runner, config={"no-new-app-runner": "advisory"}))
    assert "since 2026-04-30" in message
    assert "Amazon ECS Express Mode" in message


def test_what_is_no_service_is_not_told_of_the_successor(report):
    def program():
        aws.apprunner.Connection("code", connection_name="shop-code", provider_type="GITHUB")

    assert not report(program, no_new_app_runner, config={"no-new-app-runner": "advisory"}).violations


def test_an_unknown_name_does_not_hide_a_new_service(judge, unknown):
    assert judge(no_new_app_runner, {"serviceName": unknown}, of_type=SERVICE).messages


def budget(dollars, **more):
    return {"monthly-budget": {"dollars": dollars, **more}}


# 2 GB x 730 h x $0.007 + 1 vCPU x 73 h x $0.064
DEFAULT_COST = 10.22 + 4.672


def test_a_bill_above_the_budget_is_advised_with_its_sum_and_the_dearest(report):
    def program():
        service("small")
        service("large", instance_configuration={"cpu": "2 vCPU", "memory": "4096"})

    (violation,) = report(program, monthly_budget, config=budget(44)).violations

    assert violation.level == "advisory"
    assert f"about ${3 * DEFAULT_COST:.2f} a month, above the budget of $44.00" in violation.message
    assert f"The dearest: large ${2 * DEFAULT_COST:.2f}, small ${DEFAULT_COST:.2f}." in violation.message
    assert not report(program, monthly_budget, config=budget(45)).violations


def test_nothing_is_judged_without_a_budget(report):
    assert not report(service, monthly_budget).violations


@pytest.mark.parametrize("unknown", [False, True])
def test_the_instances_that_a_profile_keeps_are_counted(report, unknown):
    def program():
        profile = aws.apprunner.AutoScalingConfigurationVersion(
            "profile", auto_scaling_configuration_name="shop-api", min_size=3
        )
        service(auto_scaling_configuration_arn=profile.arn)

    (message,) = messages(report(program, monthly_budget, config=budget(44), unknown=unknown))
    assert f"about ${3 * DEFAULT_COST:.2f} a month" in message


def test_automatic_deployments_cost_a_dollar(report):
    def program():
        service(source_configuration={**SOURCE, "auto_deployments_enabled": True})

    assert report(program, monthly_budget, config=budget(15)).violations
    assert not report(service, monthly_budget, config=budget(15)).violations


def test_how_active_instances_are_and_for_how_long_is_configured(report):
    assert not report(service, monthly_budget, config=budget(10.5, active=0)).violations
    assert not report(service, monthly_budget, config=budget(10, hours=365)).violations


def test_an_unknown_size_is_said_to_be_unknown_and_does_not_hide_what_others_cost(report):
    def program():
        other = aws.sqs.Queue("q")
        service("odd", instance_configuration={"memory": other.arn})
        service()

    verdict = report(program, monthly_budget, config=budget(10), unknown=True)

    (message,) = messages(verdict)
    assert f"about ${DEFAULT_COST:.2f} a month at least" in message
    assert verdict.skipped


def paused_half_of_the_time(expression: Any = "cron(0 20 * * ? *)", **more):
    arn = service(**more).arn
    for action, cron in (("pause", expression), ("resume", "cron(0 8 * * ? *)")):
        target: Any = {
            "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
            "role_arn": "arn:aws:iam::123456789012:role/scheduler",
            "input": arn.apply(lambda arn: json.dumps({"ServiceArn": arn})),
        }
        aws.scheduler.Schedule(action, schedule_expression=cron, flexible_time_window={"mode": "OFF"}, target=target)


@pytest.mark.parametrize("unknown", [False, True])
def test_hours_in_which_a_schedule_pauses_a_service_are_not_counted(report, unknown):
    (message,) = messages(report(paused_half_of_the_time, monthly_budget, config=budget(5), unknown=unknown))

    assert f"about ${DEFAULT_COST / 2:.2f} a month, above the budget of $5.00" in message
    assert "instances active in 10% of the hours in which no schedule pauses them, of 730 a month." in message
    assert not report(paused_half_of_the_time, monthly_budget, config=budget(7.5), unknown=unknown).violations


def test_a_service_whose_pause_is_at_an_unknown_time_is_not_counted(report):
    def program():
        service("other")
        paused_half_of_the_time(aws.sqs.Queue("q").arn)

    verdict = report(program, monthly_budget, config=budget(10), unknown=True)

    (message,) = messages(verdict)
    assert f"about ${DEFAULT_COST:.2f} a month at least" in message
    assert "scheduleExpression" in verdict.skipped[0].reason


@pytest.mark.parametrize("text", ["nonsense", json.dumps(["team"]), json.dumps({"tags": ["team"]})])
def test_default_tags_that_cannot_be_read_are_none(report, text):
    def program():
        provider = aws.Provider("odd", region="eu-west-1", default_tags=pulumi.Output.from_input(text))
        service(opts=pulumi.ResourceOptions(provider=provider))

    assert report(program, required_tags, config=TAGS).violations
