"""VPC connectors."""

from apprunner_local.apprunner.errors import invalid_request, not_found
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.state import Members, Region

_DEFAULT_GROUP = "sg-00000000000000000"
"""The VPC's default security group, which App Runner uses for a connector without groups."""


def create(region: Region, parameters: Members) -> Members:
    """CreateVpcConnector: one revision per name, and unique security groups."""
    # [M] CreateVpcConnector: a name has one revision.
    # [R: go-to-k.hatenablog.com, 2022-02-13; pulumi/pulumi-aws#5364] CreateVpcConnector: no two connectors have
    # the same security groups.
    # [M] CreateVpcConnector: without SecurityGroups, the VPC's default group is used. The fake has one id for all
    # of these.
    name, groups = parameters["VpcConnectorName"], parameters.get("SecurityGroups") or [_DEFAULT_GROUP]
    _check_network(region, parameters["Subnets"], parameters.get("SecurityGroups") or [])
    region.require_quota("VPC connectors", len(_active(region)), region.world.quotas.connectors)
    for other in _active(region):
        if other["VpcConnectorName"] == name:
            raise invalid_request(f"VPC connector with the provided name already exists: {name}.")
        if set(other["SecurityGroups"]) == set(groups):
            raise invalid_request(f"A VPC connector with the same security groups exists: {other['VpcConnectorArn']}")
    arn = region.arn(f"vpcconnector/{name}/1/{region.new_id()}")
    region.connectors[arn] = {
        "VpcConnectorName": name,
        "VpcConnectorArn": arn,
        "VpcConnectorRevision": 1,
        "Subnets": parameters["Subnets"],
        "SecurityGroups": groups,
        "Status": "ACTIVE",
        "CreatedAt": region.now(),
    }
    region.tag(arn, parameters.get("Tags"))
    return describe(region, {"VpcConnectorArn": arn})


def describe(region: Region, parameters: Members) -> Members:
    """DescribeVpcConnector: also a deleted one, which is INACTIVE."""
    # [M] DescribeVpcConnector: a deleted connector is INACTIVE, and can still be described.
    # [R: alchemy-run/alchemy] A connector's status is in lower case. World.lower_case_connectors switches it on;
    # pulumi-aws would time out.
    return _answer(region, _find(region, parameters["VpcConnectorArn"]))


def list_all(region: Region, parameters: Members) -> Members:
    """ListVpcConnectors."""
    listed = [_answer(region, connector)["VpcConnector"] for connector in _active(region)]
    some, more = page(region, listed, parameters)
    return {"VpcConnectors": some, **more}


def delete(region: Region, parameters: Members) -> Members:
    """DeleteVpcConnector: unless a service uses it."""
    # [M] DeleteVpcConnector is rejected while a service uses the connector.
    # [R: aws/apprunner-roadmap#161] The message of a rejected DeleteVpcConnector.
    connector = find_active(region, parameters["VpcConnectorArn"])
    arn = connector["VpcConnectorArn"]
    if region.is_in_use(lambda settings: arn_in(settings["NetworkConfiguration"]) == arn):
        raise invalid_request(f"Provided VPC connector arn is being used by other services. ARN: {arn}")
    connector |= {"Status": "INACTIVE", "DeletedAt": region.now()}
    return _answer(region, connector)


def find_active(region: Region, arn: str) -> Members:
    """Return an active connector, or raise an error for a deleted one."""
    connector = _find(region, arn)
    if connector["Status"] != "ACTIVE":
        raise invalid_request(f"VPC connector is not active. ARN: {arn}")
    return connector


def arn_in(network: Members) -> str | None:
    """Return the connector that a service's network configuration names."""
    arn: str | None = network["EgressConfiguration"].get("VpcConnectorArn")
    return arn


def _find(region: Region, arn: str) -> Members:
    """Return what an ARN names, with or without the connector's revision and id."""
    # [assumed] The ARN of a connector may omit its revision and id.
    path = region.path(arn, "vpcconnector")
    if arn in region.connectors:
        return region.connectors[arn]
    for connector in _active(region):
        if path in ([connector["VpcConnectorName"]], [connector["VpcConnectorName"], "1"]):
            return connector
    raise not_found(arn)


def _answer(region: Region, connector: Members) -> Members:
    status = str(connector["Status"])
    return {"VpcConnector": connector | {"Status": status.lower() if region.world.lower_case_connectors else status}}


def _check_network(region: Region, subnets: list[str], groups: list[str]) -> None:
    """Require existing subnets and security groups of one VPC.

    App Runner determines the VPC from the subnets, which must be of a single one. Therefore it looks them up when
    the connector is created.
    """
    # [M] CreateVpcConnector: the subnets must be of a single VPC, which App Runner determines from them.
    # [assumed] CreateVpcConnector rejects subnets and security groups that do not exist, and groups of another
    # VPC, at once. The service reads the subnets then, but no source has the messages.
    vpcs = {id: region.world.vpc_of(region.name, id) for id in (*subnets, *groups)}
    if missing := [id for id, vpc in vpcs.items() if vpc is None]:
        raise invalid_request(f"These subnets or security groups do not exist: {', '.join(missing)}")
    if len({vpcs[id] for id in subnets}) > 1:
        raise invalid_request("Subnets must belong to a single VPC.")
    if len(set(vpcs.values())) > 1:
        raise invalid_request("SecurityGroups must belong to the VPC of the subnets.")


def _active(region: Region) -> list[Members]:
    return [connector for connector in reversed(region.connectors.values()) if connector["Status"] == "ACTIVE"]
