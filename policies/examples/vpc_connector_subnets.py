import pulumi_aws as aws


def bad() -> None:
    first = aws.ec2.Subnet(
        "first", vpc_id="vpc-0a1b2c3d4e5f60718", cidr_block="10.0.1.0/24", availability_zone="eu-west-1a"
    )
    second = aws.ec2.Subnet(
        "second", vpc_id="vpc-0a1b2c3d4e5f60718", cidr_block="10.0.2.0/24", availability_zone="eu-west-1a"
    )
    aws.apprunner.VpcConnector(
        "private", vpc_connector_name="private", subnets=[first.id, second.id], security_groups=["sg-0a1b2c3d4e5f60718"]
    )


def good() -> None:
    first = aws.ec2.Subnet(
        "first", vpc_id="vpc-0a1b2c3d4e5f60718", cidr_block="10.0.1.0/24", availability_zone="eu-west-1a"
    )
    second = aws.ec2.Subnet(
        "second", vpc_id="vpc-0a1b2c3d4e5f60718", cidr_block="10.0.2.0/24", availability_zone="eu-west-1b"
    )
    aws.apprunner.VpcConnector(
        "private", vpc_connector_name="private", subnets=[first.id, second.id], security_groups=["sg-0a1b2c3d4e5f60718"]
    )
