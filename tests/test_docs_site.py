"""The site: `make docs` builds it; a broken link, an unlisted page and a request to another host are failures."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pages import ROOT

SITE = Path(".build") / "site"


def build(*options: str, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mkdocs", "build", *options]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    process = build("--site-dir", str(folder))
    assert process.returncode == 0, process.stderr
    return folder


def test_the_site_contains_every_page(site: Path) -> None:
    pages = {page.relative_to(ROOT / "docs").with_suffix("") for page in (ROOT / "docs").rglob("*.md")}
    built = {page.parent.relative_to(site) for page in site.rglob("index.html")}
    assert {page for page in pages if page.name != "index"} == built - {Path()}


def test_the_site_loads_nothing_from_another_host(site: Path) -> None:
    loaded = re.findall(r'<(?:script|img|link rel="stylesheet")[^>]*(?:src|href)="(//|https?:)', _text(site))
    assert loaded == []


@pytest.mark.parametrize(
    "target", ["missing.md", "arguments.md#missing", "/arguments.md"], ids=["page", "anchor", "absolute"]
)
def test_a_broken_link_fails(target: str, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# Home\n\n[link]({target})\n")
    (tmp_path / "docs" / "arguments.md").write_text("# Arguments\n")
    settings = re.sub(r"^nav:\n(?:  .*\n)+", "", (ROOT / "mkdocs.yml").read_text(), flags=re.MULTILINE)
    (tmp_path / "mkdocs.yml").write_text(settings)
    process = build(cwd=tmp_path)
    assert process.returncode == 1
    assert f"'{target}'" in process.stderr


def test_git_ignores_the_site_and_links_of_the_readme_exist() -> None:
    assert ".build/" in (ROOT / ".gitignore").read_text().splitlines()
    linked = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / "README.md").read_text())
    assert [each for each in linked if not (ROOT / each).exists()] == []


def _text(site: Path) -> str:
    return "\n".join(page.read_text() for page in site.rglob("*.html"))
