"""Writing proposed settings into a stack file."""

from pathlib import Path
from typing import Any

import pulumi
import pytest
from ruamel.yaml import YAML

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


def services(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(file)["config"]["shop:services"]
    return found


SCALING = {"scaling": {"minSize": 1, "maxSize": 6}}
SERVICES = "config:\n  shop:environment: dev\n  shop:services:\n"
IMAGE = 'image: {identifier: "public.ecr.aws/example/api:1"}'
ARN = "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/shop/1/0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("key", "value"),
    [("scalingProfile", "shared"), ("scaling_profile", "shared"), ("autoScalingConfigurationArn", ARN)],
)
def test_a_scaling_profile_that_is_not_the_services_own_is_kept(file: Path, key: str, value: str) -> None:
    file.write_text(f"{SERVICES}    api:\n      {IMAGE}\n      {key}: {value}\n")
    written = write_settings(file, "shop", {"api": {**SIZE, **SCALING}})
    assert list(written.kept) == [f"api: scaling is not changed, because the service has {key}. Change that profile"]
    assert services(file)["api"].keys() == {"image", key, "size"}


def test_a_service_of_which_nothing_changes_is_not_named(file: Path) -> None:
    file.write_text(text := f"{SERVICES}    api:\n      {IMAGE}\n      scalingProfile: shared\n")
    assert list(write_settings(file, "shop", {"api": SCALING}).services) == []
    assert file.read_text() == text


def test_a_pause_that_is_not_deployed_yet_is_kept(file: Path) -> None:
    file.write_text(text := f"{SERVICES}    api:\n      pause: {{running: [{{days: Mon}}]}}\n")
    written = write_settings(file, "shop", {"api": {"pause": {"timezone": "UTC", "running": []}}})
    assert list(written.kept) == ["api: pause is not changed, because the file has one that is not deployed"]
    assert file.read_text() == text


def test_keys_in_snake_case_are_found(file: Path) -> None:
    file.write_text(f"{SERVICES}    api:\n      {IMAGE}\n      scaling:\n        min_size: 2\n        max_size: 3\n")
    write_settings(file, "shop", {"api": SCALING})
    assert services(file)["api"]["scaling"] == {"min_size": 1, "max_size": 6}


ANCHORS = {
    "a merged map": """\
x-worker: &w
  size: {cpu: 1 vCPU, memory: 2 GB}
  scaling: {maxConcurrency: 80}
config:
  shop:services:
    api:
      <<: *w
      isPubliclyAccessible: true
    web:
      <<: *w
""",
    "an alias of a section": """\
config:
  shop:services:
    api:
      size: &s {cpu: 1 vCPU, memory: 2 GB}
      scaling: &c {maxConcurrency: 80}
    web:
      size: *s
      scaling: *c
""",
    "an alias of a service": """\
config:
  shop:services:
    api: &a
      size: {cpu: 1 vCPU, memory: 2 GB}
      scaling: {maxConcurrency: 80}
    web: *a
""",
}


@pytest.mark.parametrize("service", ["api", "web"])
@pytest.mark.parametrize("text", ANCHORS.values(), ids=ANCHORS)
def test_a_shared_map_changes_for_the_named_service_only(file: Path, text: str, service: str) -> None:
    file.write_text(text)
    before = services(file)
    write_settings(file, "shop", {service: {**SIZE, **SCALING}})
    changed = {**before[service], **SIZE, "scaling": {"maxConcurrency": 80, "minSize": 1, "maxSize": 6}}
    assert services(file) == {**before, service: changed}


def test_proposals_that_make_the_file_invalid_are_not_written(file: Path) -> None:
    file.write_text(text := f"{SERVICES}    api:\n      {IMAGE}\n      size: {{cpu: 1 vCPU, memory: 2 GB}}\n")
    with pytest.raises(pulumi.RunError) as caught:
        write_settings(file, "shop", {"api": {"size": {"cpu": "4 vCPU"}}})
    assert str(caught.value).startswith("Pulumi.dev.yaml: not changed, because the proposals would make it invalid\n  ")
    assert "shop:services.api.size" in str(caught.value)
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
