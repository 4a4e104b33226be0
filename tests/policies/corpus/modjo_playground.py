"""The smallest instance, from a private repository."""

import pulumi_aws as aws

ORIGIN = "https://github.com/yuya-takeyama/modjo-playground/blob/main/terraform/stg/hello_world.tf"


def program() -> None:
    aws.apprunner.Service(
        "hello_world",
        service_name="hello-world",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8080"},
                "image_identifier": "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/mobb/hello-world:latest",
                "image_repository_type": "ECR",
            },
            "authentication_configuration": {
                "access_role_arn": "arn:aws:iam::123456789012:role/service-role/AppRunnerECRAccessRole"
            },
            "auto_deployments_enabled": False,
        },
        instance_configuration={"cpu": "256", "memory": "512"},
    )
