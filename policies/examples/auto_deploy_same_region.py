import pulumi_aws as aws

ROLE = "arn:aws:iam::123456789012:role/pull"


def orders_api(registry_region: str) -> None:
    image = f"123456789012.dkr.ecr.{registry_region}.amazonaws.com/shop/orders:4"
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        region="eu-west-1",
        source_configuration={
            "image_repository": {"image_repository_type": "ECR", "image_identifier": image},
            "authentication_configuration": {"access_role_arn": ROLE},
            "auto_deployments_enabled": True,
        },
    )


def bad() -> None:
    orders_api("us-east-1")


def good() -> None:
    orders_api("eu-west-1")
