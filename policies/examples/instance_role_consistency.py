import json

import pulumi_aws as aws


def trust(service: str) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def bad() -> None:
    role = aws.iam.Role("orders", assume_role_policy=trust("build.apprunner.amazonaws.com"))
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
        instance_configuration={"instance_role_arn": role.arn},
    )


def good() -> None:
    role = aws.iam.Role("orders", assume_role_policy=trust("tasks.apprunner.amazonaws.com"))
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
        instance_configuration={"instance_role_arn": role.arn},
    )
