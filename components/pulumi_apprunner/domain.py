"""A domain of one's own for an App Runner service."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.arns import parse_arn
from apprunner_facts.domains import hosts_of
from apprunner_facts.limits import VALIDATION_RECORDS
from apprunner_facts.regions import HOSTED_ZONE_IDS
from pulumi_apprunner import advice, lifecycle, sdk
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.domain import CustomDomainArgs, HostedZone
from pulumi_apprunner.claims import claim
from pulumi_apprunner.lifecycle import Access

T = TypeVar("T")


class CustomDomain(pulumi.ComponentResource):
    """A domain for a service: the association, the certificate's validation records and the records that bring traffic.

    ```python
    CustomDomain(
        "shop",
        CustomDomainArgs(
            service_arn=api.arn,
            domain_name="shop.example.com",
            zone=HostedZone(id="Z0123456789ABCDEFGHIJ", name="example.com"),
        ),
    )
    ```

    The validation records stay as long as the association: the certificate is renewed by them. `pulumi up` ends when
    AWS waits for them; it then takes minutes, in rare cases a day or two, until the domain is served. A zone with CAA
    records has to allow amazon.com.

    What replaces the association (domain_name, enable_www_subdomain, another service) takes the domain off first and
    then puts it on again, so that for some minutes it is not served; records that both need are left as they are.

    Args:
        name: The component's name; its children are called after it.
        args: The domain: CustomDomainArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments that break a rule, all of them at once; or another CustomDomain of the program has the same
            domain in the same account and region, or the same host in the same zone. Where these are outputs, it is
            raised once they are known.
    """

    domain_name: str
    """The domain, in lower case."""
    dns_target: Output[str]
    """What the domain has to point at: the service's own host name."""
    status: Output[str]
    """The association's status when it was last read; AWS writes it in lower case, such as
    pending_certificate_dns_validation."""
    records: Output[list[dict[str, str]]]
    """Every record (name, type, value) for a DNS elsewhere; at an apex, which takes no CNAME, ALIAS or ANAME to the
    same."""

    def __init__(
        self, name: str, args: CustomDomainArgs | Mapping[str, Any], opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class describes the arguments.

        Raises:
            ArgsError: Arguments of CustomDomain that break a rule, all of them at once.
        """
        args = validate(CustomDomainArgs, "CustomDomain", name, args)
        zone_id, service_arn = claim(name, args)
        super().__init__("apprunner:index:CustomDomain", name, {}, opts)
        advice.warn_of_options(self, opts)
        advice.warn_of_wildcard(self, args.domain_name)
        zone = None if args.zone is None else dataclasses.replace(args.zone, id=zone_id)
        hosts = dict(
            zip(("traffic", "traffic-www"), hosts_of(args.domain_name, args.enable_www_subdomain), strict=False)
        )
        purposes = [*map(str, range(1, VALIDATION_RECORDS + 1)), *(["www"] if args.enable_www_subdomain else [])]

        association = aws.apprunner.CustomDomainAssociation(
            f"{name}-association",
            domain_name=args.domain_name,
            enable_www_subdomain=args.enable_www_subdomain,
            service_arn=service_arn,
            # A service takes a domain once, so the old association has to go first.
            opts=ResourceOptions(
                parent=self,
                delete_before_replace=True,
                hooks=lifecycle.domain_hooks(f"{name}-association", name, args.lifecycle, Access.of(args.lifecycle)),
            ),
        )
        label = f"CustomDomain '{name}'"
        # Together with the id both are unknown, not None, where `up --target` leaves the association out.
        there = Output.all(association.id, association.urn, association.status)
        validation = association.certificate_validation_records.apply(
            lambda records: there.apply(
                lambda known: _by_purpose(label, args.domain_name, purposes, *known[1:], records=records)
            )
        )
        target = association.dns_target.apply(
            lambda told: there.apply(lambda known: _target(label, args.domain_name, known[1], told))
        )
        if zone is not None:
            after = ResourceOptions(parent=self, depends_on=[association])
            for purpose in purposes:
                _validation_record(f"{name}-validation-{purpose}", args, zone, validation, purpose, after)
            for role, host in hosts.items():
                _traffic_record(f"{name}-{role}", args, zone, host, target, ResourceOptions(parent=self))

        self.domain_name = args.domain_name
        self.dns_target = target
        self.status = association.status
        self.records = Output.all(validation, target).apply(lambda known: _all_records(list(hosts.values()), *known))
        self.register_outputs(
            {
                "domainName": self.domain_name,
                "dnsTarget": self.dns_target,
                "status": self.status,
                "records": self.records,
            }
        )


def _target(label: str, domain: str, urn: str, target: str | None) -> str:
    """Return what the domain has to point at, which pulumi-aws knows only of an association that it created itself."""
    if not target and not sdk.runs_under_user_mocks():
        raise pulumi.RunError(
            f"{label}: dnsTarget must be in the state of its association, got none: {domain} was imported without it, "
            f"and a refresh does not read it. Run `pulumi state delete '{urn}'`, which changes nothing in AWS, and "
            "import the association with dnsTarget among its outputs (docs/adoption.md)"
        )
    return target or ""


def _by_purpose(
    label: str, domain: str, purposes: Sequence[str], urn: str, status: str | None, *, records: Sequence[Any] | None
) -> dict[str, dict[str, str]]:
    """Return AWS's validation records by what they are for: www's by its name, the others in the order of theirs.

    AWS gives them as a set, whose order changes with their status. There are none, and no status, in the state after a
    create whose wait failed: pulumi-aws reads both only after the wait, and has no update that would read them.
    """
    records = records or []
    www = [record for record in records if record.name.rstrip(".").endswith(f".www.{domain}")]
    others = sorted((record for record in records if record not in www), key=lambda record: record.name)
    found = dict(zip([purpose for purpose in purposes if purpose != "www"], others, strict=False))
    found |= {"www": www[0]} if www and "www" in purposes else {}
    if len(found) < len(purposes) and not sdk.runs_under_user_mocks():
        got = ", ".join(record.name for record in records) or "none"
        raise pulumi.RunError(
            f"{label}: the certificate of {domain} must have {len(purposes)} validation records, got {got} "
            f"(status {status or 'unknown'}). {_how_to_get_records(status, urn)}"
        )
    return {purpose: {"name": record.name, "type": "CNAME", "value": record.value} for purpose, record in found.items()}


def _how_to_get_records(status: str | None, urn: str) -> str:
    if status is None:
        return (
            "The create of the domain did not end, so they were not read. Run `pulumi up --refresh`, which reads them"
        )
    if status == "creating":
        return "AWS is still creating them. Run `pulumi up --refresh` in a few minutes"
    if status == "create_failed":
        return (
            "AWS could not create the domain. Correct the cause (CAA records that do not allow amazon.com, a name that "
            f"does not resolve), then run `pulumi up --refresh --replace '{urn}'`"
        )
    return "Run `pulumi up --refresh`, which reads them again"


def _validation_record(
    name: str,
    args: CustomDomainArgs,
    zone: HostedZone,
    records: Output[dict[str, dict[str, str]]],
    purpose: str,
    opts: ResourceOptions,
) -> None:
    aws.route53.Record(
        name,
        zone_id=zone.id,
        name=_unattached(records.apply(lambda known: _of(known, purpose, "name"))),
        type="CNAME",
        ttl=args.ttl,
        records=[_unattached(records.apply(lambda known: _of(known, purpose, "value")))],
        allow_overwrite=True,
        opts=opts,
    )


def _of(records: Mapping[str, dict[str, str]], purpose: str, part: str) -> Any:
    return records[purpose][part] if purpose in records else None


def _unattached(output: Output[T]) -> Output[T]:
    """Return an output that does not say which resource it comes from.

    A property that comes from a resource that is deleted before it is replaced makes the engine delete its own resource
    first too. A new association asks for the same validation records, and the certificate needs them meanwhile.
    """

    async def value() -> Any:
        return await output.future() if await output.is_known() else pulumi.output.UNKNOWN

    return Output.from_input(value())


def _traffic_record(
    name: str, args: CustomDomainArgs, zone: HostedZone, host: str, target: Output[str], opts: ResourceOptions
) -> None:
    if host != zone.name:
        aws.route53.Record(
            name,
            zone_id=zone.id,
            name=host,
            type="CNAME",
            ttl=args.ttl,
            records=[target],
            allow_overwrite=True,
            opts=opts,
        )
        return
    region = Output.from_input(args.service_arn).apply(_hosted_zone_of)
    aws.route53.Record(
        name,
        zone_id=zone.id,
        name=host,
        type="A",
        aliases=[{"name": target, "zone_id": region, "evaluate_target_health": False}],
        allow_overwrite=True,
        opts=opts,
    )


def _hosted_zone_of(service_arn: str) -> str:
    region = "" if sdk.runs_under_user_mocks() else parse_arn(service_arn).region
    if region not in HOSTED_ZONE_IDS and not sdk.runs_under_user_mocks():
        raise pulumi.RunError(
            f"the hosted zone of App Runner in {region} is not known, which an apex's ALIAS needs: it is known for "
            f"{', '.join(HOSTED_ZONE_IDS)}. Give a subdomain, or leave the zone out and write the record elsewhere"
        )
    return HOSTED_ZONE_IDS.get(region, "")


def _all_records(hosts: Sequence[str], validation: Mapping[str, dict[str, str]], target: str) -> list[dict[str, str]]:
    return [*validation.values(), *({"name": host, "type": "CNAME", "value": target} for host in hosts)]
