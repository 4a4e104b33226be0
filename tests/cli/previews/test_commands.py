"""`apprunner previews list | check | remove` on stacks in a fake backend."""

import json
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pulumi
import pytest
from typer.testing import CliRunner, Result

from previewed import environment, fleet, resource, service
from pulumi_apprunner.cli.app import app
from pulumi_apprunner.cli.previews.backend import InUseError, Listed
from pulumi_apprunner.cli.previews.environments import Environment

TODAY = datetime.now(UTC).date()
OLD, NEW = (TODAY - timedelta(days=3)).isoformat(), (TODAY + timedelta(days=3)).isoformat()


@dataclass
class FakeBackend:
    """The stacks of a project in memory."""

    environments: dict[int, Environment] = field(default_factory=dict[int, Environment])
    fails: dict[int, Exception] = field(default_factory=dict[int, Exception])
    unreadable: set[int] = field(default_factory=set[int])
    more: list[Listed] = field(default_factory=list[Listed])
    calls: list[str] = field(default_factory=list[str])
    before_destroy: Callable[[], Any] = lambda: None

    def stacks(self) -> list[Listed]:
        return [Listed(each.stack, number, False) for number, each in sorted(self.environments.items())] + self.more

    def read(self, stack: Listed) -> Environment:
        if stack.number in self.unreadable:
            raise pulumi.RunError(f"{stack.name}: no state")
        return self.environments[stack.number]

    def preview_destroy(self, stack: str) -> Counter[str]:
        return Counter({"aws:apprunner/service:Service": 1, "aws:iam/role:Role": 2})

    def destroy(self, stack: str) -> int:
        self.calls.append(f"destroy {stack}")
        self.before_destroy()
        number = int(stack.removeprefix("pr-"))
        if number in self.fails:
            raise self.fails.pop(number)
        return 3

    def remove(self, stack: str) -> None:
        self.calls.append(f"remove {stack}")
        del self.environments[int(stack.removeprefix("pr-"))]


@pytest.fixture
def backend(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeBackend:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    monkeypatch.chdir(tmp_path)
    fake = FakeBackend({7: preview(7, OLD), 12: preview(12, NEW)})
    monkeypatch.setattr("pulumi_apprunner.cli.previews.command.Backend", lambda _: fake)
    return fake


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the seconds for which a removal waits."""
    seconds: list[float] = []
    monkeypatch.setattr("time.sleep", seconds.append)
    return seconds


def preview(number: int, expires: str, **more: Any) -> Environment:
    return environment(fleet(number, expires), service(**more), number=number)


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["previews", *words], catch_exceptions=False)


def test_list_prints_every_environment(backend: FakeBackend) -> None:
    backend.environments[12] = preview(12, NEW, protect=True)
    result = run("list")
    assert result.exit_code == 0
    assert "shop: 2 environments of pull requests" in result.stdout
    assert f"{OLD}, expired" in result.stdout
    assert f"{NEW}, in " in result.stdout
    assert "pr-12 cannot be removed: api-service is protected" in result.stdout
    listed = json.loads(run("list", "--json").stdout)
    assert listed["project"] == "shop"
    assert [(each["number"], each["expired"]) for each in listed["environments"]] == [(7, True), (12, False)]


def test_list_without_environments_is_not_an_error(backend: FakeBackend) -> None:
    backend.environments.clear()
    assert run("list").stdout == "shop: 0 environments of pull requests\n"
    assert json.loads(run("list", "--json").stdout)["environments"] == []


def test_list_prints_what_it_can_read_and_the_errors(backend: FakeBackend) -> None:
    backend.environments[13] = preview(13, NEW)
    backend.unreadable = {7, 13}
    result = run("list", "--json")
    assert result.exit_code == 2
    assert [each["number"] for each in json.loads(result.stdout)["environments"]] == [12]
    assert result.stderr == "error: pr-7: no state\nerror: pr-13: no state\n"


def test_stacks_are_read_at_the_same_time_and_printed_by_number(
    backend: FakeBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = threading.Barrier(2, timeout=10)

    def read(stack: Listed) -> Environment:
        both.wait()  # it fails unless two threads read
        return backend.environments[stack.number]

    monkeypatch.setattr(backend, "read", read)
    listed = json.loads(run("list", "--json").stdout)["environments"]
    assert [each["number"] for each in listed] == [7, 12]
    both.reset()
    assert run("remove", "7", "12", "--dry-run").stdout.startswith("pr-7  ")


def test_an_unreadable_environment_is_not_removed(backend: FakeBackend) -> None:
    backend.unreadable = {7}
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 1
    assert "pr-7 cannot be removed: pr-7: no state\n" in result.stdout
    assert backend.calls == ["destroy pr-12", "remove pr-12"]


def test_check_fails_when_the_limit_is_reached_by_others(backend: FakeBackend) -> None:
    assert run("check", "13", "--limit", "3").exit_code == 0
    assert run("check", "12", "--limit", "2").exit_code == 0
    refused = run("check", "13", "--limit", "2")
    assert refused.exit_code == 1
    assert refused.stderr == (
        "pull request 13: must wait, because 2 environments exist and the limit is 2: pr-7, pr-12. Close a pull "
        "request, or run `apprunner previews remove`\n"
    )


def test_remove_prints_what_it_would_delete_and_asks_first(backend: FakeBackend) -> None:
    dry = run("remove", "--expired", "--dry-run")
    assert dry.exit_code == 0
    assert dry.stdout == (
        f"pr-7  {OLD}, expired  delete 3 resources, and remove the stack\n  1 apprunner Service, 2 iam Role\n"
    )
    refused = run("remove", "--expired")
    assert refused.exit_code == 2
    assert "--yes is required to remove 1 environment without a terminal" in refused.stderr
    assert backend.calls == []


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("n\n", 2)])
def test_a_terminal_can_answer(backend: FakeBackend, monkeypatch: pytest.MonkeyPatch, answer: str, code: int) -> None:
    monkeypatch.setattr("pulumi_apprunner.cli.previews.command.is_interactive", lambda: True)
    result = CliRunner().invoke(app, ["previews", "remove", "7"], input=answer)
    assert result.exit_code == code
    assert bool(backend.calls) is (code == 0)


def test_remove_deletes_the_expired_ones_and_keeps_the_others(backend: FakeBackend) -> None:
    result = run("remove", "--expired", "--yes")
    assert result.exit_code == 0
    assert result.stdout.endswith("pr-7: deleted 3 resources, and removed the stack\n")
    assert backend.calls == ["destroy pr-7", "remove pr-7"]
    assert [*backend.environments] == [12]
    assert run("remove", "--expired", "--yes").stdout == "No environment has expired.\n"


def test_a_pull_request_without_an_environment_is_not_an_error(backend: FakeBackend) -> None:
    result = run("remove", "99", "--yes")
    assert result.exit_code == 0
    assert result.stderr == "pull request 99: has no environment\n"
    assert backend.calls == []


def test_an_empty_stack_is_removed_by_its_number(backend: FakeBackend) -> None:
    backend.environments[7] = replace(preview(7, OLD), entries=0, resources=0, expires=None)
    assert run("remove", "--expired", "--yes").stdout == "No environment has expired.\n"
    assert run("remove", "7", "--yes").exit_code == 0
    assert backend.calls == ["remove pr-7"]


def test_a_stack_whose_first_update_created_nothing_is_destroyed_too(backend: FakeBackend) -> None:
    backend.environments[7] = environment(fleet(7, OLD), number=7)  # `pulumi stack rm` would fail: it has components
    assert run("remove", "--expired", "--yes").exit_code == 0
    assert backend.calls == ["destroy pr-7", "remove pr-7"]


def test_stacks_of_several_organizations_are_not_removed(backend: FakeBackend) -> None:
    backend.more = [Listed("acme/pr-7", 7, False)]
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 1
    assert (
        "acme/pr-7 cannot be removed: pull request 7 has a stack in 2 organizations: pr-7, acme/pr-7. Use an access "
        "token of one organization"
    ) in " ".join(result.stdout.split())
    assert backend.calls == ["destroy pr-12", "remove pr-12"]


def test_what_stays_in_aws_is_printed(backend: FakeBackend) -> None:
    bucket = resource("aws:s3/bucket:Bucket", "reports", retainOnDelete=True)
    backend.environments[7] = environment(fleet(7, OLD), service(), bucket)
    assert "  reports: stays in AWS, because of retain_on_delete\n" in run("remove", "7", "--dry-run").stdout


def test_a_deletion_is_repeated_until_app_runner_has_released_the_profile(
    backend: FakeBackend, waits: list[float]
) -> None:
    backend.fails[7] = InUseError("it is used by one or more services", 2)
    result = run("remove", "7", "--yes")
    assert result.exit_code == 0
    assert result.stdout.endswith("pr-7: deleted 5 resources, and removed the stack\n")
    assert waits == [60.0]
    assert backend.calls == ["destroy pr-7", "destroy pr-7", "remove pr-7"]


def test_it_is_repeated_twice_at_most(backend: FakeBackend, waits: list[float]) -> None:
    error = InUseError("it is used by one or more services", 0)
    backend.before_destroy = lambda: backend.fails.update({7: error})
    result = run("remove", "7", "--yes")
    assert result.exit_code == 1
    assert "pr-7: not removed: it is used by one or more services\n" in result.stdout
    assert waits == [60.0] * 2
    assert backend.calls == ["destroy pr-7"] * 3


def test_an_environment_that_is_updated_during_the_wait_is_kept(
    backend: FakeBackend, waits: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    backend.fails[7] = InUseError("it is used by one or more services", 0)
    monkeypatch.setattr("time.sleep", lambda _: backend.environments.update({7: preview(7, NEW)}))
    result = run("remove", "--expired", "--yes")
    assert f"pr-7: kept, because it now expires on {NEW}\n" in result.stdout
    assert backend.calls == ["destroy pr-7"]


def test_ctrl_c_while_it_fails_does_not_repeat_the_deletion(backend: FakeBackend, waits: list[float]) -> None:
    backend.fails[7] = InUseError("it is used by one or more services", 0)
    backend.before_destroy = lambda: os.kill(os.getpid(), signal.SIGINT)
    assert run("remove", "7", "--yes").exit_code == 130
    assert backend.calls == ["destroy pr-7"]


def test_a_protected_environment_is_refused_and_the_others_are_removed(backend: FakeBackend) -> None:
    backend.environments[7] = preview(7, OLD, protect=True)
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 1
    assert "pr-7 cannot be removed: api-service is protected" in result.stdout
    assert backend.calls == ["destroy pr-12", "remove pr-12"]


def test_a_failure_does_not_stop_the_others_and_keeps_the_stack(backend: FakeBackend) -> None:
    backend.fails[7] = pulumi.RunError("no credentials")
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 1
    assert "pr-7: not removed: no credentials\n" in result.stdout
    assert backend.calls == ["destroy pr-7", "destroy pr-12", "remove pr-12"]


def test_an_expiry_that_moves_meanwhile_keeps_the_environment(backend: FakeBackend) -> None:
    backend.environments[8] = preview(8, OLD)
    backend.before_destroy = lambda: backend.environments.update({8: preview(8, NEW)})
    result = run("remove", "--expired", "--yes")
    assert result.exit_code == 0
    assert f"pr-8: kept, because it now expires on {NEW}\n" in result.stdout
    assert backend.calls == ["destroy pr-7", "remove pr-7"]


def test_an_update_since_the_plan_keeps_an_environment_that_is_named_too(backend: FakeBackend) -> None:
    later = (TODAY + timedelta(days=9)).isoformat()
    backend.before_destroy = lambda: backend.environments.update({12: preview(12, later)})
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 1
    assert (
        f"pr-12: not removed: another update has moved its expiry to {later} since the plan. Run the command again\n"
    ) in result.stdout
    assert backend.calls == ["destroy pr-7", "remove pr-7"]


def test_ctrl_c_lets_the_deletion_end_and_removes_nothing_more(backend: FakeBackend) -> None:
    backend.before_destroy = lambda: os.kill(os.getpid(), signal.SIGINT)
    backend.fails[7] = pulumi.RunError("update canceled")
    result = run("remove", "7", "12", "--yes")
    assert result.exit_code == 130
    assert result.stdout.endswith("pr-7: interrupted. Run the command again to remove what is left\n")
    assert backend.calls == ["destroy pr-7"]
    assert sorted(backend.environments) == [7, 12]


@pytest.mark.parametrize("words", [[], ["7", "--expired"]])
def test_numbers_or_expired_are_required(backend: FakeBackend, words: list[str]) -> None:
    result = run("remove", *words)
    assert result.exit_code == 2
    assert "numbers of pull requests or --expired must be set. Set one of them" in result.stderr


def test_without_the_pulumi_cli_the_commands_say_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("list", "--cwd", str(tmp_path))
    assert result.exit_code == 2
    assert "the Pulumi CLI must be on PATH: it reads and removes stacks" in result.stderr
