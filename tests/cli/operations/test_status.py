"""The status of services: what it contains, and what it does not change."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from apprunner_facts.bill import Assumptions
from apprunner_facts.load import Scaling
from apprunner_local.apprunner import Fault
from deployed import SECRET, Stack
from pulumi_apprunner.cli.operations.state import parse_state
from pulumi_apprunner.cli.operations.status import Status, read_status
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.sdk import await_result

DAY = 24 * 3600
UPDATE = {"InstanceConfiguration": {"Cpu": "2 vCPU", "Memory": "4 GB"}}
OLD = {"instanceConfiguration": {"cpu": "1024", "memory": "2048"}}
NEW = {"instanceConfiguration": {"cpu": "2 vCPU", "memory": "4 GB", "__defaults": []}, "__defaults": ["tags"]}


def read(stack: Stack, **assumptions: Any) -> Status:
    state = parse_state(stack.exported)
    session = Session(Access(region="eu-west-1"))
    return await_result(read_status(session, state, state.select(()), Assumptions(**assumptions), stack.now))


def roll_back(stack: Stack, arn: str, **fault: Any) -> None:
    """Update a service, which App Runner rolls back."""
    stack.aws.plane.faults.inject(Fault.roll_back(reason="health check failed", **fault))
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    stack.move(60)


def alarm(stack: Stack, name: str, state: str = "ALARM", **more: Any) -> None:
    cloudwatch = stack.aws.client("cloudwatch")
    settings = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1, **more}
    cloudwatch.put_metric_alarm(AlarmName=name, **settings)
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="test")


def on_metric(id: str) -> dict[str, Any]:
    dimensions = [{"Name": "ServiceName", "Value": "shop-api"}, {"Name": "ServiceID", "Value": id}]
    metric = {"Namespace": "AWS/AppRunner", "MetricName": "Requests", "Statistic": "Sum", "Period": 60}
    return {**metric, "Dimensions": dimensions}


def test_a_running_service_is_verified(stack: Stack) -> None:
    arn = stack.service()
    (service,) = read(stack).services
    assert (service.status, service.service.name, service.service.arn) == ("RUNNING", "api", arn)
    assert service.url == f"https://{stack.client.describe_service(ServiceArn=arn)['Service']['ServiceUrl']}"
    assert service.verification is not None
    assert service.verification.result == "verified"
    assert service.verification.reason == "CREATE_SERVICE of 2026-01-01 00:00 UTC succeeded"
    assert (service.domains, service.alarms, service.upcoming, dict(service.unread)) == ([], [], None, {})
    assert service.scaling == Scaling(min_size=1, max_size=25)


def test_a_status_changes_nothing(stack: Stack) -> None:
    stack.service()
    read(stack)
    calls = {call.operation for call in stack.aws.plane.calls} - {"CreateService"}
    assert calls == {
        "DescribeService",
        "ListOperations",
        "DescribeCustomDomains",
        "DescribeAutoScalingConfiguration",
    }


def test_a_rollback_is_a_failed_deployment_although_the_service_runs(stack: Stack) -> None:
    roll_back(stack, stack.service())
    (service,) = read(stack).services
    assert service.status == "RUNNING"
    assert service.has_failed
    assert service.verification is not None
    assert service.verification.reason == (
        "its last deployment, UPDATE_SERVICE of 2026-01-01 00:01 UTC, ended ROLLBACK_SUCCEEDED: the version before it "
        "runs"
    )


@pytest.mark.parametrize(("inputs", "result"), [(NEW, "failed"), (OLD, "verified"), (None, "failed")])
def test_a_deployment_after_a_rollback_counts_only_with_the_settings_of_the_program(
    stack: Stack, inputs: Any, result: str
) -> None:
    arn = stack.service(inputs=inputs)
    roll_back(stack, arn)
    stack.client.start_deployment(ServiceArn=arn)
    stack.move(60)
    (service,) = read(stack).services
    assert service.verification is not None
    assert service.verification.result == result


def test_settings_with_a_secret_make_that_outcome_unknown(stack: Stack) -> None:
    arn = stack.service(inputs={"sourceConfiguration": SECRET})
    roll_back(stack, arn)
    stack.client.start_deployment(ServiceArn=arn)
    stack.move(60)
    (service,) = read(stack).services
    assert service.verification is not None
    assert service.verification.result == "unknown"
    assert not service.has_failed


def test_a_deployment_in_progress_is_no_failure(stack: Stack) -> None:
    arn = stack.service()
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    (service,) = read(stack).services
    assert (service.status, service.has_failed) == ("OPERATION_IN_PROGRESS", False)
    assert service.verification is not None
    assert service.verification.reason == "UPDATE_SERVICE of 2026-01-01 00:01 UTC is in progress"


def test_a_deleted_service_is_a_failure(stack: Stack) -> None:
    arn = stack.service()
    stack.client.delete_service(ServiceArn=arn)
    stack.move(60)
    (service,) = read(stack).services
    assert (service.status, service.has_failed, service.cost) == ("DELETED", True, None)


def test_a_service_that_never_ran_costs_nothing(stack: Stack) -> None:
    stack.aws.plane.faults.inject(Fault.fail_create(reason="no such command"))
    stack.service()
    (service,) = read(stack).services
    assert (service.status, service.has_failed, service.cost) == ("CREATE_FAILED", True, None)


def test_domains_have_their_status(stack: Stack) -> None:
    arn = stack.service()
    stack.client.associate_custom_domain(ServiceArn=arn, DomainName="api.example.com", EnableWWWSubdomain=False)
    stack.move(10)
    (service,) = read(stack).services
    assert [(each.name, each.status) for each in service.domains or ()] == [
        ("api.example.com", "pending_certificate_dns_validation")
    ]


def test_raised_alarms_on_a_metric_or_in_a_query_of_the_service_are_listed(stack: Stack) -> None:
    id = stack.service().rpartition("/")[2]
    query = {"Id": "q", "Expression": f"SELECT MAX(CPUUtilization) FROM x WHERE ServiceID = '{id}'", "Period": 60}
    alarm(stack, "raised", **on_metric(id))
    alarm(stack, "query", Metrics=[query])
    alarm(stack, "fine", state="OK", **on_metric(id))
    alarm(stack, "other", **on_metric("0" * 32))
    (service,) = read(stack).services
    assert service.alarms == ["query", "raised"]


def test_each_service_has_its_own_alarms_and_those_on_several(stack: Stack) -> None:
    ids = [stack.service(name).rpartition("/")[2] for name in ("api", "web")]
    for id, name in zip(ids, ("of-api", "of-web"), strict=True):
        alarm(stack, name, **on_metric(id))
    alarm(stack, "of-both", Metrics=[{"Id": "q", "Expression": " ".join(ids), "Period": 60}])
    assert [each.alarms for each in read(stack).services] == [["of-api", "of-both"], ["of-both", "of-web"]]


def test_the_newest_data_point_is_the_number_of_active_instances(stack: Stack) -> None:
    id = stack.service().rpartition("/")[2]
    dimensions = on_metric(id)["Dimensions"]
    for minutes, value in ((3, 2), (2, 4)):
        at = datetime.fromtimestamp(stack.now.timestamp() - minutes * 60, UTC)
        data = {"MetricName": "ActiveInstances", "Dimensions": dimensions, "Timestamp": at, "Value": value}
        stack.aws.client("cloudwatch").put_metric_data(Namespace="AWS/AppRunner", MetricData=[data])
    (service,) = read(stack).services
    assert service.active_instances == 4


def test_the_next_pause_of_a_running_service_is_in_the_time_of_its_schedule(stack: Stack) -> None:
    arn = stack.service()
    stack.schedule("evening", "pauseService", arn, "cron(0 20 ? * MON-FRI *)")
    stack.schedule("morning", "resumeService", arn, "cron(0 8 ? * MON-FRI *)")
    (service,) = read(stack).services
    assert service.upcoming is not None
    assert (service.upcoming.action, service.upcoming.at.isoformat()) == ("pause", "2026-01-01T20:00:00+01:00")


def test_the_next_resume_of_a_paused_service(stack: Stack) -> None:
    arn = stack.service()
    stack.schedule("evening", "pauseService", arn, "cron(0 20 ? * MON-FRI *)")
    stack.schedule("morning", "resumeService", arn, "cron(0 8 ? * MON-FRI *)")
    stack.client.pause_service(ServiceArn=arn)
    stack.move(20)
    (service,) = read(stack).services
    assert (service.status, service.active_instances) == ("PAUSED", 0)
    assert service.upcoming is not None
    assert (service.upcoming.action, service.upcoming.at.isoformat()) == ("resume", "2026-01-01T08:00:00+01:00")


def test_a_schedule_with_a_rate_is_not_read(stack: Stack) -> None:
    arn = stack.service()
    stack.schedule("evening", "pauseService", arn, "rate(12 hours)")
    (service,) = read(stack).services
    assert service.unread["next"].startswith("evening: must be a cron expression")


def test_a_schedule_with_a_secret_is_not_read(stack: Stack) -> None:
    arn = stack.service()
    stack.schedule("evening", "pauseService", arn, "cron(0 20 * * ? *)")
    stack.resources[-1]["inputs"]["scheduleExpression"] = SECRET
    (service,) = read(stack).services
    assert service.unread["next"] == "scheduleExpression of evening is unknown"


# Cost


def test_the_cost_counts_the_hours_since_the_creation(stack: Stack) -> None:
    stack.service()
    stack.move(10 * 3600 - 60)
    (service,) = read(stack, active=0.5).services
    assert service.cost is not None
    assert service.cost.running_hours == pytest.approx(10)
    assert service.cost.usd == pytest.approx(10 * (2 * 0.007 + 0.5 * 0.064))


def test_the_cost_counts_only_this_month(stack: Stack) -> None:
    stack.service()
    stack.move(32 * DAY)
    (service,) = read(stack).services
    assert service.cost is not None
    assert service.cost.since == datetime(2026, 2, 1, tzinfo=UTC)
    assert service.cost.running_hours == pytest.approx(24 + 1 / 60)


def test_the_cost_does_not_count_pauses(stack: Stack) -> None:
    arn = stack.service()
    stack.client.pause_service(ServiceArn=arn)
    stack.move(20)
    stack.move(5 * 3600)
    stack.client.resume_service(ServiceArn=arn)
    stack.move(3600)
    (service,) = read(stack).services
    assert service.cost is not None
    assert service.cost.running_hours == pytest.approx(1 + 80 / 3600)


def test_a_pause_before_the_month_counts(stack: Stack) -> None:
    arn = stack.service()
    stack.client.pause_service(ServiceArn=arn)
    stack.move(35 * DAY)
    stack.client.resume_service(ServiceArn=arn)
    stack.move(7200)
    (service,) = read(stack).services
    assert service.cost is not None
    assert service.cost.running_hours == pytest.approx(2)


def test_automatic_deployments_cost_their_whole_fee(stack: Stack) -> None:
    arn = stack.service()
    described = stack.client.describe_service(ServiceArn=arn)["Service"]["SourceConfiguration"]
    before = read(stack).usd
    role = {"AccessRoleArn": "arn:aws:iam::123456789012:role/pull"}
    stack.aws.plane.world.role_ready = lambda arn, principal: True
    stack.aws.plane.world.access_error = lambda role, action, resource: None
    image = {"ImageIdentifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1", "ImageRepositoryType": "ECR"}
    automatic = {"ImageRepository": image, "AuthenticationConfiguration": role, "AutoDeploymentsEnabled": True}
    assert described["AutoDeploymentsEnabled"] is False
    stack.client.update_service(ServiceArn=arn, SourceConfiguration=automatic)
    assert read(stack).usd == pytest.approx(before + 1)


# Errors


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("ListOperations", "deployment"),
        ("DescribeCustomDomains", "domains"),
        ("DescribeAutoScalingConfiguration", "instances"),
    ],
)
def test_a_denied_call_leaves_out_its_part_and_names_the_permission(stack: Stack, operation: str, field: str) -> None:
    stack.service()
    stack.aws.plane.faults.inject(Fault.error(operation, "AccessDeniedException"))
    (service,) = read(stack).services
    assert service.status == "RUNNING"
    assert service.unread == {field: f"access denied. Grant apprunner:{operation} to the caller"}


def test_a_denied_service_does_not_hide_the_others(stack: Stack) -> None:
    first = stack.service("api")
    stack.service("web")
    stack.aws.plane.faults.inject(Fault.error("DescribeService", "AccessDeniedException", on=first))
    api, web = read(stack).services
    assert api.unread == {"service": "access denied. Grant apprunner:DescribeService to the caller"}
    assert (api.status, web.status) == (None, "RUNNING")


def test_throttling_is_reported_after_retries(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    stack.service()
    stack.aws.plane.faults.inject(Fault.throttle("DescribeCustomDomains", times=4))
    (service,) = read(stack).services
    assert service.unread == {
        "domains": "AWS throttled DescribeCustomDomains, also after retries. Run the command again in a minute"
    }


def count(stack: Stack, operation: str) -> int:
    return [call.operation for call in stack.aws.plane.calls].count(operation)


def test_operations_of_earlier_months_are_not_read(stack: Stack) -> None:
    arn = stack.service()
    stack.aws.plane.world.page_size = 2
    switches: list[tuple[Callable[..., Any], float]] = [
        (stack.client.pause_service, 20),
        (stack.client.resume_service, 40),
    ]
    for _ in range(4):
        for call, seconds in switches:
            call(ServiceArn=arn)
            stack.move(seconds)
    stack.client.update_service(ServiceArn=arn, **UPDATE)
    stack.move(32 * DAY)
    before = count(stack, "ListOperations")
    read(stack)
    assert count(stack, "ListOperations") - before == 1
