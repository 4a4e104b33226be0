import pulumi_aws as aws


def bad() -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
        network_configuration={"egress_configuration": {"egress_type": "DEFAULT"}},
    )


def good() -> None:
    connector = aws.apprunner.VpcConnector(
        "private",
        vpc_connector_name="private",
        subnets=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        security_groups=["sg-0a1b2c3d4e5f60718"],
    )
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
        network_configuration={"egress_configuration": {"egress_type": "VPC", "vpc_connector_arn": connector.arn}},
    )
