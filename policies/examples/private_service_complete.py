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
        network_configuration={"ingress_configuration": {"is_publicly_accessible": False}},
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
        network_configuration={"ingress_configuration": {"is_publicly_accessible": False}},
    )
    endpoint = aws.ec2.VpcEndpoint(
        "requests",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        service_name="com.amazonaws.eu-west-1.apprunner.requests",
        vpc_endpoint_type="Interface",
        private_dns_enabled=False,
        subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-1b2c3d4e5f607182a"],
        security_group_ids=["sg-0a1b2c3d4e5f60718"],
    )
    aws.apprunner.VpcIngressConnection(
        "api",
        name="orders-api",
        service_arn=service.arn,
        ingress_vpc_configuration={"vpc_id": "vpc-0a1b2c3d4e5f60718", "vpc_endpoint_id": endpoint.id},
    )
