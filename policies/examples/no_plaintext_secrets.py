import pulumi_aws as aws

IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/orders:4.18.2"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"


def bad() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR",
                "image_identifier": IMAGE,
                "image_configuration": {"runtime_environment_variables": {"DATABASE_PASSWORD": "correct horse"}},
            },
        },
    )


def good() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR",
                "image_identifier": IMAGE,
                "image_configuration": {
                    "runtime_environment_variables": {"DATABASE_HOST": "orders.example.com"},
                    "runtime_environment_secrets": {"DATABASE_PASSWORD": SECRET},
                },
            },
        },
    )
