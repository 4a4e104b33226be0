import json
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.pausing import pause_required_outside_prod, pause_schedule_sane
from policies.public_services import SOURCE, messages

SERVICE = "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/0a1b2c3d"
QUEUE = "arn:aws:sqs:eu-west-1:123456789012:failed-pauses"
ON = {"pause-required-outside-prod": "mandatory"}


def service(name="api"):
    return aws.apprunner.Service(name, service_name=f"shop-{name}", source_configuration=SOURCE)


def schedule(
    action,
    hour,
    *,
    arn: Any = SERVICE,
    name=None,
    zone: Any = "Europe/Berlin",
    age: Any = 1800,
    attempts=10,
    queue: Any = QUEUE,
    window: Any = None,
    expression=None,
    partition="aws",
    **more,
):
    target: Any = {
        "arn": f"arn:{partition}:scheduler:::aws-sdk:apprunner:{action}Service",
        "role_arn": "arn:aws:iam::123456789012:role/scheduler",
        "input": json.dumps({"ServiceArn": arn}) if isinstance(arn, str) else arn.apply(of_service),
        "retry_policy": {"maximum_event_age_in_seconds": age, "maximum_retry_attempts": attempts},
        "dead_letter_config": {"arn": queue},
    }
    target = {key: value for key, value in target.items() if value not in ({"arn": None}, {})}
    aws.scheduler.Schedule(
        name or action,
        schedule_expression=expression or f"cron(0 {hour} ? * MON-FRI *)",
        schedule_expression_timezone=zone,
        flexible_time_window=window or {"mode": "OFF"},
        target=target,
        **more,
    )


def of_service(arn):
    return json.dumps({"ServiceArn": arn})


def both(**more):
    schedule("pause", 20, **more)
    schedule("resume", 7, **more)


def unpaused(report, program, stack="dev", **more):
    return report(program, pause_required_outside_prod, stack=stack, config=ON, **more)


# Required pauses


def test_a_service_without_a_pause_is_a_violation_outside_production_only(report):
    (message,) = messages(unpaused(report, service))
    assert message.startswith("api: a schedule must pause this service outside production")

    assert not unpaused(report, service, "prod").violations


def test_the_rule_is_disabled_by_default(report):
    assert not report(service, pause_required_outside_prod, stack="dev").violations


@pytest.mark.parametrize("unknown", [True, False])
def test_a_service_with_a_pause_passes_even_if_its_arn_is_unknown(report, unknown):
    result = unpaused(report, lambda: both(arn=service().arn), unknown=unknown)

    assert (result.violations, result.skipped) == ((), ())


@pytest.mark.parametrize(("partition", "is_checked"), [("aws-cn", True), ("aws-us-gov", True), ("aws-CN/", False)])
def test_a_target_of_any_partition_is_checked(report, partition, is_checked):
    result = unpaused(report, lambda: both(arn=service().arn, partition=partition))

    assert bool(result.violations) is not is_checked


def test_a_schedule_of_another_service_does_not_count(report):
    def program():
        service("web")
        both(arn=service().arn)

    assert messages(unpaused(report, program))[0].startswith("web: ")


@pytest.mark.parametrize("change", [{"state": "DISABLED"}, {"name": "resume-only"}])
def test_a_disabled_pause_or_a_resume_alone_does_not_count(report, change):
    def program():
        schedule("resume" if "name" in change else "pause", 20, arn=service().arn, **change)

    assert len(unpaused(report, program).violations) == 1


def test_a_schedule_of_an_unknown_service_skips_the_check(report):
    def program():
        elsewhere = aws.ssm.Parameter("elsewhere", type="String", value="x")
        service()
        both(arn=elsewhere.arn)

    result = unpaused(report, program, unknown=True)

    assert not result.violations
    assert [each.policy for each in result.skipped] == ["pause-required-outside-prod"]


# Time zone, counterpart and retries of schedules


def test_a_pause_and_a_resume_with_limited_retries_pass(report):
    result = report(both, pause_schedule_sane)

    assert (result.violations, result.skipped) == ((), ())


@pytest.mark.parametrize(
    ("zone", "expected"), [(None, '"UTC" (the provider\'s default, since it is not set)'), ("UTC", '"UTC"')]
)
def test_a_schedule_in_utc_is_a_violation(report, zone, expected):
    reported = messages(report(lambda: both(zone=zone), pause_schedule_sane))

    assert [each.split(": ")[0] for each in reported] == ["pause", "resume"]
    assert f"those who use the service, got {expected}. In UTC the local hours shift" in reported[0]


def test_etc_utc_passes(report):
    assert not report(lambda: both(zone="Etc/UTC"), pause_schedule_sane).violations


def test_a_rate_expression_needs_no_time_zone(report):
    def program():
        schedule("pause", 20, expression="rate(12 hours)", zone=None)
        schedule("resume", 7, expression="rate(12 hours)", zone=None, age=86_400)

    assert not report(program, pause_schedule_sane).violations


def test_a_pause_without_a_resume_is_reported_once(report):
    def program():
        schedule("pause", 20)
        schedule("pause", 22, name="pause-again")
        schedule("resume", 7, arn=SERVICE.replace("orders", "carts"))

    (message,) = messages(report(program, pause_schedule_sane))

    assert message.startswith(
        "pause: target.arn pauses a service, and a schedule must resume it, but none of the stack does"
    )


def test_a_resume_without_a_pause_passes(report):
    assert not report(lambda: schedule("resume", 7), pause_schedule_sane).violations


def test_a_resume_of_an_unknown_service_skips_the_check(report):
    def program():
        elsewhere = aws.ssm.Parameter("elsewhere", type="String", value="x")
        schedule("pause", 20)
        schedule("resume", 7, arn=elsewhere.arn)

    result = report(program, pause_schedule_sane, unknown=True)

    assert not result.violations
    assert result.skipped


@pytest.mark.parametrize(("age", "expected"), [(None, "86400 (the default, since it is not set)"), (39_600, "39600")])
def test_a_pause_that_is_retried_into_working_hours_is_reported_with_the_gap(report, age, expected):
    def program():
        schedule("pause", 20, age=age)
        schedule("resume", 7)

    (message,) = messages(report(program, pause_schedule_sane))

    assert f"must end before the resume, 660 minutes after this pause, got {expected}. App" in message
    assert message.endswith("pauses the service during working hours. Set it to 3600.")


def test_a_pause_with_retries_that_end_a_minute_before_the_resume_passes(report):
    def program():
        schedule("pause", 20, age=660 * 60 - 60)
        schedule("resume", 7)

    assert not report(program, pause_schedule_sane).violations


def test_a_flexible_time_window_adds_to_the_delay(report):
    def program():
        schedule("pause", 20, age=600 * 60, window={"mode": "FLEXIBLE", "maximum_window_in_minutes": 60})
        schedule("resume", 7)

    (message,) = messages(report(program, pause_schedule_sane))

    assert "plus 60 minutes of flexibleTimeWindow" in message


def test_a_resume_that_is_retried_past_the_next_pause_is_reported(report):
    def program():
        schedule("pause", 20)
        schedule("resume", 7, age=86_400)

    (message,) = messages(report(program, pause_schedule_sane))

    assert "must end before the pause, 780 minutes after this resume" in message


@pytest.mark.parametrize(
    "change",
    [
        {"attempts": 0},
        {"expression": "at(2027-01-01T20:00:00)"},
    ],
)
def test_schedules_without_retries_or_with_incomparable_times_are_ignored(report, change):
    def program():
        schedule("pause", 20, **({"age": 86_400} | change))
        schedule("resume", 7)

    assert not report(program, pause_schedule_sane).violations


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin?"),
        ("+02:00", 'Set it, for example to "Europe/Berlin".'),
        ("x" * 100_000, 'Set it, for example to "Europe/Berlin".'),
    ],
)
def test_a_time_zone_that_does_not_exist_is_a_violation(report, zone, hint):
    def program():
        schedule("pause", 20, zone=zone)
        schedule("resume", 7)

    (message,) = messages(report(program, pause_schedule_sane))

    assert message.startswith("pause: scheduleExpressionTimezone must be the IANA name of a time zone, got ")
    assert message.endswith(hint)


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("cron(0 20 * * MON-FRI *)", "exactly one of the two must be ?, got * and MON-FRI. Write cron(0 20 ? * MON"),
        ("cron(0 20 * * MON-FRI)", "exactly one of the two must be ?, got * and MON-FRI."),
        ("cron(0 25 ? * MON-FRI *)", 'hours: must be 0-23 (wildcards: , - * /), got "25"'),
        ("0 20 * * *", "must have the form cron(...)"),
        ("cron(nonsense)", 'must have 6 fields, got 1 in "cron(nonsense)"'),
    ],
)
def test_an_invalid_expression_is_a_violation(report, expression, problem):
    def program():
        schedule("pause", 20, expression=expression)
        schedule("resume", 7)

    (message,) = messages(report(program, pause_schedule_sane))

    assert message.startswith("pause: scheduleExpression: ")
    assert problem in message
    assert message.endswith(". AWS documents no other form, and EventBridge Scheduler may reject the schedule.")


def test_an_expression_without_a_year_passes(report):
    def program():
        schedule("pause", 20, expression="cron(0 20 ? * MON-FRI)")
        schedule("resume", 7)

    assert not report(program, pause_schedule_sane).violations


def test_a_dead_letter_queue_is_required(report):
    reported = messages(report(lambda: both(queue=None), pause_schedule_sane))

    assert len(reported) == 2
    assert "target.deadLetterConfig must be set. Without it a call that fails after all retries is lost" in reported[0]


def test_an_unknown_queue_counts_as_a_queue(report):
    def program():
        both(arn=service().arn, queue=aws.sqs.Queue("failed").arn)

    result = report(program, pause_schedule_sane, unknown=True)

    assert (result.violations, result.skipped) == ((), ())


def test_a_disabled_schedule_is_not_checked(report):
    assert not report(lambda: both(state="DISABLED", arn="not an ARN", zone=None), pause_schedule_sane).violations


def target(operation, target_input):
    aws.scheduler.Schedule(
        "pause",
        schedule_expression="rate(1 days)",
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{operation}",
            "role_arn": "arn:aws:iam::123456789012:role/x",
            "input": target_input,
        },
    )


@pytest.mark.parametrize(
    ("target_input", "got"),
    [
        (None, "none"),
        ("", "none"),
        (SERVICE, "an input without it"),
        ("[]", "an input without it"),
        (json.dumps({"serviceArn": SERVICE}), "an input without it"),
        (json.dumps({"ServiceArn": [SERVICE]}), "an input without it"),
        (json.dumps({"ServiceArn": "orders"}), "ServiceArn orders"),
        (json.dumps({"ServiceArn": QUEUE}), f"ServiceArn {QUEUE}"),
    ],
)
def test_the_input_names_a_service(report, target_input, got):
    (message,) = messages(report(lambda: target("pauseService", target_input), pause_schedule_sane))[:1]

    assert message.startswith("pause: target.input must be JSON with the service's ARN under ServiceArn, got " + got)


def test_a_schedule_without_a_service_in_its_input_does_not_pause_it(report):
    def program():
        arn = service().arn
        target("pauseService", arn.apply(lambda each: json.dumps({"serviceArn": each})))

    assert unpaused(report, program).violations


def test_an_operation_that_a_schedule_cannot_call_is_a_violation(report):
    (message,) = messages(
        report(lambda: target("stopService", json.dumps({"ServiceArn": SERVICE})), pause_schedule_sane)
    )

    assert message.startswith(
        "pause: target.arn must name an operation of App Runner that a schedule can call, got stop"
    )


@pytest.mark.parametrize("operation", ["pauseservice", "PauseService", "PAUSESERVICE"])
def test_an_operation_that_is_not_in_camel_case_is_a_violation(report, operation):
    (message,) = messages(report(lambda: target(operation, of_service(SERVICE)), pause_schedule_sane))[:1]

    assert f"target.arn must name the operation in camel case, got {operation}." in message
    assert message.endswith("Write pauseService.")


def test_a_schedule_that_deploys_is_not_checked(report):
    assert not report(lambda: target("startDeployment", None), pause_schedule_sane).violations


@pytest.mark.parametrize(("zone", "hour"), [("Europe/Berlin", 20), ("Europe/London", 19)])
def test_a_pause_and_a_resume_at_the_same_time_are_a_violation(report, zone, hour):
    def program():
        schedule("pause", 20)
        schedule("resume", hour, zone=zone)

    (message,) = messages(report(program, pause_schedule_sane))

    assert message.startswith("pause: scheduleExpression must pause the service at another time than resume resumes it")


def test_retries_are_compared_across_time_zones(report):
    def program():
        schedule("pause", 20, zone="America/New_York", age=18_000)
        schedule("resume", 6)

    (message,) = messages(report(program, pause_schedule_sane))

    assert "must end before the resume, 240 minutes after this pause" in message


def test_schedules_of_other_aws_services_are_ignored(report):
    def program():
        aws.scheduler.Schedule(
            "report",
            schedule_expression="rate(1 days)",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": "arn:aws:scheduler:::aws-sdk:sqs:sendMessage",
                "role_arn": "arn:aws:iam::123456789012:role/x",
            },
        )

    assert not report(program, pause_schedule_sane).violations
