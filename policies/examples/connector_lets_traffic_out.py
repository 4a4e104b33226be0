import pulumi_aws as aws


def bad() -> None:
    group = aws.ec2.SecurityGroup("private", vpc_id="vpc-0a1b2c3d4e5f60718", egress=[])
    aws.apprunner.VpcConnector(
        "private",
        vpc_connector_name="private",
        subnets=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        security_groups=[group.id],
    )


def good() -> None:
    group = aws.ec2.SecurityGroup("private", vpc_id="vpc-0a1b2c3d4e5f60718")
    aws.vpc.SecurityGroupEgressRule(
        "to-the-database",
        security_group_id=group.id,
        referenced_security_group_id="sg-0a1b2c3d4e5f60718",
        ip_protocol="tcp",
        from_port=5432,
        to_port=5432,
    )
    aws.apprunner.VpcConnector(
        "private",
        vpc_connector_name="private",
        subnets=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
        security_groups=[group.id],
    )
