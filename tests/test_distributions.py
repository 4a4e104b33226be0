"""The version, the metadata and the contents of the wheel and the sdist."""

import contextlib
import io
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from hatchling import build

ROOT = Path(__file__).parents[1]
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
STEM = f"pulumi_apprunner-{VERSION}"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()):
        return folder / build.build_wheel(str(folder))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdist")
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()):
        return folder / build.build_sdist(str(folder))


@pytest.fixture(scope="module")
def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        return Parser().parsestr(archive.read(f"{STEM}.dist-info/METADATA").decode())


def run_tool(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_only_pyproject_sets_the_version() -> None:
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    setting = re.compile(rf"""\bversion\w*["']?\s*[:=]+\s*["']?v?{re.escape(VERSION)}""", re.IGNORECASE)
    paths = [ROOT / each for each in files.stdout.splitlines()]
    setters = [each.name for each in paths if each.is_file() and setting.search(each.read_text())]
    assert setters == ["pyproject.toml"]


def test_the_changelog_begins_with_the_version() -> None:
    assert re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[0] == VERSION


def test_the_published_policy_pack_has_the_version(tmp_path: Path) -> None:
    result = run_tool("tools/policy_pack.py", str(tmp_path / "pack"))
    assert result.returncode == 0, result.stderr
    assert f"version: {VERSION}" in (tmp_path / "pack" / "PulumiPolicy.yaml").read_text().splitlines()


def test_the_metadata_has_the_version_and_links(metadata: Message) -> None:
    links = dict(each.split(", ") for each in metadata.get_all("Project-URL", ()))
    assert metadata["Version"] == VERSION
    assert sorted(links) == ["Changelog", "Documentation", "Homepage", "Issues", "Source"]
    assert all(each.startswith("https://example.com/pulumi-apprunner") for each in links.values())


def test_the_metadata_lists_the_supported_versions_of_python(metadata: Message) -> None:
    prefix = "Programming Language :: Python :: 3."
    supported = [each for each in metadata.get_all("Classifier", ()) if each.startswith(prefix)]
    assert supported == [f"{prefix}{minor}" for minor in (11, 12, 13, 14)]
    assert metadata["Requires-Python"] == ">=3.11"


def test_both_distributions_have_the_packages_the_license_and_the_readme(wheel: Path, sdist: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        files = archive.namelist()
    packages = {"apprunner_facts", "apprunner_local", "apprunner_policies", "pulumi_apprunner"}
    modules = {"pulumi_apprunner_cli.py", "pulumi_apprunner_pytest.py"}
    assert {each.split("/")[0] for each in files} == packages | modules | {f"{STEM}.dist-info"}
    assert f"{STEM}.dist-info/licenses/LICENSE" in files
    with tarfile.open(sdist) as archive:
        names = {each.removeprefix(f"{STEM}/") for each in archive.getnames()}
    assert {"LICENSE", "README.md", "pyproject.toml", "PKG-INFO"} <= names
    assert {each for each in files if each.startswith("apprunner_facts/")} <= {
        each.removeprefix("components/") for each in names
    }


def test_a_tag_with_another_version_is_an_error() -> None:
    result = run_tool("tools/distributions.py", "--tag", "v9.9.9")
    assert result.returncode == 1
    assert result.stderr == (
        f"tag: must be v{VERSION}, got v9.9.9. Tag the commit whose pyproject.toml has the version to release\n"
    )
