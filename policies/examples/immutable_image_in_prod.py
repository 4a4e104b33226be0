import pulumi_aws as aws

ACCESS_ROLE = "arn:aws:iam::111122223333:role/ecr-access"
REPOSITORY = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders-api"


def bad() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {"image_repository_type": "ECR", "image_identifier": f"{REPOSITORY}:latest"},
            "authentication_configuration": {"access_role_arn": ACCESS_ROLE},
            "auto_deployments_enabled": False,
        },
    )


def good() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {"image_repository_type": "ECR", "image_identifier": f"{REPOSITORY}:1.4.2"},
            "authentication_configuration": {"access_role_arn": ACCESS_ROLE},
            "auto_deployments_enabled": False,
        },
    )
