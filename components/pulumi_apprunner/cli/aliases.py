"""Matches the resources of two plans by URN, or by an alias, their own or inherited."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.stubs.request import StubRequest
from pulumi_apprunner.offline.stubs.resources import RESOURCE_STUBS
from pulumi_apprunner.offline.values import leaves, map_leaves

_TOO_SHORT = 6
"""Length up to which a string may be part of other strings by chance."""


class Matches(dict[str, Mapping[str, Any]]):
    """From the URN of a new resource to the matching resource of the old plan, if there is one.

    Args:
        before: The resources of the old plan by URN.
        after: The resources of the new one.
        graph: The new plan's resource graph.
    """

    def __init__(self, before: Mapping[str, Mapping[str, Any]], after: Sequence[Resource], graph: Graph) -> None:
        super().__init__((each.urn, before[each.urn]) for each in after if each.urn in before)
        matched_urns = set(self)
        self._renamed_values: dict[str, str] = {}
        for each in after:
            urn = next(
                (alias for alias in _aliases(each, graph) if alias in before and alias not in matched_urns), None
            )
            if each.urn in self or urn is None:
                continue
            matched_urns.add(urn)
            self[each.urn] = before[urn]
            self._renamed_values |= _renamed_values(before[urn], each, graph.region)

    def translate(self, inputs: Any) -> Any:
        """Return old inputs with the stub values of the new URNs, since stub values depend on URNs."""
        return map_leaves(inputs, self._translate) if self._renamed_values else inputs

    def _translate(self, leaf: Any) -> Any:
        if isinstance(leaf, str):
            for old in sorted(self._renamed_values, key=len, reverse=True):
                leaf = leaf.replace(old, self._renamed_values[old])
        return leaf


def _aliases(resource: Resource, graph: Graph) -> Iterator[str]:
    """Yield the possible previous URNs of a resource, as Pulumi's engine computes them."""
    yield from resource.aliases
    if resource.parent is None or resource.parent not in graph:
        return
    parent = graph[resource.parent]
    for urn in _aliases(parent, graph):
        start, _, parent_name = urn.rpartition("::")
        name = resource.name
        # A child's name that starts with its parent's name started with the parent's old name before.
        if name.startswith(parent.name):
            name = parent_name + name.removeprefix(parent.name)
        yield f"{start}${resource.type}::{name}"


def _renamed_values(before: Mapping[str, Any], after: Resource, region: str) -> Mapping[str, str]:
    """Return the stub values of the old URN, each with that of the new URN."""
    if after.type not in RESOURCE_STUBS:
        return {}
    pairs: dict[str, str] = {}
    requests = [
        StubRequest(type=after.type, name=name, urn=urn, inputs=before["inputs"], region=region)
        for name, urn in ((before["name"], before["urn"]), (after.name, after.urn))
    ]
    old, new = (RESOURCE_STUBS[after.type](each) for each in requests)
    for one, other in zip(leaves([old.id, old.outputs]), leaves([new.id, new.outputs]), strict=False):
        if isinstance(one, str) and isinstance(other, str) and one != other and len(one) > _TOO_SHORT:
            pairs[one] = other
    return pairs
