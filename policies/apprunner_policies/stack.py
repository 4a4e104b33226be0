"""The resources of a stack, as the rules over a whole stack get them."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast
from weakref import WeakKeyDictionary

from pulumi_policy import PolicyResource

from apprunner_policies import waivers
from apprunner_policies.environment import is_production

T = TypeVar("T")


class _Shared(NamedTuple):
    """The results of functions over some resources."""

    ids: tuple[int, ...]
    """The `id` of each resource."""
    results: dict[Hashable, Any]


_SHARED: WeakKeyDictionary[PolicyResource, _Shared] = WeakKeyDictionary()
"""By the first resource of a stack. An entry is deleted together with that resource."""


class Resources:
    """Resources by type, by URN and by reference.

    Args:
        all: Every resource of the stack, in the engine's order.
    """

    def __init__(self, all: Sequence[PolicyResource]) -> None:
        self.all = all

    def of(self, *types: str) -> Sequence[PolicyResource]:
        """Return the resources of some types, in the stack's order."""
        by_type = self.once(_positions_by_type)
        positions = [position for each in dict.fromkeys(types) for position in by_type.get(each, ())]
        return [self.all[position] for position in (sorted(positions) if len(types) > 1 else positions)]

    @cached_property
    def by_urn(self) -> Mapping[str, PolicyResource]:
        """The resources by URN."""
        return {each.urn: each for each in self.all}

    def referenced(self, resource: PolicyResource, key: str, *types: str) -> list[PolicyResource]:
        """Return the resources of some types that a top-level property depends on.

        The engine records these references, also of values that are unknown. A value that is written as plain text
        refers to nothing.
        """
        return [each for each in resource.property_dependencies.get(key, []) if each.resource_type in types]

    def once(self, function: Callable[["Resources"], T]) -> T:
        """Return the result of a function over these resources, which all rules share.

        The function is called once for one list of resource objects. pulumi_policy creates new objects for each rule
        and each request, so that no result is stale. The offline engine shows all rules the same objects.

        Args:
            function: A function of a module, since it is the key. It returns URNs and plain data: a resource in its
                result would keep the stack alive.
        """
        results = self._results
        if function not in results:
            results[function] = function(self)
        return cast(T, results[function])

    @cached_property
    def _results(self) -> dict[Hashable, Any]:
        if not self.all:
            return {}
        ids = tuple(map(id, self.all))
        shared = _SHARED.get(self.all[0])
        if shared is None or shared.ids != ids:
            shared = _SHARED[self.all[0]] = _Shared(ids, {})
        return shared.results


def _positions_by_type(resources: Resources) -> Mapping[str, Sequence[int]]:
    """Return the positions of the resources of each type; a function for `Resources.once`."""
    positions: dict[str, list[int]] = defaultdict(list)
    for position, each in enumerate(resources.all):
        positions[each.resource_type].append(position)
    return positions


class Stack(Resources):
    """The resources of a stack together with the configuration of the rule that checks them.

    Args:
        all: Every resource of the stack.
        config: The rule's configuration, defaults included.
    """

    def __init__(self, all: Sequence[PolicyResource], config: Mapping[str, Any]) -> None:
        super().__init__(all)
        self.config = config

    @cached_property
    def is_production(self) -> bool:
        """Whether this is production, see `environment.is_production`; False for an empty stack."""
        return bool(self.all) and is_production(self.config, self.all[0].urn)

    def is_waived(self, urn: str) -> bool:
        """Return whether a waiver applies to a resource. A rule that reports one resource for several leaves it out."""
        waiver = waivers.waiver(self.config, self.by_urn[urn].name, urn)
        return waiver is not None and waiver.problem is None
