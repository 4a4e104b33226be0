# pyright: standard
"""Writes proposed settings into a stack file, and keeps its comments and its layout."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pulumi
from pydantic.alias_generators import to_snake
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

from pulumi_apprunner.args.checking import ArgsError, validate_config
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_rules import problems_of_fleet

_LAYOUTS = ({"sequence": 2, "offset": 0}, {"sequence": 4, "offset": 2})
"""Indentations of lists in YAML files."""
_LONG = 4096


_OTHER_PROFILES = ("scalingProfile", "autoScalingConfigurationArn")
"""Keys of a service whose scaling profile is defined elsewhere. `scaling` conflicts with them."""


@dataclass(frozen=True)
class Written:
    """What was written.

    Args:
        services: The services whose settings changed.
        missing: Services that are not in the stack file: the program must be changed by hand.
        kept: Sentences on the settings that did not change, and why.
        has_new_layout: Whether other lines of the file have a new layout too.
    """

    services: Sequence[str]
    missing: Sequence[str]
    kept: Sequence[str]
    has_new_layout: bool


def write_settings(file: Path, project: str, settings: Mapping[str, Mapping[str, Any]]) -> Written:
    """Write settings of services into the configuration of a Fleet.

    A mapping keeps the keys that the settings do not have, such as scaling.maxConcurrency, and the spelling of keys. A
    mapping that several services share, by an anchor of YAML, is copied.

    Args:
        file: The stack file. The services are in `config`, under the key "<project>:services".
        project: The project's name.
        settings: From the names of services to their settings, with keys in camelCase.

    Raises:
        pulumi.RunError: The file cannot be read or written, is not YAML, or would have invalid values.
    """
    text = _read(file)
    yaml, has_new_layout = _parser(text)
    try:
        document = yaml.load(text)
    except YAMLError as error:
        raise pulumi.RunError(f"{file.name}: must be YAML, got: {' '.join(str(error).split())}") from None
    services = _services(document, project)
    present = [name for name in settings if isinstance(services.get(name), dict)]
    missing = [name for name in settings if name not in present]
    kept = {(name, key): reason for name in present for key, reason in _conflicts(services[name], settings[name])}
    wanted = {
        name: {key: value for key, value in settings[name].items() if (name, key) not in kept} for name in present
    }
    changed = {name: values for name, values in wanted.items() if values}
    sentences = [f"{name}: {key} is not changed, because {reason}" for (name, key), reason in kept.items()]
    if changed:
        _merge(services, changed, _shared_maps(document))
        new_text = _dump(yaml, document)
        _check(file, project, text, new_text)
        _write(file, new_text)
    return Written([*changed], missing, sentences, bool(changed) and has_new_layout)


def _conflicts(service: Any, settings: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the settings that conflict with what a service has, and why."""
    profile = next((key for key in (_key(service, each) for each in _OTHER_PROFILES) if service.get(key)), None)
    if profile is not None and "scaling" in settings:
        yield "scaling", f"the service has {profile}. Change that profile"
    if service.get("pause") and "pause" in settings:
        yield "pause", "the file has one that is not deployed"


def _check(file: Path, project: str, before: str, after: str) -> None:
    """Raise an error about problems of a Fleet's configuration that it did not have before."""
    old, new = (_problems(file, project, text) for text in (before, after))
    if problems := [f"  {path}: {problem}" for path, problem in new.items() if old.get(path) != problem]:
        lines = [f"{file.name}: not changed, because the proposals would make it invalid", *problems]
        raise pulumi.RunError("\n".join(lines))


def _problems(file: Path, project: str, text: str) -> Mapping[str, str]:
    """Return the problems of a Fleet's configuration by path. Without the program's defaults, keys may be missing."""
    prefix = f"{project}:"
    try:
        config = YAML(typ="safe", pure=True).load(text)["config"]
        values = {key.removeprefix(prefix): each for key, each in config.items() if str(key).startswith(prefix)}
        validate_config(FleetArgs, file.name, project, values, problems_of_fleet)
    except ArgsError as error:
        return error.problems
    except YAMLError:  # a tag, which only the Pulumi CLI may read
        pass
    return {}


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


def _shared_maps(document: Any) -> set[int]:
    """Return the identities of the mappings that a document has in several places, by aliases or merge keys."""
    places: Counter[int] = Counter()

    def count(value: Any) -> None:
        if isinstance(value, dict | list):
            places[id(value)] += 1
        if places[id(value)] <= 2:  # an alias may be in its own anchor
            for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
                count(each)

    count(document)
    return {identity for identity, number in places.items() if number > 1}


def _merge(target: Any, settings: Mapping[str, Any], shared: set[int]) -> None:
    """Set values in a mapping, and those of mappings in it. Mappings in `shared` stay as they are."""
    for name, value in settings.items():
        key = _key(target, name)
        section = target.get(key)
        if isinstance(value, Mapping) and isinstance(section, dict):
            if id(section) in shared:
                section = target[key] = dict(section)
            _merge(section, value, shared)
        else:
            target[key] = _quoted(value)


def _key(target: Any, name: str) -> str:
    """Return the key of a mapping in its own spelling, camelCase or snake_case."""
    snake = to_snake(name)
    return snake if snake in target and name not in target else name


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
