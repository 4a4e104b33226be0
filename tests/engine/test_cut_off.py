"""Interrupted replacements and truncated state files, repaired with the commands of docs/recovery.md."""

import shutil
import signal
from collections.abc import Sequence
from pathlib import Path

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import InjectFault, Make
from engine.stack import Stack
from engine.test_faults import SERVICE, import_command, run, run_with_output

CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"
OLD_SERVICE_URN = "urn:pulumi:test::trial::apprunner:index:AppRunnerService$aws:apprunner/service:Service::api-service"


def in_subnets(subnet_ids: Sequence[str]) -> str:
    """Return a program with a service behind a connector in some subnets."""
    egress = {"vpc_id": programs.VPC_ID, "subnet_ids": list(subnet_ids)}
    service = programs.service(vpc_connector_arn="ARN").replace("'ARN'", "private.vpc_connector_arn")
    return programs.program(f"private = VpcEgress('private', {egress!r})\n", service)


def kill_after_create(stack: Stack, inject_fault: InjectFault, type: str) -> None:
    """Run `up`, and kill the engine after AWS created a resource of a type and before the engine recorded it."""
    inject_fault(call="create", type=type, when="after", kills_engine=True)
    assert run(stack, "up") == -signal.SIGKILL
    assert run(stack, "cancel") == 0


def has_nothing_to_do(stack: Stack) -> bool:
    """Return whether a further `up` changes nothing, and warns of no pending operation."""
    assert run(stack, "refresh", "--skip-preview", "--clear-pending-creates") == 0
    exit_code, output = run_with_output(stack, "up", "--expect-no-changes")
    return exit_code == 0 and "pending operations" not in output


def test_a_replacement_that_is_created_first_cannot_be_imported_and_must_be_deleted_in_aws(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(in_subnets(programs.SUBNET_IDS[:2]), "")
    assert run(stack, "up") == 0
    old = stack.resource("private-connector")["id"]
    stack.program(in_subnets(programs.SUBNET_IDS))
    kill_after_create(stack, inject_fault, CONNECTOR)
    exit_code, output = run_with_output(stack, "up")
    assert (exit_code != 0, "VPC connector with the provided name already exists" in output) == (True, True)

    client = aws.client("apprunner")
    [new] = {each["VpcConnectorArn"] for each in client.list_vpc_connectors()["VpcConnectors"]} - {old}
    parent = "parent=urn:pulumi:test::trial::apprunner:index:VpcEgress::private"
    exit_code, output = run_with_output(
        stack,
        "import",
        CONNECTOR,
        "private-connector",
        new,
        "--parent",
        parent,
        "--protect=false",
        "--generate-code=false",
    )
    assert (exit_code != 0, "private-connector' already exists" in output) == (True, True)

    client.delete_vpc_connector(VpcConnectorArn=new)
    assert run(stack, "up") == 0
    assert len(client.list_vpc_connectors()["VpcConnectors"]) == 1
    assert has_nothing_to_do(stack)


def test_a_replacement_that_is_deleted_first_can_be_deleted_in_aws_too(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    stack.program(programs.program(programs.service(service_name="orders")))
    kill_after_create(stack, inject_fault, SERVICE)
    exit_code, output = run_with_output(stack, "up")
    assert exit_code != 0
    exit_code, output = run_with_output(stack, *import_command(output))
    assert (exit_code != 0, "api-service' already exists" in output) == (True, True)

    client = aws.client("apprunner")
    [service] = client.list_services()["ServiceSummaryList"]
    client.delete_service(ServiceArn=service["ServiceArn"])
    assert run(stack, "up") == 0
    assert [each for each in aws.created_resources() if "service" in each] == ["apprunner service orders RUNNING"]
    assert has_nothing_to_do(stack)


def test_a_new_service_is_kept_if_the_deleted_one_is_removed_from_the_state(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    stack.program(programs.program(programs.service(service_name="orders")))
    kill_after_create(stack, inject_fault, SERVICE)
    exit_code, output = run_with_output(stack, "up")
    assert exit_code != 0
    [service] = aws.client("apprunner").list_services()["ServiceSummaryList"]
    assert run(stack, "state", "delete", OLD_SERVICE_URN) == 0
    assert run(stack, *import_command(output)) == 0
    assert run(stack, "up") == 0
    assert stack.resource("api-service")["id"] == service["ServiceArn"]
    assert has_nothing_to_do(stack)


def test_a_truncated_state_file_is_replaced_by_its_backup(
    trial: Make, aws: LocalAws, inject_fault: InjectFault
) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    stack.program(programs.program(programs.service(scaling={"max_size": 4})))
    inject_fault(call="update", type=SERVICE, when="after", kills_engine=True)
    assert run(stack, "up") == -signal.SIGKILL
    file = Path(stack.environment["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi/stacks/trial/test.json"
    file.write_bytes(file.read_bytes()[:5000])
    assert run(stack, "cancel") == 0
    for command in ("up", "refresh"):
        exit_code, output = run_with_output(stack, command)
        assert (exit_code != 0, "failed to load checkpoint: place 1: unexpected end of JSON input" in output) == (
            True,
            True,
        )

    shutil.copy(file.with_name("test.json.bak"), file)
    assert run(stack, "up") == 0
    assert aws.created_resources() == [
        "apprunner auto scaling configuration trial-api-test/2",
        "apprunner service trial-api-test RUNNING",
        "iam role trial-api-test-instance",
    ]
    assert has_nothing_to_do(stack)


def test_without_a_backup_an_export_or_the_state_after_the_last_update_is_restored(
    trial: Make, aws: LocalAws, inject_fault: InjectFault, tmp_path: Path
) -> None:
    stack = trial(programs.program(programs.service()), "")
    assert run(stack, "up") == 0
    exported = tmp_path / "exported.json"
    assert stack.command("stack", "export", "--file", str(exported)).returncode == 0
    stack.program(programs.program(programs.service(tags={"team": "orders"})))
    inject_fault(call="update", type=SERVICE, when="after", kills_engine=True)
    assert run(stack, "up") == -signal.SIGKILL
    folder = Path(stack.environment["PULUMI_BACKEND_URL"].removeprefix("file://")) / ".pulumi"
    file = folder / "stacks/trial/test.json"
    for each in (file, file.with_name("test.json.bak")):
        each.write_bytes(each.read_bytes()[:5000])
    assert run(stack, "cancel") == 0
    assert stack.command("stack", "import", "--file", str(exported)).returncode == 0
    assert stack.resource("api-service")["outputs"].get("tags") in (None, {})

    *_, last = sorted((folder / "history/trial/test").glob("*.checkpoint.json"))
    shutil.copy(last, file)
    assert run(stack, "refresh") == 0
    assert stack.resource("api-service")["outputs"]["tags"] == {"team": "orders"}
    assert run(stack, "up") == 0
    assert has_nothing_to_do(stack)
