"""The public names and their documentation, the imports between modules, and their style."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import ModuleType

import pulumi
import pytest

import apprunner_facts
import pulumi_apprunner
from pulumi_apprunner import sdk, testing

COMPONENTS = Path(pulumi_apprunner.__file__).parents[1]
POLICIES = COMPONENTS.parent / "policies"

OURS = ("apprunner_facts", "pulumi_apprunner", "apprunner_policies")
OFFLINE = ("pulumi_apprunner.offline", "pulumi_apprunner.testing", "pulumi_apprunner.cli")


def modules(*parts: str) -> list[Path]:
    return sorted(COMPONENTS.joinpath(*parts).rglob("*.py"))


FACTS = modules("apprunner_facts")
ARGS = modules("pulumi_apprunner", "args")
LIBRARY = [
    module
    for module in modules("pulumi_apprunner")
    if module.relative_to(COMPONENTS).parts[1] not in ("args", "offline", "testing.py", "cli")
]
POLICY_MODULES = [POLICIES / "__main__.py", *sorted((POLICIES / "apprunner_policies").rglob("*.py"))]
GENERATED = COMPONENTS / "pulumi_apprunner" / "args" / "dicts"
EVERY = [*modules(), *POLICY_MODULES]


def imports(module: Path) -> Iterator[str]:
    """Yield the full name of each import in a module, also within functions."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def within(name: str, *packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def path_of(module: Path) -> str:
    return str(module.relative_to(COMPONENTS.parent))


# Public names


@pytest.mark.parametrize("package", [pulumi_apprunner, testing], ids=lambda package: package.__name__)
def test_all_contains_every_public_name(package: ModuleType) -> None:
    public = {
        name for name, value in vars(package).items() if not name.startswith("_") and not isinstance(value, ModuleType)
    }
    assert set(package.__all__) == public


@pytest.mark.parametrize("package", [pulumi_apprunner, testing], ids=lambda package: package.__name__)
def test_all_is_sorted_without_duplicates(package: ModuleType) -> None:
    assert len(set(package.__all__)) == len(package.__all__)
    assert sorted(package.__all__, key=lambda name: (not name.isupper(), name)) == list(package.__all__)


def test_every_class_of_arguments_is_public() -> None:
    from pulumi_apprunner.args import (
        alarms,
        container,
        delivery,
        domain,
        egress,
        endpoint,
        firewall,
        fleet,
        ingress,
        lifecycle,
        monitoring,
        repository,
        scaling,
        schedule,
        secrets,
        service,
        source,
        split,
        topic,
    )

    modules = (
        alarms,
        container,
        domain,
        egress,
        endpoint,
        firewall,
        fleet,
        ingress,
        lifecycle,
        monitoring,
        schedule,
        secrets,
        service,
        source,
    )
    classes_of_arguments = {
        name
        for module in (*modules, delivery, repository, scaling, split, topic)
        for name, value in vars(module).items()
        if inspect.isclass(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }
    bases = {
        "DeliverySettings",
        "DomainSettings",
        "FirewallSettings",
        "MonitoringSettings",
        "PauseSettings",
        "RepositorySettings",
        "ServiceSettings",
        "TopicSettings",
    }  # shared by a component and a Fleet
    assert classes_of_arguments - bases <= set(pulumi_apprunner.__all__)


def test_every_component_has_its_class_name_as_type() -> None:
    public = [getattr(pulumi_apprunner, name) for name in pulumi_apprunner.__all__]
    components = [each for each in public if inspect.isclass(each) and issubclass(each, pulumi.ComponentResource)]
    assert len(components) >= 5
    for component in components:
        assert f'"apprunner:index:{component.__name__}"' in inspect.getsource(component)


# Documentation


def test_the_page_of_arguments_lists_every_public_class_of_arguments() -> None:
    page = (COMPONENTS.parent / "docs" / "arguments.md").read_text(encoding="utf-8")
    sections = {line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")}
    public = {name for name in pulumi_apprunner.__all__ if is_dataclass(getattr(pulumi_apprunner, name))}
    assert sections == public


def test_the_packages_docstring_names_the_public_namespaces() -> None:
    assert "`pulumi_apprunner.testing`" in (inspect.getdoc(pulumi_apprunner) or "")


def undocumented(body: list[ast.stmt]) -> Iterator[str]:
    """Yield the public annotated names of a class that have no docstring."""
    for statement, after in zip(body, [*body[1:], ast.Pass()], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            documented = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
            if not documented and not statement.target.id.startswith("_"):
                yield statement.target.id


def classes(module: Path) -> Iterator[ast.ClassDef]:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef) and not node.name.startswith("_"))


@pytest.mark.parametrize("module", [*ARGS, *LIBRARY], ids=path_of)
def test_every_field_and_attribute_of_a_public_class_has_a_docstring(module: Path) -> None:
    public = [each for each in classes(module) if each.name in pulumi_apprunner.__all__]
    missing = [f"{each.name}.{name}" for each in public for name in undocumented(each.body)]
    assert missing == []


@pytest.mark.parametrize("name", pulumi_apprunner.__all__)
def test_every_public_class_has_a_docstring(name: str) -> None:
    public = getattr(pulumi_apprunner, name)
    doc = inspect.getdoc(public) or ""
    assert doc.partition("\n\n")[0].strip().endswith((".", ":"))
    assert not doc.startswith(f"{name}("), "dataclass generates this docstring if there is none"


@pytest.mark.parametrize("model", [pulumi_apprunner.Scaling, pulumi_apprunner.AppRunnerServiceArgs])
@pytest.mark.parametrize("by_alias", [True, False])
def test_the_json_schema_has_the_docstrings_of_fields(model: type, by_alias: bool) -> None:
    import pydantic

    schema = pydantic.TypeAdapter(model).json_schema(by_alias=by_alias)
    properties = schema["properties"] if "properties" in schema else schema["$defs"][model.__name__]["properties"]
    descriptions = [each.get("description") for each in properties.values()]
    assert len(descriptions) == len(fields(model))
    assert all(descriptions)


@pytest.mark.parametrize("module", EVERY, ids=path_of)
def test_every_module_has_a_docstring(module: Path) -> None:
    text = module.read_text(encoding="utf-8")
    assert not text.strip() or module.stem == "__main__" or ast.get_docstring(ast.parse(text))


# Imports


@pytest.mark.parametrize("module", FACTS, ids=path_of)
def test_facts_import_only_the_standard_library(module: Path) -> None:
    for name in imports(module):
        assert within(name, "apprunner_facts") or not within(
            name, *OURS, "pulumi", "pulumi_aws", "pydantic", "botocore"
        )


@pytest.mark.parametrize("module", ARGS, ids=path_of)
def test_args_import_only_facts_and_the_private_sdk_parts(module: Path) -> None:
    for name in imports(module):
        assert not within(name, "pulumi_aws")
        assert not within(name, *OURS) or within(
            name, "apprunner_facts", "pulumi_apprunner.args", "pulumi_apprunner.sdk"
        )


def test_sdk_imports_no_other_module_of_ours() -> None:
    assert not [name for name in imports(Path(sdk.__file__)) if within(name, *OURS)]


@pytest.mark.parametrize("module", LIBRARY, ids=path_of)
def test_components_do_not_import_the_offline_engine_the_cli_and_the_policies(module: Path) -> None:
    for name in imports(module):
        assert not within(name, *OFFLINE, "apprunner_policies")


@pytest.mark.parametrize("module", LIBRARY, ids=path_of)
def test_components_do_not_import_each_other(module: Path) -> None:
    components = (
        "service",
        "egress",
        "endpoint",
        "ingress",
        "domain",
        "secrets",
        "schedule",
        "scaling",
        "repository",
        "delivery",
        "topic",
        "firewall",
        "monitoring",
    )
    component = module.stem if module.parent.name == "pulumi_apprunner" else module.parent.name
    if component in components:
        others = [f"pulumi_apprunner.{other}" for other in components if other != component]
        assert not [name for name in imports(module) if within(name, *others)]


@pytest.mark.parametrize("module", POLICY_MODULES, ids=path_of)
def test_policies_do_not_import_components(module: Path) -> None:
    for name in imports(module):
        assert not within(name, "pulumi_apprunner", "pulumi_aws")


# Style


@pytest.mark.parametrize("module", EVERY, ids=path_of)
def test_annotations_are_objects_and_not_strings(module: Path) -> None:
    """Pulumi's schema inference fails on a module with `from __future__ import annotations`."""
    assert "__future__.annotations" not in set(imports(module))


def test_no_module_has_a_generic_name() -> None:
    assert not [module for module in EVERY if module.stem in ("utils", "util", "common", "helpers", "misc")]


@pytest.mark.parametrize("module", [each for each in EVERY if each.parent != GENERATED], ids=path_of)
def test_a_module_has_about_three_hundred_lines_at_most(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= 330


@pytest.mark.parametrize("package", [apprunner_facts, pulumi_apprunner], ids=lambda package: package.__name__)
def test_the_packages_are_typed(package: ModuleType) -> None:
    assert Path(str(package.__file__)).with_name("py.typed").exists()


def test_the_library_is_imported_without_a_warning() -> None:
    """Tests that treat warnings as errors can import it."""
    import subprocess
    import sys

    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import pulumi_apprunner"], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr[-400:]
