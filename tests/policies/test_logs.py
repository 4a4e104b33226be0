import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.logs import log_retention_required
from policies.public_services import messages, service

ON: Any = {"log-retention-required": "mandatory"}
TARGET = "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy"


def schedule(kind, input: Any, *, arn=TARGET, **more):
    target: Any = {"arn": arn, "role_arn": "arn:aws:iam::123456789012:role/logs", "input": input}
    aws.scheduler.Schedule(
        f"retention-{kind}",
        schedule_expression="rate(1 day)",
        flexible_time_window={"mode": "OFF"},
        target=target,
        **more,
    )


def retention(api, kind, days=30):
    return api.service_id.apply(
        lambda id: json.dumps({"LogGroupName": f"/aws/apprunner/shop-api/{id}/{kind}", "RetentionInDays": days})
    )


def scheduled(*kinds, days=30, **more):
    def program():
        api = service()
        for kind in kinds:
            schedule(kind, retention(api, kind, days), **more)

    return program


def test_it_is_off_by_default(report):
    assert not report(service, log_retention_required).violations


def test_a_service_without_retention_is_reported_with_both_groups(report):
    (message,) = messages(report(service, log_retention_required, config=ON))

    assert "got none for /aws/apprunner/<name>/<id>/application and /aws/apprunner/<name>/<id>/service" in message


@pytest.mark.parametrize("unknown", [True, False])
def test_schedules_set_the_retention_of_both_groups(report, unknown):
    assert not report(
        scheduled("application", "service"), log_retention_required, config=ON, unknown=unknown
    ).violations


def test_a_schedule_for_one_group_leaves_the_other(report):
    (message,) = messages(report(scheduled("application"), log_retention_required, config=ON))

    assert "got none for /aws/apprunner/<name>/<id>/service." in message


@pytest.mark.parametrize(
    "more", [{"state": "DISABLED"}, {"arn": "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:deleteLogGroup"}]
)
def test_other_and_disabled_schedules_do_not_count(report, more):
    assert report(scheduled("application", "service", **more), log_retention_required, config=ON).violations


def test_the_name_of_a_group_identifies_its_service(report):
    def program():
        service("web")
        for kind in ("application", "service"):
            schedule(kind, json.dumps({"LogGroupName": f"/aws/apprunner/shop-api/0/{kind}", "RetentionInDays": 1}))

    assert report(program, log_retention_required, config=ON).violations


def test_a_first_preview_without_retention_is_skipped(report):
    result = report(service, log_retention_required, config=ON, unknown=True)

    assert not result.violations
    assert result.skipped


@pytest.mark.parametrize(("days", "is_reported"), [(30, True), (90, False)])
def test_the_lowest_number_of_days_is_configurable(report, days, is_reported):
    config = {"log-retention-required": {"enforcementLevel": "mandatory", "minDays": 90}}
    result = report(scheduled("application", "service", days=days), log_retention_required, config=config)

    assert bool(result.violations) is is_reported
    assert all("must be at least 90, got 30" in each for each in messages(result))


@pytest.mark.parametrize(("days", "expected"), [(30, None), (0, "got 0"), (None, "got none")])
def test_groups_of_the_stack_need_a_retention(report, days: Any, expected):
    def program():
        api = service()
        for kind in ("application", "service"):
            name = api.service_id.apply(lambda id, kind=kind: f"/aws/apprunner/shop-api/{id}/{kind}")
            aws.cloudwatch.LogGroup(kind, name=name, retention_in_days=days)

    result = messages(report(program, log_retention_required, config=ON))

    assert len(result) == (2 if expected else 0)
    assert all(expected in each for each in result)


def test_other_groups_are_not_checked(report):
    assert not report(
        lambda: aws.cloudwatch.LogGroup("lambda", name="/aws/lambda/x"), log_retention_required, config=ON
    ).violations
