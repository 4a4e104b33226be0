"""A Pulumi project on disk: Pulumi.yaml, its stack files, and its program."""

import difflib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from pulumi_apprunner.offline.config.configuration import (
    Configuration,
    Declaration,
    ProjectError,
    merge_configuration,
)
from pulumi_apprunner.offline.config.declarations import read_declarations
from pulumi_apprunner.offline.config.stack_file import StackFile
from pulumi_apprunner.offline.config.yaml import read_yaml
from pulumi_apprunner.offline.values import describe, is_map

_NAMES = ("Pulumi.yaml", "Pulumi.yml", "Pulumi.json")
_SUFFIXES = (".yaml", ".yml", ".json")
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_KEYS = (
    "name", "description", "author", "website", "license", "runtime", "main", "config", "stackConfigDir", "backend",
    "options", "template", "packages", "plugins",
)  # fmt: skip
"""Keys of a project file. Pulumi ignores others."""


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
            raise ProjectError(f"{self.name}: a stack is required. Name one (--stack): {', '.join(stacks)}")
        short = next(iter(stacks)) if name is None else name.rpartition("/")[2]
        if short not in stacks:
            raise ProjectError(f"{self.name} has no stack '{short}'. Stacks: {', '.join(stacks)}")
        return short

    def configuration(self, stack: str, overrides: Mapping[str, Any]) -> Configuration:
        """Return a stack's configuration; raise ProjectError if it does not match the declarations in Pulumi.yaml."""
        file = self.stacks[stack]
        content = StackFile.read(file)
        messages, hint = tuple(content.messages), ""
        if content.environment:
            warning = f"{file.name}: its ESC environment is not read offline"
            messages, hint = (*messages, f"warning: {warning}"), f" ({warning})"
        values = {**content.config, **overrides}
        config = merge_configuration(self.name, stack, self.declarations, values, file.name, hint)
        return Configuration(config.values, config.secret_keys, messages)


def find_project(directory: Path) -> Project:
    """Return the project of a directory: the nearest Pulumi.yaml in it or in a parent directory.

    Raises:
        ProjectError: There is no Pulumi.yaml, it cannot be read or is invalid, or the runtime is not Python.
    """
    start = directory.resolve()
    if not start.is_dir():
        raise ProjectError(f"{directory}: must be a folder that exists")
    files = (folder / name for folder in (start, *start.parents) for name in _NAMES)
    file = next((path for path in files if path.is_file()), None)
    if file is None:
        raise ProjectError(
            f"no Pulumi.yaml in {start} or a parent directory. Run the command in a Pulumi project, or name one (--cwd)"
        )
    return _project(file, read_yaml(file))


def is_project(directory: Path) -> bool:
    """Return whether a directory contains a project file."""
    return any((directory / name).is_file() for name in _NAMES)


def _project(file: Path, content: Any) -> Project:
    if not is_map(content):
        raise ProjectError(f"{file}: must be a map with the keys name and runtime, got {describe(content)}")
    config: Any = content.get("config")
    old_directory = config if isinstance(config, str) else None
    name = content.get("name")
    declared: Mapping[str, Any] = config if is_map(config) else {}
    declarations, declaration_errors = read_declarations(str(name), declared)
    main = file.parent / str(content.get("main") or ".")
    errors = [*_errors(content, main), *declaration_errors]
    if errors:
        raise ProjectError("\n".join([f"{file}: invalid project file", *(f"  {each}" for each in errors)]))
    return Project(
        file=file,
        name=str(name),
        main=main.resolve(),
        stack_directory=(file.parent / str(content.get("stackConfigDir") or old_directory or ".")).resolve(),
        declarations=declarations,
    )


def _errors(content: Mapping[str, Any], main: Path) -> Iterator[str]:
    """Yield the errors of all keys but `config`."""
    name, runtime, config = (content.get(key) for key in ("name", "runtime", "config"))
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"name: must be letters, digits, hyphens, underscores and periods, got {describe(name)}"
    language = runtime.get("name") if is_map(runtime) else runtime
    if language != "python":
        yield f"runtime: must be python, got {describe(language)}. Projects in other languages are not supported"
    if not main.exists():
        yield f"main: must be a folder or file that exists, got {describe(content.get('main'))}"
    if not (config is None or is_map(config) or isinstance(config, str)):
        yield f"config: must be a map of keys to declarations, got {describe(config)}"
    for key in content:
        if key not in _KEYS and (similar := difflib.get_close_matches(key, _KEYS, 1)):
            yield f"{key}: unknown key. Did you mean {similar[0]}?"


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
