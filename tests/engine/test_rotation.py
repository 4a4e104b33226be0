"""The deployment after a rotation on the Pulumi engine: created, triggered by events, updated and deleted."""

import json
from typing import Any

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.executions import finish_executions
from engine import programs
from engine.conftest import Make
from engine.programs import SECRET_ARN

QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:tickets"
MACHINE_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:trial-api-rotation-test"
SECRETS = {"PASSWORD": {"secret_arn": SECRET_ARN}, "FLAGS": {"parameter_name": "/orders/flags"}}


def program(secrets: Any = SECRETS, service: dict[str, Any] | None = None, **args: Any) -> str:
    """Return a program with a service that is deployed after a rotation; failures are sent to a queue."""
    tickets = {"tickets": {"protocol": "sqs", "endpoint": QUEUE_ARN}}
    topic = programs.topic(subscriptions=tickets)
    return programs.program(programs.service(**(service or {})), topic, programs.rotation(secrets, **args))


def prepare(aws: LocalAws) -> None:
    """Create the queue and the parameter."""
    aws.client("sqs").create_queue(QueueName="tickets")
    aws.client("ssm").put_parameter(Name="/orders/flags", Value="one", Type="String")


def rotate(aws: LocalAws, value: str = "two") -> None:
    """Change the secret some time later."""
    aws.plane.clock.move(60)
    aws.client("secretsmanager").put_secret_value(SecretId=SECRET_ARN, SecretString=value)


def deployments(aws: LocalAws) -> list[str]:
    """Wait for the executions, and return the status of each deployment, newest first."""
    finish_executions()
    apprunner = aws.client("apprunner")
    service = apprunner.list_services()["ServiceSummaryList"][0]["ServiceArn"]
    operations = apprunner.list_operations(ServiceArn=service)["OperationSummaryList"]
    return [each["Status"] for each in operations if each["Type"] == "START_DEPLOYMENT"]


def results(aws: LocalAws) -> list[str]:
    """Wait for the executions, and return the status or reason of each, newest first."""
    finish_executions()
    states = aws.client("stepfunctions")
    executions = states.list_executions(stateMachineArn=MACHINE_ARN)["executions"]
    described = [states.describe_execution(executionArn=each["executionArn"]) for each in executions]
    return [json.loads(each["output"])["reason"] if "output" in each else each["status"] for each in described]


def messages(aws: LocalAws) -> list[dict[str, Any]]:
    """Return the events that reached the receiver of the topic."""
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName="tickets")["QueueUrl"]
    received = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(json.loads(each["Body"])["Message"]) for each in received]


def test_a_rotation_deploys_the_service_until_the_component_is_deleted(aws: LocalAws, trial: Make) -> None:
    prepare(aws)
    before = aws.created_resources()
    stack = trial(program())
    created = stack.up()
    assert created.ok, created.output
    assert stack.up().changes == []
    rotate(aws)
    assert deployments(aws) == ["SUCCEEDED"]
    aws.plane.clock.move(60)
    aws.client("ssm").put_parameter(Name="/orders/flags", Value="two", Overwrite=True)
    assert deployments(aws) == ["SUCCEEDED", "SUCCEEDED"]
    assert results(aws) == ["the deployment succeeded"] * 2
    assert {each.error for each in aws.events.deliveries} == {None}
    assert {each.allowed for each in aws.role_calls} == {True}
    assert {each.action for each in aws.role_calls if "rotation" in each.role} == {
        "apprunner:ListOperations",
        "apprunner:StartDeployment",
        "states:StartExecution",
    }
    assert stack.up().changes == []

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before
    rotate(aws, "three")
    assert len(aws.events.deliveries) == 2


def test_secrets_that_rotate_together_are_one_deployment_and_failures_reach_the_topic(
    aws: LocalAws, trial: Make
) -> None:
    prepare(aws)
    stack = trial(program())
    assert stack.up().ok
    aws.plane.faults.inject(Fault.slow("UpdateService", 10**6))
    service = stack.resource("api-service")["outputs"]["arn"]
    aws.client("apprunner").update_service(ServiceArn=service, InstanceConfiguration={"Memory": "3 GB"})
    rotate(aws)
    aws.client("ssm").put_parameter(Name="/orders/flags", Value="two", Overwrite=True)
    aws.plane.faults.inject(Fault.slow("StartDeployment", 5))
    aws.plane.clock.move(10**6)  # both executions waited for the update
    assert deployments(aws) == ["SUCCEEDED"]
    assert sorted(results(aws)) == ["a deployment began after the change", "the deployment succeeded"]
    assert messages(aws) == []

    aws.plane.faults.inject(Fault.roll_back("the health check failed", operation="StartDeployment"))
    rotate(aws, "three")
    assert deployments(aws) == ["ROLLBACK_SUCCEEDED", "SUCCEEDED"]
    (event,) = messages(aws)
    assert (event["detail"]["status"], event["detail"]["error"]) == ("FAILED", "DeploymentFailed")
    assert "ended with ROLLBACK_SUCCEEDED" in event["detail"]["cause"]
    assert json.loads(event["detail"]["input"])["change"] == "storefront/staging/orders-db"


def test_a_paused_service_is_not_deployed(aws: LocalAws, trial: Make) -> None:
    prepare(aws)
    stack = trial(program())
    assert stack.up().ok
    aws.client("apprunner").pause_service(ServiceArn=stack.resource("api-service")["outputs"]["arn"])
    rotate(aws)
    assert (deployments(aws), results(aws)) == ([], ["the service is paused"])


def test_changes_update_the_rules_and_the_machine_in_place(aws: LocalAws, trial: Make) -> None:
    prepare(aws)
    stack = trial(program())
    assert stack.up().ok
    stack.program(program({"PASSWORD": SECRETS["PASSWORD"]}, settle_seconds=120))
    updated = stack.up()
    assert updated.ok, updated.output
    assert updated.changes == [
        ("delete", "api-rotation-parameters"),
        ("delete", "api-rotation-parameters-target"),
        ("update", "api-rotation-events-role"),
        ("update", "api-rotation-machine"),
    ]
    definition = aws.client("stepfunctions").describe_state_machine(stateMachineArn=MACHINE_ARN)["definition"]
    assert json.loads(definition)["States"]["Settle"]["Seconds"] == 120

    stack.program(program({"PASSWORD": SECRETS["PASSWORD"]}, {"service_name": "orders-api"}, settle_seconds=120))
    replaced = stack.up()
    assert replaced.ok, replaced.output
    updates = [name for op, name in replaced.changes if op == "update"]
    assert updates == ["api-rotation-machine", "api-rotation-machine-policy"]
    rotate(aws)
    assert deployments(aws) == ["SUCCEEDED"]


def test_a_renamed_stack_replaces_the_machine_and_its_rules(aws: LocalAws, trial: Make) -> None:
    prepare(aws)
    stack = trial(program())
    assert stack.up().ok
    stack.rename("qa")
    renamed = stack.up()
    assert renamed.ok, renamed.output
    machines = aws.client("stepfunctions").list_state_machines()["stateMachines"]
    assert [each["name"] for each in machines] == ["trial-api-rotation-qa"]
    rotate(aws)
    assert deployments(aws) == ["SUCCEEDED"]
    assert stack.up().changes == []
