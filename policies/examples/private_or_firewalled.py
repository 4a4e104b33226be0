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
        network_configuration={"ingress_configuration": {"is_publicly_accessible": True}},
    )


def good() -> None:
    service = aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/nginx/nginx:1.27",
            },
            "auto_deployments_enabled": False,
        },
        network_configuration={"ingress_configuration": {"is_publicly_accessible": True}},
    )
    aws.wafv2.WebAclAssociation(
        "api",
        resource_arn=service.arn,
        web_acl_arn="arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162",
    )
