"""The variables that a workflow reads from GitHub, and where their values are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pulumi_apprunner.cli.workflow.delivery import Delivery
from pulumi_apprunner.cli.workflow.target import Target
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.values import known_value


@dataclass(frozen=True)
class Variable:
    """A variable on GitHub.

    Args:
        name: The end of its name, such as ROLE_ARN.
        content: The output of a component that it contains.
        output: The output of the stack that has this value, or that the guide uses for it.
        is_exported: Whether the stack has this output.
        is_planned: Whether the plan has the component.
    """

    name: str
    content: str
    output: str
    is_exported: bool
    is_planned: bool


def find_variables(
    graph: Graph, target: Target, deliveries: Sequence[Delivery], *, has_stack_role: bool
) -> list[Variable]:
    """Return the variables that a workflow requires.

    Args:
        graph: The plan.
        target: The service.
        deliveries: The deliveries of the service.
        has_stack_role: Whether the workflow runs `pulumi up`.
    """

    def variable(name: str, content: str, output: str, *values: Any) -> Variable:
        known = {known_value(each, str) for each in values} - {None}
        exported = next((key for key, value in graph.exports.items() if known_value(value, str) in known), None)
        return Variable(name, content, exported or output, exported is not None, bool(values))

    def role(kind: str) -> list[Any]:
        return [each.roles[kind].outputs.get("arn") for each in deliveries if kind in each.roles]

    repository = variable("REPOSITORY", "repository_url of ImageRepository", "repositoryUrl", target.repository)
    return [
        variable("ROLE_ARN", "deploy_role_arn of GitHubDelivery", "deployRoleArn", *role("deploy")),
        *([] if target.is_literal else [repository]),
        variable("STACK_ROLE_ARN", "stack_role_arn of GitHubDelivery", "stackRoleArn", *role("stack"))
        if has_stack_role
        else variable("SERVICE_ARN", "arn of AppRunnerService", "serviceArn", target.service.outputs.get("arn")),
    ]
