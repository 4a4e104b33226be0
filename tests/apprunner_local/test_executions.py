"""The local AWS executes state machines, whose tasks call the fake App Runner under the machine's role."""

import json
import time
import uuid
from typing import Any

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.executions import ACCESS_KEY, finish_executions
from local_aws.requests import history
from pulumi_apprunner.redeployment.definition import definition

SOURCE = {
    "ImageRepository": {"ImageIdentifier": "public.ecr.aws/example/orders:1", "ImageRepositoryType": "ECR_PUBLIC"},
    "AutoDeploymentsEnabled": False,
}
ACTIONS = ["apprunner:ListOperations", "apprunner:StartDeployment"]


@pytest.fixture
def aws(account: LocalAws) -> LocalAws:
    return account


@pytest.fixture
def service(aws: LocalAws) -> str:
    """Return the ARN of a running service."""
    created = aws.client("apprunner").create_service(ServiceName="orders", SourceConfiguration=SOURCE)
    aws.plane.clock.move(600)
    return str(created["Service"]["ServiceArn"])


def create_role(aws: LocalAws, actions: list[str], resource: str, source: str = "machine") -> str:
    """Return the ARN of a role that Step Functions may assume for a machine."""
    arn = f"arn:aws:states:eu-west-1:123456789012:stateMachine:{source}"
    condition = {"StringEquals": {"aws:SourceAccount": "123456789012"}, "ArnEquals": {"aws:SourceArn": arn}}
    trust = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}
    grant = {"Effect": "Allow", "Action": actions, "Resource": resource}
    iam = aws.client("iam")
    role = iam.create_role(RoleName="machine", AssumeRolePolicyDocument=document({**trust, "Condition": condition}))
    iam.put_role_policy(RoleName="machine", PolicyName="calls", PolicyDocument=document(grant))
    return str(role["Role"]["Arn"])


def document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def create_machine(aws: LocalAws, service: str, actions: list[str] = ACTIONS, source: str = "machine") -> str:
    """Return the ARN of a machine that deploys the service again."""
    role = create_role(aws, actions, service, source)
    created = aws.client("stepfunctions").create_state_machine(
        name="machine", definition=definition(service, 60), roleArn=role
    )
    return str(created["stateMachineArn"])


def execute(aws: LocalAws, machine: str, **input: str) -> dict[str, Any]:
    """Start an execution, wait until it has ended, and return its description."""
    states = aws.client("stepfunctions")
    started = states.start_execution(stateMachineArn=machine, name=str(uuid.uuid4()), input=json.dumps(input))
    finish_executions()
    return dict(states.describe_execution(executionArn=started["executionArn"]))


def deployments(aws: LocalAws, service: str) -> list[str]:
    """Return the status of each deployment, newest first."""
    operations = aws.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"]
    return [each["Status"] for each in operations if each["Type"] == "START_DEPLOYMENT"]


def now(aws: LocalAws) -> str:
    """Return the time, as EventBridge writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(aws.plane.clock.now()))


def result(execution: dict[str, Any]) -> tuple[str, str]:
    """Return the result and the reason of an execution that succeeded."""
    assert execution["status"] == "SUCCEEDED", execution
    output = json.loads(execution["output"])
    return output["result"], output["reason"]


def failure(execution: dict[str, Any]) -> tuple[str, str]:
    """Return the error and the cause of an execution that failed."""
    assert execution["status"] == "FAILED", execution
    return execution["error"], execution["cause"]


# The machine that deploys a service again


def test_it_deploys_the_service_after_the_settle_time_and_waits_for_the_end(aws: LocalAws, service: str) -> None:
    machine, before = create_machine(aws, service), aws.plane.clock.now()
    assert result(execute(aws, machine, time=now(aws))) == ("deployed", "the deployment succeeded")
    assert deployments(aws, service) == ["SUCCEEDED"]
    newest = aws.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"][0]
    assert newest["StartedAt"].timestamp() == before + 60


def test_without_a_time_it_deploys_in_any_case(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    assert result(execute(aws, machine))[0] == "deployed"
    assert result(execute(aws, machine))[0] == "deployed"
    assert deployments(aws, service) == ["SUCCEEDED", "SUCCEEDED"]


@pytest.mark.parametrize("seconds", [1, 600], ids=["in progress", "ended"])
def test_it_skips_a_change_before_a_deployment(aws: LocalAws, service: str, seconds: float) -> None:
    machine, changed = create_machine(aws, service), now(aws)
    aws.plane.clock.move(5)
    aws.client("apprunner").start_deployment(ServiceArn=service)
    aws.plane.clock.move(seconds)
    assert result(execute(aws, machine, time=changed)) == ("skipped", "a deployment began after the change")
    assert len(deployments(aws, service)) == 1


def test_a_deployment_that_was_rolled_back_does_not_count(aws: LocalAws, service: str) -> None:
    machine, changed = create_machine(aws, service), now(aws)
    aws.plane.clock.move(5)
    aws.plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    aws.client("apprunner").start_deployment(ServiceArn=service)
    aws.plane.clock.move(600)
    assert result(execute(aws, machine, time=changed))[0] == "deployed"
    assert deployments(aws, service) == ["SUCCEEDED", "ROLLBACK_SUCCEEDED"]


def test_a_deployment_in_progress_at_the_change_is_followed_by_another(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.slow("StartDeployment", 300))
    aws.client("apprunner").start_deployment(ServiceArn=service)
    aws.plane.clock.move(5)
    assert result(execute(aws, machine, time=now(aws)))[0] == "deployed"
    assert deployments(aws, service) == ["SUCCEEDED", "SUCCEEDED"]


def test_several_changes_at_once_are_one_deployment(aws: LocalAws, service: str) -> None:
    machine, states = create_machine(aws, service), aws.client("stepfunctions")
    aws.plane.faults.inject(Fault.slow("StartDeployment", 1_500))  # each wait of each execution moves the clock
    for name in "abcd":
        states.start_execution(stateMachineArn=machine, name=name, input=json.dumps({"time": now(aws)}))
    finish_executions()
    executions = [each["executionArn"] for each in states.list_executions(stateMachineArn=machine)["executions"]]
    results = [result(states.describe_execution(executionArn=arn))[0] for arn in executions]
    assert sorted(results) == ["deployed", "skipped", "skipped", "skipped"]
    assert deployments(aws, service) == ["SUCCEEDED"]


def test_it_waits_for_an_update_in_progress(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.slow("UpdateService", 300))
    aws.client("apprunner").update_service(ServiceArn=service, InstanceConfiguration={"Memory": "3 GB"})
    assert result(execute(aws, machine, time=now(aws)))[0] == "deployed"
    assert [type for type, _ in history(aws.client("apprunner"), service)] == [
        "START_DEPLOYMENT",
        "UPDATE_SERVICE",
        "CREATE_SERVICE",
    ]


@pytest.mark.parametrize("seconds", [1, 600], ids=["while it is paused", "afterwards"])
def test_it_skips_a_paused_service(aws: LocalAws, service: str, seconds: float) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.slow("PauseService", 100))
    aws.client("apprunner").pause_service(ServiceArn=service)
    aws.plane.clock.move(seconds)
    assert result(execute(aws, machine, time=now(aws))) == ("skipped", "the service is paused")
    assert deployments(aws, service) == []


def test_a_deployment_that_is_rolled_back_fails_the_execution(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.roll_back(operation="StartDeployment"))
    error, cause = failure(execute(aws, machine, time=now(aws)))
    operation = aws.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"][0]["Id"]
    assert error == "DeploymentFailed"
    assert cause == (
        f"Deployment {operation} of {service} ended with ROLLBACK_SUCCEEDED. The service still runs as before the "
        "change"
    )


def test_it_finds_its_deployment_behind_a_newer_operation(
    aws: LocalAws, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, moves = create_machine(aws, service), [60.0, 30.0, 30.0]
    move = aws.plane.clock.move

    def pause_at_the_end(seconds: float) -> None:
        move(seconds)
        assert seconds == moves.pop(0)
        if not moves:
            aws.client("apprunner").pause_service(ServiceArn=service)

    monkeypatch.setattr(aws.plane.clock, "move", pause_at_the_end)
    assert result(execute(aws, machine, time=now(aws)))[0] == "deployed"
    assert history(aws.client("apprunner"), service)[0] == ("PAUSE_SERVICE", "IN_PROGRESS")


def test_a_rejected_deployment_is_started_once_more(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.throttle("StartDeployment"))
    assert result(execute(aws, machine, time=now(aws)))[0] == "deployed"


def test_a_second_rejection_fails_the_execution_with_the_error_of_app_runner(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.error("StartDeployment", "InvalidRequestException", "not now", times=2))
    error, cause = failure(execute(aws, machine, time=now(aws)))
    assert error == "AppRunner.InvalidRequestException"
    assert cause.startswith("not now (Service: AppRunner, Status Code: 400, Request ID: ")


def test_reading_the_operations_is_retried(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    aws.plane.faults.inject(Fault.throttle("ListOperations", times=4))
    assert result(execute(aws, machine, time=now(aws)))[0] == "deployed"


# Its role


def test_its_calls_need_the_permissions_of_its_role(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service)
    execute(aws, machine, time=now(aws))
    calls = {(each.role, each.action, each.resource, each.allowed) for each in aws.role_calls}
    role = "arn:aws:iam::123456789012:role/machine"
    assert calls == {(role, action, service, True) for action in ACTIONS}
    assert {each.operation for each in aws.plane.calls if each.access_key == ACCESS_KEY} == {
        "ListOperations",
        "StartDeployment",
    }


@pytest.mark.parametrize("allowed", [ACTIONS[:1], ACTIONS[1:]])
def test_a_missing_permission_fails_the_execution(aws: LocalAws, service: str, allowed: list[str]) -> None:
    machine = create_machine(aws, service, allowed)
    (missing,) = set(ACTIONS) - set(allowed)
    _, cause = failure(execute(aws, machine, time=now(aws)))
    assert f"role/machine is not authorized to perform {missing} on {service}" in cause
    assert deployments(aws, service) == []


def test_a_role_that_does_not_trust_the_machine_fails_the_execution(aws: LocalAws, service: str) -> None:
    machine = create_machine(aws, service, source="another")
    _, cause = failure(execute(aws, machine, time=now(aws)))
    assert "does not trust states.amazonaws.com" in cause


# The local AWS


def test_the_end_of_an_execution_is_an_event(aws: LocalAws, service: str) -> None:
    aws.client("events").put_rule(Name="ended", EventPattern='{"source": ["aws.states"]}')
    topic = aws.client("sns").create_topic(Name="on-call")["TopicArn"]
    aws.client("events").put_targets(Rule="ended", Targets=[{"Id": "topic", "Arn": topic}])
    machine = create_machine(aws, service, ACTIONS[:1])
    execution = execute(aws, machine, time=now(aws))
    (delivery,) = aws.events.deliveries
    assert delivery.event["detail-type"] == "Step Functions Execution Status Change"
    assert delivery.event["resources"] == [execution["executionArn"]]
    detail = delivery.event["detail"]
    assert (detail["stateMachineArn"], detail["status"]) == (machine, "FAILED")
    assert detail["cause"] == execution["cause"]


def test_a_reset_stops_the_executions(aws: LocalAws, service: str) -> None:
    aws.plane.faults.inject(Fault.slow("UpdateService", 10**9))
    aws.client("apprunner").update_service(ServiceArn=service, InstanceConfiguration={"Memory": "3 GB"})
    machine = create_machine(aws, service)
    aws.client("stepfunctions").start_execution(stateMachineArn=machine, input="{}")
    aws.reset()
    assert aws.client("stepfunctions").list_state_machines()["stateMachines"] == []


def test_other_integrations_are_not_supported(aws: LocalAws) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sqs:listQueues", "End": True}
    created = aws.client("stepfunctions").create_state_machine(
        name="machine",
        definition=json.dumps({"StartAt": "Call", "States": {"Call": task}}),
        roleArn=create_role(aws, ["sqs:ListQueues"], "*"),
    )
    _, cause = failure(execute(aws, created["stateMachineArn"]))
    assert "the local AWS has no integration arn:aws:states:::aws-sdk:sqs:listQueues" in cause
