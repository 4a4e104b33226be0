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
        observability_configuration={"observability_enabled": False},
    )


def good() -> None:
    traces = aws.apprunner.ObservabilityConfiguration(
        "traces",
        observability_configuration_name="traces",
        trace_configuration={"vendor": "AWSXRAY"},
    )
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
        observability_configuration={
            "observability_enabled": True,
            "observability_configuration_arn": traces.arn,
        },
    )
