"""The orders service of AWS's retail store: private, in the VPC, with its secrets bound."""

import json

import pulumi
import pulumi_aws as aws

ORIGIN = "https://github.com/aws-containers/retail-store-sample-app/blob/main/terraform/lib/apprunner/orders.tf"


def program() -> None:
    database = aws.secretsmanager.Secret("orders_db", name="retail-store-orders-db-x1y2")
    queue = aws.secretsmanager.Secret("mq", name="retail-store-mq-x1y2")
    key = aws.kms.Key("cmk", description="retail-store")
    role = aws.iam.Role(
        "orders",
        name="retail-store-orders",
        assume_role_policy=json.dumps(
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            }
        ),
    )
    aws.iam.RolePolicy(
        "orders_db_secret",
        name="retail-store-orders-db-secret",
        role=role.id,
        policy=pulumi.Output.all(database.arn, queue.arn, key.arn).apply(
            lambda arns: json.dumps(
                {
                    "Version": "2012-10-17",
                    "Statement": [
                        {
                            "Effect": "Allow",
                            "Action": ["secretsmanager:GetSecretValue", "kms:Decrypt*"],
                            "Resource": arns,
                        }
                    ],
                }
            )
        ),
    )
    group = aws.ec2.SecurityGroup(
        "orders",
        name="retail-store-orders",
        description="Security group for orders component",
        vpc_id="vpc-0a1b2c3d4e5f60718",
        egress=[
            {
                "description": "Allow all egress",
                "from_port": 0,
                "to_port": 0,
                "protocol": "-1",
                "cidr_blocks": ["0.0.0.0/0"],
            }
        ],
    )
    connector = aws.apprunner.VpcConnector(
        "orders",
        vpc_connector_name="retail-store-orders",
        subnets=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        security_groups=[group.id],
    )
    service = aws.apprunner.Service(
        "orders",
        service_name="retail-store-orders",
        source_configuration={
            "auto_deployments_enabled": False,
            "image_repository": {
                "image_configuration": {
                    "port": "8080",
                    "runtime_environment_secrets": {
                        "SPRING_DATASOURCE_WRITER_URL": database.arn.apply(lambda arn: f"{arn}:host::"),
                        "SPRING_DATASOURCE_WRITER_PASSWORD": database.arn.apply(lambda arn: f"{arn}:password::"),
                        "SPRING_RABBITMQ_PASSWORD": queue.arn.apply(lambda arn: f"{arn}:password::"),
                    },
                },
                "image_identifier": "public.ecr.aws/aws-containers/retail-store-sample-orders:0.7.0",
                "image_repository_type": "ECR_PUBLIC",
            },
        },
        network_configuration={
            "egress_configuration": {"egress_type": "VPC", "vpc_connector_arn": connector.arn},
            "ingress_configuration": {"is_publicly_accessible": False},
        },
        instance_configuration={"instance_role_arn": role.arn},
    )
    aws.apprunner.VpcIngressConnection(
        "orders",
        name="retail-store-orders",
        service_arn=service.arn,
        ingress_vpc_configuration={
            "vpc_id": "vpc-0a1b2c3d4e5f60718",
            "vpc_endpoint_id": "vpce-0a1b2c3d4e5f60718",
        },
    )
