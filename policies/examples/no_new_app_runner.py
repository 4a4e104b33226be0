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
    aws.apprunner.AutoScalingConfigurationVersion(
        "api", auto_scaling_configuration_name="orders-api", min_size=1, max_size=10
    )
