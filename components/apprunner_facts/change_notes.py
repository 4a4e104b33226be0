"""What is worth knowing about a change beyond its kind, each with the condition under which it holds.

`apprunner plan --against` prints the text of a note whose condition holds; docs/changes.md lists all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeGuard, cast

from apprunner_facts import tokens
from apprunner_facts.source import CREATE_SERVICE, CREATE_VPC_CONNECTOR, Source

Inputs = Mapping[str, Any]

_READ = date(2026, 11, 26)
_SERVICE_GO = Source(
    "https://github.com/hashicorp/terraform-provider-aws/blob/060a3348c54071f23c3487ef820eb77c4ed42dbb/internal/"
    "service/apprunner/service.go",
    date(2026, 11, 23),
)
_NOTHING_SENT = Source("https://github.com/terraform-aws-modules/terraform-aws-app-runner/issues/17", _READ)
"""Reported. The provider's source agrees: such an update sends the service's ARN and nothing else."""
_SAME_GROUPS = Source("https://github.com/pulumi/pulumi-aws/issues/5364", _READ)
"""Reported by users; AWS's API reference does not state it."""
_UPDATE_SERVICE = Source("https://docs.aws.amazon.com/apprunner/latest/api/API_UpdateService.html", date(2026, 11, 23))
DELETE_BEFORE_REPLACE = Source(
    "https://github.com/pulumi/pulumi-aws/blob/015d343812852f40a045a28e7f6e04bca69548f3/provider/resource_overrides.go",
    _READ,
)
"""The types that pulumi-aws always deletes before it replaces them."""


@dataclass(frozen=True)
class Step:
    """What happens to one resource.

    Args:
        before: The old inputs. A value that is unknown or secret is an object that equals no other.
        after: The new inputs, likewise.
        changed: The properties whose change the provider sees, without what is kept when it is left out.
        order: Whether the resource is updated in place, or replaced, and what comes first then.
    """

    before: Inputs
    after: Inputs
    changed: frozenset[str]
    order: Literal["in place", "new first", "old first"]


@dataclass(frozen=True)
class Note:
    """A consequence of a change.

    Args:
        when: The condition in words, for the docs.
        text: The consequence, and what to do about it.
        holds: The condition. It is false where it depends on a value that is unknown or secret.
        source: Where the fact comes from.
    """

    when: str
    text: str
    holds: Callable[[Step], bool]
    source: Source


def notes(token: str, step: Step) -> Iterator[str]:
    """Yield the texts of the notes on a resource type whose conditions hold."""
    return (note.text for note in NOTES.get(token, ()) if note.holds(step))


def _leaves_out_observability(step: Step) -> bool:
    gone = _is_block(step.before.get("observabilityConfiguration")) and (
        step.after.get("observabilityConfiguration") is None
    )
    return step.order == "in place" and gone


def _goes_on_tracing(step: Step) -> bool:
    was = step.before.get("observabilityConfiguration")
    return _leaves_out_observability(step) and _is_block(was) and was.get("observabilityEnabled") is True


def _sends_nothing(step: Step) -> bool:
    """Return whether UpdateService has no setting to send; tags are sent by another call."""
    return _leaves_out_observability(step) and step.changed - {"tags"} == frozenset({"observabilityConfiguration"})


def _becomes_private(step: Step) -> bool:
    before, after = _ingress(step.before), _ingress(step.after)
    was_public = before is None or (_is_block(before) and before.get("isPubliclyAccessible") is True)
    is_private = _is_block(after) and after.get("isPubliclyAccessible") is None
    return step.order == "in place" and was_public and is_private


def _ingress(inputs: Inputs) -> object:
    """Return a service's ingress block, None where there is none."""
    network = inputs.get("networkConfiguration")
    return network.get("ingressConfiguration") if _is_block(network) else network


def _changes_kind_of_source(step: Step) -> bool:
    before, after = _kind_of_source(step.before), _kind_of_source(step.after)
    return step.order == "in place" and None not in (before, after) and before != after


def _kind_of_source(inputs: Inputs) -> str | None:
    source = inputs.get("sourceConfiguration")
    if not _is_block(source):
        return None
    given = [kind for kind in ("imageRepository", "codeRepository") if source.get(kind) is not None]
    return given[0] if len(given) == 1 else None


def _swaps_policy(step: Step) -> bool:
    role = step.before.get("role")
    return step.order == "old first" and isinstance(role, str) and role == step.after.get("role")


def _keeps(name: str) -> Callable[[Step], bool]:
    """Return the condition that a new resource has the same value as the old one, while both exist."""

    def holds(step: Step) -> bool:
        if step.order != "new first" or "region" in step.changed:
            return False
        before, after = step.before.get(name), step.after.get(name)
        texts, others = _texts(before), _texts(after)
        return bool(texts) and texts == others

    return holds


def _texts(value: Any) -> frozenset[str]:
    """Return a text, or those of a list, if all are known."""
    texts = cast(list[object], value) if isinstance(value, list) else [value]
    return frozenset(map(str, texts)) if all(isinstance(each, str) for each in texts) else frozenset()


def _is_block(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, Mapping)


NOTES: Mapping[str, Sequence[Note]] = {
    tokens.SERVICE: [
        Note(
            "`observabilityConfiguration` is left out, and it had `observabilityEnabled: true`",
            "observabilityConfiguration is left out, so it is not sent: the service goes on tracing. "
            "To stop it, set observabilityEnabled to False",
            _goes_on_tracing,
            _SERVICE_GO,
        ),
        Note(
            "`observabilityConfiguration` is left out, and nothing but `tags` changes beside it",
            'App Runner refuses the update ("No configurations provided"): observabilityConfiguration is left out, and '
            "nothing else is sent. Keep the block with observabilityEnabled False",
            _sends_nothing,
            _NOTHING_SENT,
        ),
        Note(
            "`networkConfiguration.ingressConfiguration` of a public service is given without `isPubliclyAccessible`",
            "the service becomes private: an ingressConfiguration without isPubliclyAccessible means False. "
            "Set isPubliclyAccessible",
            _becomes_private,
            _SERVICE_GO,
        ),
        Note(
            "`sourceConfiguration` changes from `imageRepository` to `codeRepository`, or back",
            "App Runner refuses to change the source between image and code. "
            "To replace the service, set replacement_trigger",
            _changes_kind_of_source,
            _UPDATE_SERVICE,
        ),
        Note(
            "it is replaced, the new one first, under the same `serviceName`",
            "AWS refuses the new service while the old one exists: both have the same serviceName. "
            "Change the name, or set delete_before_replace",
            _keeps("serviceName"),
            CREATE_SERVICE,
        ),
    ],
    tokens.VPC_CONNECTOR: [
        Note(
            "it is replaced, the new one first, under the same `vpcConnectorName`",
            "AWS refuses the new connector while the old one exists: both have the same vpcConnectorName. "
            "Change the name with the subnets",
            _keeps("vpcConnectorName"),
            CREATE_VPC_CONNECTOR,
        ),
        Note(
            "it is replaced, the new one first, with the same `securityGroups` (reported by users)",
            "AWS refuses the new connector while the old one exists: both have the same securityGroups. "
            "Give the new one a group of its own",
            _keeps("securityGroups"),
            _SAME_GROUPS,
        ),
    ],
    tokens.ROLE_POLICY_ATTACHMENT: [
        Note(
            "`policyArn` changes, and `role` stays",
            "the role has neither policy until the new one is attached",
            _swaps_policy,
            DELETE_BEFORE_REPLACE,
        ),
    ],
}
"""From a resource's type to the notes on its changes."""

IDENTITIES: Mapping[str, Sequence[str]] = {
    tokens.ROLE_POLICY: ("role", "name"),
    tokens.ROLE_POLICY_ATTACHMENT: ("role", "policyArn"),
}
"""From types of which AWS takes a second create for the same thing, to the properties that make it the same.

If one logical name goes and another comes for it, the engine creates first: the deletion then removes what both are
(a comment in DELETE_BEFORE_REPLACE).
"""
