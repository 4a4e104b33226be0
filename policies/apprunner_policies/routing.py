"""The routing policies of DNS records, and Route 53's rules for records of one name and type
(source.RESOURCE_RECORD_SET).
"""

from collections.abc import Mapping
from typing import NamedTuple

from pulumi_policy import PolicyResource

from apprunner_policies.properties import as_number, is_set, known, known_text

_POLICIES: Mapping[str, tuple[str, str]] = {
    "weightedRoutingPolicies": ("weighted", ""),
    "latencyRoutingPolicies": ("latency", "region"),
    "failoverRoutingPolicies": ("failover", "type"),
    "geolocationRoutingPolicies": ("geolocation", ""),
    "geoproximityRoutingPolicy": ("geoproximity", ""),
    "cidrRoutingPolicy": ("CIDR", ""),
    "multivalueAnswerRoutingPolicy": ("multivalue", ""),
}
"""The policies' names, and the part of a policy of which each value exists once."""


class Routing(NamedTuple):
    """The routing of a record. An unknown value is an object that equals no other.

    Args:
        identifier: The set identifier, None for none.
        policy: The policy's name, None for none.
        part: The region of a latency record, or the type of a failover record; else None.
        ttl: The TTL, None for an alias record.
    """

    identifier: object
    policy: str | None
    part: tuple[str, object] | None
    ttl: float | None


def routing_of(record: PolicyResource) -> Routing:
    """Return the routing of a record."""
    identifier = (known_text(record, "setIdentifier") or object()) if is_set(record, "setIdentifier") else None
    for key, (policy, part) in _POLICIES.items():
        if is_set(record, key):
            detail = (f"{key}[0].{part}", known(record, f"{key}[0].{part}") or object()) if part else None
            return Routing(identifier, policy, detail, as_number(known(record, "ttl")))
    return Routing(identifier, None, None, as_number(known(record, "ttl")))


def conflict(one: Routing, other: Routing, name: str, other_resource: str) -> str | None:
    """Return why two records of one name and hosted zone, with different targets, conflict.

    Args:
        one: The routing of a record.
        other: That of the other one.
        name: Their name in DNS.
        other_resource: The other one's name in the stack.

    Returns:
        The property that is invalid, the requirement, and the fix; None if there is no conflict, or if it depends on an
        unknown value.
    """
    the_other = f"{other_resource} also has"
    if one.identifier is None and other.identifier is None:
        return (
            f'name must be unique in a hosted zone, got "{name}", which {the_other}, with the target of another '
            "association. Each overwrites the other on every update. Remove one of them, or add a routing policy and a "
            "setIdentifier to both."
        )
    if one.identifier is None or other.identifier is None:
        return (
            f'setIdentifier must be set on all records of "{name}" or on none, and {other_resource} has the same name. '
            "Route 53 rejects a record without a routing policy beside one with a policy. Add a policy and a "
            "setIdentifier to both."
        )
    if one.policy != other.policy and None not in (one.policy, other.policy):
        return (
            f'the routing policy of all records of "{name}" must be the same, got {one.policy}, and {other.policy} on '
            f"{other_resource}. Route 53 rejects different policies. Use one policy."
        )
    if one.identifier == other.identifier:
        return (
            f'setIdentifier must be unique among the records of "{name}", got "{one.identifier}", which {the_other}. '
            "Each overwrites the other on every update. Change one of them."
        )
    if one.part is not None and one.part == other.part:
        path, got = one.part
        return (
            f'{path} must be unique among the records of "{name}", got "{got}", which {the_other}. Route 53 rejects '
            "the second one. Change one of them."
        )
    if one.policy == "weighted" and one.ttl is not None and other.ttl is not None and one.ttl != other.ttl:
        return (
            f'ttl must be the same on all weighted records of "{name}", got {one.ttl:g}, and {other.ttl:g} on '
            f"{other_resource}. Route 53 rejects the second one. Use one value."
        )
    return None
