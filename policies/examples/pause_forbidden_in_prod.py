import pulumi_aws as aws


def bad() -> None:
    aws.scheduler.Schedule(
        "night",
        schedule_expression="cron(0 20 ? * MON-FRI *)",
        schedule_expression_timezone="Europe/Berlin",
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
            "role_arn": "arn:aws:iam::123456789012:role/scheduler",
        },
    )


def good() -> None:
    aws.scheduler.Schedule(
        "night",
        schedule_expression="cron(0 20 ? * MON-FRI *)",
        schedule_expression_timezone="Europe/Berlin",
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
            "role_arn": "arn:aws:iam::123456789012:role/scheduler",
        },
        state="DISABLED",
    )
