# pyright: standard
"""Writes proposed settings into a stack file, and keeps its comments and its layout."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pulumi
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_LAYOUTS = ({"sequence": 2, "offset": 0}, {"sequence": 4, "offset": 2})
"""Indentations of lists in YAML files."""
_LONG = 4096


@dataclass(frozen=True)
class Written:
    """What was written.

    Args:
        services: The services whose settings changed.
        missing: Services that are not in the stack file: the program must be changed by hand.
        has_new_layout: Whether other lines of the file have a new layout too.
    """

    services: Sequence[str]
    missing: Sequence[str]
    has_new_layout: bool


def write_settings(file: Path, project: str, settings: Mapping[str, Mapping[str, Any]]) -> Written:
    """Write settings of services into the configuration of a Fleet.

    A mapping keeps the keys that the settings do not have, such as scaling.maxConcurrency.

    Args:
        file: The stack file. The services are in `config`, under the key "<project>:services".
        project: The project's name.
        settings: From the names of services to their settings.

    Raises:
        pulumi.RunError: The file cannot be read or written, or is not YAML.
    """
    text = _read(file)
    yaml, has_new_layout = _parser(text)
    try:
        document = yaml.load(text)
    except YAMLError as error:
        raise pulumi.RunError(f"{file.name}: must be YAML, got: {' '.join(str(error).split())}") from None
    services = _services(document, project)
    changed = [name for name in settings if isinstance(services.get(name), dict)]
    for name in changed:
        _merge(services[name], settings[name])
    if changed:
        _write(file, _dump(yaml, document))
    missing = [name for name in settings if name not in changed]
    return Written(changed, missing, bool(changed) and has_new_layout)


def _parser(text: str) -> tuple[YAML, bool]:
    """Return a parser that writes the text as it is, and whether none does."""
    parsers: list[YAML] = []
    for layout in _LAYOUTS:
        yaml = YAML()
        yaml.preserve_quotes = True
        yaml.width = _LONG
        yaml.indent(mapping=2, **layout)
        parsers.append(yaml)
    for yaml in parsers:
        try:
            if _dump(yaml, yaml.load(text)) == text:
                return yaml, False
        except YAMLError:
            break
    return parsers[0], True


def _services(document: Any, project: str) -> Mapping[str, Any]:
    config = document.get("config") if isinstance(document, dict) else None
    services = config.get(f"{project}:services") if isinstance(config, dict) else None
    return services if isinstance(services, dict) else {}


def _merge(target: Any, settings: Mapping[str, Any]) -> None:
    for key, value in settings.items():
        if isinstance(value, Mapping) and isinstance(target.get(key), dict):
            _merge(target[key], value)
        else:
            target[key] = _quoted(value)


def _quoted(value: Any) -> Any:
    """Return a value whose times of day are quoted: YAML 1.1 reads 20:00 as a number."""
    if isinstance(value, Mapping):
        return {key: _quoted(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_quoted(each) for each in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and ":" in value else value


def _dump(yaml: YAML, document: Any) -> str:
    stream = StringIO()
    yaml.dump(document, stream)
    return stream.getvalue()


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise pulumi.RunError(f"{file}: must be a file that can be read, got: {error}") from None


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise pulumi.RunError(f"{file}: must be a file that can be written, got: {error.strerror}") from None
