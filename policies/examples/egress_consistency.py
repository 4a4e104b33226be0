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
        network_configuration={
            "ingress_configuration": {"is_publicly_accessible": True},
            "egress_configuration": {
                "egress_type": "DEFAULT",
                "vpc_connector_arn": "arn:aws:apprunner:eu-west-1:123456789012:vpcconnector/private/1/0a1b2c3d4e5f6071",
            },
        },
    )


def good() -> None:
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
        network_configuration={
            "ingress_configuration": {"is_publicly_accessible": True},
            "egress_configuration": {
                "egress_type": "VPC",
                "vpc_connector_arn": "arn:aws:apprunner:eu-west-1:123456789012:vpcconnector/private/1/0a1b2c3d4e5f6071",
            },
        },
    )
