"""The commands as a user runs them: their output, confirmation and exit status."""

import io
import json
import re
from typing import Any

import pytest
from botocore.client import BaseClient
from rich.console import Console

from apprunner_facts.bill import Assumptions
from apprunner_local.apprunner import Fault
from deployed import Stack, invoke
from pages import ROOT
from pulumi_apprunner.cli.operations.errors import ACTIONS
from pulumi_apprunner.cli.operations.state import parse_state
from pulumi_apprunner.cli.operations.status import Status, read_status
from pulumi_apprunner.cli.operations.watch import watch_status
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.sdk import await_result

UPDATE = {"InstanceConfiguration": {"Cpu": "2 vCPU", "Memory": "4 GB"}}
CONNECTIONS = 50
"""The connections of a client that the commands create."""
GUIDE = (ROOT / "docs" / "guides" / "operations.md").read_text(encoding="utf-8")


def history(stack: Stack, arn: str) -> list[tuple[str, str]]:
    operations = stack.client.list_operations(ServiceArn=arn)["OperationSummaryList"]
    return [(each["Type"], each["Status"]) for each in operations]


def roll_back(stack: Stack, arn: str) -> None:
    stack.aws.plane.faults.inject(Fault.roll_back(reason="health check failed"))
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    stack.move(60)


# status


def test_the_status_fits_80_columns(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = stack.service("api")
    stack.schedule("evening", "pauseService", arn, "cron(0 20 * * ? *)")
    roll_back(stack, stack.service("web"))
    result = stack.run("status")
    assert result.status == 1
    lines = result.out.splitlines()
    assert re.fullmatch(r"shop dev  2 services in eu-west-1, .*", lines[0])
    assert lines[1] == ""
    assert re.fullmatch(r"api  RUNNING  1 to 25 instances  about \$[0-9,.]+ this month", lines[2])
    assert re.fullmatch(r"  https://[a-z0-9]+\.eu-west-1\.awsapprunner\.com", lines[3])
    assert lines[4] == "  CREATE_SERVICE of 2026-01-01 00:00 UTC succeeded"
    assert re.fullmatch(r"  pauses at [0-9-]+ 20:00 Europe/Berlin, in .*", lines[5])
    assert "its last deployment, UPDATE_SERVICE of 2026-01-01 00:02 UTC, ended ROLLBACK_SUCCEEDED" in result.out
    assert "\x1b" not in result.out


def test_the_json_has_the_keys_of_the_guide(stack: Stack) -> None:
    arn = stack.service("api")
    stack.schedule("evening", "pauseService", arn, "cron(0 20 * * ? *)")
    stack.client.associate_custom_domain(ServiceArn=arn, DomainName="api.example.com", EnableWWWSubdomain=False)
    documented = set(
        re.findall(r"^\| `([a-z_.\[\]]+)` \|", GUIDE.partition("## JSON")[2].partition("\n## ")[0], re.MULTILINE)
    )
    assert set(paths(stack.run("status", "--json").json)) == documented


def paths(value: Any, path: str = "") -> list[str]:
    """Return the paths of the leaves in a value, with [] for the items of a list."""
    if isinstance(value, dict) and value:
        return [each for key, item in value.items() for each in paths(item, f"{path}.{key}" if path else key)]
    if isinstance(value, list) and value:
        return paths(value[0], f"{path}[]")
    return [f"{path}[]"] if isinstance(value, list) else [path]


def test_a_service_named_by_its_arn_needs_no_stack(stack: Stack) -> None:
    arn = stack.service("api")
    result = invoke("status", arn, "--json")
    assert (result.status, result.json["stack"]) == (0, None)
    assert [each["name"] for each in result.json["services"]] == ["shop-api"]


def test_a_service_that_cannot_be_read_is_an_error(stack: Stack) -> None:
    stack.service()
    stack.aws.plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException"))
    result = stack.run("status")
    assert result.status == 2
    assert "service could not be read: access denied. Grant apprunner:DescribeService to the caller" in result.out


def test_without_credentials_there_is_one_error(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.service("api")
    stack.service("web")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    result = stack.run("status")
    assert (result.status, result.out) == (2, "")
    assert result.err == (
        "error: credentials are required, got none (Unable to locate credentials). Set --profile or AWS_PROFILE, or "
        "sign in\n"
    )


def test_an_unknown_profile_is_an_error(stack: Stack) -> None:
    stack.service()
    result = stack.run("status", "--profile", "nowhere")
    assert result.status == 2
    assert result.err.startswith("error: The config profile (nowhere) could not be found. Set --profile")


def test_credentials_of_another_account_are_an_error(stack: Stack) -> None:
    stack.record("api", "arn:aws:apprunner:eu-west-1:999999999999:service/api/0123456789abcdef0123456789abcdef")
    result = stack.run("status")
    assert result.status == 2
    assert "must be for account 999999999999" in result.err
    assert result.err.endswith("Set --profile or AWS_PROFILE to one of that account\n")


def test_the_profile_of_the_stack_file_is_used(stack: Stack) -> None:
    (stack.folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (stack.folder / "Pulumi.dev.yaml").write_text("config: {'aws:profile': from-the-file}\n")
    stack.service()
    assert "The config profile (from-the-file) could not be found" in stack.run("status").err


def test_watch_conflicts_with_json(stack: Stack) -> None:
    assert stack.run("status", "--watch", "--json").err == "error: --watch conflicts with --json. Remove one of them\n"


def test_watch_requires_a_terminal(stack: Stack) -> None:
    assert stack.run("status", "--watch").err.startswith("error: --watch requires a terminal")


def test_a_stack_conflicts_with_a_state(stack: Stack) -> None:
    assert stack.run("status", "--stack", "dev").err.startswith("error: --state conflicts with --stack")


def test_watch_shows_each_status_until_an_interruption(stack: Stack) -> None:
    arn = stack.service()
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=80, height=24, color_system=None)
    waits: list[float] = []

    def read() -> Status:
        state = parse_state(stack.exported)
        session = Session(Access(region="eu-west-1"))
        return await_result(read_status(session, state, state.services, Assumptions(), stack.now))

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            raise KeyboardInterrupt
        stack.client.pause_service(ServiceArn=arn)
        stack.move(20)

    watch_status(read, console, 7, wait)
    assert waits == [7, 7]
    text = screen.getvalue()
    assert 0 < text.index("RUNNING") < text.index("PAUSED")


# pause, resume and deploy


def test_a_pause_that_waits(stack: Stack) -> None:
    arn = stack.service()
    result = stack.run("pause", "api", "--wait")
    assert (result.status, history(stack, arn)[0]) == (0, ("PAUSE_SERVICE", "SUCCEEDED"))
    assert result.out.splitlines()[-1] == "api: PAUSE_SERVICE of 2026-01-01 00:01 UTC succeeded"


def test_a_pause_that_does_not_wait(stack: Stack) -> None:
    arn = stack.service()
    result = stack.run("pause", "api")
    assert (result.status, history(stack, arn)[0]) == (0, ("PAUSE_SERVICE", "IN_PROGRESS"))
    assert re.fullmatch(r"api: pausing \(operation [0-9a-f-]+\)\. Look at it with `apprunner status`\n", result.out)


def test_a_resume_ends_with_the_verification(stack: Stack) -> None:
    arn = stack.service()
    stack.run("pause", "api", "--wait")
    result = stack.run("resume", "api", "--wait")
    assert (result.status, history(stack, arn)[0]) == (0, ("RESUME_SERVICE", "SUCCEEDED"))
    assert result.out.splitlines()[-2:] == [
        "api: RESUME_SERVICE of 2026-01-01 00:01 UTC succeeded",
        "api: CREATE_SERVICE of 2026-01-01 00:00 UTC succeeded",
    ]


def test_a_resume_of_a_service_with_a_failed_deployment_fails(stack: Stack) -> None:
    roll_back(stack, stack.service())
    stack.run("pause", "api", "--wait")
    result = stack.run("resume", "api", "--wait")
    assert result.status == 1
    assert "its last deployment, UPDATE_SERVICE of 2026-01-01 00:01 UTC, ended ROLLBACK_SUCCEEDED" in result.out


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_an_operation_that_fails_has_status_1(stack: Stack, command: str) -> None:
    stack.service()
    if command == "resume":
        stack.run("pause", "api", "--wait")
    stack.aws.plane.faults.inject(Fault(f"{command.capitalize()}Service", fails=True))
    result = stack.run(command, "api", "--wait")
    assert result.status == 1
    assert f"{command.upper()}_SERVICE of " in result.out
    assert " FAILED\n" in result.out


@pytest.mark.parametrize(("command", "status"), [("pause", "PAUSED"), ("resume", "RUNNING")])
def test_nothing_to_do_is_a_success(stack: Stack, command: str, status: str) -> None:
    arn = stack.service()
    if command == "pause":
        stack.run("pause", "api", "--wait")
    before = len(history(stack, arn))
    result = stack.run(command, "api")
    assert (result.status, result.out) == (0, f"api: is {status} already\n")
    assert len(history(stack, arn)) == before


def test_a_deployment_that_waits_is_verified(stack: Stack) -> None:
    arn = stack.service()
    result = stack.run("deploy", "api", "--wait")
    assert (result.status, history(stack, arn)[0]) == (0, ("START_DEPLOYMENT", "SUCCEEDED"))
    assert result.out.splitlines()[-1] == "api: START_DEPLOYMENT of 2026-01-01 00:01 UTC succeeded"


def test_a_failed_deployment_prints_its_log_and_has_status_1(stack: Stack) -> None:
    stack.service()
    stack.aws.plane.faults.inject(Fault.roll_back("health check failed", "StartDeployment"))
    result = stack.run("deploy", "api", "--wait")
    assert result.status == 1
    assert "its last deployment, START_DEPLOYMENT of 2026-01-01 00:01 UTC, ended ROLLBACK_SUCCEEDED" in result.out
    assert "    [AppRunner] START_DEPLOYMENT ROLLBACK_SUCCEEDED: health check failed" in result.out
    assert "What to do: " in result.out


def test_a_deployment_does_not_hide_an_earlier_rollback(stack: Stack) -> None:
    roll_back(stack, stack.service(inputs={"instanceConfiguration": {"cpu": "2 vCPU", "memory": "4 GB"}}))
    result = stack.run("deploy", "api", "--wait")
    assert result.status == 1
    assert "the START_DEPLOYMENT since then did not deploy the settings that this program wants" in result.out


def test_a_wait_includes_an_operation_in_progress(stack: Stack) -> None:
    arn = stack.service()
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    result = stack.run("deploy", "api", "--wait")
    assert result.status == 0
    assert result.out.startswith("api: waiting for an operation in progress\n")
    assert [type for type, _ in history(stack, arn)] == ["START_DEPLOYMENT", "UPDATE_SERVICE", "CREATE_SERVICE"]


def test_without_a_wait_an_operation_in_progress_is_an_error(stack: Stack) -> None:
    arn = stack.service()
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    result = stack.run("deploy", "api")
    assert (result.status, result.err) == (
        2,
        "error: api: must have no operation in progress to deploy, got OPERATION_IN_PROGRESS. Use --wait, or run the "
        "command again when it has ended\n",
    )


def test_a_paused_service_is_not_deployed(stack: Stack) -> None:
    stack.service()
    stack.run("pause", "api", "--wait")
    result = stack.run("deploy", "api")
    assert (result.status, result.err) == (
        2,
        "error: api: must be RUNNING to deploy, got PAUSED. Resume it first: apprunner resume api\n",
    )


def test_a_wait_has_a_limit(stack: Stack) -> None:
    stack.service()
    stack.aws.plane.faults.inject(Fault.slow("StartDeployment", 7200))
    result = stack.run("deploy", "api", "--wait", "--timeout", "5")
    assert (result.status, result.err) == (
        2,
        "error: api: START_DEPLOYMENT must end within 5 minutes. It may still be in progress: `apprunner status`\n",
    )


def test_a_limit_requires_a_wait(stack: Stack) -> None:
    assert stack.run("deploy", "api", "--timeout", "5").err == "error: --timeout requires --wait\n"


def test_a_deleted_service_is_an_error(stack: Stack) -> None:
    arn = stack.service()
    stack.client.delete_service(ServiceArn=arn)
    stack.move(60)
    result = stack.run("pause", "api")
    assert result.status == 2
    assert f"the service {arn} does not exist any more" in result.err


def test_a_denied_call_names_the_permission(stack: Stack) -> None:
    stack.service()
    stack.aws.plane.faults.inject(Fault.error("PauseService", "AccessDeniedException"))
    result = stack.run("pause", "api")
    assert (result.status, result.err) == (
        2,
        "error: api: access denied. Grant apprunner:PauseService to the caller\n",
    )


def test_an_unknown_service_has_a_suggestion(stack: Stack) -> None:
    stack.service()
    assert 'the state has no service "apo". Did you mean api?' in stack.run("pause", "apo").err


# Production


@pytest.mark.parametrize("command", ["pause", "resume", "deploy"])
def test_production_requires_a_confirmation(stack: Stack, command: str) -> None:
    stack.name = "prod"
    arn = stack.service()
    result = stack.run(command, "api")
    assert (result.status, result.err) == (
        2,
        f"error: api: --yes is required to {command} in production (prod)\n",
    )
    assert len(history(stack, arn)) == 1


def test_yes_confirms(stack: Stack) -> None:
    stack.name = "prod"
    arn = stack.service()
    assert stack.run("pause", "api", "--yes").status == 0
    assert history(stack, arn)[0][0] == "PAUSE_SERVICE"


@pytest.mark.parametrize(("answer", "status", "operations"), [("y\n", 0, 2), ("n\n", 2, 1)])
def test_the_answer_on_a_terminal_counts(
    stack: Stack, monkeypatch: pytest.MonkeyPatch, answer: str, status: int, operations: int
) -> None:
    monkeypatch.setattr("pulumi_apprunner.cli.operations.targets.is_interactive", lambda: True)
    stack.name = "prod"
    arn = stack.service()
    result = stack.run("pause", "api", input=answer)
    assert result.status == status
    assert result.err.startswith("Pause api in production (prod)? [y/N]:")
    assert len(history(stack, arn)) == operations


def test_a_service_named_by_its_arn_is_production_by_its_name(stack: Stack) -> None:
    arn = stack.service("api-prod")
    result = invoke("pause", arn)
    assert result.err == "error: shop-api-prod: --yes is required to pause in production (shop-api-prod)\n"


# Permissions


def test_the_guide_lists_the_permissions_of_every_call(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    """The calls of all commands, observed in boto3, are those of the table."""
    observed: set[str] = set()
    make_api_call = BaseClient._make_api_call

    def observe(self: Any, operation: str, parameters: Any) -> Any:
        if self.meta.config.max_pool_connections == CONNECTIONS:  # not a client of the local AWS
            observed.add(operation)
        return make_api_call(self, operation, parameters)

    roll_back(stack, stack.service())
    monkeypatch.setattr(BaseClient, "_make_api_call", observe)
    stack.run("status")
    for command in ("deploy", "pause", "resume"):
        stack.run(command, "api", "--wait")
    stack.run("logs", "api", "--events")
    table = GUIDE.partition("## Permissions")[2].partition("\n## ")[0]
    granted = set(re.findall(r"`([a-z]+:[A-Za-z]+)`", table)) - {"sts:GetCallerIdentity"}
    assert granted == set(ACTIONS.values())
    assert observed - {"GetCallerIdentity"} == set(ACTIONS) - {"AssumeRole", "ListMetrics"}


def test_the_policy_of_the_guide_has_these_permissions() -> None:
    (text,) = re.findall(r"```json\n(.*?)```", GUIDE.partition("## Permissions")[2], re.DOTALL)[:1]
    statements = json.loads(text)["Statement"]
    actions = {action for each in statements for action in each["Action"]}
    assert actions == set(ACTIONS.values()) - {"sts:AssumeRole"}
