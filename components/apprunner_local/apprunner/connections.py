"""Connections to GitHub and Bitbucket."""

from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.refused import invalid_request, not_found
from apprunner_local.apprunner.state import Members, Region


def create(region: Region, parameters: Members) -> Members:
    """CreateConnection: it waits for somebody's handshake in the console [M]; one of a name [assumed]."""
    name = parameters["ConnectionName"]
    if any(other["ConnectionName"] == name for other in region.connections.values()):
        raise invalid_request(f"Connection with the provided name already exists: {name}.")
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
    found = [item for item in reversed(region.connections.values()) if name in (None, item["ConnectionName"])]
    some, more = page(found, parameters, 100)
    return {"ConnectionSummaryList": some, **more}


def delete(region: Region, parameters: Members) -> Members:
    """DeleteConnection: unless a service uses it [M]."""
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
    """Return a connection that a service can use: after the handshake [M]."""
    connection = find(region, arn)
    if connection["Status"] != "AVAILABLE":
        raise invalid_request(f"Connection must be in AVAILABLE status. ARN: {arn}")
    return connection


def shake_hands(region: Region, arn: str) -> None:
    """Do what somebody does in the console: the connection is available from now on."""
    find(region, arn)["Status"] = "AVAILABLE"
