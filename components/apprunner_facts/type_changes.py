"""The form of the tables of what a change of each property does."""

from collections.abc import Mapping
from typing import NamedTuple


class TypeChanges(NamedTuple):
    """A type's file in the provider, the commit that was read, and its properties, separated by spaces."""

    file: str
    commit: str
    replaces: str = ""
    updates: str = ""
    ignores: str = ""
    computed: str = ""
    """Properties that are both optional and computed, including paths inside blocks."""
    alternatives: str = ""
    """Properties of which exactly one is set; a change to another one replaces the resource."""
    notes: Mapping[str, str] = {}


NOT_READ = "newer than the provider's file that was read"
