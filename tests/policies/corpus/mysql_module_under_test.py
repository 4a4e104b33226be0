"""The same module under test: a public image, and still the role for a private one."""

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
        service_name="orders-test-service",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "public.ecr.aws/aws-containers/hello-app-runner:latest",
                "image_repository_type": "ECR_PUBLIC",
            },
            "authentication_configuration": {"access_role_arn": role},
        },
        instance_configuration={"cpu": "1024", "memory": "2048"},
        auto_scaling_configuration_arn=scaling.arn,
        tags={"Environment": "test", "Application": "orders"},
    )
