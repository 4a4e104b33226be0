"""Services to which secrets are bound."""

from typing import Any

import pulumi_aws as aws

IMAGE = "sourceConfiguration.imageRepository.imageConfiguration"
VARIABLES = f"{IMAGE}.runtimeEnvironmentVariables"
PREFIX = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"
SECRET = f"{PREFIX}:orders/db-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"
MANAGED = f"{PREFIX}:rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-AbCdEf"
ODD: list[Any] = [None, 3, True, [], ["x"], {}, {"a": {"b": []}}, "text", {"DB_PASSWORD": 3}, {"DB_PASSWORD": [1]}]


def image(**configuration):
    return {"sourceConfiguration": {"imageRepository": {"imageConfiguration": configuration}}}


def service(*, role=None, name="api", variables=None, secrets=None):
    return aws.apprunner.Service(
        name,
        service_name=name,
        source_configuration={
            "image_repository": {
                "image_identifier": "public.ecr.aws/acme/shop:1.2.3",
                "image_repository_type": "ECR_PUBLIC",
                "image_configuration": {
                    "runtime_environment_variables": variables,
                    "runtime_environment_secrets": secrets,
                },
            },
        },
        instance_configuration={"instance_role_arn": role} if role is not None else {"cpu": "1024"},
    )
