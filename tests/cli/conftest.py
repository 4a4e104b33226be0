"""Projects to plan."""

from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

import fake_github
from shop import SERVICE, Shop


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], Shop]:
    """Return how to make a project out of its program, in which `service(name, ...)` makes a service."""

    def make(text: str) -> Shop:
        shop = Shop(tmp_path / "shop")
        shop.write("Pulumi.yaml", "name: shop\nruntime: python\n")
        shop.write("Pulumi.dev.yaml", "config: {'aws:region': eu-west-1}\n")
        shop.write("parts.py", SERVICE)
        shop.write("__main__.py", "from parts import *\n" + dedent(text))
        return shop

    return make


@pytest.fixture
def github() -> Iterator[fake_github.GitHub]:
    """Return a fake of GitHub with one pull request."""
    with fake_github.serve() as fake:
        yield fake
