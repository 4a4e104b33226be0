"""The custom domains that one run of a program creates: two must not claim the same record, or the same domain."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
from pulumi import Output

from apprunner_facts.arns import parse_arn
from apprunner_facts.domains import hosts_of
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError, as_output, is_output, runs_under_user_mocks
from pulumi_apprunner.args.domain import CustomDomainArgs


@dataclass(frozen=True)
class _Claim:
    """What a component claims: its hosts' records in a zone, and its domain in its service's account and region."""

    component: str
    domain_name: str
    hosts: frozenset[str]
    zone_id: pulumi.Input[str] | None
    service_arn: pulumi.Input[str]


def _claims() -> list[_Claim]:
    return []


def claim(name: str, args: CustomDomainArgs) -> tuple[pulumi.Input[str] | None, pulumi.Input[str]]:
    """Claim a domain's records and the domain itself.

    Args:
        name: The component's name.
        args: Its arguments.

    Returns:
        The hosted zone's id and the service's ARN. Where they, or those of an earlier claim, are outputs, they fail
        once they are known and equal.

    Raises:
        ArgsError: Another component has claimed the same.
    """
    zone_id = args.zone.id if args.zone else None
    hosts = frozenset(hosts_of(args.domain_name, args.enable_www_subdomain))
    if runs_under_user_mocks():  # tests of a user's own, where one monitor may see the same component many times
        return zone_id, args.service_arn
    mine = _Claim(name, args.domain_name, hosts, zone_id, args.service_arn)
    earlier = sdk.once_per_run(_claims)
    of_records = [each for each in earlier if each.hosts & hosts and each.zone_id is not None]
    of_domain = [each for each in earlier if each.domain_name == args.domain_name]

    def records(other: _Claim, mine_known: str, known: str) -> None:
        if _bare(mine_known) == _bare(known):
            raise _taken(mine, other, "records", sorted(hosts & other.hosts)[0])

    def domain(other: _Claim, mine_known: str, known: str) -> None:
        if _place(mine_known) == _place(known):
            raise _taken(mine, other, "domain", args.domain_name)

    if zone_id is not None:
        zone_id = _compared(zone_id, [(each, each.zone_id) for each in of_records], records)
    service_arn = _compared(args.service_arn, [(each, each.service_arn) for each in of_domain], domain)
    earlier.append(mine)
    return zone_id, service_arn


def _compared(
    mine: pulumi.Input[str],
    others: Sequence[tuple[_Claim, Any]],
    compare: Callable[[_Claim, str, str], None],
) -> pulumi.Input[str]:
    """Return a value that is compared with others: now with those that are plain, with the rest once all are known.

    It does not depend on the others' resources: a replacement of theirs must not replace what has this value.
    """
    late: list[tuple[_Claim, Any]] = []
    for other, value in others:
        if is_output(mine) or is_output(value):
            late.append((other, value))
        else:
            compare(other, str(mine), value)
    if not late:
        return mine

    async def resolved(known: str) -> str:
        for other, value in late:
            output = as_output(value)
            theirs = await output.future() if await output.is_known() else None
            if known and theirs:  # neither is there where `up --target` leaves a resource out
                compare(other, known, theirs)
        return known

    def unattached(known: str) -> Output[str]:
        value: Awaitable[str] = resolved(known)
        return Output.from_input(value)

    return as_output(mine).apply(unattached)


def _taken(mine: _Claim, other: _Claim, what: str, host: str) -> ArgsError:
    reasons = {
        "records": "must be used once in a hosted zone",
        "domain": "must be used once in an account and region",
    }
    fix = {
        "records": "Each of the two would overwrite the other's record on every update. Remove one of them",
        "domain": "App Runner refuses a domain on two services, and twice on one. Remove one of the two",
    }
    return ArgsError(
        f"CustomDomain '{mine.component}'",
        {"domain_name": f"{reasons[what]}, got {host}, which CustomDomain '{other.component}' has. {fix[what]}"},
    )


def _bare(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")


def _place(service_arn: str) -> tuple[str, ...] | object:
    """Return a service's partition, account and region; something that equals nothing where they are not known."""
    try:
        arn = parse_arn(service_arn)
    except ValueError:
        return object()
    return arn.partition, arn.account, arn.region
