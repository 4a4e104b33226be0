"""A back end with its settings among the secrets, by value, and with PORT."""

import pulumi_aws as aws

ORIGIN = "https://github.com/diegobermudez03/stocks-platform/blob/main/terraform/modules/app_runner/main.tf"


def program() -> None:
    role = "arn:aws:iam::123456789012:role/stocks"
    aws.apprunner.Service(
        "backend",
        service_name="stocks-backend",
        source_configuration={
            "authentication_configuration": {"access_role_arn": role},
            "image_repository": {
                "image_identifier": "123456789012.dkr.ecr.us-east-1.amazonaws.com/stocks:latest",
                "image_repository_type": "ECR",
                "image_configuration": {
                    "port": "8080",
                    "runtime_environment_secrets": {
                        "DB_HOST": "db.example.com",
                        "DB_PASSWORD": "Tr0ub4dor&3",
                        "API_URL": "https://api.example.com/v1",
                    },
                    "runtime_environment_variables": {"PORT": "8080"},
                },
            },
            "auto_deployments_enabled": True,
        },
        instance_configuration={"cpu": "1024", "memory": "2048", "instance_role_arn": role},
    )
