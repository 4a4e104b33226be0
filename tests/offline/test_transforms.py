"""Transforms run in the order of the Pulumi engine."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions, ResourceTransformArgs, ResourceTransformResult

from pulumi_apprunner.testing import Secret, run


def tagging(tag: str) -> pulumi.ResourceTransform:
    def transform(args: ResourceTransformArgs) -> ResourceTransformResult | None:
        if args.type_ != "aws:sqs/queue:Queue":
            return None
        props: Any = args.props
        order = f"{props.get('tags', {}).get('order', '')} {tag}"
        return ResourceTransformResult({**props, "tags": {"order": order.strip()}}, args.opts)

    return transform


class Parent(pulumi.ComponentResource):
    def __init__(self) -> None:
        super().__init__("acme:index:Parent", "parent", None, ResourceOptions(transforms=[tagging("parent")]))
        aws.sqs.Queue("q", opts=ResourceOptions(parent=self, transforms=[tagging("own")]))


def test_a_resources_transforms_run_before_its_parents_and_the_stacks() -> None:
    def program() -> None:
        pulumi.runtime.register_resource_transform(tagging("stack"))
        Parent()

    assert run(program).named("q")["tags"] == {"order": "own parent stack"}


def test_a_transform_changes_options() -> None:
    def protecting(args: ResourceTransformArgs) -> ResourceTransformResult:
        return ResourceTransformResult(
            args.props, ResourceOptions.merge(args.opts, ResourceOptions(protect=True, ignore_changes=["tags"]))
        )

    def program() -> None:
        pulumi.runtime.register_resource_transform(protecting)
        aws.sqs.Queue("q", opts=ResourceOptions(depends_on=[aws.sqs.Queue("first")], delete_before_replace=True))

    queue = run(program).named("q")
    assert (queue.protect, queue.ignore_changes, queue.delete_before_replace) == (True, ("tags",), True)
    assert [urn.rpartition("::")[2] for urn in queue.dependencies] == ["first"]


def test_options_that_a_transform_does_not_set_stay() -> None:
    def nothing(args: ResourceTransformArgs) -> None:
        return None

    def program() -> None:
        pulumi.runtime.register_resource_transform(nothing)
        aws.ssm.Parameter("p", type="SecureString", value=pulumi.Output.secret("x"))

    assert run(program).named("p")["value"] == Secret("x")
