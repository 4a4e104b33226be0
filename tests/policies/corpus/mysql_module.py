"""One of a module's services, from its private repository."""

import pulumi_aws as aws

ORIGIN = "https://github.com/UCF/terraform-aws-apprunner-mysql/blob/main/modules/apprunner/main.tf"


def program() -> None:
    role = "arn:aws:iam::123456789012:role/apprunner-access-role"
    scaling = aws.apprunner.AutoScalingConfigurationVersion(
        "app_scaling",
        auto_scaling_configuration_name="app-scaling-config",
        max_concurrency=100,
        max_size=3,
        min_size=1,
    )
    aws.apprunner.Service(
        "app_services",
        service_name="orders-prod-service",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders-prod:latest",
                "image_repository_type": "ECR",
            },
            "authentication_configuration": {"access_role_arn": role},
        },
        instance_configuration={"cpu": "1024", "memory": "2048"},
        auto_scaling_configuration_arn=scaling.arn,
        tags={"Environment": "prod", "Application": "orders"},
    )
