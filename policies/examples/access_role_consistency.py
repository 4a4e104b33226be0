import pulumi_aws as aws
from pulumi_aws.apprunner import ServiceSourceConfigurationImageRepositoryArgsDict

IMAGE: ServiceSourceConfigurationImageRepositoryArgsDict = {
    "image_repository_type": "ECR",
    "image_identifier": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2",
}


def bad() -> None:
    aws.apprunner.Service("api", service_name="orders-api", source_configuration={"image_repository": IMAGE})


def good() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": IMAGE,
            "authentication_configuration": {"access_role_arn": "arn:aws:iam::111122223333:role/ecr-access"},
        },
    )
