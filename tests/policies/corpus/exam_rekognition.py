"""A service whose role may do everything in three services of AWS."""

import json

import pulumi_aws as aws

ORIGIN = "https://github.com/glennbech/Knd-2006-Eksamen-PGR301-2023/blob/main/infra/main.tf"


def program() -> None:
    role = aws.iam.Role(
        "role_for_apprunner_service",
        name="shop-role",
        assume_role_policy=json.dumps(
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
        ),
    )
    policy = aws.iam.Policy(
        "policy",
        name="shop-policy",
        description="Policy for apprunner instance",
        policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {"Effect": "Allow", "Action": ["rekognition:*"], "Resource": ["*"]},
                    {"Effect": "Allow", "Action": ["s3:*"], "Resource": ["*"]},
                    {"Effect": "Allow", "Action": ["cloudwatch:*"], "Resource": ["*"]},
                ],
            }
        ),
    )
    aws.iam.RolePolicyAttachment("attachment", role=role.name, policy_arn=policy.arn)
    aws.apprunner.Service(
        "service",
        service_name="shop-images",
        instance_configuration={"instance_role_arn": role.arn, "cpu": "256", "memory": "1024"},
        source_configuration={
            "authentication_configuration": {
                "access_role_arn": "arn:aws:iam::123456789012:role/service-role/AppRunnerECRAccessRole"
            },
            "image_repository": {
                "image_configuration": {"port": "8080"},
                "image_identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/images:2a7c1f4",
                "image_repository_type": "ECR",
            },
            "auto_deployments_enabled": True,
        },
    )
