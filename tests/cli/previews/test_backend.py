"""The stacks of pull requests through the Automation API, with a fake of the Pulumi CLI."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pulumi
import pytest

from pulumi_apprunner.cli.previews.backend import Backend, InUseError, Listed
from pulumi_apprunner.offline.project import find_project

_HISTORY = [
    {
        "kind": "destroy",
        "startTime": "2026-11-27T05:00:00.000Z",
        "message": "",
        "environment": {},
        "config": {},
        "result": "succeeded",
    }
]
_SCRIPT = """#!/bin/sh
[ "$1" != --non-interactive ] || shift
echo "$@" >>"{log}"
case "$1 $2" in
  "version ") echo v3.272.0 ;;
  "stack ls") cat "{folder}/stacks.json" ;;
  "stack history") cat "{folder}/history.json" ;;
  "destroy "*)
    if [ -s "{folder}/errors" ]; then
      head -n 1 "{folder}/errors" >&2
      sed -i 1d "{folder}/errors"
      exit 255
    fi ;;
esac
"""
LOCKED = "error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end"
IN_USE = "error: deleting AutoScalingConfiguration: InvalidRequestException: It's used by one or more services"


class FakeCli:
    """A `pulumi` that lists stacks, and whose `destroy` fails with the given errors, one for each run."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._log = folder, folder / "log"
        (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
        (folder / "history.json").write_text(json.dumps(_HISTORY))
        file = folder / "pulumi"
        file.write_text(_SCRIPT.format(log=self._log, folder=folder))
        file.chmod(0o755)
        self.has_stacks([])
        self.fails_with([])

    def has_stacks(self, stacks: Sequence[dict[str, object]]) -> None:
        (self._folder / "stacks.json").write_text(json.dumps([{"current": False, **each} for each in stacks]))

    def fails_with(self, errors: Sequence[str]) -> None:
        (self._folder / "errors").write_text("".join(f"{each}\n" for each in errors))

    def calls(self, word: str) -> list[str]:
        return [each for each in self._log.read_text().splitlines() if each.startswith(word)]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCli:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return FakeCli(tmp_path)


@pytest.fixture
def backend(cli: FakeCli, tmp_path: Path) -> Backend:
    return Backend(find_project(tmp_path))


def test_only_stacks_of_pull_requests_are_listed_by_number(cli: FakeCli, backend: Backend) -> None:
    cli.has_stacks(
        [
            {"name": "prod"},
            {"name": "acme/shop/pr-12", "updateInProgress": True},
            {"name": "pr-7"},
            {"name": "pr-new"},
        ]
    )
    assert backend.stacks() == [Listed("pr-7", 7, False), Listed("acme/shop/pr-12", 12, True)]


def test_an_unreleased_profile_is_an_error_of_its_own(cli: FakeCli, backend: Backend) -> None:
    cli.fails_with([IN_USE])
    with pytest.raises(InUseError, match="used by one or more services") as caught:
        backend.destroy("pr-7")
    assert caught.value.deleted == 0
    assert len(cli.calls("destroy")) == 1


def test_another_error_is_that_of_the_cli(cli: FakeCli, backend: Backend) -> None:
    cli.fails_with(["error: no credentials"])
    with pytest.raises(pulumi.RunError, match=r"^no credentials$") as caught:
        backend.destroy("pr-7")
    assert not isinstance(caught.value, InUseError)


def test_a_locked_stack_is_being_updated_or_its_update_was_killed(cli: FakeCli, backend: Backend) -> None:
    cli.fails_with([LOCKED])
    with pytest.raises(pulumi.RunError) as caught:
        backend.destroy("pr-7")
    assert str(caught.value) == (
        "an update is in progress. Run the command again when it has ended. If an update was killed and none is "
        "running, run `pulumi cancel --stack pr-7` first"
    )


def test_the_selected_stack_stays_selected(cli: FakeCli, backend: Backend) -> None:
    backend.destroy("pr-7")
    assert cli.calls("stack select") == []
    assert "--stack pr-7" in cli.calls("destroy")[0]
