"""The custom domains of one run of a program: two components must not claim the same domain, nor the same record unless
a routing policy distinguishes their records."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import pulumi
from pulumi import Output

from apprunner_facts.arns import parse_arn
from apprunner_facts.domains import hosts_of
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError, as_output, is_output
from pulumi_apprunner.args.domain import CustomDomainArgs, Routing
from pulumi_apprunner.args.errors import format_value


class _Claim(NamedTuple):
    """A component's claim to a host or domain in a hosted zone or at a service."""

    component: str
    host: str
    scope: pulumi.Input[str]
    routing: Routing | None = None
    ttl: int | None = None

    @property
    def label(self) -> str:
        return f"CustomDomain '{self.component}'"


Conflict: TypeAlias = Callable[[_Claim, _Claim], Mapping[str, str]]
"""Returns the messages about a claim, by argument, if an earlier claim to the same host and scope conflicts with it."""


class _Claims:
    """Claims of one kind, indexed so that a new claim is compared only with claims to the same host.

    Args:
        scope_of: Returns the comparable form of a scope: a zone's id, or a service's account and region.
        conflict: Compares two claims to the same host and scope.
    """

    def __init__(self, scope_of: Callable[[str], Hashable], conflict: Conflict) -> None:
        self._scope_of = scope_of
        self._conflict = conflict
        self._by_host: defaultdict[str, list[_Claim]] = defaultdict(list)
        self._by_host_and_scope: defaultdict[tuple[str, Hashable], list[_Claim]] = defaultdict(list)
        self._unknown_by_host: defaultdict[str, list[_Claim]] = defaultdict(list)

    def add(self, claim: _Claim) -> None:
        """Add a claim."""
        self._by_host[claim.host].append(claim)
        if is_output(claim.scope):
            self._unknown_by_host[claim.host].append(claim)
        else:
            self._by_host_and_scope[claim.host, self._scope_of(str(claim.scope))].append(claim)

    def compare(self, claims: Sequence[_Claim]) -> pulumi.Input[str]:
        """Compare claims in one scope with the earlier claims, now or when the scopes are known.

        Returns:
            The scope. If it or an earlier claim's scope is unknown, the returned output fails once both are known and
            equal. The output does not depend on the earlier claim's resource: the replacement of that resource must not
            replace the resources that use this value.

        Raises:
            ArgsError: An earlier claim to the same host and scope conflicts with one of the claims.
        """
        scope = claims[0].scope
        if is_output(scope):
            others = [(claim, other) for claim in claims for other in self._by_host[claim.host]]
        else:
            for claim in claims:
                for other in self._by_host_and_scope[claim.host, self._scope_of(str(scope))]:
                    self._require_no_conflict(claim, other)
            others = [(claim, other) for claim in claims for other in self._unknown_by_host[claim.host]]
        others = [(claim, other) for claim, other in others if self._conflict(claim, other)]
        if not others:
            return scope

        async def compare_with_others(known: str) -> str:
            for claim, other in others:
                output = as_output(other.scope)
                known_other = await output.future() if await output.is_known() else None
                # With `up --target`, a resource that is not a target has no outputs.
                if known and known_other and self._scope_of(known) == self._scope_of(known_other):
                    self._require_no_conflict(claim, other)
            return known

        def without_dependencies(known: str) -> Output[str]:
            value: Awaitable[str] = compare_with_others(known)
            return Output.from_input(value)

        return as_output(scope).apply(without_dependencies)

    def _require_no_conflict(self, claim: _Claim, other: _Claim) -> None:
        if problems := self._conflict(claim, other):
            raise ArgsError(claim.label, problems)


def claim(name: str, args: CustomDomainArgs) -> tuple[pulumi.Input[str] | None, pulumi.Input[str]]:
    """Claim a domain's records and the domain itself.

    Args:
        name: The component's name.
        args: Its arguments.

    Returns:
        The hosted zone's id and the service's ARN. If one of them is unknown, or that of an earlier claim, the returned
        output fails once both are known and equal.

    Raises:
        ArgsError: Another component has claimed the same domain or record, and no routing policy distinguishes their
            records.
    """
    zone_id, service_arn = args.zone.id if args.zone else None, args.service_arn
    if sdk.runs_under_user_mocks():  # several tests may register the same component with one monitor
        return zone_id, service_arn
    records, domains = sdk.once_per_run(_record_claims), sdk.once_per_run(_domain_claims)
    hosts = hosts_of(args.domain_name, args.enable_www_subdomain)
    policy = args.routing, args.ttl
    record_claims = [_Claim(name, host, zone_id, *policy) for host in hosts] if zone_id is not None else []
    domain_claim = _Claim(name, args.domain_name, service_arn)
    zone_id = records.compare(record_claims) if record_claims else None
    service_arn = domains.compare([domain_claim])
    for each in record_claims:
        records.add(each)
    domains.add(domain_claim)
    return zone_id, service_arn


def _record_claims() -> _Claims:
    return _Claims(_bare_zone_id, _record_conflict)


def _domain_claims() -> _Claims:
    return _Claims(_account_and_region, _domain_conflict)


def _domain_conflict(claim: _Claim, other: _Claim) -> Mapping[str, str]:
    return {
        "domain_name": f"must be used once in an account and region, got {claim.host}, which {other.label} has. App "
        "Runner rejects a second association of a domain, also with the same service. Remove one of the two"
    }


def _record_conflict(claim: _Claim, other: _Claim) -> Mapping[str, str]:
    """Return the messages about two records of one name and type by Route 53's rules (source.RESOURCE_RECORD_SET)."""
    mine, others = claim.routing, other.routing
    if mine is None and others is None:
        return {
            "domain_name": f"must be used once in a hosted zone, got {claim.host}, which {other.label} has. Each of "
            "the two would overwrite the other's record on every update. Remove one of them, or set routing on both if "
            "their services are in two regions"
        }
    if mine is None or others is None:
        got = f"none here and a policy on {other.label}" if mine is None else f"none on {other.label}"
        return {
            "routing": f"must be set on all domains of {claim.host} or on none, got {got}. Route 53 rejects a record "
            "without a routing policy beside one with a policy. Set routing on both"
        }
    problems: dict[str, str] = {}
    if mine.policy != others.policy:
        problems["routing"] = (
            f"must have the same policy as {other.label}, which has {claim.host} too and is {others.policy}, got "
            f"{mine.policy}. Route 53 rejects records of one name with different policies. Use one policy"
        )
    elif mine.failover is not None and mine.failover == others.failover:
        problems["routing.failover"] = (
            f"must differ from that of {other.label}, which has {claim.host} too, got {format_value(mine.failover)}. "
            "Set one of the two to primary, the other to secondary"
        )
    if mine.set_identifier == others.set_identifier:
        problems["routing.set_identifier"] = (
            f"must be unique among the domains of {claim.host}, got {format_value(mine.set_identifier)}, which "
            f"{other.label} also has. Each would overwrite the other's record on every update. Change one of them"
        )
    if claim.ttl != other.ttl:
        problems["ttl"] = (
            f"must be the same as that of {other.label}, which has {claim.host} too, got {_ttl(claim)} and "
            f"{_ttl(other)}. Route 53 requires one TTL for all weighted records of a name, and the domains may share "
            "validation records. Set both to one value, or remove both"
        )
    return problems


def _ttl(claim: _Claim) -> str:
    return "none" if claim.ttl is None else str(claim.ttl)


def _bare_zone_id(zone_id: str) -> str:
    return zone_id.removeprefix("/hostedzone/")


def _account_and_region(service_arn: str) -> Hashable:
    """Return a service's partition, account and region; a unique object if the ARN is invalid."""
    try:
        arn = parse_arn(service_arn)
    except ValueError:
        return object()
    return arn.partition, arn.account, arn.region
