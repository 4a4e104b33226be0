"""A custom domain for an App Runner service."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.domains import hosts_of
from apprunner_facts.limits import VALIDATION_RECORDS
from pulumi_apprunner import advice, lifecycle, sdk
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.dicts import CustomDomainArgsDict
from pulumi_apprunner.args.domain import CustomDomainArgs
from pulumi_apprunner.claims import claim
from pulumi_apprunner.domain_records import create_traffic_record, create_validation_record
from pulumi_apprunner.lifecycle import Access, WatchedDomain


class CustomDomain(pulumi.ComponentResource):
    """A domain for a service: the association, the certificate's validation records and the traffic records.

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

    The validation records must exist as long as the association, because AWS renews the certificate through them.
    `pulumi up` ends when the records exist. The domain becomes available minutes later, in rare cases after a day or
    two. With `wait_until_active_minutes`, `pulumi up` waits for it. A zone with CAA records must allow amazon.com.

    A change of domain_name, enable_www_subdomain or service replaces the association. The old one is deleted first, so
    the domain is unavailable for some minutes. Records that both associations need do not change.

    With `routing`, one domain serves services in several regions: one CustomDomain for each region, all with the same
    domain_name and policy. Their validation records are never deleted, because AWS may use the same ones for all of
    them.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The domain: CustomDomainArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments are invalid (the error lists all), or another CustomDomain of the program has the same
            domain in the same account and region, or the same host in the same zone without a routing policy that
            distinguishes the two. If these are outputs, it is raised once they are known.
    """

    domain_name: str
    """The domain, in lower case."""
    dns_target: Output[str]
    """The target of the domain's records: the service's default host name."""
    status: Output[str]
    """The association's status when it was last read, in lower case: pending_certificate_dns_validation, active."""
    records: Output[list[dict[str, str]]]
    """All records (name, type, value), to create them if another DNS hosts the domain. An apex supports no CNAME:
    create an ALIAS or ANAME with the same value."""

    def __init__(
        self, name: str, args: CustomDomainArgs | CustomDomainArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of CustomDomain, or another CustomDomain has the domain.
        """
        args = validate(CustomDomainArgs, "CustomDomain", name, args)
        zone_id, service_arn = claim(name, args)
        super().__init__("apprunner:index:CustomDomain", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_wildcard(self, args.domain_name)
        advice.warn_about_long_ttl(self, args)
        access = Access.of(args.lifecycle)
        hosts = hosts_of(args.domain_name, args.enable_www_subdomain)
        purposes = [*map(str, range(1, VALIDATION_RECORDS + 1)), *(["www"] if args.enable_www_subdomain else [])]

        association = aws.apprunner.CustomDomainAssociation(
            f"{name}-association",
            domain_name=args.domain_name,
            enable_www_subdomain=args.enable_www_subdomain,
            service_arn=service_arn,
            # A service accepts a domain once, so the old association must be deleted first.
            opts=ResourceOptions(
                parent=self,
                delete_before_replace=True,
                hooks=lifecycle.domain_hooks(f"{name}-association", name, args.lifecycle, access),
            ),
        )
        validation = _validation_values(name, args.domain_name, purposes, association)
        target = _dns_target(name, args.domain_name, association)
        if args.zone is not None:
            zone = dataclasses.replace(args.zone, id=zone_id)
            # Associations of one domain in two regions may need the same records (docs/not-tried.md), so the deletion
            # of one must not delete them.
            after_association = ResourceOptions(
                parent=self, depends_on=[association], retain_on_delete=True if args.routing else None
            )
            for purpose in purposes:
                create_validation_record(
                    f"{name}-validation-{purpose}", args, zone, validation, purpose, after_association
                )
            for role, host in zip(("traffic", "traffic-www"), hosts, strict=False):
                create_traffic_record(f"{name}-{role}", args, zone, host, target, ResourceOptions(parent=self))

        if minutes := args.wait_until_active_minutes:
            watched = WatchedDomain(name, args.domain_name, minutes, args.zone is not None, access)
            lifecycle.wait_at_shutdown(watched, association, validation)

        self.domain_name = args.domain_name
        self.dns_target = target
        self.status = association.status
        self.records = validation.apply(
            lambda records: target.apply(lambda target: _all_records(hosts, records, target))
        )
        self.register_outputs(
            {
                "domainName": self.domain_name,
                "dnsTarget": self.dns_target,
                "status": self.status,
                "records": self.records,
            }
        )


def _fail(
    association: "aws.apprunner.CustomDomainAssociation", message: Callable[[str, str | None], str]
) -> Output[Any]:
    """Return an output that fails with a message about the association's URN and status.

    If the association is not a target of `up --target`, its outputs are None and its id is unknown. The result is then
    unknown too, because it depends on the id.
    """

    def fail(known: list[Any]) -> None:
        raise pulumi.RunError(message(known[1], known[2]))

    return Output.all(association.id, association.urn, association.status).apply(fail)


def _dns_target(name: str, domain: str, association: "aws.apprunner.CustomDomainAssociation") -> Output[str]:
    """Return the target of the domain's records. pulumi-aws knows it only for an association that it created."""

    def require(target: str | None) -> pulumi.Input[str]:
        if target or sdk.runs_under_user_mocks():
            return target or ""
        return _fail(
            association,
            lambda urn, _: (
                f"CustomDomain '{name}': dnsTarget must be in the state of its association, got none: "
                f"{domain} was imported without it, and a refresh does not read it. Run `pulumi state delete '{urn}'`, "
                "which changes nothing in AWS, and import the association with dnsTarget among its outputs "
                "(docs/adoption.md)"
            ),
        )

    return association.dns_target.apply(require)


def _validation_values(
    name: str, domain: str, purposes: Sequence[str], association: "aws.apprunner.CustomDomainAssociation"
) -> Output[dict[str, dict[str, str]]]:
    """Return the certificate's validation records by purpose: www's by its name, the others in the order of names.

    AWS returns them as a set, whose order changes with their status. If the wait of a create fails, the state has
    neither records nor status: pulumi-aws reads both only after the wait, and has no update that would read them.
    """

    def by_purpose(records: Sequence[Any] | None) -> pulumi.Input[dict[str, dict[str, str]]]:
        records = records or []
        www = [record for record in records if record.name.rstrip(".").endswith(f".www.{domain}")]
        others = sorted((record for record in records if record not in www), key=lambda record: record.name)
        result = dict(zip([purpose for purpose in purposes if purpose != "www"], others, strict=False))
        result |= {"www": www[0]} if www and "www" in purposes else {}
        if len(result) < len(purposes) and not sdk.runs_under_user_mocks():
            got = ", ".join(record.name for record in records) or "none"
            requirement = f"the certificate of {domain} must have {len(purposes)} validation records, got {got}"
            return _fail(
                association,
                lambda urn, status: (
                    f"CustomDomain '{name}': {requirement} (status {status or 'unknown'}). "
                    f"{_fix_for_missing_records(status, urn)}"
                ),
            )
        return {
            purpose: {"name": record.name, "type": "CNAME", "value": record.value} for purpose, record in result.items()
        }

    return association.certificate_validation_records.apply(by_purpose)


def _fix_for_missing_records(status: str | None, urn: str) -> str:
    if status is None:
        return (
            "The creation of the domain did not finish, so the records were not read. Run `pulumi up --refresh` to "
            "read them"
        )
    if status == "creating":
        return "AWS is still creating them. Run `pulumi up --refresh` in a few minutes"
    if status == "create_failed":
        return f"AWS could not create the domain. {lifecycle.repair_of_failed_domain(urn)}"
    return "Run `pulumi up --refresh` to read them again"


def _all_records(hosts: Sequence[str], validation: Mapping[str, dict[str, str]], target: str) -> list[dict[str, str]]:
    return [*validation.values(), *({"name": host, "type": "CNAME", "value": target} for host in hosts)]
