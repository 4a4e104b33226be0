"""Compares two plans: the resources that are created, updated, replaced and deleted, and the change of the cost.

The old plan is JSON, and the new one a resource graph. Dependencies and options come from the new program, as in
Pulumi's engine.
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
from pulumi_apprunner.cli.differences import (
    SECRET,
    UNKNOWN,
    Difference,
    differences,
    has_secret,
    parse_path,
    without,
)
from pulumi_apprunner.cli.effects import (
    compute_effects,
    deletes_first,
    keeps,
    kind_of,
    may_be_replaced,
    order_of,
    with_unique_unknowns,
)
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import known_value, printable

Kind = Literal["replaced", "deleted", "created", "updated"]
KINDS: tuple[Kind, ...] = ("replaced", "deleted", "created", "updated")
"""In the order of their risk."""

_SECRETS = "plans do not contain secret values, so changes of secrets are not detected"


@dataclass
class Change:
    """The change of one resource.

    Args:
        urn: The new URN; the old one of a deleted resource.
        type: The type token.
        name: The logical name.
        because: The causes of a replacement: paths of properties, or names of options.
        changed: The paths of other properties whose value changes or may change.
        notes: Consequences, and how to avoid them.
    """

    urn: str
    type: str
    name: str
    because: list[str] = field(default_factory=list[str])
    changed: list[str] = field(default_factory=list[str])
    notes: list[str] = field(default_factory=list[str])


@dataclass(frozen=True)
class Changes:
    """The changes between two plans."""

    file: str
    """The path of the old plan."""
    by_kind: Mapping[Kind, Sequence[Change]]
    before_usd: float
    """The old cost in US dollars per month."""
    notes: Sequence[str]

    def as_json(self) -> dict[str, Any]:
        """Return the changes in the form of docs/plan-json.md."""
        changes = {kind: [asdict(each) for each in self.by_kind[kind]] for kind in KINDS}
        return {**changes, "cost": {"before_usd": self.before_usd}, "notes": list(self.notes)}


def compare_plans(file: Path, before: Mapping[str, Any], graph: Graph) -> Changes:
    """Return the changes from an old plan (`plan.load_plan`) to a resource graph.

    Raises:
        pulumi.RunError: The plans are of different stacks.
    """
    old, new = (before["project"], before["stack"]), (graph.project, graph.stack)
    if old != new:
        raise pulumi.RunError(
            f"{file}: must be a plan of project {new[0]}, stack {new[1]}, got project {old[0]}, stack {old[1]}"
        )
    return _Comparison(before, graph).changes(str(file))


def _is_managed(type: str, *, custom: bool, read: bool) -> bool:
    """Return whether a provider creates the resource."""
    return custom and not read and not type.startswith("pulumi:")


class _Comparison:
    """The comparison of two plans, resource by resource."""

    def __init__(self, before: Mapping[str, Any], graph: Graph) -> None:
        self._all_before = {each["urn"]: each for each in before["resources"]}
        self._before = {
            urn: each
            for urn, each in self._all_before.items()
            if _is_managed(each["type"], custom=each["custom"], read=each["read"])
        }
        self._after = {
            each.urn: each for each in graph.resources if _is_managed(each.type, custom=each.custom, read=each.read)
        }
        self._graph = graph
        self._regions = (before.get("region"), graph.region)
        self._bill = before["cost"]["monthly_usd"]
        self._matches = Matches(self._before, list(self._after.values()), graph)
        self._changes: dict[str, Change] = {}

    def changes(self, file: str) -> Changes:
        by_kind: dict[Kind, list[Change]] = {kind: [] for kind in KINDS}
        for each in self._after.values():
            change = self._change(each)
            if each.urn not in self._matches:
                by_kind["created"].append(change)
            elif self._is_replaced(change):
                by_kind["replaced"].append(change)
            elif change.changed or change.notes:
                by_kind["updated"].append(change)
        matched_urns = {each["urn"] for each in self._matches.values()}
        by_kind["deleted"] = [self._deletion(each) for urn, each in self._before.items() if urn not in matched_urns]
        for change in by_kind["created"]:
            change.notes += self._deletion_notes(change, by_kind["deleted"])
        secret = any(has_secret(before["inputs"]) for before in self._matches.values())
        return Changes(file, by_kind, self._bill, [_SECRETS] if secret else [])

    def _change(self, resource: Resource) -> Change:
        """Return the change of a resource of the new plan, including the effects of its dependencies."""
        if resource.urn in self._changes:
            return self._changes[resource.urn]
        change = self._changes[resource.urn] = Change(resource.urn, resource.type, resource.name)
        before = self._matches.get(resource.urn)
        if before is None:
            if resource.import_id is not None:
                change.notes.append("imported: it already exists")
            return change
        old, new = self._inputs(resource, before)
        input_differences = list(self._differences(resource, before, old, new))
        effects = compute_effects(resource, input_differences)
        change.because += effects.because
        change.changed += effects.changed
        self._add_option_effects(resource, before, change)
        deleted_first = self._add_dependency_effects(resource, input_differences, change)
        if self._is_replaced(change):
            self._add_replacement_notes(resource, before, change, dependency_first=deleted_first)
        else:
            change.notes[:0] = effects.notes
            if not any(each.path == ("region",) for each in input_differences):
                change.notes += self._region_notes(resource, before)
        step = Step(
            before=with_unique_unknowns(old),
            after=with_unique_unknowns(new, hidden=self._replaced_inputs(resource)),
            changed=frozenset(str(each.path[0]) for each in input_differences if not keeps(resource, each)),
            order=order_of(resource, is_replaced=self._is_replaced(change), dependency_first=deleted_first),
        )
        change.notes[:] = dict.fromkeys([*change.notes, *notes(resource.type, step)])
        return change

    def _replaced_inputs(self, resource: Resource) -> set[str]:
        """Return the inputs that depend on replaced resources; their new values are unknown."""
        return {
            key
            for key, urns in resource.property_dependencies.items()
            if any(self._is_replaced(self._change_of(urn)) for urn in urns)
        }

    @staticmethod
    def _is_replaced(change: Change) -> bool:
        return bool(change.because)

    def _inputs(self, resource: Resource, before: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        """Return the old and the new inputs, without the paths in `ignore_changes`."""
        old, new = self._matches.translate(before["inputs"]), printable(dict(resource.inputs))
        for path in map(parse_path, resource.ignore_changes):
            old, new = without(old, path), without(new, path)
        return old, new

    def _differences(
        self, resource: Resource, before: Mapping[str, Any], old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Difference]:
        one, other = self._region_before(before), self._region_after(resource)
        for each in differences(old, new, ordered=resource.type not in CHANGES):
            # An omitted region is that of the provider.
            if each.path != ("region",) or each.is_open or one != other:
                yield each

    def _add_option_effects(self, resource: Resource, before: Mapping[str, Any], change: Change) -> None:
        triggers = before.get("replacement_trigger"), printable(resource.replacement_trigger)
        if None not in triggers and triggers[0] != triggers[1]:
            change.because.append("replacement_trigger")
        for urn in resource.replace_with:
            if self._is_replaced(self._change_of(urn)):
                change.because.append("replace_with")
                change.notes.append(f"because {self._graph[urn].name} is replaced")
        change.notes += tracing.omission_note(resource, before)

    def _add_dependency_effects(
        self, resource: Resource, input_differences: Sequence[Difference], change: Change
    ) -> bool:
        """Add the effects of replaced dependencies; return whether one of them is deleted before this resource."""
        deleted_first, ignored = False, [parse_path(path) for path in resource.ignore_changes]
        for key, urns in resource.property_dependencies.items():
            replaced = [urn for urn in urns if self._is_replaced(self._change_of(urn))]
            if not replaced or (key,) in ignored:
                continue
            kind = kind_of(resource, (key,))
            if kind == "replace":
                if not any(parse_path(each)[0] == key for each in change.because):
                    change.because.append(key)
                deleted_first |= any(deletes_first(self._graph[urn]) for urn in replaced)
            elif not any(each.path[0] == key for each in input_differences):
                change.changed.append(key)
            change.notes += [f"because {self._graph[urn].name} is replaced" for urn in replaced]
            if kind is None:
                change.notes.append(may_be_replaced(resource, key))
        return deleted_first

    def _change_of(self, urn: str) -> Change:
        return self._change(self._after[urn]) if urn in self._after else Change(urn, "", "")

    def _add_replacement_notes(
        self, resource: Resource, before: Mapping[str, Any], change: Change, *, dependency_first: bool
    ) -> None:
        # One update may remove the protection and replace the resource. The exception is a resource that is deleted
        # before another one, because that deletion comes first.
        if before["protect"] and (resource.protect or dependency_first):
            change.notes.append(
                "is protected, so Pulumi does not replace it. Remove `protect` in a separate update first"
            )
        if deletes_first(resource) or dependency_first:
            change.notes.append("the old one is deleted first")
        if before.get("retain_on_delete"):
            change.notes.append("the old one is kept in AWS (retain_on_delete)")

    def _deletion(self, before: Mapping[str, Any]) -> Change:
        change = Change(before["urn"], before["type"], before["name"])
        if before["protect"]:
            change.notes.append(
                "is protected, so Pulumi does not delete it. Remove `protect` in a separate update first, "
                "or run `pulumi state unprotect` with its URN"
            )
        if before.get("retain_on_delete"):
            change.notes.append("is kept in AWS (retain_on_delete)")
        if before["urn"] in self._graph:
            change.notes.append("is only read from now on: Pulumi deletes the resource that the stack created")
        elif any(
            (each.type, each.name) == (before["type"], before["name"]) and each.urn not in self._matches
            for each in self._after.values()
        ):
            change.notes.append("is created again under another parent. To keep it, set the option `aliases`")
        return change

    def _deletion_notes(self, created: Change, deleted: Sequence[Change]) -> Iterator[str]:
        """Yield a note for each deletion that removes the object of a new resource: both are the same in AWS."""
        new = _identity(created.type, self._after[created.urn].inputs)
        for each in deleted:
            before = self._before[each.urn]
            same = each.type == created.type and new == _identity(each.type, before["inputs"])
            if new and same and not before.get("retain_on_delete"):
                yield (
                    f"is removed again when {each.name} is deleted: both are the same object in AWS. "
                    "Keep the name, or set the option `aliases`"
                )

    def _region_notes(self, resource: Resource, before: Mapping[str, Any]) -> Iterator[str]:
        """Yield a note if the provider's region changes and the resource has a region."""
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
    """Return the values that identify a resource's object in AWS; None if they are unknown."""
    values = [known_value(inputs.get(key), str) for key in IDENTITIES.get(type, ())]
    texts = [each for each in values if each not in (None, UNKNOWN, SECRET)]
    return texts if len(texts) == len(values) and texts else None


def _region(inputs: Mapping[str, Any]) -> str | None:
    return known_value(inputs.get("region"), str)
