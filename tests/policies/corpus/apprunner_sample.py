"""A service that follows its repository's latest image, with AWS's own policy for the pull."""

import json

import pulumi_aws as aws

ORIGIN = (
    "https://github.com/Miistin/terraform-apprunner-sample/blob/main/terraform/apprunner/common/apprunner_service.tf"
)


def program() -> None:
    repository = aws.ecr.Repository("apprun-ecr-repository", name="sample")
    role = aws.iam.Role(
        "apprunner_role",
        name="AppRunnerECRAccess",
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
    aws.iam.RolePolicyAttachment(
        "apprunner_ecr_access_policy",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess",
    )
    aws.apprunner.Service(
        "sample",
        service_name="sample",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR",
                "image_configuration": {"port": "8080"},
                "image_identifier": repository.repository_url.apply(lambda url: f"{url}:latest"),
            },
            "auto_deployments_enabled": True,
            "authentication_configuration": {"access_role_arn": role.arn},
        },
    )
