import pulumi_aws as aws

CONFIG = {"registries": ["111122223333.dkr.ecr.*.amazonaws.com/*"]}


def bad() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/example/orders-api:1.4.2",
            },
            "auto_deployments_enabled": False,
        },
    )


def good() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR",
                "image_identifier": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2",
            },
            "authentication_configuration": {"access_role_arn": "arn:aws:iam::111122223333:role/ecr-access"},
            "auto_deployments_enabled": False,
        },
    )
