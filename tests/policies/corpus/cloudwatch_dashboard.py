"""A service whose two roles stand elsewhere."""

import pulumi_aws as aws

ORIGIN = "https://github.com/freebattie/terraform-cloudwatch-dashboard/blob/main/infra/apprunner.tf"


def program() -> None:
    aws.apprunner.Service(
        "service",
        service_name="shop-apprunner",
        instance_configuration={"instance_role_arn": "arn:aws:iam::123456789012:role/apprunner_shop"},
        source_configuration={
            "authentication_configuration": {
                "access_role_arn": "arn:aws:iam::123456789012:role/service-role/AppRunnerECRAccessRole"
            },
            "image_repository": {
                "image_configuration": {"port": "8080"},
                "image_identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:2a7c1f4",
                "image_repository_type": "ECR",
            },
            "auto_deployments_enabled": True,
        },
    )
