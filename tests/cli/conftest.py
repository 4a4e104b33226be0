"""A temporary project and a fake of GitHub."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import fake_github
from shop import SERVICE, Shop


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Shop]:
    """Return a function that writes a project with a program, which may call `service(name, ...)`."""

    def write_project(text: str) -> Shop:
        shop = Shop(tmp_path / "shop")
        shop.write("Pulumi.yaml", "name: shop\nruntime: python\n")
        shop.write("Pulumi.dev.yaml", "config: {'aws:region': eu-west-1}\n")
        shop.write("parts.py", SERVICE)
        shop.write("__main__.py", "from parts import *\n" + dedent(text))
        return shop

    return write_project


@pytest.fixture
def github() -> Iterator[fake_github.GitHub]:
    """Return a fake of GitHub with one pull request."""
    with fake_github.serve() as fake:
        yield fake
