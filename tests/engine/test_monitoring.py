"""The monitoring of a service on the Pulumi engine: created, updated, replaced and deleted."""

import json
from typing import Any

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.schedules import fire
from engine import programs
from engine.conftest import Make

ALARMS = ("active-instances", "client-error-rate", "cpu", "latency", "memory", "server-error-rate", "server-errors")
QUERIES = ("query-errors", "query-requests-by-path", "query-slow-requests")
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:tickets"


def program(service: dict[str, Any] | None = None, **args: Any) -> str:
    """Return a program with a monitored service and a topic whose messages are sent to a queue."""
    tickets = {"tickets": {"protocol": "sqs", "endpoint": QUEUE_ARN}}
    return programs.program(
        programs.service(**(service or {})), programs.topic(subscriptions=tickets), programs.monitoring(**args)
    )


def alarms(aws: LocalAws) -> dict[str, dict[str, Any]]:
    """Return the alarms in AWS by their names."""
    described = aws.client("cloudwatch").describe_alarms()["MetricAlarms"]
    return {each["AlarmName"]: each for each in described}


def test_alarms_and_rules_are_created_updated_and_deleted(aws: LocalAws, trial: Make) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    before = aws.created_resources()
    stack = trial(program())
    created = stack.up()
    assert created.ok, created.output
    assert sorted(alarms(aws)) == [f"trial-api-monitoring-test-{name}" for name in ALARMS]
    topic = "arn:aws:sns:eu-west-1:123456789012:trial-on-call-test"
    latency = alarms(aws)["trial-api-monitoring-test-latency"]
    assert (latency["AlarmActions"], latency["ActionsEnabled"]) == ([topic], True)
    service = aws.client("apprunner").list_services()["ServiceSummaryList"][0]
    dimensions = {each["Name"]: each["Value"] for each in latency["Dimensions"]}
    assert dimensions == {"ServiceName": service["ServiceName"], "ServiceID": service["ServiceId"]}
    dashboard = aws.client("cloudwatch").get_dashboard(DashboardName="trial-api-monitoring-test")
    assert service["ServiceId"] in dashboard["DashboardBody"]
    saved = aws.client("logs").describe_query_definitions()["queryDefinitions"]
    assert {each["logGroupNames"][0] for each in saved} == {
        f"/aws/apprunner/trial-api-test/{service['ServiceId']}/application"
    }
    assert stack.up().changes == []

    stack.program(program(alarms={"latency": {"threshold": 800}, "cpu": {"enabled": False}}))
    updated = stack.up()
    assert updated.ok, updated.output
    assert updated.changes == [
        ("delete", "api-monitoring-cpu"),
        ("update", "api-monitoring-dashboard"),
        ("update", "api-monitoring-latency"),
    ]
    assert alarms(aws)["trial-api-monitoring-test-latency"]["Threshold"] == 800

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before


def test_the_alarms_of_a_replaced_service_are_updated_in_place(aws: LocalAws, trial: Make) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    stack = trial(program())
    assert stack.up().ok
    stack.program(program({"service_name": "orders-api"}))
    replaced = stack.up()
    assert replaced.ok, replaced.output
    updates = [name for op, name in replaced.changes if op == "update"]
    others = ("dashboard", "domain-updates", "failed-operations", *QUERIES)
    assert updates == sorted(f"api-monitoring-{name}" for name in (*ALARMS, *others))
    service = aws.client("apprunner").list_services()["ServiceSummaryList"][0]
    cpu = alarms(aws)["trial-api-monitoring-test-cpu"]["Metrics"]
    assert [each["Expression"] for each in cpu] == [
        f"SELECT MAX(CPUUtilization) FROM \"AWS/AppRunner\" WHERE ServiceID = '{service['ServiceId']}'"
    ]


def test_a_renamed_stack_replaces_alarms_and_topic(aws: LocalAws, trial: Make) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    stack = trial(program({"service_name": "orders-api"}))
    assert stack.up().ok
    stack.rename("qa")
    renamed = stack.up()
    assert renamed.ok, renamed.output
    assert sorted(alarms(aws)) == [f"trial-api-monitoring-qa-{name}" for name in ALARMS]
    topics = aws.client("sns").list_topics()["Topics"]
    assert [each["TopicArn"].rpartition(":")[2] for each in topics] == ["trial-on-call-qa"]
    assert stack.up().changes == []


def test_a_deployment_that_is_rolled_back_reaches_the_receivers_of_the_topic(aws: LocalAws, trial: Make) -> None:
    sqs = aws.client("sqs")
    queue = sqs.create_queue(QueueName="tickets")["QueueUrl"]
    stack = trial(program())
    assert stack.up().ok
    aws.plane.faults.inject(Fault.roll_back("the health check failed"))
    stack.program(program({"environment": {"LEVEL": "debug"}}))
    assert not stack.up().ok
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    event = json.loads(json.loads(message["Body"])["Message"])
    service = aws.client("apprunner").list_services()["ServiceSummaryList"][0]
    assert (event["resources"], event["detail"]["operationStatus"]) == ([service["ServiceArn"]], "UpdateServiceFailed")
    assert [each.rule for each in aws.events.deliveries] == ["trial-api-monitoring-test-failed-operations"]


def test_schedules_switch_the_alarms_with_the_pause(aws: LocalAws, trial: Make) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    before = aws.created_resources()
    hours = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "20:00"}}
    stack = trial(program(pause=hours))
    assert stack.up().ok
    group = "trial-api-monitoring-test"

    assert fire(aws, group, "disable-alarms").outcome == "done"
    assert {each["ActionsEnabled"] for each in alarms(aws).values()} == {False}
    assert stack.up().changes == []
    stack.program(program(pause=hours, alarms={"latency": {"threshold": 800}}))
    updated = stack.up()
    assert updated.ok, updated.output
    assert {each["ActionsEnabled"] for each in alarms(aws).values()} == {False}
    assert fire(aws, group, "enable-alarms").outcome == "done"
    assert {each["ActionsEnabled"] for each in alarms(aws).values()} == {True}

    assert stack.destroy().ok
    assert aws.created_resources() == before
