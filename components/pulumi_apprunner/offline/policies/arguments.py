"""Builds the arguments that pulumi_policy passes to rules from a resource graph."""

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
from pulumi_apprunner.offline.policies.tags import TAGS_ALL, with_all_tags
from pulumi_apprunner.offline.sdk.policies import validation_properties

_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


class Arguments:
    """The arguments for a pack's rules. Parts that several rules use are built once."""

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
        # The engine keeps resources that are only read apart from those that it passes to a pack.
        registered = (each for each in graph.resources if not each.read)
        self.resources = (stack, *(with_all_tags(each, self._provider_inputs(each)) for each in registered))
        """All resources that the Pulumi engine passes to a pack, including the stack."""
        self._last_properties: dict[int, Any] = {}
        self._options_by_urn: dict[str, PolicyResourceOptions] = {}
        self._providers: dict[str, PolicyProviderResource] = {}

    def of_resource(self, resource: Resource, config: Mapping[str, Any], properties: Any = None) -> Any:
        """Return the arguments of a resource rule.

        Args:
            resource: The resource.
            config: The rule's configuration.
            properties: The properties for the rule. Default: the resource's inputs.
        """
        if properties is None:
            # All rules of a resource run in a row. The caller keeps the resource alive, so no other object gets its id.
            if id(resource) not in self._last_properties:
                self._last_properties = {id(resource): validation_properties(resource.inputs)}
            properties = self._last_properties[id(resource)]
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
        """Return the argument of a stack rule: all resources with their outputs, linked to each other."""
        return list(self._stack_resources)

    @cached_property
    def _stack_resources(self) -> list[PolicyResource]:
        by_urn = {each.urn: self._stack_resource(each) for each in self.resources}
        for each in self.resources:
            resource = by_urn[each.urn]
            resource.parent = by_urn.get(self._parent(each) or "")
            resource.dependencies = [by_urn[urn] for urn in each.dependencies if urn in by_urn]
            # On the engine each input has an entry, also one that depends on nothing.
            resource.property_dependencies = {
                key: [by_urn[urn] for urn in each.property_dependencies.get(key, ()) if urn in by_urn]
                for key in each.inputs
                if key != TAGS_ALL
            }
        return list(by_urn.values())

    def _stack_resource(self, each: Resource) -> PolicyResource:
        return PolicyResource(
            each.type,
            validation_properties(each.outputs),
            each.urn,
            each.name,
            self._options(each),
            self._provider(each),
            None,
            [],
            {},
        )

    def _options(self, resource: Resource) -> PolicyResourceOptions:
        if resource.urn not in self._options_by_urn:
            self._options_by_urn[resource.urn] = self._build_options(resource)
        return self._options_by_urn[resource.urn]

    def _build_options(self, resource: Resource) -> PolicyResourceOptions:
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
        """Return the explicit provider of a resource, or the default provider of its package."""
        if not resource.custom or resource.type.startswith("pulumi:"):
            return None
        package = resource.type.partition(":")[0]
        key = resource.provider or package
        if key not in self._providers:
            explicit = key in self._graph
            self._providers[key] = self._explicit(self._graph[key]) if explicit else self._default(package)
        return self._providers[key]

    def _provider_inputs(self, resource: Resource) -> Mapping[str, Any]:
        if resource.provider is not None and resource.provider in self._graph:
            return self._graph[resource.provider].inputs
        return self._graph.provider_inputs.get(resource.type.partition(":")[0], {})

    def _explicit(self, provider: Resource) -> PolicyProviderResource:
        return PolicyProviderResource(
            provider.type, validation_properties(provider.inputs), provider.urn, provider.name
        )

    def _default(self, package: str) -> PolicyProviderResource:
        type = f"pulumi:providers:{package}"
        properties = {"region": self._graph.region} if package == "aws" else {}
        properties |= self._graph.provider_inputs.get(package, {})
        urn = f"urn:pulumi:{self._graph.stack}::{self._graph.project}::{type}::default"
        return PolicyProviderResource(type, validation_properties(properties), urn, "default")


def _seconds(timeouts: Mapping[str, str], key: str) -> float:
    if key not in timeouts:
        return 0
    parts: list[tuple[str, str]] = re.findall(r"([0-9.]+)(ms|h|m|s)", timeouts[key])
    return sum(float(number) * _SECONDS[unit] for number, unit in parts)
