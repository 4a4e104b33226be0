"""What the differences of a resource's own inputs do to it, by the resource's options and by the table of changes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from apprunner_facts.changes import ALTERNATIVES, CHANGES, is_deleted_first, is_kept
from pulumi_apprunner.cli.differences import ABSENT, SECRET, UNKNOWN, Difference, Path, covers, parsed, written
from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import map_leaves

Order = Literal["in place", "create first", "delete first"]


class Consequences(NamedTuple):
    """What differences do.

    Args:
        because: The paths that replace the resource.
        changed: The paths of everything else that is, or may be, another value.
        notes: What holds if the resource is not replaced.
    """

    because: list[str]
    changed: list[str]
    notes: list[str]


def consequences(resource: Resource, found: Sequence[Difference]) -> Consequences:
    """Return what the differences of a resource's own inputs do to it."""
    because, changed, notes = made = Consequences([], [], [])
    gone = {written(each.path) for each in found if each.after is ABSENT}
    for each in found:
        path = written(each.path)
        kind = kind_of(resource, each.path)
        if path in ALTERNATIVES.get(resource.type, ()) and each.before is ABSENT and gone & ALTERNATIVES[resource.type]:
            kind = "replace"
        if keeps(resource, each):
            changed.append(path)
            notes.append(f"{path} is left out: what was set last goes on")
            continue
        if kind == "replace" and not each.is_open:
            because.append(path)
            continue
        changed.append(path)
        if kind == "replace":
            notes.append(f"may be replaced: {path} is known in one of the plans only")
        elif kind is None:
            notes.append(may_be_replaced(resource, path))
        notes += _notes(resource, each)
    return made


def keeps(resource: Resource, difference: Difference) -> bool:
    """Return whether a property is left out, and keeps its value."""
    return difference.after is ABSENT and is_kept(resource.type, written(difference.path))


def kind_of(resource: Resource, path: Path) -> Literal["replace", "update", "ignore"] | None:
    """Return what a change at a path does; None where it is not known."""
    if any(covers(parsed(each), path) for each in resource.replace_on_changes):
        return "replace"
    table = CHANGES.get(resource.type, {})
    at = next((key for key in (written(path[:end]) for end in range(len(path), 0, -1)) if key in table), None)
    return None if at is None else table[at].kind


def may_be_replaced(resource: Resource, path: str) -> str:
    """Return the note on a change whose kind is not known."""
    what = f"changes of {path} do" if resource.type in CHANGES else "changes of this type do"
    return f"may be replaced: what {what} is not known here"


def deletes_first(resource: Resource) -> bool:
    """Return whether the old resource is deleted before the new one is created, if it is replaced."""
    if resource.delete_before_replace is not None:
        return resource.delete_before_replace
    return is_deleted_first(resource.type, resource.inputs)


def order_of(resource: Resource, *, is_replaced: bool, dependency_first: bool) -> Order:
    """Return whether a resource is replaced, and what comes first then.

    Args:
        resource: The new resource.
        is_replaced: Whether it is replaced.
        dependency_first: Whether a resource that it needs is deleted first, and it with that one.
    """
    if not is_replaced:
        return "in place"
    return "delete first" if dependency_first or deletes_first(resource) else "create first"


def opened(inputs: Mapping[str, Any], hidden: Collection[str] = ()) -> Mapping[str, Any]:
    """Return inputs in which a value that is not known equals no other.

    Args:
        inputs: Inputs as a plan shows them.
        hidden: Properties none of whose values is known.
    """

    def leaf(value: Any) -> Any:
        return object() if value in (UNKNOWN, SECRET) else value

    return {key: object() if key in hidden else map_leaves(value, leaf) for key, value in inputs.items()}


def _notes(resource: Resource, difference: Difference) -> Iterator[str]:
    """Yield the table's note on a property that is another value."""
    key = str(difference.path[0])
    row = CHANGES.get(resource.type, {}).get(key)
    if row is None:
        return
    if row.kind == "ignore":
        yield f"{key} is not applied{f': {row.note}' if row.note else ''}"
    elif row.note and len(difference.path) == 1:
        yield row.note
