"""What a program would make: its resources, how they hang together, and what it exports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One resource as it was registered.

    Inputs and outputs are under the provider's own (camelCase) names. A value in them is plain Python, whole numbers
    are ints; one that is not known is `UNKNOWN`, one that is secret is a `Secret`.
    """

    urn: str
    """As the engine would name it: the types of all its parents are in it."""
    type: str
    """The type's token: `aws:apprunner/service:Service`."""
    name: str
    """The logical name."""
    parent: str | None
    """The URN of the parent; None where that is the stack."""
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]
    """What the program gets to see: of a component what it registered, otherwise the inputs and what AWS would add."""
    id: str | None = None
    """The physical id; None where it is not known, and for components."""
    custom: bool = True
    """False for a component."""
    read: bool = False
    """It exists already and is only read, as by `Bucket.get`."""
    remote: bool = False
    """A component that a provider plugin makes; its children are not in the graph."""
    dependencies: tuple[str, ...] = ()
    """URNs, in the order of their names."""
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """The URNs that an input got its value from, for each input that did."""
    provider: str | None = None
    """The URN of the provider; None for the default one."""
    providers: Mapping[str, str] = field(default_factory=dict[str, str])
    """The URNs of the providers that a component hands down, by package."""
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    replace_on_changes: tuple[str, ...] = ()
    replacement_trigger: Any = None
    delete_before_replace: bool | None = None
    """None where the program says nothing."""
    retain_on_delete: bool = False
    deleted_with: str | None = None
    """A URN."""
    replace_with: tuple[str, ...] = ()
    """URNs."""
    additional_secret_outputs: tuple[str, ...] = ()
    hide_diffs: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """URNs, worked out from what the program says."""
    import_id: str | None = None
    custom_timeouts: Mapping[str, str] = field(default_factory=dict[str, str])
    """`create`, `update` and `delete`, where they are given: `20m`."""
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Names of hooks by the moment they run: `before_update`."""
    version: str | None = None
    """The provider's version that the program asks for."""

    def __repr__(self) -> str:
        return f"<{self.type} {self.name!r}>"

    def with_outputs(self, outputs: Mapping[str, Any]) -> "Resource":
        """Return the same resource with other outputs."""
        return replace(self, outputs=outputs)

    def __getitem__(self, key: str) -> Any:
        """Return an input; KeyError that names those there are."""
        if key not in self.inputs:
            raise GraphError(f"{self.type} '{self.name}' has no input '{key}'; it has {_listed(self.inputs)}")
        return self.inputs[key]


class GraphError(LookupError):
    """Something was looked up in a graph that is not in it, or is there more than once; the message says what is."""


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Everything that one run of a program registered."""

    project: str
    stack: str
    resources: tuple[Resource, ...]
    """Parents before their children, otherwise in the order in which they were registered. The stack is left out."""
    exports: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The stack's outputs, with `UNKNOWN` and `Secret` in them."""
    region: str = "us-east-1"
    """The AWS region that resources are in unless they say otherwise."""
    messages: tuple[str, ...] = ()
    """What the program, and the run itself, had to say (`pulumi.log`): `warning: …`."""

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    @property
    def urn(self) -> str:
        """The stack's own URN."""
        return f"urn:pulumi:{self.stack}::{self.project}::pulumi:pulumi:Stack::{self.project}-{self.stack}"

    def __getitem__(self, urn: str) -> Resource:
        """Return the resource of a URN."""
        if urn not in self._by_urn:
            raise GraphError(f"no resource {urn}; there are {_listed(self._by_urn)}")
        return self._by_urn[urn]

    def __contains__(self, urn: object) -> bool:
        return urn in self._by_urn

    def named(self, name: str, type: str | None = None) -> Resource:
        """Return the one resource of a logical name.

        Args:
            name: The logical name.
            type: The type's token, where several types share the name.

        Raises:
            GraphError: There is none, or more than one; the message lists the names, or the types, that there are.
        """
        what = f"resource named '{name}'" if type is None else f"{type} named '{name}'"
        return self._one(what, lambda each: each.name == name and type in (None, each.type))

    def the(self, type: str) -> Resource:
        """Return the one resource of a type; GraphError where there is none, or more than one."""
        return self._one(type, lambda each: each.type == type)

    def of_type(self, type: str) -> tuple[Resource, ...]:
        """Return the resources of a type, as `aws:iam/role:Role`."""
        return tuple(each for each in self.resources if each.type == type)

    def children(self, of: Resource | str | None) -> tuple[Resource, ...]:
        """Return the resources whose parent is `of`.

        Args:
            of: A resource, its URN or its logical name; None for those right under the stack.

        Raises:
            GraphError: There is no such resource.
        """
        return tuple(each for each in self.resources if each.parent == self._parent(of))

    def _parent(self, of: Resource | str | None) -> str | None:
        if of is None:
            return None
        if isinstance(of, Resource):
            return of.urn
        return self[of].urn if of.startswith("urn:pulumi:") else self.named(of).urn

    def _one(self, what: str, fits: Callable[[Resource], bool]) -> Resource:
        found = [each for each in self.resources if fits(each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise GraphError(f"{len(found)} resources are a {what}: {_listed(each.urn for each in found)}")
        there = _listed(f"{each.type} '{each.name}'" for each in self.resources) if self.resources else "nothing"
        raise GraphError(f"no {what}; there is {there}")


def in_order(resources: Sequence[Resource]) -> tuple[Resource, ...]:
    """Return resources so that each stands behind its parent, with its own children right behind it."""
    below: dict[str | None, list[Resource]] = {}
    there = {resource.urn for resource in resources}
    for resource in resources:
        below.setdefault(resource.parent if resource.parent in there else None, []).append(resource)
    ordered: list[Resource] = []
    waiting = below.get(None, [])[::-1]
    while waiting:
        resource = waiting.pop()
        ordered.append(resource)
        waiting += below.get(resource.urn, [])[::-1]
    return tuple(ordered)


def _listed(names: Any) -> str:
    return ", ".join(map(str, names)) or "none"
