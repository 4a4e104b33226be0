"""Connections to GitHub and Bitbucket."""

from apprunner_local.apprunner.errors import invalid_request, not_found
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.state import Members, Region


def create(region: Region, parameters: Members) -> Members:
    """CreateConnection: it is PENDING_HANDSHAKE until a handshake in the console; names are unique."""
    # [M] CreateConnection: a connection is PENDING_HANDSHAKE until a handshake in the console.
    # [assumed] CreateConnection: names are unique.
    name = parameters["ConnectionName"]
    if any(other["ConnectionName"] == name for other in region.connections.values()):
        raise invalid_request(f"Connection with the provided name already exists: {name}.")
    region.require_quota("connections", len(region.connections), region.world.quotas.connections)
    arn = region.arn(f"connection/{name}/{region.new_id()}")
    region.connections[arn] = {
        "ConnectionName": name,
        "ConnectionArn": arn,
        "ProviderType": parameters["ProviderType"],
        "Status": "PENDING_HANDSHAKE",
        "CreatedAt": region.now(),
    }
    region.tag(arn, parameters.get("Tags"))
    return {"Connection": region.connections[arn]}


def list_all(region: Region, parameters: Members) -> Members:
    """ListConnections."""
    name = parameters.get("ConnectionName")
    matches = [item for item in reversed(region.connections.values()) if name in (None, item["ConnectionName"])]
    some, more = page(region, matches, parameters)
    return {"ConnectionSummaryList": some, **more}


def delete(region: Region, parameters: Members) -> Members:
    """DeleteConnection: unless a service uses it."""
    # [M] DeleteConnection is rejected while a service uses the connection.
    connection = find(region, parameters["ConnectionArn"])
    arn = connection["ConnectionArn"]

    def uses(settings: Members) -> bool:
        source = settings["SourceConfiguration"]
        return source.get("AuthenticationConfiguration", {}).get("ConnectionArn") == arn

    if region.users(uses):
        raise invalid_request(f"Connection is in use by one or more services. ARN: {arn}")
    del region.connections[arn]
    return {"Connection": connection | {"Status": "DELETED"}}


def find(region: Region, arn: str) -> Members:
    """Return a connection."""
    region.path(arn, "connection")
    if arn not in region.connections:
        raise not_found(arn)
    return region.connections[arn]


def find_available(region: Region, arn: str) -> Members:
    """Return a connection whose handshake is complete: no other can be used by a service."""
    # [M] A service can use a connection only after its handshake.
    connection = find(region, arn)
    if connection["Status"] != "AVAILABLE":
        raise invalid_request(f"Connection must be in AVAILABLE status. ARN: {arn}")
    return connection


def complete_handshake(region: Region, arn: str) -> None:
    """Complete a connection's handshake, which a user does in the console: the connection becomes available."""
    find(region, arn)["Status"] = "AVAILABLE"
