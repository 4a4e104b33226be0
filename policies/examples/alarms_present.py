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
    service = aws.apprunner.Service(
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
    for metric, statistic, threshold in (
        ("5xxStatusResponses", "Sum", 10),
        ("RequestLatency", "Average", 2_000),
        ("ActiveInstances", "Maximum", 20),
    ):
        aws.cloudwatch.MetricAlarm(
            f"api-{metric}",
            namespace="AWS/AppRunner",
            metric_name=metric,
            dimensions={"ServiceName": service.service_name, "ServiceID": service.service_id},
            statistic=statistic,
            period=300,
            evaluation_periods=3,
            comparison_operator="GreaterThanThreshold",
            threshold=threshold,
        )
