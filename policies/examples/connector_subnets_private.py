import pulumi_aws as aws

VPC = "vpc-0a1b2c3d4e5f60718"


def connector(table: aws.ec2.RouteTable) -> None:
    first = aws.ec2.Subnet("first", vpc_id=VPC, cidr_block="10.0.1.0/24", availability_zone="eu-west-1a")
    second = aws.ec2.Subnet("second", vpc_id=VPC, cidr_block="10.0.2.0/24", availability_zone="eu-west-1b")
    aws.ec2.RouteTableAssociation("first", subnet_id=first.id, route_table_id=table.id)
    aws.ec2.RouteTableAssociation("second", subnet_id=second.id, route_table_id=table.id)
    aws.apprunner.VpcConnector(
        "orders",
        vpc_connector_name="orders",
        subnets=[first.id, second.id],
        security_groups=["sg-0a1b2c3d4e5f60718"],
    )


def bad() -> None:
    gateway = aws.ec2.InternetGateway("internet", vpc_id=VPC)
    table = aws.ec2.RouteTable("public", vpc_id=VPC)
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", gateway_id=gateway.id)
    connector(table)


def good() -> None:
    table = aws.ec2.RouteTable("private", vpc_id=VPC)
    nat = "nat-0a1b2c3d4e5f60718"
    aws.ec2.Route("out", route_table_id=table.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat)
    connector(table)
