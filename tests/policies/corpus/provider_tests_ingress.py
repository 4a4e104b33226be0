"""The Terraform provider's acceptance test of a private service."""

import pulumi_aws as aws

ORIGIN = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/apprunner/v"
    "pc_ingress_connection_test.go"
)


def program() -> None:
    network = aws.ec2.Vpc("test", cidr_block="10.0.0.0/16")
    subnet = aws.ec2.Subnet("test", vpc_id=network.id, cidr_block="10.0.0.0/24", availability_zone="us-east-1a")
    service = aws.apprunner.Service(
        "test",
        service_name="tf-acc-test",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "public.ecr.aws/aws-containers/hello-app-runner:latest",
                "image_repository_type": "ECR_PUBLIC",
            },
            "auto_deployments_enabled": False,
        },
        network_configuration={"ingress_configuration": {"is_publicly_accessible": False}},
    )
    endpoint = aws.ec2.VpcEndpoint(
        "apprunner",
        vpc_id=network.id,
        service_name="com.amazonaws.us-east-1.apprunner.requests",
        vpc_endpoint_type="Interface",
        subnet_ids=[subnet.id],
        security_group_ids=[network.default_security_group_id],
    )
    aws.apprunner.VpcIngressConnection(
        "test",
        name="tf-acc-test",
        service_arn=service.arn,
        ingress_vpc_configuration={"vpc_id": network.id, "vpc_endpoint_id": endpoint.id},
    )
