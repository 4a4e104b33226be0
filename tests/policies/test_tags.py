import json

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.tokens import SERVICE
from apprunner_policies.themes.tags import required_tags
from policies.public_services import messages, service

TAGS = {"required-tags": {"tags": ["team", "cost"]}}


def test_a_missing_tag_is_a_violation_that_names_it(report):
    (violation,) = report(lambda: service(tags={"team": "shop"}), required_tags, config=TAGS).violations

    assert violation.level == "mandatory"
    assert violation.message.startswith(
        'api: tags must include "cost". Neither the resource nor the provider\'s defaultTags has it.'
    )
    assert 'Set tags["cost"]' in violation.message


def test_all_missing_tags_are_reported_together(report):
    (message,) = messages(report(service, required_tags, config=TAGS))

    assert 'tags must include "team" and "cost".' in message


def test_tags_with_unknown_values_pass(report):
    def program():
        other = aws.sqs.Queue("q")
        service(tags={"team": other.arn, "cost": "1"})

    result = report(program, required_tags, config=TAGS, unknown=True)

    assert not result.violations
    assert not result.skipped


def test_no_tags_are_required_by_default(report):
    assert not report(service, required_tags).violations


@pytest.mark.parametrize("tags", [None, "team", ["team"], 1])
def test_invalid_tags_count_as_missing(check_rule, tags):
    assert check_rule(required_tags, {"tags": tags}, of_type=SERVICE, config={"tags": ["team"]}).messages


def test_unknown_tags_are_reported_as_unknown(check_rule, unknown):
    result = check_rule(required_tags, {"tags": unknown}, of_type=SERVICE, config={"tags": ["team"]})

    assert result.messages == ()
    assert "tags can't be known" in result.unknown


def test_default_tags_of_the_provider_count(report):
    def program(**tags):
        def run_it():
            provider = aws.Provider("tagging", region="eu-west-1", default_tags={"tags": tags})
            service(tags={"team": "shop"}, opts=pulumi.ResourceOptions(provider=provider))

        return run_it

    assert not report(program(cost="1"), required_tags, config=TAGS).violations
    assert report(program(other="1"), required_tags, config=TAGS).violations


def test_merged_tags_of_the_provider_count(check_rule):
    assert check_rule(required_tags, {"tagsAll": {"team": "shop"}}, of_type=SERVICE, config={"tags": ["team"]}).clean


def test_the_checked_types_are_configurable(report):
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


def test_a_tag_without_a_configured_value_is_not_added(report):
    config = {"required-tags": {"tags": ["team"], "enforcementLevel": "remediate"}}

    (violation,) = report(service, required_tags, config=config).violations

    assert violation.level == "mandatory"


@pytest.mark.parametrize("text", ["nonsense", json.dumps(["team"]), json.dumps({"tags": ["team"]})])
def test_invalid_default_tags_are_ignored(report, text):
    def program():
        provider = aws.Provider("odd", region="eu-west-1", default_tags=pulumi.Output.from_input(text))
        service(opts=pulumi.ResourceOptions(provider=provider))

    assert report(program, required_tags, config=TAGS).violations


def test_a_tag_without_a_value_is_missing(report):
    (message,) = messages(report(lambda: service(tags={"team": None, "cost": "1"}), required_tags, config=TAGS))

    assert message.startswith('api: tags must include "team".')


@pytest.mark.parametrize(
    ("ignored", "is_reported"), [({"keys": ["cost"]}, True), ({"key_prefixes": ["co"]}, True), ({"keys": ["x"]}, False)]
)
def test_a_tag_that_the_provider_ignores_is_reported(report, ignored, is_reported):
    def program():
        provider = aws.Provider("ignoring", region="eu-west-1", ignore_tags=aws.ProviderIgnoreTagsArgs(**ignored))
        service(tags={"team": "shop", "cost": "1"}, opts=pulumi.ResourceOptions(provider=provider))

    result = messages(report(program, required_tags, config=TAGS))

    assert bool(result) is is_reported
    assert all('must include "cost", which the provider\'s ignoreTags removes.' in each for each in result)
