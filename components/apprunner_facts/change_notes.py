"""Consequences of a change beyond its kind, each with its condition.

`apprunner plan --against` prints a note if its condition is true; docs/changes.md lists all notes.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeGuard, cast

from apprunner_facts import tokens
from apprunner_facts.source import CREATE_SERVICE, CREATE_VPC_CONNECTOR, RESOURCE_RECORD_SET, Source

Inputs = Mapping[str, Any]

_READ = date(2026, 11, 26)
_SERVICE_GO = Source(
    "https://github.com/hashicorp/terraform-provider-aws/blob/060a3348c54071f23c3487ef820eb77c4ed42dbb/internal/"
    "service/apprunner/service.go",
    date(2026, 11, 23),
)
_NOTHING_SENT = Source("https://github.com/terraform-aws-modules/terraform-aws-app-runner/issues/17", _READ)
"""Reported by users. It follows from the provider's source too: such an update sends only the service's ARN."""
_SAME_GROUPS = Source("https://github.com/pulumi/pulumi-aws/issues/5364", _READ)
"""Reported by users. AWS's API reference does not mention it."""
_UPDATE_SERVICE = Source("https://docs.aws.amazon.com/apprunner/latest/api/API_UpdateService.html", date(2026, 11, 23))
_DELETE_REPOSITORY = Source(
    "https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_DeleteRepository.html", date(2026, 11, 27)
)
DELETE_BEFORE_REPLACE = Source(
    "https://github.com/pulumi/pulumi-aws/blob/015d343812852f40a045a28e7f6e04bca69548f3/provider/resource_overrides.go",
    _READ,
)
"""The types that pulumi-aws always deletes before it replaces them."""


@dataclass(frozen=True)
class Step:
    """The change of one resource.

    Args:
        before: The old inputs. An unknown or secret value is an object that equals no other.
        after: The new inputs, in the same form.
        changed: The changed properties that the provider sees. Omitted properties that keep their value are excluded.
        order: Whether the resource is updated in place, or in which order it is replaced.
    """

    before: Inputs
    after: Inputs
    changed: frozenset[str]
    order: Literal["in place", "create first", "delete first"]


@dataclass(frozen=True)
class Note:
    """A consequence of a change.

    Args:
        description: The condition as text, for the docs.
        text: The consequence, and how to avoid it.
        condition: The condition. It is false if it depends on an unknown or secret value.
        source: The source of the fact.
    """

    description: str
    text: str
    condition: Callable[[Step], bool]
    source: Source


def notes(token: str, step: Step) -> Iterator[str]:
    """Yield the texts of a resource type's notes whose condition is true."""
    return (note.text for note in NOTES.get(token, ()) if note.condition(step))


def _omits_observability(step: Step) -> bool:
    block = "observabilityConfiguration"
    return step.order == "in place" and _is_block(step.before.get(block)) and step.after.get(block) is None


def _keeps_tracing(step: Step) -> bool:
    before = step.before.get("observabilityConfiguration")
    return _omits_observability(step) and _is_block(before) and before.get("observabilityEnabled") is True


def _sends_nothing(step: Step) -> bool:
    """Return whether UpdateService has no setting to send. Another call sends tags."""
    return _omits_observability(step) and step.changed - {"tags"} == frozenset({"observabilityConfiguration"})


def _becomes_private(step: Step) -> bool:
    before, after = _ingress(step.before), _ingress(step.after)
    was_public = before is None or (_is_block(before) and before.get("isPubliclyAccessible") is True)
    is_private = _is_block(after) and after.get("isPubliclyAccessible") is None
    return step.order == "in place" and was_public and is_private


def _ingress(inputs: Inputs) -> object:
    """Return a service's ingress block, or None."""
    network = inputs.get("networkConfiguration")
    return network.get("ingressConfiguration") if _is_block(network) else network


def _changes_source_kind(step: Step) -> bool:
    before, after = _source_kind(step.before), _source_kind(step.after)
    return step.order == "in place" and None not in (before, after) and before != after


def _source_kind(inputs: Inputs) -> str | None:
    source = inputs.get("sourceConfiguration")
    if not _is_block(source):
        return None
    kinds = [kind for kind in ("imageRepository", "codeRepository") if source.get(kind) is not None]
    return kinds[0] if len(kinds) == 1 else None


def _swaps_policy(step: Step) -> bool:
    role = step.before.get("role")
    return step.order == "delete first" and isinstance(role, str) and role == step.after.get("role")


def _loses_images(step: Step) -> bool:
    return step.order != "in place" and step.before.get("forceDelete") is True


def _may_contain_images(step: Step) -> bool:
    return step.order != "in place" and step.before.get("forceDelete") in (None, False)


_ROUTING_POLICIES = (
    "cidrRoutingPolicy",
    "failoverRoutingPolicies",
    "geolocationRoutingPolicies",
    "geoproximityRoutingPolicy",
    "latencyRoutingPolicies",
    "multivalueAnswerRoutingPolicy",
    "weightedRoutingPolicies",
)


def _routing_policy(inputs: Inputs) -> str | None:
    """Return the property with a record's routing policy, None if it has none."""
    return next((name for name in _ROUTING_POLICIES if inputs.get(name)), None)


def _changes_routing_policy(step: Step) -> bool:
    """Return whether a record gets another routing policy, or none any more."""
    before = _routing_policy(step.before)
    return step.order == "in place" and before is not None and before != _routing_policy(step.after)


def _changes_weighted_ttl(step: Step) -> bool:
    return step.order == "in place" and "ttl" in step.changed and bool(step.after.get("weightedRoutingPolicies"))


def _keeps(name: str) -> Callable[[Step], bool]:
    """Return the condition that the new resource has the same value as the old one, while both exist."""

    def condition(step: Step) -> bool:
        if step.order != "create first" or "region" in step.changed:
            return False
        before, after = _strings(step.before.get(name)), _strings(step.after.get(name))
        return bool(before) and before == after

    return condition


def _strings(value: Any) -> frozenset[str]:
    """Return a string, or the strings of a list, if all are known."""
    items = cast(list[object], value) if isinstance(value, list) else [value]
    return frozenset(map(str, items)) if all(isinstance(each, str) for each in items) else frozenset()


def _is_block(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


NOTES: Mapping[str, Sequence[Note]] = {
    tokens.SERVICE: [
        Note(
            "`observabilityConfiguration` with `observabilityEnabled: true` is removed",
            "observabilityConfiguration is removed, so the provider does not send it: tracing stays on. "
            "To turn tracing off, set observabilityEnabled to False",
            _keeps_tracing,
            _SERVICE_GO,
        ),
        Note(
            "`observabilityConfiguration` is removed, and nothing else changes except `tags`",
            'App Runner rejects the update ("No configurations provided"): observabilityConfiguration is removed, and '
            "the provider has nothing else to send. Keep the block and set observabilityEnabled to False",
            _sends_nothing,
            _NOTHING_SENT,
        ),
        Note(
            "`networkConfiguration.ingressConfiguration` of a public service is set without `isPubliclyAccessible`",
            "the service becomes private: in an ingressConfiguration, isPubliclyAccessible defaults to False. "
            "Set isPubliclyAccessible to True",
            _becomes_private,
            _SERVICE_GO,
        ),
        Note(
            "`sourceConfiguration` changes from `imageRepository` to `codeRepository`, or back",
            "App Runner does not support a change between an image and a code source. "
            "To replace the service, set replacement_trigger",
            _changes_source_kind,
            _UPDATE_SERVICE,
        ),
        Note(
            "it is replaced, created before deleted, with the same `serviceName`",
            "AWS rejects the new service while the old one exists: both have the same serviceName. "
            "Change the name, or set delete_before_replace",
            _keeps("serviceName"),
            CREATE_SERVICE,
        ),
    ],
    tokens.VPC_CONNECTOR: [
        Note(
            "it is replaced, created before deleted, with the same `vpcConnectorName`",
            "AWS rejects the new connector while the old one exists: both have the same vpcConnectorName. "
            "Change the name together with the subnets",
            _keeps("vpcConnectorName"),
            CREATE_VPC_CONNECTOR,
        ),
        Note(
            "it is replaced, created before deleted, with the same `securityGroups` (reported by users)",
            "AWS rejects the new connector while the old one exists: both have the same securityGroups. "
            "Use another security group for the new one",
            _keeps("securityGroups"),
            _SAME_GROUPS,
        ),
    ],
    tokens.ECR_REPOSITORY: [
        Note(
            "it is replaced, and `forceDelete` is true",
            "the old repository is deleted with all its images, and the new one is empty. "
            "Copy the images that services run first",
            _loses_images,
            _DELETE_REPOSITORY,
        ),
        Note(
            "it is replaced, and `forceDelete` is not true",
            "AWS rejects the deletion of the old repository while it contains images, and the new one is empty. "
            "Create a second repository, copy the images, and then remove the old one",
            _may_contain_images,
            _DELETE_REPOSITORY,
        ),
    ],
    tokens.RECORD: [
        Note(
            "the routing policy changes to another one, or is removed",
            "Route 53 rejects the change while another record of the name and type has the old routing policy. Delete "
            "the other records in an update before",
            _changes_routing_policy,
            RESOURCE_RECORD_SET,
        ),
        Note(
            "`ttl` of a record with `weightedRoutingPolicies` changes",
            "Route 53 rejects the change while another weighted record of the name and type has another ttl. Delete "
            "the other records in an update before",
            _changes_weighted_ttl,
            RESOURCE_RECORD_SET,
        ),
    ],
    tokens.ROLE_POLICY_ATTACHMENT: [
        Note(
            "`policyArn` changes, but not `role`",
            "until the new policy is attached, the role has neither the old nor the new one",
            _swaps_policy,
            DELETE_BEFORE_REPLACE,
        ),
    ],
}
"""From a resource type to the notes on its changes."""

IDENTITIES: Mapping[str, Sequence[str]] = {
    tokens.ROLE_POLICY: ("role", "name"),
    tokens.ROLE_POLICY_ATTACHMENT: ("role", "policyArn"),
    tokens.WEB_ACL_ASSOCIATION: ("resourceArn",),
    tokens.WEB_ACL_LOGGING: ("resourceArn",),
}
"""From types for which AWS accepts a second create of the same object, to the properties that identify the object.

If a logical name changes, the engine creates the new resource first. The deletion of the old one then removes the
object of both (a comment in DELETE_BEFORE_REPLACE).
"""
