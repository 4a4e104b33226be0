"""Which resource of an old plan a new one is: the one of its URN, or of an alias, its own or inherited."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.stubs.request import StubRequest
from pulumi_apprunner.offline.stubs.resources import RESOURCE_STUBS
from pulumi_apprunner.offline.values import leaves, map_leaves

_TOO_SHORT = 6
"""Characters of a text that may stand in others by chance."""


class Matches(dict[str, Mapping[str, Any]]):
    """From a new URN to the resource of the old plan, for those that have one.

    Args:
        before: The resources of the old plan by their URNs.
        after: Those of the new one.
        graph: The new plan's.
    """

    def __init__(self, before: Mapping[str, Mapping[str, Any]], after: Sequence[Resource], graph: Graph) -> None:
        super().__init__((each.urn, before[each.urn]) for each in after if each.urn in before)
        taken = set(self)
        self._answered: dict[str, str] = {}
        for each in after:
            urn = next((alias for alias in _aliases(each, graph) if alias in before and alias not in taken), None)
            if each.urn in self or urn is None:
                continue
            taken.add(urn)
            self[each.urn] = before[urn]
            self._answered |= _renamed(before[urn], each, graph.region)

    def translated(self, inputs: Any) -> Any:
        """Return old inputs as they would be under the new URNs: what stands in for AWS is made up from them."""
        return map_leaves(inputs, self._translate) if self._answered else inputs

    def _translate(self, leaf: Any) -> Any:
        if isinstance(leaf, str):
            for old in sorted(self._answered, key=len, reverse=True):
                leaf = leaf.replace(old, self._answered[old])
        return leaf


def _aliases(resource: Resource, graph: Graph) -> Iterator[str]:
    """Yield the other URNs that a resource may have had, as the engine works them out."""
    yield from resource.aliases
    if resource.parent is None or resource.parent not in graph:
        return
    parent = graph[resource.parent]
    for urn in _aliases(parent, graph):
        start, _, its_name = urn.rpartition("::")
        name = resource.name
        # A child that is named after its parent was so under the parent's old name.
        if name.startswith(parent.name):
            name = its_name + name.removeprefix(parent.name)
        yield f"{start}${resource.type}::{name}"


def _renamed(before: Mapping[str, Any], after: Resource, region: str) -> Mapping[str, str]:
    """Return the texts that stood in for AWS's answers under the old URN, with those under the new one."""
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
