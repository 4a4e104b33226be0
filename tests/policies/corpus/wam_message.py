"""A service whose access role has ECR's general policy for reading."""

import json

import pulumi_aws as aws

ORIGIN = "https://github.com/yarichard/infra-wam_message/blob/main/main.tf"


def program() -> None:
    role = aws.iam.Role(
        "apprunner_ecr_role",
        name="apprunner-ecr-role",
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
        "apprunner_ecr_readonly",
        role=role.name,
        policy_arn="arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryReadOnly",
    )
    aws.apprunner.Service(
        "wamserver",
        service_name="wamserver",
        source_configuration={
            "authentication_configuration": {"access_role_arn": role.arn},
            "image_repository": {
                "image_identifier": "123456789012.dkr.ecr.eu-west-3.amazonaws.com/wamserver:latest",
                "image_repository_type": "ECR",
                "image_configuration": {"port": "3000"},
            },
        },
        instance_configuration={"cpu": "256", "memory": "512"},
        tags={"Name": "wamserver"},
    )
