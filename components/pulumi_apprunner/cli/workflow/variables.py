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
        stack_output: The output of the stack that has this value; empty if there is none.
    """

    name: str
    content: str
    stack_output: str


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

    def variable(name: str, content: str, *values: Any) -> Variable:
        known = {known_value(each, str) for each in values} - {None}
        outputs = (key for key, value in graph.exports.items() if known_value(value, str) in known)
        return Variable(name, content, next(outputs, ""))

    def role(kind: str) -> list[Any]:
        return [each.roles[kind].outputs.get("arn") for each in deliveries if kind in each.roles]

    repository = variable("REPOSITORY", "repository_url of ImageRepository", target.repository)
    return [
        variable("ROLE_ARN", "deploy_role_arn of GitHubDelivery", *role("deploy")),
        *([] if target.is_literal else [repository]),
        variable("STACK_ROLE_ARN", "stack_role_arn of GitHubDelivery", *role("stack"))
        if has_stack_role
        else variable("SERVICE_ARN", "arn of AppRunnerService", target.service.outputs.get("arn")),
    ]
