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
    for kind in ("application", "service"):
        aws.scheduler.Schedule(
            f"retention-{kind}",
            schedule_expression="cron(15 3 * * ? *)",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": "arn:aws:scheduler:::aws-sdk:cloudwatchlogs:putRetentionPolicy",
                "role_arn": "arn:aws:iam::123456789012:role/log-retention",
                "input": api.service_id.apply(
                    lambda id, kind=kind: json.dumps(
                        {"LogGroupName": f"/aws/apprunner/orders-api/{id}/{kind}", "RetentionInDays": 30}
                    )
                ),
            },
        )
