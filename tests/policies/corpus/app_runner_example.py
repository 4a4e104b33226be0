"""A module that runs the latest image of a private repository."""

import json

import pulumi_aws as aws

ORIGIN = "https://github.com/chanpon2015/app-runner/blob/main/modules/apprunner/main.tf"


def program() -> None:
    repository = aws.ecr.Repository("ecr-repository", name="app-runner-example")
    role = aws.iam.Role(
        "app-runner-role",
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
    aws.apprunner.Service(
        "app-runner",
        service_name="app-runner-example",
        source_configuration={
            "authentication_configuration": {"access_role_arn": role.arn},
            "image_repository": {
                "image_configuration": {"port": "8080"},
                "image_identifier": repository.repository_url.apply(lambda url: f"{url}:latest"),
                "image_repository_type": "ECR",
            },
        },
    )
