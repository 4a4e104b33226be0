"""What the rules of a policy pack get to see of a graph."""

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pulumi_policy import (
    PolicyCustomTimeouts,
    PolicyProviderResource,
    PolicyResource,
    PolicyResourceOptions,
    ResourceValidationArgs,
)

from apprunner_facts.tokens import STACK
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.sdk.policies import guarded

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class Arguments:
    """The arguments of a pack's rules; what several rules see is made once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        stack = Resource(
            urn=graph.urn,
            type=STACK,
            name=f"{graph.project}-{graph.stack}",
            parent=None,
            inputs={},
            outputs=graph.exports,
            custom=False,
        )
        self.resources = (stack, *graph.resources)
        """All resources that the engine shows to a pack, the stack among them."""
        self._seen: dict[int, Any] = {}
        self._made_options: dict[str, PolicyResourceOptions] = {}
        self._providers: dict[str, PolicyProviderResource] = {}

    def of_resource(self, resource: Resource, config: Mapping[str, Any], properties: Any = None) -> Any:
        """Return what a resource rule sees: the inputs, or the properties in their place."""
        if properties is None:
            # The last one is kept: its other rules come next. The resource itself holds the key alive.
            if id(resource) not in self._seen:
                self._seen = {id(resource): guarded(resource.inputs)}
            properties = self._seen[id(resource)]
        return ResourceValidationArgs(
            resource.type,
            properties,
            resource.urn,
            resource.name,
            self._options(resource),
            self._provider(resource),
            config,
        )

    def of_stack(self) -> list[PolicyResource]:
        """Return what a stack rule sees: all resources with their outputs, tied to each other."""
        return list(self._stack_resources)

    @cached_property
    def _stack_resources(self) -> list[PolicyResource]:
        made = {each.urn: self._stack_resource(each) for each in self.resources}
        for each in self.resources:
            resource = made[each.urn]
            resource.parent = made.get(self._parent(each) or "")
            resource.dependencies = [made[urn] for urn in each.dependencies if urn in made]
            resource.property_dependencies = {
                key: [made[urn] for urn in urns if urn in made] for key, urns in each.property_dependencies.items()
            }
        return list(made.values())

    def _stack_resource(self, each: Resource) -> PolicyResource:
        return PolicyResource(
            each.type,
            guarded(each.outputs),
            each.urn,
            each.name,
            self._options(each),
            self._provider(each),
            None,
            [],
            {},
        )

    def _options(self, resource: Resource) -> PolicyResourceOptions:
        if resource.urn not in self._made_options:
            self._made_options[resource.urn] = self._make_options(resource)
        return self._made_options[resource.urn]

    def _make_options(self, resource: Resource) -> PolicyResourceOptions:
        timeouts = PolicyCustomTimeouts(
            *(_seconds(resource.custom_timeouts, key) for key in ("create", "update", "delete"))
        )
        return PolicyResourceOptions(
            resource.protect,
            list(resource.ignore_changes),
            resource.delete_before_replace,
            list(resource.aliases),
            timeouts,
            list(resource.additional_secret_outputs),
            self._parent(resource),
        )

    def _parent(self, resource: Resource) -> str | None:
        return None if resource.type == STACK else resource.parent or self._graph.urn

    def _provider(self, resource: Resource) -> PolicyProviderResource | None:
        """Return the provider that a resource says, or the default one, of which the engine makes one a package."""
        if not resource.custom or resource.type.startswith("pulumi:"):
            return None
        package = resource.type.partition(":")[0]
        key = resource.provider or package
        if key not in self._providers:
            said = key in self._graph
            self._providers[key] = self._explicit(self._graph[key]) if said else self._default(package)
        return self._providers[key]

    def _explicit(self, provider: Resource) -> PolicyProviderResource:
        return PolicyProviderResource(provider.type, guarded(provider.inputs), provider.urn, provider.name)

    def _default(self, package: str) -> PolicyProviderResource:
        type = f"pulumi:providers:{package}"
        properties = {"region": self._graph.region} if package == "aws" else {}
        urn = f"urn:pulumi:{self._graph.stack}::{self._graph.project}::{type}::default"
        return PolicyProviderResource(type, guarded(properties), urn, "default")


def _seconds(timeouts: Mapping[str, str], key: str) -> float:
    if key not in timeouts:
        return 0
    parts: list[tuple[str, str]] = re.findall(r"([0-9.]+)(ms|h|m|s)", timeouts[key])
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
