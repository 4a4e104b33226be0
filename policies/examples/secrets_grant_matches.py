import json

import pulumi_aws as aws

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:4.18.2"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"
OTHER = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:billing/db-GhIjKl"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "tasks.apprunner.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
)


def orders_api(readable: str) -> None:
    role = aws.iam.Role("app", assume_role_policy=TRUST)
    allowed = {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": readable}
    aws.iam.RolePolicy("secrets", role=role.name, policy=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}))
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR",
                "image_identifier": IMAGE,
                "image_configuration": {"runtime_environment_secrets": {"DATABASE_PASSWORD": f"{SECRET}:password::"}},
            },
        },
        instance_configuration={"instance_role_arn": role.arn},
    )


def bad() -> None:
    orders_api(readable=OTHER)


def good() -> None:
    orders_api(readable=SECRET)
