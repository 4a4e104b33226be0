"""Where a stack file contains encrypted values; a program only knows the top-level keys that contain some."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import yaml

from pulumi_apprunner.args.paths import Path as ArgumentPath
from pulumi_apprunner.sdk import UNKNOWN_TEXT


def encrypted_parts(file: str, key: str, value: Any) -> Sequence[ArgumentPath]:
    """Return the paths of the encrypted values within a key's value.

    Args:
        file: The stack file's name. Pulumi finds it beside Pulumi.yaml, unless the project sets another folder.
        key: The key with its namespace.
        value: The value that the program reads. Encrypted values in it are unknown offline, and decrypted otherwise.

    Returns:
        The paths; only the empty path, which is the whole value, if neither the file nor the value contains them. The
        values may come from elsewhere, such as a Pulumi ESC environment.
    """
    return [*_encrypted(_read_config(file).get(key))] or [*_encrypted(value)] or [()]


def _read_config(file: str) -> Mapping[str, Any]:
    # The program runs in the project's folder or below it. Not every CLI passes the folder (pulumi.get_root_directory).
    here = Path.cwd()
    folder = next((each for each in (here, *here.parents) if Path(each, "Pulumi.yaml").is_file()), here)
    try:
        document: Any = yaml.safe_load(Path(folder, file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        return {}
    config = cast(Mapping[str, Any], document).get("config") if isinstance(document, Mapping) else None
    return cast(Mapping[str, Any], config) if isinstance(config, Mapping) else {}


def _encrypted(value: Any, path: ArgumentPath = ()) -> Iterator[ArgumentPath]:
    if isinstance(value, list):
        for index, item in enumerate(cast(list[Any], value)):
            yield from _encrypted(item, (*path, index))
    elif isinstance(value, Mapping):
        mapping = cast(Mapping[Any, Any], value)
        if set(mapping) == {"secure"} and isinstance(mapping["secure"], str):
            yield path
            return
        for key, item in mapping.items():
            yield from _encrypted(item, (*path, key))
    elif value == UNKNOWN_TEXT:
        yield path
