"""The effects of changed inputs on their resource, from its options and the facts about changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from apprunner_facts.changes import ALTERNATIVES, CHANGES, is_deleted_first, is_kept
from pulumi_apprunner.cli.differences import ABSENT, SECRET, UNKNOWN, Difference, Path, covers, format_path, parse_path
from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import map_leaves

Order = Literal["in place", "create first", "delete first"]


class Effects(NamedTuple):
    """The effects of differences.

    Args:
        because: The paths that replace the resource.
        changed: The other paths whose value changes or may change.
        notes: Notes that apply if the resource is not replaced.
    """

    because: list[str]
    changed: list[str]
    notes: list[str]


def compute_effects(resource: Resource, input_differences: Sequence[Difference]) -> Effects:
    """Return the effects of the differences between a resource's inputs."""
    because, changed, notes = effects = Effects([], [], [])
    removed = {format_path(each.path) for each in input_differences if each.after is ABSENT}
    for each in input_differences:
        path = format_path(each.path)
        kind = kind_of(resource, each.path)
        if (
            path in ALTERNATIVES.get(resource.type, ())
            and each.before is ABSENT
            and removed & ALTERNATIVES[resource.type]
        ):
            kind = "replace"
        if keeps(resource, each):
            changed.append(path)
            notes.append(f"{path} is omitted, so its last value stays")
            continue
        if kind == "replace" and not each.is_open:
            because.append(path)
            continue
        changed.append(path)
        if kind == "replace":
            notes.append(f"may be replaced: {path} is unknown in one of the plans")
        elif kind is None:
            notes.append(may_be_replaced(resource, path))
        notes += _notes(resource, each)
    return effects


def keeps(resource: Resource, difference: Difference) -> bool:
    """Return whether an omitted property keeps its value."""
    return difference.after is ABSENT and is_kept(resource.type, format_path(difference.path))


def kind_of(resource: Resource, path: Path) -> Literal["replace", "update", "ignore"] | None:
    """Return the effect of a change at a path; None if it is unknown."""
    if any(covers(parse_path(each), path) for each in resource.replace_on_changes):
        return "replace"
    table = CHANGES.get(resource.type, {})
    at = next((key for key in (format_path(path[:end]) for end in range(len(path), 0, -1)) if key in table), None)
    return None if at is None else table[at].kind


def may_be_replaced(resource: Resource, path: str) -> str:
    """Return the note on a change whose effect is unknown."""
    subject = f"a change of {path}" if resource.type in CHANGES else "changes of this type"
    return f"may be replaced: apprunner has no facts about {subject}"


def deletes_first(resource: Resource) -> bool:
    """Return whether a replacement deletes the old resource before it creates the new one."""
    if resource.delete_before_replace is not None:
        return resource.delete_before_replace
    return is_deleted_first(resource.type, resource.inputs)


def order_of(resource: Resource, *, is_replaced: bool, dependency_first: bool) -> Order:
    """Return whether a resource is updated in place, or the order of its replacement.

    Args:
        resource: The new resource.
        is_replaced: Whether it is replaced.
        dependency_first: Whether one of its dependencies is deleted first, and this resource before it.
    """
    if not is_replaced:
        return "in place"
    return "delete first" if dependency_first or deletes_first(resource) else "create first"


def with_unique_unknowns(inputs: Mapping[str, Any], hidden: Collection[str] = ()) -> Mapping[str, Any]:
    """Return inputs in which each unknown or secret value is an object that equals no other.

    Args:
        inputs: Inputs in a plan's form.
        hidden: Properties whose whole value is unknown.
    """

    def leaf(value: Any) -> Any:
        return object() if value in (UNKNOWN, SECRET) else value

    return {key: object() if key in hidden else map_leaves(value, leaf) for key, value in inputs.items()}


def _notes(resource: Resource, difference: Difference) -> Iterator[str]:
    """Yield the note in the facts on a changed property."""
    key = str(difference.path[0])
    row = CHANGES.get(resource.type, {}).get(key)
    if row is None:
        return
    if row.kind == "ignore":
        yield f"{key} is not applied{f': {row.note}' if row.note else ''}"
    elif row.note and len(difference.path) == 1:
        yield row.note
