"""A Pulumi project on disk: Pulumi.yaml, its stacks' files, and its program."""

import importlib
import importlib.util
import os
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from pulumi_apprunner.offline.config.configuration import Configuration, Declaration, ProjectError, fits, merged
from pulumi_apprunner.offline.config.yaml import YamlError, read_yaml
from pulumi_apprunner.offline.config.yaml_scalars import Timestamp
from pulumi_apprunner.offline.values import is_map, mapped

_NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_ENDS = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Project:
    """What Pulumi.yaml says."""

    file: Path
    name: str
    main: Path
    """The program's directory, or its file where that is named."""
    stack_directory: Path
    declared: Sequence[Declaration]

    @property
    def root(self) -> Path:
        return self.file.parent

    @property
    def stacks(self) -> dict[str, Path]:
        """The stacks' files by the stacks' names, sorted."""
        files = sorted(path for path in self.stack_directory.glob("Pulumi.*") if path.name not in _NAMES)
        return {path.stem.removeprefix("Pulumi."): path for path in files if path.suffix in _ENDS}

    def stack(self, name: str | None) -> str:
        """Return the name of the stack that is meant, without its organization; ProjectError where there is none."""
        stacks = self.stacks
        there = ", ".join(stacks) or f"none: there is no Pulumi.<stack>.yaml in {self.stack_directory}"
        if name is None:
            if len(stacks) == 1:
                return next(iter(stacks))
            raise ProjectError(
                f"{self.name}: which stack? There are {there}" if stacks else f"{self.name} has no stack"
            )
        short = name.rpartition("/")[2]
        if short not in stacks:
            raise ProjectError(f"{self.name} has no stack '{short}'; there are {there}")
        return short

    def configuration(self, stack: str, overrides: Mapping[str, Any]) -> Configuration:
        """Return a stack's configuration; ProjectError where it is not as Pulumi.yaml declares."""
        file = self.stacks[stack]
        content = _mapping(file, read_yaml(file) or {})
        given = {**_mapping(file, content.get("config") or {}, "config"), **overrides}
        messages: tuple[str, ...] = ()
        hint = ""
        if content.get("environment"):
            what = f"{file.name}: its ESC environment is not read offline"
            messages, hint = (f"warning: {what}",), f" ({what})"
        config = merged(self.name, stack, self.declared, given, file.name, hint)
        return Configuration(config.values, config.secret_keys, messages)


def find(directory: Path) -> Project:
    """Return the project that a directory belongs to: the one of the nearest Pulumi.yaml, upwards.

    Raises:
        ProjectError: There is none, it cannot be read, it is not in Python, or what it says is wrong.
    """
    start = directory.resolve()
    if not start.is_dir():
        raise ProjectError(f"{directory}: there is no such directory")
    files = (folder / name for folder in (start, *start.parents) for name in _NAMES)
    file = next((path for path in files if path.is_file()), None)
    if file is None:
        raise ProjectError(f"no Pulumi.yaml in {start} or a directory above it")
    try:
        return _project(file, _mapping(file, read_yaml(file)))
    except YamlError as error:
        raise ProjectError(str(error)) from None


def _project(file: Path, content: Mapping[str, Any]) -> Project:
    name = content.get("name")
    if not isinstance(name, str) or not name:
        raise ProjectError(f"{file}: project is missing a 'name' attribute")
    runtime = content.get("runtime")
    language = runtime.get("name") if is_map(runtime) else runtime
    if language != "python":
        raise ProjectError(
            f"{file}: the runtime is {language!r}; only Python programs can be run without the Pulumi CLI"
        )
    config: Any = content.get("config") or {}
    old_directory = config if isinstance(config, str) else None
    main = file.parent / str(content.get("main") or ".")
    if not main.exists():
        raise ProjectError(f"{file}: project 'main' could not be read: there is no {main}")
    return Project(
        file=file,
        name=name,
        main=main.resolve(),
        stack_directory=(file.parent / str(content.get("stackConfigDir") or old_directory or ".")).resolve(),
        declared=_declared(file, name, {} if old_directory else _mapping(file, config, "config")),
    )


def _declared(file: Path, project: str, config: Mapping[str, Any]) -> list[Declaration]:
    declared: list[Declaration] = []
    problems: list[str] = []
    for key, given in config.items():
        own = ":" not in key or key.startswith(f"{project}:")
        word = "default" if own else "value"
        fields = given if is_map(given) else {word: given}
        if isinstance(given, Timestamp | float):
            problems.append(
                f"config.{key}: must be a string, an integer, a boolean or a list, got {given}. "
                f"Quote it, or write {{{word}: ...}}"
            )
        names = ("type", "items", "default", "value", "secret")
        each = Declaration(key, **{name: fields[name] for name in names if name in fields})
        problems += _declaration_problems(each, own)
        declared.append(replace(each, default=_from_json(each.default), value=_from_json(each.value)))
    if problems:
        raise ProjectError(
            "\n".join([f"{file}: wrong declarations of configuration", *(f"  {each}" for each in problems)])
        )
    return declared


def _from_json(value: Any) -> Any:
    """Return a value of Pulumi.yaml, which the CLI reads by way of JSON: times and large integers change there."""

    def leaf(each: Any) -> Any:
        if isinstance(each, Timestamp):
            return each.rfc3339
        return float(each) if isinstance(each, int) and not isinstance(each, bool) and each >= 2**63 else each

    return mapped(value, leaf)


def _declaration_problems(declared: Declaration, own: bool) -> Iterator[str]:
    key, type = declared.key, declared.type
    if declared.default is not None and declared.value is not None:
        yield f"project config '{key}' cannot have both a 'default' and 'value' attribute"
    if not own:
        if type is not None:
            yield f"Configuration key '{key}' is not namespaced by the project and should not define a type"
        if declared.default is not None:
            yield (
                f"Configuration key '{key}' is not namespaced by the project and should not define a default value. "
                "Did you mean to use the 'value' attribute instead of 'default'?"
            )
        elif declared.value is None:
            yield f"Configuration key '{key}' is namespaced and must provide an attribute 'value'"
    elif type is not None and type not in ("string", "integer", "boolean", "array", "object"):
        yield f"configuration key '{key}' is of type '{type}'; there are string, integer, boolean, array and object"
    elif type == "array" and declared.items is None:
        yield (
            f"The configuration key '{key}' declares an array "
            "but does not specify the underlying type via the 'items' attribute"
        )
    elif type is not None and declared.default is not None and not _default_fits(declared):
        yield (
            f"The default value specified for configuration key '{key}' "
            f"is not of the expected type '{declared.type_name}'"
        )


def _default_fits(declared: Declaration) -> bool:
    return fits(declared, declared.default) and not isinstance(declared.default, Timestamp)


def _mapping(file: Path, value: Any, what: str = "the file") -> Mapping[str, Any]:
    if not is_map(value):
        raise ProjectError(f"{file}: {what} should be a map")
    return value


@contextmanager
def running(main: Path) -> Generator[None]:
    """Put the process where `pulumi up` runs a program; afterwards all is as it was, and its own modules are gone.

    A program's own modules are those that stand in its directory; others of those names step aside meanwhile.
    """
    directory = main if main.is_dir() else main.parent
    importlib.invalidate_caches()
    path, argv, modules, before = sys.path[:], sys.argv[:], dict(sys.modules), os.getcwd()
    own = _own_names(directory, modules)
    aside = {name for name in modules if _top(name) in own}
    for name in aside:
        del sys.modules[name]
    if main.is_dir():
        sys.path.insert(0, str(directory))
    sys.argv[:] = ["." if main.is_dir() else main.name]
    os.chdir(directory)
    try:
        yield
    finally:
        os.chdir(before)
        sys.argv[:], sys.path[:] = argv, path
        for name in [name for name in sys.modules if name not in modules or name in aside]:
            if name in aside or _is_own(_top(name), directory, path):
                del sys.modules[name]
        sys.modules.update({name: modules[name] for name in aside})


def execute(main: Path) -> None:
    """Run a program's `__main__.py`, or the file that it is, as the module `__main__`."""
    file = main / "__main__.py" if main.is_dir() else main
    if not file.is_file():
        raise ProjectError(f"unable to find main python program `__main__.py` in `{main}`")
    spec = importlib.util.spec_from_file_location("__main__", file)
    if spec is None or spec.loader is None:
        raise ProjectError(f"{file}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = module
    try:
        spec.loader.exec_module(module)
    finally:
        sys.modules["__main__"] = caller


def _top(name: str) -> str:
    return name.partition(".")[0]


def _own_names(directory: Path, loaded: Mapping[str, ModuleType]) -> set[str]:
    """Return the names of loaded modules that the program's directory has modules of."""
    ours = _top(__name__)
    names = {_top(name) for name in loaded} - {ours, "__main__"} - sys.stdlib_module_names
    files = {path.stem for path in directory.glob("*.py")} | {
        path.parent.name for path in directory.glob("*/__init__.py")
    }
    return {name for name in names & files if PathFinder.find_spec(name, [str(directory)])}


def _is_own(name: str, directory: Path, path: Sequence[str]) -> bool:
    """Tell whether a module was found in the program's directory, by way of what the program added to sys.path."""
    module = sys.modules.get(name)
    places = list(getattr(module, "__path__", None) or []) or [getattr(module, "__file__", None)]
    if not places[0]:
        return False
    parent = Path(places[0]).resolve().parent
    return parent.is_relative_to(directory) and str(parent) not in {str(Path(each).resolve()) for each in path}
