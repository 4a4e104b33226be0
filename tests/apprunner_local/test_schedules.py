"""Execution of schedules: the times, the permissions, and the retries."""

import json
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.schedules import ACCESS_KEY, Fired, due, fire
from local_aws.requests import history, image, status
from local_aws.roles import allow, pulling_role, role, trust

GROUP = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/orders"
BERLIN = "Europe/Berlin"
BOUND = {"StringEquals": {"aws:SourceArn": GROUP, "aws:SourceAccount": "123456789012"}}
TRUSTED = trust("scheduler.amazonaws.com", Condition=BOUND)
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed"


@pytest.fixture
def service(account: LocalAws) -> str:
    """Return the ARN of a service that runs."""
    source = image(AuthenticationConfiguration={"AccessRoleArn": pulling_role(account)})
    created = account.client("apprunner").create_service(ServiceName="orders", SourceConfiguration=source)
    account.plane.clock.move(60)
    account.role_calls.clear()
    arn: str = created["Service"]["ServiceArn"]
    return arn


def scheduled(
    aws: LocalAws,
    service: str,
    *allowed: Any,
    trusts: str = TRUSTED,
    to: str = "pauseService",
    partition: str = "aws",
    **more: Any,
) -> None:
    """Create a schedule with its group, its role and its queue."""
    scheduler = aws.client("scheduler")
    scheduler.create_schedule_group(Name="orders")
    aws.client("sqs").create_queue(QueueName="failed")
    target = {
        "Arn": f"arn:{partition}:scheduler:::aws-sdk:apprunner:{to}",
        "RoleArn": role(aws, *allowed, name="schedule", trusts=trusts),
        "Input": json.dumps({"ServiceArn": service}),
        "DeadLetterConfig": {"Arn": QUEUE},
        "RetryPolicy": {"MaximumEventAgeInSeconds": 1800, "MaximumRetryAttempts": 20},
    }
    wanted = {"ScheduleExpression": "cron(0 20 ? * MON-FRI *)", "ScheduleExpressionTimezone": BERLIN, **more}
    window = {"Mode": "OFF"}
    scheduler.create_schedule(Name="pause", GroupName="orders", FlexibleTimeWindow=window, Target=target, **wanted)


def dead_letters(aws: LocalAws) -> list[Any]:
    sqs = aws.client("sqs")
    url = sqs.get_queue_url(QueueName="failed")["QueueUrl"]
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])
    return messages.get("Messages", [])


def pausing(service: str) -> list[Any]:
    return [allow("apprunner:PauseService", service), allow("sqs:SendMessage", QUEUE)]


def berlin(*moment: int) -> float:
    return datetime(*moment, tzinfo=ZoneInfo(BERLIN)).timestamp()  # type: ignore[misc]


def times(aws: LocalAws, start: float, end: float) -> list[str]:
    return [f"{datetime.fromtimestamp(one.at, ZoneInfo(BERLIN)):%a %d %H:%M}" for one in due(aws, start, end)]


def test_a_schedule_fires_by_its_own_time_zone(account: LocalAws, service: str) -> None:
    scheduled(account, service)
    start, end = berlin(2026, 3, 27), berlin(2026, 3, 31)  # summer time begins on the 29th
    assert times(account, start, end) == ["Fri 27 20:00", "Mon 30 20:00"]
    first, second = due(account, start, end)
    assert (first.group, first.name) == ("orders", "pause")
    assert second.at - first.at == 71 * 3600


def test_a_period_includes_its_start_and_not_its_end(account: LocalAws, service: str) -> None:
    scheduled(account, service)
    assert times(account, berlin(2026, 3, 26, 20), berlin(2026, 3, 27, 20)) == ["Thu 26 20:00"]


def test_a_local_time_that_does_not_exist_is_skipped(account: LocalAws, service: str) -> None:
    scheduled(account, service, ScheduleExpression="cron(30 2 * * ? *)")
    assert times(account, berlin(2026, 3, 28), berlin(2026, 3, 31)) == ["Sat 28 02:30", "Mon 30 02:30"]


def test_a_disabled_schedule_is_never_due(account: LocalAws, service: str) -> None:
    scheduled(account, service, State="DISABLED")
    assert due(account, berlin(2026, 3, 1), berlin(2026, 4, 1)) == []
    with pytest.raises(ValueError, match="is disabled"):
        fire(account, "orders", "pause")


def test_a_schedule_that_fires_pauses_its_service(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    assert fire(account, "orders", "pause") == Fired("done", 1)
    account.plane.clock.move(20)
    assert status(account.client("apprunner"), service) == "PAUSED"


def test_the_call_has_schedulers_access_key(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    fire(account, "orders", "pause")
    call = account.plane.calls[-1]
    assert (call.operation, call.parameters, call.access_key) == ("PauseService", {"ServiceArn": service}, ACCESS_KEY)


def test_the_calls_under_the_role_are_recorded(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    fire(account, "orders", "pause")
    assert [(one.action, one.resource, one.allowed) for one in account.role_calls] == [
        ("apprunner:PauseService", service, True)
    ]


def test_a_call_during_a_deployment_is_retried_until_that_has_ended(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    account.plane.faults.inject(Fault.slow("StartDeployment", seconds=100))
    account.client("apprunner").start_deployment(ServiceArn=service)
    assert fire(account, "orders", "pause") == Fired("done", 5)  # after 0, 10, 30, 70 and 150 seconds
    assert history(account.client("apprunner"), service)[0] == ("PAUSE_SERVICE", "IN_PROGRESS")


def test_a_dropped_connection_is_retried(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    account.plane.faults.inject(Fault.drop("PauseService"))
    assert fire(account, "orders", "pause") == Fired("done", 2)


def test_an_event_that_is_too_old_is_sent_to_the_queue(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    account.plane.faults.inject(Fault.slow("StartDeployment", seconds=7200))
    account.client("apprunner").start_deployment(ServiceArn=service)
    began = account.plane.clock.now()
    fired = fire(account, "orders", "pause")
    assert fired.outcome == "dead-lettered"
    assert 1500 < account.plane.clock.now() - began <= 1800
    (message,) = dead_letters(account)
    assert json.loads(message["Body"]) == {"ServiceArn": service}
    assert "InvalidStateException" in message["MessageAttributes"]["ERROR_MESSAGE"]["StringValue"]


@pytest.mark.parametrize(
    ("actions", "through", "outcome"),
    [
        (["kms:Decrypt", "kms:GenerateDataKey"], "sqs", "dead-lettered"),
        (["kms:GenerateDataKey"], "sqs", "lost"),
        (["kms:Decrypt", "kms:GenerateDataKey"], "sns", "lost"),
        ([], "sqs", "lost"),
    ],
)
def test_an_encrypted_queue_needs_its_key_through_sqs(
    account: LocalAws, service: str, actions: list[str], through: str, outcome: str
) -> None:
    key = account.client("kms").create_key()["KeyMetadata"]
    via = {"StringEquals": {"kms:ViaService": f"{through}.eu-west-1.amazonaws.com"}}
    keys = [allow(actions, key["Arn"], Condition=via)] if actions else []
    scheduled(account, service, allow("sqs:SendMessage", QUEUE), *keys)
    sqs = account.client("sqs")
    url = sqs.get_queue_url(QueueName="failed")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"KmsMasterKeyId": key["KeyId"]})
    assert fire(account, "orders", "pause").outcome == outcome


def test_a_target_in_another_partition_is_called(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service), partition="aws-cn")
    assert fire(account, "orders", "pause") == Fired("done", 1)


def test_attempts_are_limited_by_the_schedule(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service))
    scheduler = account.client("scheduler")
    schedule = scheduler.get_schedule(GroupName="orders", Name="pause")
    kept = {key: schedule[key] for key in ("Name", "GroupName", "FlexibleTimeWindow", "ScheduleExpression", "State")}
    policy = {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 2}
    scheduler.update_schedule(**kept, Target={**schedule["Target"], "RetryPolicy": policy})
    account.plane.faults.inject(Fault.throttle("PauseService", times=3))
    fired = fire(account, "orders", "pause")
    assert (fired.outcome, fired.attempts) == ("dead-lettered", 3)


def test_a_role_without_the_permission_does_not_pause_the_service(account: LocalAws, service: str) -> None:
    scheduled(account, service, *pausing(service.replace("orders", "billing")))
    fired = fire(account, "orders", "pause")
    assert (fired.outcome, fired.attempts) == ("dead-lettered", 0)
    assert status(account.client("apprunner"), service) == "RUNNING"


@pytest.mark.parametrize(
    "trusts",
    [
        trust("events.amazonaws.com"),
        trust("scheduler.amazonaws.com", Condition={"StringEquals": {"aws:SourceAccount": "210987654321"}}),
        trust("scheduler.amazonaws.com", Condition={"StringEquals": {"aws:SourceArn": f"{GROUP}/pause"}}),
    ],
)
def test_a_role_that_does_not_trust_the_group_cannot_be_used(account: LocalAws, service: str, trusts: str) -> None:
    scheduled(account, service, *pausing(service), trusts=trusts)
    fired = fire(account, "orders", "pause")
    assert (fired.outcome, fired.attempts) == ("lost", 0)
    assert status(account.client("apprunner"), service) == "RUNNING"


def test_an_event_is_lost_if_the_role_cannot_use_the_queue(account: LocalAws, service: str) -> None:
    scheduled(account, service)
    assert fire(account, "orders", "pause").outcome == "lost"
    assert dead_letters(account) == []


def test_an_event_is_lost_without_a_queue(account: LocalAws, service: str) -> None:
    scheduled(account, service, allow("sqs:SendMessage", QUEUE))
    sqs = account.client("sqs")
    sqs.delete_queue(QueueUrl=sqs.get_queue_url(QueueName="failed")["QueueUrl"])
    assert fire(account, "orders", "pause").outcome == "lost"


@pytest.mark.parametrize("to", ["makeCoffee", "PauseService", ""])
def test_a_target_that_is_not_an_operation_is_an_error(account: LocalAws, service: str, to: str) -> None:
    scheduled(account, service, to=to)
    with pytest.raises(ValueError, match="target: must be"):
        fire(account, "orders", "pause")


# CloudWatch


LOG_GROUP = "/aws/apprunner/orders/0123456789abcdef0123456789abcdef/application"
LOG_GROUP_ARN = f"arn:aws:logs:eu-west-1:123456789012:log-group:{LOG_GROUP}:*"
ALARM_ARN = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors"


def call_cloudwatch(aws: LocalAws, target: str, input: Any, *allowed: Any) -> None:
    """Create a schedule named call, whose target is an operation such as cloudwatch:disableAlarmActions."""
    scheduler = aws.client("scheduler")
    scheduler.create_schedule_group(Name="orders")
    scheduler.create_schedule(
        Name="call",
        GroupName="orders",
        FlexibleTimeWindow={"Mode": "OFF"},
        ScheduleExpression="cron(0 3 * * ? *)",
        Target={
            "Arn": f"arn:aws:scheduler:::aws-sdk:{target}",
            "RoleArn": role(aws, *allowed, name="schedule", trusts=TRUSTED),
            "Input": json.dumps(input),
            "RetryPolicy": {"MaximumEventAgeInSeconds": 900, "MaximumRetryAttempts": 3},
        },
    )


def test_a_schedule_sets_the_retention_of_a_log_group(account: LocalAws) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName=LOG_GROUP)
    wanted = {"LogGroupName": LOG_GROUP, "RetentionInDays": 30}
    allowed = allow("logs:PutRetentionPolicy", LOG_GROUP_ARN)
    call_cloudwatch(account, "cloudwatchlogs:putRetentionPolicy", wanted, allowed)
    assert fire(account, "orders", "call") == Fired("done", 1)
    assert logs.describe_log_groups(logGroupNamePrefix=LOG_GROUP)["logGroups"][0]["retentionInDays"] == 30


def test_a_log_group_that_does_not_exist_yet_is_retried(account: LocalAws) -> None:
    wanted = {"LogGroupName": LOG_GROUP, "RetentionInDays": 30}
    allowed = allow("logs:PutRetentionPolicy", LOG_GROUP_ARN)
    call_cloudwatch(account, "cloudwatchlogs:putRetentionPolicy", wanted, allowed)
    fired = fire(account, "orders", "call")
    assert (fired.outcome, fired.attempts) == ("lost", 4)
    assert "ResourceNotFoundException" in (fired.error or "")


@pytest.mark.parametrize(("operation", "enabled"), [("disableAlarmActions", False), ("enableAlarmActions", True)])
def test_a_schedule_switches_the_actions_of_an_alarm(account: LocalAws, operation: str, enabled: bool) -> None:
    cloudwatch = account.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName="errors",
        Namespace="AWS/AppRunner",
        MetricName="5xxStatusResponses",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        ActionsEnabled=not enabled,
    )
    allowed = allow(f"cloudwatch:{operation[0].upper()}{operation[1:]}", ALARM_ARN)
    call_cloudwatch(account, f"cloudwatch:{operation}", {"AlarmNames": ["errors"]}, allowed)
    assert fire(account, "orders", "call") == Fired("done", 1)
    assert cloudwatch.describe_alarms()["MetricAlarms"][0]["ActionsEnabled"] is enabled


def test_every_alarm_needs_permission(account: LocalAws) -> None:
    allowed = allow("cloudwatch:DisableAlarmActions", ALARM_ARN)
    call_cloudwatch(account, "cloudwatch:disableAlarmActions", {"AlarmNames": ["errors", "latency"]}, allowed)
    fired = fire(account, "orders", "call")
    assert (fired.outcome, fired.attempts) == ("lost", 0)
    assert (fired.error or "").endswith(":alarm:latency")


@pytest.mark.parametrize(
    ("target", "input"),
    [
        ("logs:putRetentionPolicy", {"LogGroupName": LOG_GROUP, "RetentionInDays": 30}),
        ("cloudwatchlogs:PutRetentionPolicy", {"LogGroupName": LOG_GROUP, "RetentionInDays": 30}),
        ("cloudwatchlogs:deleteLogGroup", {"LogGroupName": LOG_GROUP}),
        ("cloudwatchlogs:putRetentionPolicy", {"logGroupName": LOG_GROUP, "retentionInDays": 30}),
        ("cloudwatchlogs:putRetentionPolicy", {"LogGroupName": LOG_GROUP, "RetentionInDays": "30"}),
        ("cloudwatch:disableAlarmActions", {"alarmNames": ["errors"]}),
    ],
)
def test_service_operation_and_keys_must_be_spelled_as_scheduler_knows_them(
    account: LocalAws, target: str, input: Any
) -> None:
    call_cloudwatch(account, target, input)
    with pytest.raises(ValueError, match=r"^target"):
        fire(account, "orders", "call")
