"""The custom domains of one run of a program: two components must not claim the same record or the same domain."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import NamedTuple

import pulumi
from pulumi import Output

from apprunner_facts.arns import parse_arn
from apprunner_facts.domains import hosts_of
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError, as_output, is_output
from pulumi_apprunner.args.domain import CustomDomainArgs


class _Claim(NamedTuple):
    """A component's claim to a host or domain in a hosted zone or at a service."""

    component: str
    host: str
    scope: pulumi.Input[str]


class _Claims:
    """Claims of one kind, indexed so that a new claim is compared only with claims to the same host.

    Args:
        scope_of: Returns the comparable form of a scope: a zone's id, or a service's account and region.
        requirement: The requirement on a host, for error messages.
        fix: How to resolve a conflict.
    """

    def __init__(self, scope_of: Callable[[str], Hashable], requirement: str, fix: str) -> None:
        self._scope_of = scope_of
        self._requirement = requirement
        self._fix = fix
        self._by_host: defaultdict[str, list[_Claim]] = defaultdict(list)
        self._by_host_and_scope: dict[tuple[str, Hashable], _Claim] = {}
        self._unknown_by_host: defaultdict[str, list[_Claim]] = defaultdict(list)

    def add(self, claim: _Claim) -> None:
        """Add a claim."""
        self._by_host[claim.host].append(claim)
        if is_output(claim.scope):
            self._unknown_by_host[claim.host].append(claim)
        else:
            self._by_host_and_scope[claim.host, self._scope_of(str(claim.scope))] = claim

    def compare(self, claims: Sequence[_Claim]) -> pulumi.Input[str]:
        """Compare claims in one scope with the earlier claims, now or when the scopes are known.

        Returns:
            The scope. If it or an earlier claim's scope is unknown, the returned output fails once both are known and
            equal. The output does not depend on the earlier claim's resource: the replacement of that resource must not
            replace the resources that use this value.

        Raises:
            ArgsError: An earlier claim has the same host and scope.
        """
        scope = claims[0].scope
        if is_output(scope):
            others = [(claim, other) for claim in claims for other in self._by_host[claim.host]]
        else:
            for claim in claims:
                if other := self._by_host_and_scope.get((claim.host, self._scope_of(str(scope)))):
                    raise self._conflict(claim, other)
            others = [(claim, other) for claim in claims for other in self._unknown_by_host[claim.host]]
        if not others:
            return scope

        async def compare_with_others(known: str) -> str:
            for claim, other in others:
                output = as_output(other.scope)
                known_other = await output.future() if await output.is_known() else None
                # With `up --target`, a resource that is not a target has no outputs.
                if known and known_other and self._scope_of(known) == self._scope_of(known_other):
                    raise self._conflict(claim, other)
            return known

        def without_dependencies(known: str) -> Output[str]:
            value: Awaitable[str] = compare_with_others(known)
            return Output.from_input(value)

        return as_output(scope).apply(without_dependencies)

    def _conflict(self, claim: _Claim, other: _Claim) -> ArgsError:
        return ArgsError(
            f"CustomDomain '{claim.component}'",
            {
                "domain_name": f"{self._requirement}, got {claim.host}, which CustomDomain '{other.component}' has. "
                f"{self._fix}"
            },
        )


def claim(name: str, args: CustomDomainArgs) -> tuple[pulumi.Input[str] | None, pulumi.Input[str]]:
    """Claim a domain's records and the domain itself.

    Args:
        name: The component's name.
        args: Its arguments.

    Returns:
        The hosted zone's id and the service's ARN. If one of them is unknown, or that of an earlier claim, the returned
        output fails once both are known and equal.

    Raises:
        ArgsError: Another component has claimed the same domain or record.
    """
    zone_id, service_arn = args.zone.id if args.zone else None, args.service_arn
    if sdk.runs_under_user_mocks():  # several tests may register the same component with one monitor
        return zone_id, service_arn
    records, domains = sdk.once_per_run(_record_claims), sdk.once_per_run(_domain_claims)
    hosts = hosts_of(args.domain_name, args.enable_www_subdomain)
    record_claims = [_Claim(name, host, zone_id) for host in hosts] if zone_id is not None else []
    domain_claim = _Claim(name, args.domain_name, service_arn)
    zone_id = records.compare(record_claims) if record_claims else None
    service_arn = domains.compare([domain_claim])
    for each in record_claims:
        records.add(each)
    domains.add(domain_claim)
    return zone_id, service_arn


def _record_claims() -> _Claims:
    return _Claims(
        _bare_zone_id,
        "must be used once in a hosted zone",
        "Each of the two would overwrite the other's record on every update. Remove one of them",
    )


def _domain_claims() -> _Claims:
    return _Claims(
        _account_and_region,
        "must be used once in an account and region",
        "App Runner rejects a second association of a domain, also with the same service. Remove one of the two",
    )


def _bare_zone_id(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")


def _account_and_region(service_arn: str) -> Hashable:
    """Return a service's partition, account and region; a unique object if the ARN is invalid."""
    try:
        arn = parse_arn(service_arn)
    except ValueError:
        return object()
    return arn.partition, arn.account, arn.region
