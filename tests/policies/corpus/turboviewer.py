"""A service that is given a path to be asked under, and no protocol to ask by."""

import json

import pulumi_aws as aws

ORIGIN = "https://github.com/adsviewer/turboviewer/blob/main/infrastructure/modules/service/app_runner.tf"


def program() -> None:
    repository = aws.ecr.Repository("ecr_repo", name="prod-server")
    access = aws.iam.Role(
        "ecr_access_role",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "build.apprunner.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )
    secret = aws.secretsmanager.Secret("database", name="prod/server/database")
    instance = aws.iam.Role(
        "instance_role",
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
    aws.iam.RolePolicy(
        "instance_policy",
        role=instance.name,
        policy=secret.arn.apply(
            lambda arn: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["ssm:DescribeParameters", "ssm:GetParameters"],
                            "Resource": [arn],
                        }
                    ],
                }
            )
        ),
    )
    aws.apprunner.Service(
        "example",
        service_name="prod-server",
        health_check_configuration={"path": "/graphql"},
        instance_configuration={"instance_role_arn": instance.arn},
        source_configuration={
            "authentication_configuration": {"access_role_arn": access.arn},
            "image_repository": {
                "image_configuration": {
                    "runtime_environment_secrets": {"DATABASE_URL": secret.arn},
                    "runtime_environment_variables": {"NODE_ENV": "production"},
                    "port": "4000",
                },
                "image_identifier": repository.repository_url.apply(lambda url: f"{url}:latest"),
                "image_repository_type": "ECR",
            },
            "auto_deployments_enabled": True,
        },
    )
