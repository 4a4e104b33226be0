import pulumi_aws as aws

CONFIG = {"maxUnhealthyThreshold": 3}


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
        health_check_configuration={"protocol": "HTTP", "path": "/health", "unhealthy_threshold": 10},
    )


def good() -> None:
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
        health_check_configuration={"protocol": "HTTP", "path": "/health", "unhealthy_threshold": 3},
    )
