# pyright: standard
"""Reads and writes apprunner.yaml without loss: comments, quotation marks and the order of keys stay."""

import io
import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.reader import ReaderError
from ruamel.yaml.util import load_yaml_guess_indent

from apprunner_facts.source_file import NAME
from pulumi_apprunner.cli.source_file.problems import Place, Problem
from pulumi_apprunner.cli.source_file.schema import check
from pulumi_apprunner.offline.config.yaml import YamlError
from pulumi_apprunner.offline.config.yaml_problems import describe_character, describe_problem
from pulumi_apprunner.offline.values import describe, is_list, is_map

_ONLY_NAME = f"App Runner reads only {NAME}"
_UNLIMITED = 100_000


@dataclass
class SourceFile:
    """An apprunner.yaml.

    Args:
        path: Its path.
        content: Its content, which may be changed before `write`: maps and lists of ruamel.yaml.
        text: Its text when it was read.
    """

    path: Path
    content: Any
    text: str = ""
    _original: Any = field(default=None, repr=False)

    @classmethod
    def read(cls, path: Path) -> "SourceFile":
        """Read a file, or the apprunner.yaml in a folder.

        Raises:
            YamlError: It is not a YAML file with a map.
            OSError: It cannot be read.
        """
        file = path / NAME if path.is_dir() else path
        if path.is_dir() and not file.exists() and (other := _misnamed(path)):
            raise YamlError(f"{path}: must have a file {NAME}, got {other}. {_ONLY_NAME}: rename the file")
        text = ""
        try:
            text = file.read_text(encoding="utf-8-sig")
            content = _yaml().load(text)
        except UnicodeDecodeError:
            raise YamlError(f"{file}: must be UTF-8. Save the file in this encoding") from None
        except MarkedYAMLError as error:
            raise YamlError(f"{file}{describe_problem(error)}") from None
        except ReaderError as error:
            raise YamlError(f"{file}{describe_character(error, text)}") from None
        except RecursionError:
            raise YamlError(f"{file}: must have fewer nested values") from None
        if not is_map(content):
            raise YamlError(
                f"{file}: must be a map with the keys version, runtime, build and run, got {describe(content)}"
            )
        return cls(file, content, text, deepcopy(content))

    def problems(self, today: date | None = None) -> list[Problem]:
        """Return the problems, in the order of the lines.

        Args:
            today: The day for the end of a runtime's support. Default: today.
        """
        found = list(check(self.content, today or date.today()))
        if self.path.name != NAME:
            found.append(Place("").warning(f"{_ONLY_NAME}, in the source directory. Rename the file"))
        return sorted(found)

    def dump(self) -> str:
        """Return the text: the one that was read if the content is unchanged."""
        if self.content == self._original:
            return self.text
        _, indent, offset = load_yaml_guess_indent(self.text)
        stream = io.StringIO()
        _yaml(indent or 2, offset or 0).dump(self.content, stream)
        return stream.getvalue()

    def write(self) -> None:
        """Write the text to the path."""
        self.path.write_text(self.dump(), encoding="utf-8")

    @property
    def variables(self) -> Mapping[str, Any]:
        """The environment variables at run time, by name. Invalid items are left out."""
        return self._named("env", "value")

    @property
    def secrets(self) -> Mapping[str, Any]:
        """The references of the secrets at run time, by the name of their variable. Invalid items are left out."""
        return self._named("secrets", "value-from")

    def _named(self, key: str, value: str) -> dict[str, Any]:
        run = self.content.get("run")
        items = run.get(key) if is_map(run) else None
        known = [each for each in items if is_map(each)] if is_list(items) else []
        return {str(each["name"]): each[value] for each in known if "name" in each and value in each}


def _misnamed(folder: Path) -> str | None:
    """Return the name of a file in a folder that is probably meant to be the apprunner.yaml."""
    names = sorted(each.name for each in folder.iterdir())
    return next((each for each in names if re.fullmatch(r"app[-_.]?runner\.ya?ml", each, re.IGNORECASE)), None)


def _yaml(indent: int = 2, offset: int = 0) -> Any:
    yaml: Any = YAML()
    yaml.preserve_quotes = True
    yaml.width = _UNLIMITED
    yaml.indent(mapping=2, sequence=indent, offset=offset)
    return yaml
