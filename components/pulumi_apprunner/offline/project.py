"""A Pulumi project on disk: Pulumi.yaml, its stack files, and its program."""

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

from pulumi_apprunner.offline.config.configuration import (
    Configuration,
    Declaration,
    ProjectError,
    has_declared_type,
    merge_configuration,
)
from pulumi_apprunner.offline.config.yaml import YamlError, read_yaml
from pulumi_apprunner.offline.config.yaml_scalars import Timestamp
from pulumi_apprunner.offline.values import is_map, map_leaves

_NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_SUFFIXES = (".yaml", ".yml", ".json")


@dataclass(frozen=True)
class Project:
    """The content of Pulumi.yaml."""

    file: Path
    name: str
    main: Path
    """The program's directory, or its file if `main` names one."""
    stack_directory: Path
    declarations: Sequence[Declaration]

    @property
    def root(self) -> Path:
        return self.file.parent

    @property
    def stacks(self) -> dict[str, Path]:
        """The stack files by stack name, sorted."""
        files = sorted(path for path in self.stack_directory.glob("Pulumi.*") if path.name not in _NAMES)
        return {path.stem.removeprefix("Pulumi."): path for path in files if path.suffix in _SUFFIXES}

    def resolve_stack(self, name: str | None) -> str:
        """Return a stack's name without the organization; the only stack's name for None.

        Raises:
            ProjectError: The stack does not exist, or the name is None and the project does not have exactly one stack.
        """
        stacks = self.stacks
        if not stacks:
            raise ProjectError(
                f"{self.name} has no stack: {self.stack_directory} contains no Pulumi.<stack>.yaml. Create one, for "
                f"example with `pulumi config set aws:region eu-west-1 --stack {name or 'dev'}`"
            )
        if name is None and len(stacks) > 1:
            raise ProjectError(f"{self.name}: a stack is required. Stacks: {', '.join(stacks)}")
        short = next(iter(stacks)) if name is None else name.rpartition("/")[2]
        if short not in stacks:
            raise ProjectError(f"{self.name} has no stack '{short}'. Stacks: {', '.join(stacks)}")
        return short

    def configuration(self, stack: str, overrides: Mapping[str, Any]) -> Configuration:
        """Return a stack's configuration; raise ProjectError if it does not match the declarations in Pulumi.yaml."""
        file = self.stacks[stack]
        content = _mapping(file, read_yaml(file) or {})
        values = {**_mapping(file, content.get("config") or {}, "config"), **overrides}
        messages: tuple[str, ...] = ()
        hint = ""
        if content.get("environment"):
            warning = f"{file.name}: its ESC environment is not read offline"
            messages, hint = (f"warning: {warning}",), f" ({warning})"
        config = merge_configuration(self.name, stack, self.declarations, values, file.name, hint)
        return Configuration(config.values, config.secret_keys, messages)


def find_project(directory: Path) -> Project:
    """Return the project of a directory: the nearest Pulumi.yaml in it or in a parent directory.

    Raises:
        ProjectError: There is no Pulumi.yaml, it cannot be read or is invalid, or the runtime is not Python.
    """
    start = directory.resolve()
    if not start.is_dir():
        raise ProjectError(f"{directory}: not a directory")
    files = (folder / name for folder in (start, *start.parents) for name in _NAMES)
    file = next((path for path in files if path.is_file()), None)
    if file is None:
        raise ProjectError(f"no Pulumi.yaml in {start} or a parent directory")
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
            f"{file}: runtime must be python, got {language!r}. Other languages cannot run without the Pulumi CLI"
        )
    config: Any = content.get("config") or {}
    old_directory = config if isinstance(config, str) else None
    main = file.parent / str(content.get("main") or ".")
    if not main.exists():
        raise ProjectError(f"{file}: main: {main} does not exist")
    return Project(
        file=file,
        name=name,
        main=main.resolve(),
        stack_directory=(file.parent / str(content.get("stackConfigDir") or old_directory or ".")).resolve(),
        declarations=_declarations(file, name, {} if old_directory else _mapping(file, config, "config")),
    )


def _declarations(file: Path, project: str, config: Mapping[str, Any]) -> list[Declaration]:
    declarations: list[Declaration] = []
    errors: list[str] = []
    for key, entry in config.items():
        own = ":" not in key or key.startswith(f"{project}:")
        word = "default" if own else "value"
        fields = entry if is_map(entry) else {word: entry}
        if isinstance(entry, Timestamp | float):
            errors.append(
                f"config.{key}: must be a string, an integer, a boolean or a list, got {entry}. "
                f"Quote it, or write {{{word}: ...}}"
            )
        names = ("type", "items", "default", "value", "secret")
        each = Declaration(key, **{name: fields[name] for name in names if name in fields})
        errors += _declaration_errors(each, own)
        declarations.append(replace(each, default=_from_json(each.default), value=_from_json(each.value)))
    if errors:
        raise ProjectError(
            "\n".join([f"{file}: invalid configuration declarations", *(f"  {each}" for each in errors)])
        )
    return declarations


def _from_json(value: Any) -> Any:
    """Return a value of Pulumi.yaml as the CLI converts it to JSON: times and large integers change."""

    def leaf(each: Any) -> Any:
        if isinstance(each, Timestamp):
            return each.rfc3339
        return float(each) if isinstance(each, int) and not isinstance(each, bool) and each >= 2**63 else each

    return map_leaves(value, leaf)


def _declaration_errors(declaration: Declaration, own: bool) -> Iterator[str]:
    key, type = declaration.key, declaration.type
    if declaration.default is not None and declaration.value is not None:
        yield f"project config '{key}' cannot have both a 'default' and 'value' attribute"
    if not own:
        if type is not None:
            yield f"Configuration key '{key}' is not namespaced by the project and should not define a type"
        if declaration.default is not None:
            yield (
                f"Configuration key '{key}' is not namespaced by the project and should not define a default value. "
                "Did you mean to use the 'value' attribute instead of 'default'?"
            )
        elif declaration.value is None:
            yield f"Configuration key '{key}' is namespaced and must provide an attribute 'value'"
    elif type is not None and type not in ("string", "integer", "boolean", "array", "object"):
        yield (
            f"configuration key '{key}' has the invalid type '{type}'. "
            "Valid types: string, integer, boolean, array, object"
        )
    elif type == "array" and declaration.items is None:
        yield (
            f"The configuration key '{key}' declares an array "
            "but does not specify the underlying type via the 'items' attribute"
        )
    elif type is not None and declaration.default is not None and not _default_has_type(declaration):
        yield (
            f"The default value specified for configuration key '{key}' "
            f"is not of the expected type '{declaration.type_name}'"
        )


def _default_has_type(declaration: Declaration) -> bool:
    return has_declared_type(declaration, declaration.default) and not isinstance(declaration.default, Timestamp)


def _mapping(file: Path, value: Any, label: str = "the file") -> Mapping[str, Any]:
    if not is_map(value):
        raise ProjectError(f"{file}: {label} must be a map")
    return value


@contextmanager
def program_environment(main: Path) -> Generator[None]:
    """Set the working directory, `sys.path` and `sys.argv` as `pulumi up` does, and restore them afterwards.

    Modules in the program's directory are unloaded afterwards. Loaded modules with the same names are hidden meanwhile.
    """
    directory = main if main.is_dir() else main.parent
    importlib.invalidate_caches()
    path, argv, modules, before = sys.path[:], sys.argv[:], dict(sys.modules), os.getcwd()
    own = _own_names(directory, modules)
    hidden = {name for name in modules if _top_level(name) in own}
    for name in hidden:
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
        for name in [name for name in sys.modules if name not in modules or name in hidden]:
            if name in hidden or _is_own(_top_level(name), directory, path):
                del sys.modules[name]
        sys.modules.update({name: modules[name] for name in hidden})


def execute_main(main: Path) -> None:
    """Run a program's `__main__.py`, or its file, as the module `__main__`."""
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


def _top_level(name: str) -> str:
    return name.partition(".")[0]


def _own_names(directory: Path, loaded: Mapping[str, ModuleType]) -> set[str]:
    """Return the names of loaded modules that also exist in the program's directory."""
    library = _top_level(__name__)
    names = {_top_level(name) for name in loaded} - {library, "__main__"} - sys.stdlib_module_names
    files = {path.stem for path in directory.glob("*.py")} | {
        path.parent.name for path in directory.glob("*/__init__.py")
    }
    return {name for name in names & files if PathFinder.find_spec(name, [str(directory)])}


def _is_own(name: str, directory: Path, path: Sequence[str]) -> bool:
    """Return whether a module is below the program's directory, and not in a directory that was on sys.path before."""
    module = sys.modules.get(name)
    locations = list(getattr(module, "__path__", None) or []) or [getattr(module, "__file__", None)]
    if not locations[0]:
        return False
    parent = Path(locations[0]).resolve().parent
    return parent.is_relative_to(directory) and str(parent) not in {str(Path(each).resolve()) for each in path}
