"""Rules about logs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source
from apprunner_facts.documents import parse_json
from apprunner_facts.observability import LOG_KINDS
from apprunner_facts.schedules import CLOUDWATCH_LOGS, is_enabled, target_arn
from apprunner_facts.tokens import LOG_GROUP, SCHEDULE, SERVICE
from apprunner_policies.properties import (
    UnknownValues,
    as_number,
    as_text,
    known_text,
    member,
    number,
    read_identity,
    value,
)
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_GROUPS = "/aws/apprunner/"
_INPUT = "target.input"
_TARGET = target_arn("putRetentionPolicy", service=CLOUDWATCH_LOGS).partition(":scheduler:")[2].lower()

log_retention_required = StackRule(
    "log-retention-required",
    resource_types=[SERVICE, LOG_GROUP],
    description="CloudWatch deletes a service's logs after a number of days.",
    remediation_steps=(
        "App Runner creates the two log groups of a service, without a retention. Set it with a schedule that calls "
        "putRetentionPolicy (LogRetention of pulumi-apprunner), or import the groups as "
        "aws.cloudwatch.LogGroup with retentionInDays. If something outside the stack sets it, waive the rule for the "
        "service and name that place as the reason."
    ),
    source=source.PUT_RETENTION_POLICY,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    config={
        "minDays": {
            "type": "integer",
            "minimum": 1,
            "default": 1,
            "description": "The lowest number of days for which logs must be kept.",
        }
    },
)


@log_retention_required.check_of(SERVICE)
def _retention_is_set(service: PolicyResource, stack: Stack) -> Iterator[str]:
    retained = stack.once(_retained)
    kinds = retained.kinds.get(service.urn, set())
    missing = [kind for kind in LOG_KINDS if kind not in kinds]
    if missing:
        retained.unknowns.raise_first()
        read_identity(service, "serviceId")
        groups = " and ".join(f"{_GROUPS}<name>/<id>/{kind}" for kind in missing)
        yield (
            f"the stack must set the retention of the service's log groups, got none for {groups}. CloudWatch keeps "
            "these logs for ever, and charges for them. Add a schedule that calls putRetentionPolicy for each group, "
            "such as that of pulumi-apprunner's LogRetention."
        )
    yield from _short(retained.days.get(service.urn), "RetentionInDays in target.input of its schedule", stack)


@log_retention_required.check_of(LOG_GROUP)
def _group_has_a_retention(group: PolicyResource, stack: Stack) -> Iterator[str]:
    if not (known_text(group, "name") or "").startswith(_GROUPS) and not stack.referenced(group, "name", SERVICE):
        return
    days = number(group, "retentionInDays")
    if not days:
        got = "none" if days is None else "0"
        yield (
            f"retentionInDays must be set, got {got}. CloudWatch keeps the logs for ever, and charges for them. Set it "
            "to a number of days, such as 30."
        )
    else:
        yield from _short(days, "retentionInDays", stack)


def _short(days: float | None, what: str, stack: Stack) -> Iterator[str]:
    lowest = as_number(stack.config.get("minDays"))
    if days is not None and lowest is not None and days < lowest:
        yield f"{what} must be at least {lowest:g}, got {days:g}. Set it to {lowest:g} or more."


class _Retained(NamedTuple):
    """The services for whose log groups the stack sets a retention."""

    kinds: Mapping[str, set[str]]
    """The kinds of a service's groups, by its URN."""
    days: dict[str, float]
    """The shortest retention that a schedule sets, by the service's URN."""
    unknowns: UnknownValues
    """Resources that may set the retention of any group."""


def _retained(resources: Resources) -> _Retained:
    retained = _Retained(defaultdict(set), {}, UnknownValues())
    for group in resources.of(LOG_GROUP):
        with retained.unknowns:
            name = known_text(group, "name")
            for service in _services(group, "name", name, resources):
                retained.kinds[service].update(_kinds(name))
    for schedule in resources.of(SCHEDULE):
        with retained.unknowns:
            if not str(value(schedule, "target.arn")).lower().endswith(_TARGET):
                continue
            if not is_enabled(value(schedule, "state")):
                continue
            content = parse_json(known_text(schedule, _INPUT) or "")
            name, days = as_text(member(content, "LogGroupName")), as_number(member(content, "RetentionInDays"))
            for service in _services(schedule, _INPUT, name, resources):
                retained.kinds[service].update(_kinds(name))
                if days is not None:
                    retained.days[service] = min(days, retained.days.get(service, days))
    return retained


def _services(resource: PolicyResource, path: str, group: str | None, resources: Resources) -> set[str]:
    """Return the URNs of the services of a log group: by reference, or by the group's name.

    Raises UnknownValueError if the property at the path decides it and is unknown.
    """
    referenced = {each.urn for each in resources.referenced(resource, path.partition(".")[0], SERVICE)}
    if referenced:
        return referenced
    value(resource, path)
    names = (group or "").removeprefix(_GROUPS).split("/")
    ids = resources.once(_ids_by_name).get(names[0], {})
    return {urn for urn, service_id in ids.items() if service_id in (None, *names[1:2])}


def _ids_by_name(resources: Resources) -> Mapping[str, Mapping[str, str | None]]:
    """Return the ids of services, None if unknown, by name and URN; one name can exist in several regions."""
    ids: dict[str, dict[str, str | None]] = defaultdict(dict)
    for each in resources.of(SERVICE):
        if (name := known_text(each, "serviceName")) is not None:
            ids[name][each.urn] = known_text(each, "serviceId")
    return ids


def _kinds(group: str | None) -> Iterable[str]:
    """Return the kind of a log group, all kinds if its name is unknown."""
    return LOG_KINDS if group is None else [group.rpartition("/")[2]]


RULES = (log_retention_required,)
