"""A service from a private repository, to which nobody gave a role."""

import pulumi_aws as aws

ORIGIN = "https://github.com/FlashDataOps/aws_aiaas/blob/main/terraform/ecs/ecs.tf"


def program() -> None:
    aws.apprunner.Service(
        "example",
        service_name="example",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8080"},
                "image_identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/hello:latest",
                "image_repository_type": "ECR",
            },
            "auto_deployments_enabled": False,
        },
        instance_configuration={"cpu": "1 vCPU", "memory": "2 GB"},
        tags={"Name": "hello-world-app"},
    )
