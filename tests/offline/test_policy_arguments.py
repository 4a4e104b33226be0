"""What rules see of resources: tags of the provider, and no resources that are only read."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions
from pulumi_policy import ResourceValidationPolicy, StackValidationPolicy

from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import run

DEFAULTS: dict[str, Any] = {"aws:region": "eu-west-1", "aws:defaultTags": {"tags": {"team": "shop", "stage": "dev"}}}


def all_tags(program: Callable[[], object], **settings: Any) -> list[Any]:
    """Return what the resource rules and the stack rules see of the `tagsAll` of the resource "jobs"."""
    seen: list[Any] = []

    def read(resource: Any, report: Any = None) -> None:
        if resource.name == "jobs":
            tags = resource.props.get("tagsAll")
            seen.append(dict(tags) if isinstance(tags, Mapping) else tags)

    def read_stack(stack: Any, report: Any) -> None:
        for each in stack.resources:
            read(each)

    of_resource = ResourceValidationPolicy("resource", "A description.", read)
    of_stack = StackValidationPolicy("stack", "A description.", read_stack)
    evaluate(run(program, **settings), [of_resource, of_stack])
    return seen


def test_rules_see_the_own_tags_and_those_of_the_configuration_as_tags_all() -> None:
    def program() -> None:
        aws.sqs.Queue("jobs", tags={"team": "orders"})

    assert all_tags(program, config=DEFAULTS) == [{"team": "orders", "stage": "dev"}] * 2
    assert all_tags(program) == [{"team": "orders"}] * 2


def test_an_explicit_provider_has_its_own_default_tags() -> None:
    def program() -> None:
        tags = aws.ProviderDefaultTagsArgs(tags={"cost": "7", "temp:a": "1", "old": "1"})
        ignored = aws.ProviderIgnoreTagsArgs(keys=["old"], key_prefixes=["temp:"])
        provider = aws.Provider("other", default_tags=tags, ignore_tags=ignored)
        aws.sqs.Queue("jobs", opts=ResourceOptions(provider=provider))

    assert all_tags(program, config=DEFAULTS) == [{"cost": "7"}] * 2


def test_an_unknown_tag_makes_tags_all_unknown() -> None:
    def program() -> None:
        aws.sqs.Queue("jobs", tags={"team": aws.ec2.get_vpc_output(default=True).id})

    assert all_tags(program, config=DEFAULTS) == []


def test_a_type_without_tags_has_no_tags_all() -> None:
    def program() -> None:
        aws.sqs.QueuePolicy("jobs", queue_url="https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", policy="{}")

    assert all_tags(program, config=DEFAULTS) == [None, None]


@pytest.mark.parametrize("setting", ["not JSON", "[]", json.dumps({"tags": ["team"]}), json.dumps(None)])
def test_invalid_default_tags_are_ignored(setting: str) -> None:
    assert all_tags(lambda: aws.sqs.Queue("jobs"), config={"aws:defaultTags": setting}) == [{}, {}]


def test_rules_see_the_configuration_of_the_default_provider() -> None:
    seen: dict[str, Any] = {}

    def read(args: Any, report: Any) -> None:
        if args.name == "jobs":
            seen.update(args.provider.props)

    evaluate(run(lambda: aws.sqs.Queue("jobs"), config=DEFAULTS), [ResourceValidationPolicy("r", "Text.", read)])

    assert seen["region"] == "eu-west-1"
    assert json.loads(seen["defaultTags"]) == DEFAULTS["aws:defaultTags"]


def test_a_stack_rule_does_not_get_resources_that_are_only_read() -> None:
    """On the Pulumi engine they are in `Deployment.reads`, and AnalyzeStack gets `Deployment.news`."""
    names: list[str] = []
    references: list[Any] = []

    def program() -> None:
        existing = aws.sqs.Queue.get("existing", "https://sqs.eu-west-1.amazonaws.com/123456789012/existing")
        aws.sqs.Queue("jobs", redrive_policy=pulumi.Output.json_dumps({"deadLetterTargetArn": existing.arn}))

    def validate(args: Any, report: Any) -> None:
        names.extend(each.name for each in args.resources)
        references.extend(args.resources[-1].property_dependencies.values())

    evaluate(run(program), [StackValidationPolicy("stack", "A description.", validate)])
    assert names == ["project-stack", "jobs"]
    assert references == [[]]
