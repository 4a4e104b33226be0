"""What changes from one plan to another: what is created, updated, replaced and deleted, and how the bill changes.

The old plan is JSON and the new one a graph: which resource depends on which, and what the options say, is the new
program's to tell, as it is for the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import pulumi

from apprunner_facts.change_notes import IDENTITIES, Step, notes
from apprunner_facts.changes import CHANGES
from pulumi_apprunner.cli import tracing
from pulumi_apprunner.cli.aliases import Matches
from pulumi_apprunner.cli.consequences import (
    consequences,
    deletes_first,
    keeps,
    kind_of,
    may_be_replaced,
    opened,
    order_of,
)
from pulumi_apprunner.cli.differences import (
    SECRET,
    UNKNOWN,
    Difference,
    differences,
    hides_a_secret,
    parsed,
    without,
)
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import known_value, printable

Kind = Literal["replaced", "deleted", "created", "updated"]
KINDS: tuple[Kind, ...] = ("replaced", "deleted", "created", "updated")
"""The worst first."""

_SECRETS = "secret values stand in no plan: where one changed, that is not seen"


@dataclass
class Change:
    """What happens to one resource.

    Args:
        urn: The new URN; of what is deleted the old one.
        type: The type's token.
        name: The logical name.
        because: What replaces it: paths of properties, or names of options.
        changed: What else is another value, or may be.
        notes: What is to know about it.
    """

    urn: str
    type: str
    name: str
    because: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Changes:
    """What changes between two plans."""

    file: str
    """Where the old plan was read."""
    found: Mapping[Kind, Sequence[Change]]
    before_usd: float
    """The old bill, US dollars a month."""
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Return them as docs/plan-json.md describes them."""
        found = {kind: [asdict(each) for each in self.found[kind]] for kind in KINDS}
        return {**found, "cost": {"before_usd": self.before_usd}, "notes": list(self.notes)}


def compared(file: Path, before: Mapping[str, Any], graph: Graph) -> Changes:
    """Return what changes from an old plan (`plan.load`) to a graph.

    Raises:
        pulumi.RunError: They are not plans of the same stack.
    """
    old, new = (before["project"], before["stack"]), (graph.project, graph.stack)
    if old != new:
        raise pulumi.RunError(
            f"{file}: a plan of {old[0]} {old[1]}, and this is {new[0]} {new[1]}: only plans of one stack are compared"
        )
    return _Comparison(before, graph).changes(str(file))


def _is_counted(type: str, *, custom: bool, read: bool) -> bool:
    """Tell whether a resource is something that a provider makes."""
    return custom and not read and not type.startswith("pulumi:")


class _Comparison:
    """Two plans, and what became of each resource."""

    def __init__(self, before: Mapping[str, Any], graph: Graph) -> None:
        self._all_before = {each["urn"]: each for each in before["resources"]}
        self._before = {
            urn: each
            for urn, each in self._all_before.items()
            if _is_counted(each["type"], custom=each["custom"], read=each["read"])
        }
        self._after = {
            each.urn: each for each in graph.resources if _is_counted(each.type, custom=each.custom, read=each.read)
        }
        self._graph = graph
        self._regions = (before.get("region"), graph.region)
        self._bill = before["cost"]["monthly_usd"]
        self._matches = Matches(self._before, list(self._after.values()), graph)
        self._changes: dict[str, Change] = {}

    def changes(self, file: str) -> Changes:
        found: dict[Kind, list[Change]] = {kind: [] for kind in KINDS}
        for each in self._after.values():
            change = self._change(each)
            if each.urn not in self._matches:
                found["created"].append(change)
            elif self._is_replaced(change):
                found["replaced"].append(change)
            elif change.changed or change.notes:
                found["updated"].append(change)
        kept = {each["urn"] for each in self._matches.values()}
        found["deleted"] = [self._deletion(each) for urn, each in self._before.items() if urn not in kept]
        for change in found["created"]:
            change.notes += self._removed_again(change, found["deleted"])
        secret = any(hides_a_secret(before["inputs"]) for before in self._matches.values())
        return Changes(file, found, self._bill, [_SECRETS] if secret else [])

    def _change(self, resource: Resource) -> Change:
        """Return what happens to a resource of the new plan, which follows from what it depends on."""
        if resource.urn in self._changes:
            return self._changes[resource.urn]
        change = self._changes[resource.urn] = Change(resource.urn, resource.type, resource.name)
        before = self._matches.get(resource.urn)
        if before is None:
            if resource.import_id is not None:
                change.notes.append("imported: it exists already")
            return change
        old, new = self._inputs(resource, before)
        found = list(self._differences(resource, before, old, new))
        own = consequences(resource, found)
        change.because += own.because
        change.changed += own.changed
        self._judge_options(resource, before, change)
        deleted_first = self._judge_dependencies(resource, found, change)
        if self._is_replaced(change):
            self._note_replacement(resource, before, change, dependency_first=deleted_first)
        else:
            change.notes[:0] = own.notes
            if not any(each.path == ("region",) for each in found):
                change.notes += self._moves(resource, before)
        step = Step(
            before=opened(old),
            after=opened(new, hidden=self._replaced_inputs(resource)),
            changed=frozenset(str(each.path[0]) for each in found if not keeps(resource, each)),
            order=order_of(resource, is_replaced=self._is_replaced(change), dependency_first=deleted_first),
        )
        change.notes[:] = dict.fromkeys([*change.notes, *notes(resource.type, step)])
        return change

    def _replaced_inputs(self, resource: Resource) -> set[str]:
        """Return the inputs that come from replaced resources: their new values are not known here."""
        return {
            key
            for key, urns in resource.property_dependencies.items()
            if any(self._is_replaced(self._change_of(urn)) for urn in urns)
        }

    @staticmethod
    def _is_replaced(change: Change) -> bool:
        return bool(change.because)

    def _inputs(self, resource: Resource, before: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return the old and the new inputs, without what the engine is told to ignore."""
        old, new = self._matches.translated(before["inputs"]), printable(dict(resource.inputs))
        for path in map(parsed, resource.ignore_changes):
            old, new = without(old, path), without(new, path)
        return old, new

    def _differences(
        self, resource: Resource, before: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Difference]:
        one, other = self._region_before(before), self._region_after(resource)
        for each in differences(old, new, ordered=resource.type not in CHANGES):
            # Left out, the region is the provider's.
            if each.path != ("region",) or each.is_open or one != other:
                yield each

    def _judge_options(self, resource: Resource, before: Mapping[str, Any], change: Change) -> None:
        triggers = before.get("replacement_trigger"), printable(resource.replacement_trigger)
        if None not in triggers and triggers[0] != triggers[1]:
            change.because.append("replacement_trigger")
        for urn in resource.replace_with:
            if self._is_replaced(self._change_of(urn)):
                change.because.append("replace_with")
                change.notes.append(f"since {self._graph[urn].name} is replaced")
        change.notes += tracing.left_out(resource, before)

    def _judge_dependencies(self, resource: Resource, found: Sequence[Difference], change: Change) -> bool:
        """Add what follows from the replacement of others; tell whether one of them is deleted before this one."""
        deleted_first, ignored = False, [parsed(path) for path in resource.ignore_changes]
        for key, urns in resource.property_dependencies.items():
            replaced = [urn for urn in urns if self._is_replaced(self._change_of(urn))]
            if not replaced or (key,) in ignored:
                continue
            kind = kind_of(resource, (key,))
            if kind == "replace":
                if not any(parsed(each)[0] == key for each in change.because):
                    change.because.append(key)
                deleted_first |= any(deletes_first(self._graph[urn]) for urn in replaced)
            elif not any(each.path[0] == key for each in found):
                change.changed.append(key)
            change.notes += [f"since {self._graph[urn].name} is replaced" for urn in replaced]
            if kind is None:
                change.notes.append(may_be_replaced(resource, key))
        return deleted_first

    def _change_of(self, urn: str) -> Change:
        return self._change(self._after[urn]) if urn in self._after else Change(urn, "", "")

    def _note_replacement(
        self, resource: Resource, before: Mapping[str, Any], change: Change, *, dependency_first: bool
    ) -> None:
        # The engine lets a program take the protection off and replace in one update, but not what it has to delete
        # before another resource, since that comes first.
        if before["protect"] and (resource.protect or dependency_first):
            change.notes.append(
                "is protected: the engine refuses to replace it. Take `protect` off, in an update before this one"
            )
        if deletes_first(resource) or dependency_first:
            change.notes.append("the old one is deleted first")
        if before.get("retain_on_delete"):
            change.notes.append("the old one stays where it is (retain_on_delete)")

    def _deletion(self, before: Mapping[str, Any]) -> Change:
        change = Change(before["urn"], before["type"], before["name"])
        if before["protect"]:
            change.notes.append(
                "is protected: the engine refuses to delete it. Take `protect` off in an update before this one, "
                "or run `pulumi state unprotect` on its URN"
            )
        if before.get("retain_on_delete"):
            change.notes.append("stays where it is (retain_on_delete)")
        if before["urn"] in self._graph:
            change.notes.append("is only read from now on: the engine deletes what the stack made")
        elif any(
            (each.type, each.name) == (before["type"], before["name"]) and each.urn not in self._matches
            for each in self._after.values()
        ):
            change.notes.append("created again under another parent: the option `aliases` would keep it")
        return change

    def _removed_again(self, created: Change, deleted: Sequence[Change]) -> Iterator[str]:
        """Yield a note on each deletion that removes what a new resource creates, since both are the same in AWS."""
        new = _identity(created.type, self._after[created.urn].inputs)
        for each in deleted:
            before = self._before[each.urn]
            same = each.type == created.type and new == _identity(each.type, before["inputs"])
            if new and same and not before.get("retain_on_delete"):
                yield (
                    f"is removed again when {each.name} is deleted: both are the same in AWS. "
                    "Keep the name, or set the option `aliases`"
                )

    def _moves(self, resource: Resource, before: Mapping[str, Any]) -> Iterator[str]:
        """Yield a note where the provider's region is another one for a resource that has a region."""
        one, other = self._region_before(before), self._region_after(resource)
        if {one, other} & {None, UNKNOWN} or one == other or not resource.type.startswith("aws:"):
            return
        if "region" in CHANGES.get(resource.type, ("region",)):
            yield f"may be replaced: its provider's region changes from {one} to {other}"

    def _region_before(self, before: Mapping[str, Any]) -> str | None:
        provider = self._all_before.get(before.get("provider") or "")
        return _region(before["inputs"]) or (provider and _region(provider["inputs"])) or self._regions[0]

    def _region_after(self, resource: Resource) -> str | None:
        provider = self._graph[resource.provider] if resource.provider and resource.provider in self._graph else None
        return _region(resource.inputs) or (provider and _region(provider.inputs)) or self._regions[1]


def _identity(type: str, inputs: Mapping[str, Any]) -> Sequence[str] | None:
    """Return what makes a resource the same in AWS, None where that is not known."""
    values = [known_value(inputs.get(key), str) for key in IDENTITIES.get(type, ())]
    texts = [each for each in values if each not in (None, UNKNOWN, SECRET)]
    return texts if len(texts) == len(values) and texts else None


def _region(inputs: Mapping[str, Any]) -> str | None:
    return known_value(inputs.get("region"), str)
