"""The declarations of configuration keys in Pulumi.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from pulumi_apprunner.offline.config.configuration import Declaration, has_declared_type
from pulumi_apprunner.offline.config.yaml_scalars import Timestamp
from pulumi_apprunner.offline.values import describe, is_map, map_leaves

TYPES = ("string", "integer", "boolean", "array", "object")


def read_declarations(project: str, config: Mapping[str, Any]) -> tuple[list[Declaration], list[str]]:
    """Return the declarations of a project file, and all their errors.

    Args:
        project: The project's name.
        config: The file's key `config`.
    """
    declarations: list[Declaration] = []
    errors: list[str] = []
    for key, entry in config.items():
        own = ":" not in key or key.startswith(f"{project}:")
        word = "default" if own else "value"
        fields = entry if is_map(entry) else {word: entry}
        if isinstance(entry, Timestamp | float):
            errors.append(
                f"config.{key}: must be a string, an integer, a boolean or a list, got {entry}. "
                f"Quote it, or write {{{word}: …}}"
            )
        names = ("type", "items", "default", "value", "secret")
        each = Declaration(key, **{name: fields[name] for name in names if name in fields})
        errors += _declaration_errors(each, own)
        declarations.append(replace(each, default=_from_json(each.default), value=_from_json(each.value)))
    return declarations, errors


def _from_json(value: Any) -> Any:
    """Return a value of Pulumi.yaml as the CLI converts it to JSON: times and large integers change."""

    def leaf(each: Any) -> Any:
        if isinstance(each, Timestamp):
            return each.rfc3339
        return float(each) if isinstance(each, int) and not isinstance(each, bool) and each >= 2**63 else each

    return map_leaves(value, leaf)


def _declaration_errors(declaration: Declaration, own: bool) -> Iterator[str]:
    """Yield the errors of one declaration.

    Args:
        declaration: The declaration.
        own: Whether its key is in the project's namespace.
    """
    path, type = f"config.{declaration.key}", declaration.type
    if declaration.default is not None and declaration.value is not None:
        yield f"{path}: default and value must not be used together. Use one of them"
    if not own:
        if type is not None:
            yield f"{path}.type: is supported only in the project's namespace. Remove it"
        if declaration.default is not None:
            yield f"{path}.default: is supported only in the project's namespace. Use value instead"
        elif declaration.value is None:
            yield f"{path}.value: is required, because the key is not in the project's namespace"
    elif type is not None and type not in TYPES:
        yield f"{path}.type: must be one of {', '.join(TYPES)}, got {describe(type)}"
    elif type == "array" and not _is_type(declaration.items):
        received = describe(declaration.items)
        yield f"{path}.items: must be the type of the items, such as {{type: string}}, got {received}"
    elif type is not None and declaration.default is not None and not _default_has_type(declaration):
        fix = ". Quote it" if isinstance(declaration.default, Timestamp) else ""
        yield f"{path}.default: must be of type {declaration.type_name}, got {describe(declaration.default)}{fix}"


def _is_type(items: Any) -> bool:
    """Return whether a value describes the items of an array."""
    if not is_map(items):
        return False
    type = items.get("type")
    return type in TYPES and (type != "array" or _is_type(items.get("items")))


def _default_has_type(declaration: Declaration) -> bool:
    return has_declared_type(declaration, declaration.default) and not isinstance(declaration.default, Timestamp)
