import json

import pulumi_aws as aws


def bad() -> None:
    for action, hour in (("pause", 20), ("resume", 7)):
        aws.scheduler.Schedule(
            action,
            schedule_expression=f"cron(0 {hour} ? * MON-FRI *)",
            schedule_expression_timezone="UTC",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
                "role_arn": "arn:aws:iam::123456789012:role/scheduler",
                "input": json.dumps(
                    {"ServiceArn": "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/0a1b2c3d"}
                ),
            },
        )


def good() -> None:
    for action, hour in (("pause", 20), ("resume", 7)):
        aws.scheduler.Schedule(
            action,
            schedule_expression=f"cron(0 {hour} ? * MON-FRI *)",
            schedule_expression_timezone="Europe/Berlin",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
                "role_arn": "arn:aws:iam::123456789012:role/scheduler",
                "input": json.dumps(
                    {"ServiceArn": "arn:aws:apprunner:eu-west-1:123456789012:service/orders-api/0a1b2c3d"}
                ),
                "retry_policy": {"maximum_event_age_in_seconds": 1800, "maximum_retry_attempts": 10},
                "dead_letter_config": {"arn": "arn:aws:sqs:eu-west-1:123456789012:failed-pauses"},
            },
        )
