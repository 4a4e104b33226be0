import json

import pulumi_aws as aws

TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
                "Action": "sts:AssumeRole",
            }
        ],
    }
)


def bad() -> None:
    tracing = aws.apprunner.ObservabilityConfiguration(
        "tracing", observability_configuration_name="orders-api", trace_configuration={"vendor": "AWSXRAY"}
    )
    role = aws.iam.Role("app", assume_role_policy=TRUST)
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
        instance_configuration={"cpu": "1024", "memory": "2048", "instance_role_arn": role.arn},
        observability_configuration={
            "observability_enabled": True,
            "observability_configuration_arn": tracing.arn,
        },
    )


def good() -> None:
    tracing = aws.apprunner.ObservabilityConfiguration(
        "tracing", observability_configuration_name="orders-api", trace_configuration={"vendor": "AWSXRAY"}
    )
    role = aws.iam.Role("app", assume_role_policy=TRUST)
    aws.iam.RolePolicyAttachment("app", role=role.name, policy_arn="arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess")
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
        instance_configuration={"cpu": "1024", "memory": "2048", "instance_role_arn": role.arn},
        observability_configuration={
            "observability_enabled": True,
            "observability_configuration_arn": tracing.arn,
        },
    )
