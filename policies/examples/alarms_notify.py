import pulumi_aws as aws


def bad() -> None:
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
    aws.cloudwatch.MetricAlarm(
        "api-errors",
        namespace="AWS/AppRunner",
        metric_name="5xxStatusResponses",
        dimensions={"ServiceName": api.service_name, "ServiceID": api.service_id},
        statistic="Sum",
        period=60,
        evaluation_periods=3,
        comparison_operator="GreaterThanThreshold",
        threshold=10,
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
    topic = aws.sns.Topic("alarms")
    aws.sns.TopicSubscription("on-call", topic=topic.arn, protocol="email", endpoint="on-call@example.com")
    aws.cloudwatch.MetricAlarm(
        "api-errors",
        namespace="AWS/AppRunner",
        metric_name="5xxStatusResponses",
        dimensions={"ServiceName": api.service_name, "ServiceID": api.service_id},
        statistic="Sum",
        period=60,
        evaluation_periods=3,
        comparison_operator="GreaterThanThreshold",
        threshold=10,
        alarm_actions=[topic.arn],
    )
