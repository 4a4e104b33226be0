"""The project's folder, as it stands and in copies that a test may spoil."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from pulumi_apprunner.testing import Graph, run_project

PROJECT = Path(__file__).parents[2]
_YAML = YAML(typ="safe", pure=True)

Said = Callable[..., Graph]


@pytest.fixture
def project() -> Path:
    """The folder of Pulumi.yaml."""
    return PROJECT


@pytest.fixture
def said(tmp_path: Path) -> Said:
    """Run the project's program with a stack file of the test's own: its keys, without the namespace."""
    shutil.copy(PROJECT / "Pulumi.yaml", tmp_path)
    shutil.copytree(PROJECT / "stacks", tmp_path / "stacks", ignore=shutil.ignore_patterns("__pycache__"))

    def run(settings: Mapping[str, Any], *, stack: str = "staging", raw: Mapping[str, Any] | None = None) -> Graph:
        config = {f"storefront:{key}": value for key, value in settings.items()}
        with (tmp_path / f"Pulumi.{stack}.yaml").open("w") as file:
            _YAML.dump({"config": {"aws:region": "eu-west-1", **config, **(raw or {})}}, file)
        return run_project(tmp_path, stack)

    return run
