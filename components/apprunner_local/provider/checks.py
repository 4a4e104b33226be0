# pyright: standard
"""The inputs that pulumi-aws's Check adds: the region, the tags with the provider's own, and the notes on defaults."""

import hashlib
from collections.abc import Mapping
from typing import Any

from apprunner_local.provider.fields import UNKNOWN, Field
from apprunner_local.provider.resource import Properties

GENERATED = "__defaults"
"""The input in which pulumi-aws lists the inputs of a block that it added."""
ALL_TAGS = "tagsAll"
"""The input with a resource's tags and the provider's default tags."""
_RANDOM = 7
"""The number of generated characters in a name."""


def with_notes(field: Field, given: Any, filled: Any) -> Any:
    """Return inputs in which each block lists the inputs that Check added to it: pulumi-terraform-bridge, schema.go.

    Args:
        field: Their type.
        given: The program's inputs.
        filled: The same with defaults.
    """
    # [P: pulumi-terraform-bridge schema.go] Check adds __defaults to each block of the inputs.
    if field.kind == "block" and isinstance(filled, dict):
        given = given if isinstance(given, dict) else {}
        noted = {
            key: with_notes(field.fields[key], given.get(key), value) if key in field.fields else value
            for key, value in filled.items()
        }
        return {**noted, GENERATED: sorted(key for key in filled if given.get(key) is None and key != GENERATED)}
    if field.kind == "list" and field.item is not None and isinstance(filled, list):
        given = given if isinstance(given, list) else []
        return [
            with_notes(field.item, given[index] if index < len(given) else None, item)
            for index, item in enumerate(filled)
        ]
    return filled


def without_notes(inputs: Any) -> Any:
    """Return inputs without the notes on what Check added."""
    if isinstance(inputs, dict):
        return {key: without_notes(value) for key, value in inputs.items() if key != GENERATED}
    return [without_notes(item) for item in inputs] if isinstance(inputs, list) else inputs


def is_generated(inputs: Properties, name: str) -> bool:
    """Return whether Check added an input."""
    return name in inputs.get(GENERATED, ())


class Tags:
    """The provider's settings for tags: defaultTags and ignoreTags."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        ignored = settings.get("ignoreTags") or {}
        self._defaults: Mapping[str, str] = (settings.get("defaultTags") or {}).get("tags") or {}
        self._keys = set(ignored.get("keys") or ())
        self._prefixes = tuple(ignored.get("keyPrefixes") or ())

    def merged(self, tags: Any) -> Any:
        """Return a resource's tags with the default ones, which its own override: pulumi-aws, provider/tags.go."""
        # [P: pulumi-aws provider/tags.go] Check adds tagsAll to the inputs, with the default tags and without
        # the ignored ones.
        if tags == UNKNOWN or UNKNOWN in (tags or {}).values():
            return UNKNOWN
        return self._without_ignored({**self._defaults, **(tags or {})})

    def read(self, tags: Mapping[str, str]) -> tuple[Properties, Properties]:
        """Return a resource's own tags and all of its tags, as read from AWS: without the reserved ones of AWS."""
        # [P: terraform-provider-aws internal/tags] Reads leave out tags that begin with aws:, ignored tags,
        # and in tags the default ones.
        everything = self._without_ignored({key: value for key, value in tags.items() if not key.startswith("aws:")})
        return {key: value for key, value in everything.items() if self._defaults.get(key) != value}, everything

    def _without_ignored(self, tags: Mapping[str, str]) -> Properties:
        return {
            key: value
            for key, value in tags.items()
            if key not in self._keys and not (self._prefixes and key.startswith(self._prefixes))
        }


def generated_name(
    fields: Field, name: str, old: Properties, new: Properties, seed: bytes, longest: int | None = None
) -> Properties:
    """Return a physical name if the program sets none: the current one, or a generated one.

    Raises:
        ValueError: It would be too long; pairs of a property and its error.
    """
    # [P: pulumi-aws provider/resources.go] A generated name has 7 random characters; one that is too long is an
    # error.
    if not can_have_generated_name(fields) or new.get("name") or new.get("namePrefix"):
        return {}
    if is_generated(old, "name") and "name" in old:
        return {"name": old["name"]}
    if longest is not None and len(name) + 1 + _RANDOM > longest:
        raise ValueError(
            [("name", f"name '{name}-' plus {_RANDOM} random chars is longer than maximum length {longest}")]
        )
    return {"name": f"{name}-{hashlib.sha256(seed or name.encode()).hexdigest()[:_RANDOM]}"}


def can_have_generated_name(fields: Field) -> bool:
    """Return whether pulumi-aws generates a name if the program sets none."""
    return "name" in fields.fields and "name" not in fields.required
