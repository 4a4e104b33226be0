"""Stub values for Route 53's resources."""

from collections.abc import Callable, Mapping

from apprunner_facts import tokens
from pulumi_apprunner.offline.stubs.request import Stub, StubRequest

_NAME_SERVERS = {"com": 131, "net": 917, "org": 1160, "co.uk": 1811}


def _zone(request: StubRequest) -> Stub:
    id = request.read or "Z" + request.upper(20)
    servers = [f"ns-{number}.awsdns-{number % 64:02}.{end}" for end, number in _NAME_SERVERS.items()]
    arn = f"arn:{request.partition}:route53:::hostedzone/{id}"
    return Stub(id, {"arn": arn, "zoneId": id, "nameServers": servers, "primaryNameServer": servers[0]})


def _record(request: StubRequest) -> Stub:
    name, kind = request.string("name"), request.string("type")
    if name is None or kind is None:
        return Stub(None, {})
    parts = [request.string("zoneId") or "Z" + request.upper(20), name, kind, request.string("setIdentifier")]
    return Stub("_".join(filter(None, parts)), {"fqdn": name.rstrip(".")})


def _health_check(request: StubRequest) -> Stub:
    id = request.read or request.uuid()
    return Stub(id, {"arn": f"arn:{request.partition}:route53:::healthcheck/{id}"})


DNS_STUBS: Mapping[str, Callable[[StubRequest], Stub]] = {
    tokens.HOSTED_ZONE: _zone,
    tokens.RECORD: _record,
    tokens.HEALTH_CHECK: _health_check,
}
"""The factory for each resource type."""
