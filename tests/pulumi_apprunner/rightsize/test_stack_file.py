"""Writing proposed settings into a stack file."""

from pathlib import Path

import pulumi
import pytest

from pulumi_apprunner.rightsize.stack_file import write_settings

ROOT = Path(__file__).parents[3]
LARGE = {"size": {"cpu": "4 vCPU", "memory": "12 GB"}}
SIZE = {"size": {"cpu": "0.5 vCPU", "memory": "1 GB"}}
FILE = """\
# Staging of the shop.
config:
  aws:region: eu-west-1
  shop:services:
    api: # the storefront's API
      image: {identifier: "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1.4.2"}
      size: {cpu: 1 vCPU, memory: 2 GB} # measured in May
      scaling:
        maxConcurrency: 80 # tested
        maxSize: 4
      domains:
        - {domainName: api.example.com}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "Pulumi.dev.yaml"
    path.write_text(FILE)
    return path


def test_only_the_settings_change(file: Path) -> None:
    written = write_settings(file, "shop", {"api": {**SIZE, "scaling": {"minSize": 1, "maxSize": 6}}})
    assert (list(written.services), list(written.missing), written.has_new_layout) == (["api"], [], False)
    expected = FILE.replace("{cpu: 1 vCPU, memory: 2 GB} #", "{cpu: 0.5 vCPU, memory: 1 GB} #")
    expected = expected.replace("maxSize: 4\n", "maxSize: 6\n        minSize: 1\n")
    assert file.read_text() == expected


def test_a_new_section_is_added_to_the_service(file: Path) -> None:
    pause = {"timezone": "UTC", "running": [{"days": "Mon-Fri", "start": "06:00", "end": "20:00"}]}
    write_settings(file, "shop", {"api": {"pause": pause}})
    assert file.read_text() == FILE + (
        "      pause:\n"
        "        timezone: UTC\n"
        "        running:\n"
        "          - days: Mon-Fri\n"
        '            start: "06:00"\n'
        '            end: "20:00"\n'
    )


def test_services_that_are_not_in_the_file_are_named_and_nothing_is_written(file: Path) -> None:
    written = write_settings(file, "shop", {"worker": SIZE})
    assert (list(written.services), list(written.missing)) == ([], ["worker"])
    assert file.read_text() == FILE


@pytest.mark.parametrize("text", ["config: {}\n", "config:\n  shop:services: {api: null}\n", "[]\n", ""])
def test_a_file_without_the_service_stays_as_it_is(file: Path, text: str) -> None:
    file.write_text(text)
    assert list(write_settings(file, "shop", {"api": SIZE}).missing) == ["api"]
    assert file.read_text() == text


def test_lists_without_indentation_keep_their_layout(file: Path) -> None:
    text = FILE.replace("        - {domainName", "      - {domainName")
    file.write_text(text)
    write_settings(file, "shop", {"api": SIZE})
    assert file.read_text() == text.replace("{cpu: 1 vCPU, memory: 2 GB}", "{cpu: 0.5 vCPU, memory: 1 GB}")


def test_a_new_layout_is_reported(file: Path) -> None:
    file.write_text(FILE.replace("config:\n", "config:   \n"))
    assert write_settings(file, "shop", {"api": SIZE}).has_new_layout


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_the_example_keeps_its_layout(tmp_path: Path, stack: str) -> None:
    text = (ROOT / f"Pulumi.{stack}.yaml").read_text()
    file = tmp_path / "Pulumi.yaml"
    file.write_text(text)
    assert not write_settings(file, "storefront", {"api": LARGE}).has_new_layout
    changed = [
        (old, new) for old, new in zip(text.splitlines(), file.read_text().splitlines(), strict=True) if old != new
    ]
    assert len(changed) == 1


@pytest.mark.parametrize(
    ("text", "message"), [("a: [", "must be YAML, got: "), (None, "must be a file that can be read")]
)
def test_an_unreadable_file_is_an_error(file: Path, text: str | None, message: str) -> None:
    file.unlink() if text is None else file.write_text(text)
    with pytest.raises(pulumi.RunError, match=message):
        write_settings(file, "shop", {"api": SIZE})
