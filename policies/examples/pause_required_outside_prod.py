import json

import pulumi_aws as aws


def bad() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
    )


def good() -> None:
    api = aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
    )
    for action, hour in (("pause", 20), ("resume", 7)):
        aws.scheduler.Schedule(
            action,
            schedule_expression=f"cron(0 {hour} ? * MON-FRI *)",
            schedule_expression_timezone="Europe/Berlin",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
                "role_arn": "arn:aws:iam::123456789012:role/scheduler",
                "input": api.arn.apply(lambda arn: json.dumps({"ServiceArn": arn})),
            },
        )


CONFIG = {"environment": "staging"}
