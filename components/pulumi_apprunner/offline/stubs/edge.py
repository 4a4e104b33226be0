"""Stub values for CloudFront's resources, and for the certificates of ACM, whose ARNs they get."""

from collections.abc import Callable, Mapping
from itertools import count, takewhile
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.cloudfront import HOSTED_ZONE_ID
from pulumi_apprunner.offline.stubs.request import LOWER, Stub, StubRequest, pseudo_random


def _distribution(request: StubRequest) -> Stub:
    id = request.read or "E" + request.upper(13)
    host = f"d{pseudo_random(request.urn, 'address', LOWER, 13)}.cloudfront.net"
    arn = request.arn("cloudfront", f"distribution/{id}", is_global=True)
    return Stub(id, {"arn": arn, "domainName": host, "hostedZoneId": HOSTED_ZONE_ID, "status": "Deployed"})


def _function(request: StubRequest) -> Stub:
    name = request.physical_name()
    return Stub(name, {"arn": request.arn("cloudfront", f"function/{name}", is_global=True), "name": name})


def _store(request: StubRequest) -> Stub:
    name = request.physical_name()
    arn = request.arn("cloudfront", f"key-value-store/{request.uuid()}", is_global=True)
    return Stub(request.read or name, {"arn": arn, "name": name})


def _key(request: StubRequest) -> Stub:
    store, key = request.string("keyValueStoreArn"), request.string("key")
    return Stub(request.read or (f"{store},{key}" if store and key else None), {})


def _certificate(request: StubRequest) -> Stub:
    arn = request.read or request.arn("acm", f"certificate/{request.uuid()}")
    others = takewhile(bool, (request.string("subjectAlternativeNames", index) for index in count()))
    hosts = dict.fromkeys([request.string("domainName"), *others])
    options: list[dict[str, Any]] = [
        {
            "domainName": host,
            "resourceRecordName": f"_{request.hex(32, host)}.{host.removeprefix('*.')}.",
            "resourceRecordType": "CNAME",
            "resourceRecordValue": f"_{request.hex(32, f'value {host}')}.{pseudo_random(request.urn, host, LOWER, 10)}"
            ".acm-validations.aws.",
        }
        for host in hosts
        if host
    ]
    by_dns = request.string("validationMethod") == "DNS"
    outputs = {"arn": arn, "domainValidationOptions": options if by_dns else [], "status": "PENDING_VALIDATION"}
    return Stub(arn, outputs)


EDGE_STUBS: Mapping[str, Callable[[StubRequest], Stub]] = {
    tokens.CERTIFICATE: _certificate,
    tokens.DISTRIBUTION: _distribution,
    tokens.EDGE_FUNCTION: _function,
    tokens.KEY_VALUE_STORE: _store,
    tokens.KEY_VALUE_STORE_KEY: _key,
}
"""The factory for each resource type."""
