"""The records of a custom domain in Route 53."""

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.arns import parse_arn
from apprunner_facts.limits import HEALTH_CHECKED_TTL, TTL
from apprunner_facts.regions import HOSTED_ZONE_IDS
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import combine
from pulumi_apprunner.args.domain import CustomDomainArgs, HostedZone


def create_validation_record(
    name: str,
    args: CustomDomainArgs,
    zone: HostedZone,
    records: Output[dict[str, dict[str, str]]],
    purpose: str,
    opts: ResourceOptions,
) -> None:
    """Create the record of one purpose among the records that validate a domain's certificate."""
    aws.route53.Record(
        name,
        zone_id=zone.id,
        name=_field_without_dependencies(records, purpose, "name"),
        type="CNAME",
        ttl=TTL.default if args.ttl is None else args.ttl,
        records=[_field_without_dependencies(records, purpose, "value")],
        allow_overwrite=True,
        opts=opts,
    )


def _field_without_dependencies(records: Output[dict[str, dict[str, str]]], purpose: str, field: str) -> Output[str]:
    """Return a field of a validation record as an output that does not depend on the association.

    If a resource is deleted before it is replaced, Pulumi first deletes the resources whose properties depend on it.
    But the validation records must always exist, and a new association needs the same ones.
    """

    async def value() -> Any:
        if not await records.is_known():
            return pulumi.output.UNKNOWN
        known = await records.future() or {}
        return known[purpose][field] if purpose in known else None

    return Output.from_input(value())


def create_traffic_record(
    name: str, args: CustomDomainArgs, zone: HostedZone, host: str, target: Output[str], opts: ResourceOptions
) -> None:
    """Create the record that routes a host to the service: an alias for the zone's apex, otherwise a CNAME record."""
    if host != zone.name:
        default_ttl = HEALTH_CHECKED_TTL if args.routing else TTL.default
        aws.route53.Record(
            name,
            zone_id=zone.id,
            name=host,
            type="CNAME",
            ttl=default_ttl if args.ttl is None else args.ttl,
            records=[target],
            allow_overwrite=True,
            **_routing_policy(args),
            opts=opts,
        )
        return
    region_zone_id = combine(lambda known: _hosted_zone_id(known[0]), args.service_arn)
    # Route 53's API reference requires true for failover aliases (source.RESOURCE_RECORD_SET).
    evaluates_target = args.routing is not None and args.routing.policy == "failover"
    aws.route53.Record(
        name,
        zone_id=zone.id,
        name=host,
        type="A",
        aliases=[{"name": target, "zone_id": region_zone_id, "evaluate_target_health": evaluates_target}],
        allow_overwrite=True,
        **_routing_policy(args),
        opts=opts,
    )


def _routing_policy(args: CustomDomainArgs) -> Mapping[str, Any]:
    """Return the arguments of a traffic record that set its routing policy."""
    routing = args.routing
    if routing is None:
        return {}
    policy: dict[str, Any] = {"set_identifier": routing.set_identifier}
    if routing.health_check_id is not None:
        policy["health_check_id"] = routing.health_check_id
    if routing.weight is not None:
        policy["weighted_routing_policies"] = [{"weight": routing.weight}]
    elif routing.latency:
        policy["latency_routing_policies"] = [{"region": combine(_region, args.service_arn)}]
    else:
        policy["failover_routing_policies"] = [{"type": str(routing.failover).upper()}]
    return policy


def _region(service_arn: list[str]) -> str:
    return "" if sdk.runs_under_user_mocks() else parse_arn(service_arn[0]).region


def _hosted_zone_id(service_arn: str) -> str:
    """Return the id of App Runner's own hosted zone in a service's region."""
    if sdk.runs_under_user_mocks():
        return ""
    region = parse_arn(service_arn).region
    if region not in HOSTED_ZONE_IDS:
        raise pulumi.RunError(
            "zone: the ALIAS record of an apex requires a region whose App Runner hosted zone AWS documents, got "
            f"{region}. Regions with one: {', '.join(HOSTED_ZONE_IDS)}. Use a subdomain, or remove zone and create the "
            "record elsewhere"
        )
    return HOSTED_ZONE_IDS[region]
