"""VPC ingress connections: private access to a service."""

from apprunner_local.apprunner.errors import invalid_request, invalid_state, not_found
from apprunner_local.apprunner.lifecycle import must_be
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.services import find
from apprunner_local.apprunner.state import Ingress, Members, Region

_UPDATABLE = ("AVAILABLE", "FAILED_CREATION", "FAILED_UPDATE")
_DELETABLE = (*_UPDATABLE, "FAILED_DELETION")


def create(region: Region, parameters: Members) -> Members:
    """CreateVpcIngressConnection: its name is unique among the active ones."""
    # [M] CreateVpcIngressConnection: the name is unique among the active ones.
    # [assumed] CreateVpcIngressConnection: only on a running or paused service. The VPC and its endpoint need not
    # exist.
    service = find(region, parameters["ServiceArn"])
    must_be(service, "RUNNING", "PAUSED", to="create a VPC ingress connection")
    name = parameters["VpcIngressConnectionName"]
    if any(other["VpcIngressConnectionName"] == name for other in _living(region)):
        raise invalid_request(f"VPC ingress connection with the provided name already exists: {name}.")
    quota = region.world.quotas.ingress_connections
    region.require_quota("VPC ingress connections", len(_living(region)), quota)
    id = region.new_id()
    arn = region.arn(f"vpcingressconnection/{name}/{id}")
    members = {
        "VpcIngressConnectionArn": arn,
        "VpcIngressConnectionName": name,
        "ServiceArn": service.arn,
        "AccountId": region.account,
        "DomainName": f"{id[:10]}.{region.name}.awsapprunner.com",
        "IngressVpcConfiguration": parameters["IngressVpcConfiguration"],
        "CreatedAt": region.now(),
    }
    region.ingress[arn] = Ingress(members, 0, "")
    region.tag(arn, parameters.get("Tags"))
    return _change(region, region.ingress[arn], "CREATION", parameters)


def describe(region: Region, parameters: Members) -> Members:
    """DescribeVpcIngressConnection."""
    return {"VpcIngressConnection": _find(region, parameters["VpcIngressConnectionArn"]).members}


def list_all(region: Region, parameters: Members) -> Members:
    """ListVpcIngressConnections: of a service, of an endpoint, or both."""
    wanted = parameters.get("Filter", {})
    matches = [
        {member: one[member] for member in ("VpcIngressConnectionArn", "ServiceArn")}
        for one in _living(region)
        if wanted.get("ServiceArn") in (None, one["ServiceArn"])
        and wanted.get("VpcEndpointId") in (None, one["IngressVpcConfiguration"].get("VpcEndpointId"))
    ]
    some, more = page(region, matches, parameters)
    return {"VpcIngressConnectionSummaryList": some, **more}


def update(region: Region, parameters: Members) -> Members:
    """UpdateVpcIngressConnection: in three states."""
    # [M] UpdateVpcIngressConnection: only if AVAILABLE, FAILED_CREATION or FAILED_UPDATE.
    connection = _in_state(region, parameters["VpcIngressConnectionArn"], _UPDATABLE)
    connection.members["IngressVpcConfiguration"] = parameters["IngressVpcConfiguration"]
    return _change(region, connection, "UPDATE", parameters)


def delete(region: Region, parameters: Members) -> Members:
    """DeleteVpcIngressConnection: in four states."""
    # [M] DeleteVpcIngressConnection: only if AVAILABLE, FAILED_CREATION, FAILED_UPDATE or FAILED_DELETION.
    return _change(region, _in_state(region, parameters["VpcIngressConnectionArn"], _DELETABLE), "DELETION", parameters)


def settle(region: Region) -> None:
    """Finish the changes whose end the clock has passed."""
    for arn, connection in region.ingress.items():
        if connection.then and connection.ends <= region.now():
            connection.members["Status"], connection.then = connection.then, ""
            if connection.members["Status"] == "DELETED":
                connection.members["DeletedAt"] = connection.ends
                region.tags.pop(arn)


def _change(region: Region, connection: Ingress, what: str, parameters: Members) -> Members:
    call = {"CREATION": "Create", "UPDATE": "Update", "DELETION": "Delete"}[what] + "VpcIngressConnection"
    failure, seconds = region.world.faults.at_end(call, parameters)
    connection.members["Status"] = f"PENDING_{what}"
    connection.ends = region.now() + (region.world.durations.ingress_connection if seconds is None else seconds)
    connection.then = f"FAILED_{what}" if failure else "DELETED" if what == "DELETION" else "AVAILABLE"
    return {"VpcIngressConnection": connection.members}


def _in_state(region: Region, arn: str, states: tuple[str, ...]) -> Ingress:
    connection = _find(region, arn)
    status = connection.members["Status"]
    if status == "DELETED":
        raise not_found(arn)
    if status not in states:
        raise invalid_state(f"VPC ingress connection must be {' or '.join(states)}, it is {status}. ARN: {arn}")
    return connection


def _find(region: Region, arn: str) -> Ingress:
    region.path(arn, "vpcingressconnection")
    if arn not in region.ingress:
        raise not_found(arn)
    return region.ingress[arn]


def _living(region: Region) -> list[Members]:
    members = [connection.members for connection in reversed(region.ingress.values())]
    return [one for one in members if one["Status"] != "DELETED"]
