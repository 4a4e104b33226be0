"""The resource graph: what a program registers, with parents, dependencies and stack outputs."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeAlias

import pulumi

from pulumi_apprunner.offline.listing import listing, suggestion

ResourceType: TypeAlias = str | type[pulumi.Resource]
"""A type token such as `aws:apprunner/service:Service`, or a resource class with one."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """A registered resource.

    The keys of inputs and outputs are the provider's camelCase names. Values are plain Python; whole numbers are ints.
    An unknown value is `UNKNOWN`, a secret value a `Secret`.
    """

    urn: str
    """As the Pulumi engine builds it, with the types of all ancestors."""
    type: str
    """The type token, such as `aws:apprunner/service:Service`."""
    name: str
    """The logical name."""
    parent: str | None
    """The parent's URN; None for the stack."""
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """A component's registered outputs; otherwise the inputs and the outputs that AWS would add."""
    id: str | None = None
    """The physical id; None for components and if unknown."""
    custom: bool = True
    """False for a component."""
    read: bool = False
    """True for an existing resource that the program reads, as with `Bucket.get`."""
    remote: bool = False
    """True for a component of a provider plugin. Its children are not in the graph."""
    dependencies: tuple[str, ...] = ()
    """URNs, sorted."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The URNs of the resources that an input depends on, by input."""
    provider: str | None = None
    """The provider's URN; None for the default provider."""
    providers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The URNs of the providers that a component passes to its children, by package."""
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replacement_trigger: Any = None
    delete_before_replace: bool | None = None
    """None if the program does not set it."""
    retain_on_delete: bool = False
    deleted_with: str | None = None
    """A URN."""
    replace_with: tuple[str, ...] = ()
    """URNs."""
    additional_secret_outputs: tuple[str, ...] = ()
    hide_diffs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """URNs, resolved from the program's aliases."""
    import_id: str | None = None
    custom_timeouts: Mapping[str, str] = field(default_factory=dict[str, str])
    """`create`, `update` and `delete` to a duration such as `20m`, as far as the program sets them."""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Hook names by when they run, such as `before_update`."""
    version: str | None = None
    """The provider version that the program requires."""

    def __repr__(self) -> str:
        return f"<{self.type} {self.name!r}>"

    def with_outputs(self, outputs: Mapping[str, Any]) -> "Resource":
        """Return a copy with other outputs."""
        return replace(self, outputs=outputs)

    def __getitem__(self, key: str) -> Any:
        """Return an input; raise GraphError with the existing inputs if there is none."""
        if key not in self.inputs:
            raise GraphError(
                f"{self.type} '{self.name}' has no input '{key}'{suggestion(key, list(self.inputs))}\n"
                f"{listing('Inputs', list(self.inputs))}"
            )
        return self.inputs[key]


class GraphError(LookupError):
    """A lookup in a resource graph that has no match or several. The message lists what exists."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Everything that one run of a program registers."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    """Parents before their children, otherwise in order of registration. The stack itself is not included."""
    exports: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The stack's outputs; their values may contain `UNKNOWN` and `Secret`."""
    region: str = "us-east-1"
    """The AWS region of resources that set neither a region nor a provider with one."""
    provider_inputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict[str, Mapping[str, Any]])
    """The inputs of default providers from the stack's configuration, by package: `{"aws": {"region": ...}}`."""
    messages: tuple[str, ...] = ()
    """Messages of the program (`pulumi.log`) and of the offline engine, such as `warning: …`."""

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        return _group(self.resources, "type")

    @cached_property
    def _by_name(self) -> dict[str, list[Resource]]:
        return _group(self.resources, "name")

    @cached_property
    def _by_parent(self) -> dict[str | None, list[Resource]]:
        return _group(self.resources, "parent")

    @property
    def urn(self) -> str:
        """The stack's own URN."""
        return f"urn:pulumi:{self.stack}::{self.project}::pulumi:pulumi:Stack::{self.project}-{self.stack}"

    def __getitem__(self, urn: str) -> Resource:
        """Return the resource with a URN; raise GraphError if there is none."""
        if urn not in self._by_urn:
            raise GraphError(f"no resource has the URN {urn}\n{listing('URNs', list(self._by_urn))}")
        return self._by_urn[urn]

    def __contains__(self, urn: object) -> bool:
        return urn in self._by_urn

    def one(self, type: ResourceType) -> Resource:
        """Return the only resource of a type.

        Args:
            type: A type token (`aws:apprunner/service:Service`), or a class (`pulumi_aws.apprunner.Service`).

        Raises:
            GraphError: No resource has the type, or several do. The message lists the resources.
        """
        __tracebackhide__ = True
        token = _token(type)
        types = [f"{name} ({len(resources)})" for name, resources in self._by_type.items()]
        hint = f"{suggestion(token, list(self._by_type))}\n{listing('Types', types)}"
        return _single(f"of type {token}", self._by_type.get(token, []), hint)

    def named(self, name: str, type: ResourceType | None = None) -> Resource:
        """Return the only resource with a logical name.

        Args:
            name: The logical name.
            type: The type, required where resources of several types have the name.

        Raises:
            GraphError: No resource has the name, or several do. The message lists the resources.
        """
        __tracebackhide__ = True
        token = None if type is None else _token(type)
        label = f"named '{name}'" if token is None else f"of type {token} named '{name}'"
        candidates = self.resources if token is None else self._by_type.get(token, [])
        resources = [f"{each.name}  {each.type}" for each in candidates]
        title = "Resources" if token is None else f"Resources of type {token}"
        hint = f"{suggestion(name, [each.name for each in candidates])}\n{listing(title, resources)}"
        return _single(label, [each for each in candidates if each.name == name], hint)

    def all(self, type: ResourceType) -> tuple[Resource, ...]:
        """Return all resources of a type, none included."""
        return tuple(self._by_type.get(_token(type), []))

    def children(self, of: Resource | str | None) -> tuple[Resource, ...]:
        """Return the direct children of a resource.

        Args:
            of: The resource, its URN or its logical name; None for the stack.

        Raises:
            GraphError: No resource has the URN or name, or several have the name.
        """
        __tracebackhide__ = True
        return tuple(self._by_parent.get(None if of is None else self.find(of).urn, []))

    def find(self, resource: Resource | str) -> Resource:
        """Return a resource by its URN or its logical name.

        Raises:
            GraphError: No resource has the URN or name, or several have the name.
        """
        __tracebackhide__ = True
        if isinstance(resource, Resource):
            return resource
        return self[resource] if resource.startswith("urn:pulumi:") else self.named(resource)


def parents_first(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return resources in depth-first order: each after its parent, directly followed by its own children."""
    urns = {resource.urn for resource in resources}
    children: dict[str | None, list[Resource]] = {}
    for resource in resources:
        children.setdefault(resource.parent if resource.parent in urns else None, []).append(resource)
    ordered: list[Resource] = []
    stack = children.get(None, [])[::-1]
    while stack:
        resource = stack.pop()
        ordered.append(resource)
        stack += children.get(resource.urn, [])[::-1]
    return tuple(ordered)


def _token(type: ResourceType) -> str:
    if isinstance(type, str):
        return type
    token = getattr(type, "pulumi_type", None)
    if not isinstance(token, str):
        raise GraphError(f"{type.__name__} has no attribute pulumi_type. Use the type token: 'package:module:Type'")
    return token


def _group(resources: Iterable[Resource], attribute: str) -> dict[Any, list[Resource]]:
    groups: dict[Any, list[Resource]] = {}
    for each in resources:
        groups.setdefault(getattr(each, attribute), []).append(each)
    return groups


def _single(label: str, matches: Sequence[Resource], hint: str) -> Resource:
    """Return the only match; raise GraphError with a hint about what exists if there is none."""
    __tracebackhide__ = True
    if len(matches) == 1:
        return matches[0]
    if matches:
        resources = listing("Resources", [f"{each.name}  {each.urn}" for each in matches])
        raise GraphError(f"{len(matches)} resources are {label}\n{resources}")
    raise GraphError(f"no resource is {label}{hint}")
