import pulumi_aws as aws

VPC = "vpc-0a1b2c3d4e5f60718"
NAT = "nat-0a1b2c3d4e5f60718"


def routed_subnet(name: str, number: int, table: aws.ec2.RouteTable) -> aws.ec2.Subnet:
    zone = f"eu-west-1{'abc'[number]}"
    subnet = aws.ec2.Subnet(name, vpc_id=VPC, cidr_block=f"10.0.{number}.0/24", availability_zone=zone)
    aws.ec2.RouteTableAssociation(name, subnet_id=subnet.id, route_table_id=table.id)
    return subnet


def connector(*subnets: aws.ec2.Subnet) -> None:
    aws.apprunner.VpcConnector(
        "orders",
        vpc_connector_name="orders",
        subnets=[each.id for each in subnets],
        security_groups=["sg-0a1b2c3d4e5f60718"],
    )


def bad() -> None:
    private = aws.ec2.RouteTable("private", vpc_id=VPC)
    aws.ec2.Route("out", route_table_id=private.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=NAT)
    isolated = aws.ec2.RouteTable("isolated", vpc_id=VPC)
    connector(routed_subnet("first", 0, private), routed_subnet("second", 1, isolated))


def good() -> None:
    private = aws.ec2.RouteTable("private", vpc_id=VPC)
    aws.ec2.Route("out", route_table_id=private.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=NAT)
    connector(routed_subnet("first", 0, private), routed_subnet("second", 1, private))
