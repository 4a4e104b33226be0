"""The references of a Fleet's services to the sections of its arguments."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pulumi_apprunner.args.fleet_sections import SECTIONS
from pulumi_apprunner.args.paths import Path


class Reference(NamedTuple):
    """The name of a section's item, or None, and the path of the argument that holds it."""

    path: Path
    section: str
    name: str | None


def undefined_references(
    references: Iterable[Reference], sections: Mapping[str, Mapping[Any, Any] | None]
) -> Iterator[tuple[Path, str]]:
    """Yield a message for each reference to a name that its section does not define.

    Args:
        references: The references.
        sections: The items of each section by name; None for one that is invalid, which is reported already.
    """
    for path, section, name in references:
        items = sections[section]
        if name is not None and items is not None and name not in items:
            defined = sorted(map(str, items))
            close = difflib.get_close_matches(name, defined, 1)
            hint = f' Did you mean "{close[0]}"?' if close else ""
            label = SECTIONS[section]
            plural = section.replace("_", " ")
            yield path, f'{label} "{name}" is not defined. Defined {plural}: {", ".join(defined) or "none"}.{hint}'
