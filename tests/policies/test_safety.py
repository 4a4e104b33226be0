from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.safety import pause_forbidden_in_prod, service_protected_in_prod
from policies.public_services import messages

CHINA = "arn:aws-cn:scheduler:::aws-sdk:apprunner:pauseService"
PAUSE = "arn:aws:scheduler:::aws-sdk:apprunner:pauseService"
RESUME = "arn:aws:scheduler:::aws-sdk:apprunner:resumeService"


def service(**options):
    return aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
        opts=pulumi.ResourceOptions(**options),
    )


def schedule(arn: Any = PAUSE, **more):
    aws.scheduler.Schedule(
        "night",
        schedule_expression="cron(0 20 ? * MON-FRI *)",
        flexible_time_window={"mode": "OFF"},
        target={"arn": arn, "role_arn": "arn:aws:iam::123456789012:role/scheduler"},
        **more,
    )


def test_an_unprotected_production_service_is_a_violation(report):
    (message,) = messages(report(service, service_protected_in_prod))

    assert message.startswith("api: the resource option protect must be true in production")
    assert message.endswith("Set protect to true.")


def test_a_protected_service_passes(report):
    assert not messages(report(lambda: service(protect=True), service_protected_in_prod))


@pytest.mark.parametrize("stack", ["staging", "dev"])
def test_a_service_outside_production_need_not_be_protected(report, stack):
    assert not messages(report(service, service_protected_in_prod, stack=stack))


def test_the_environment_is_configurable(report):
    config = {"service-protected-in-prod": {"environment": "prod"}}

    assert messages(report(service, service_protected_in_prod, stack="blue", config=config))


@pytest.mark.parametrize("arn", [PAUSE, PAUSE.lower(), CHINA])
def test_a_schedule_that_pauses_a_production_service_is_a_violation(report, arn):
    (message,) = messages(report(lambda: schedule(arn), pause_forbidden_in_prod))

    assert message.startswith(f'night: target.arn must not pause a service in production, got "{arn}"')


@pytest.mark.parametrize(
    ("arn", "more"),
    [(RESUME, {}), (PAUSE, {"state": "DISABLED"}), ("arn:aws:lambda:eu-west-1:123456789012:function:pauseService", {})],
)
def test_other_schedules_pass(report, arn, more):
    assert not messages(report(lambda: schedule(arn, **more), pause_forbidden_in_prod))


def test_outside_production_services_may_be_paused(report):
    assert not messages(report(schedule, pause_forbidden_in_prod, stack="staging"))


def test_an_unknown_target_is_reported_as_unknown(report):
    def program():
        schedule(aws.sqs.Queue("queue").arn)

    result = report(program, pause_forbidden_in_prod, unknown=True)

    assert not result.violations
    assert len(result.skipped) == 1
