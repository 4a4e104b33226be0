"""Rules about the notifications of alarms."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import source, tokens
from apprunner_facts.schedules import is_enabled
from apprunner_facts.tokens import (
    COMPOSITE_ALARM,
    EVENT_RULE,
    HEALTH_CHECK,
    METRIC_ALARM,
    STACK,
    TOPIC,
    TOPIC_SUBSCRIPTION,
)
from apprunner_policies.environment import CONFIG
from apprunner_policies.metrics import is_disabled, watched_expressions, watched_metrics
from apprunner_policies.properties import (
    UnknownValues,
    as_items,
    as_mapping,
    items,
    known,
    known_text,
    read_identity,
    text,
    value,
)
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

_ALARMS = (METRIC_ALARM, COMPOSITE_ALARM)
_NAMES = ("name", "alarmName")
"""The properties with the name of an alarm: of a metric alarm, and of a composite alarm."""
_READERS = {COMPOSITE_ALARM: ("alarmRule", "actionsSuppressor"), HEALTH_CHECK: ("cloudwatchAlarmName",)}
"""The properties that name alarms, by the type of what acts on their state. Such an alarm needs no action."""
_ACTIONS = ("alarmActions", "insufficientDataActions")
"""The properties of an alarm with the actions of a problem. okActions are those of its end."""
_NAME_IN_RULE = re.compile(r'\(\s*"?([^"()]+?)"?\s*\)')
"""The name or ARN of an alarm in the rule of a composite alarm: ALARM("api-errors")."""
_ALARM_EVENTS = "aws.cloudwatch"
"""The source of the events with which CloudWatch reports changes of alarms."""
_SENDERS = frozenset(
    {
        COMPOSITE_ALARM,
        METRIC_ALARM,
        EVENT_RULE,
        tokens.EVENT_TARGET,
        tokens.GROUP_POLICY,
        tokens.POLICY,
        tokens.ROLE,
        tokens.ROLE_POLICY,
        tokens.TOPIC_POLICY,
        tokens.USER_POLICY,
    }
)
"""The types of resources that refer to a topic and receive nothing from it. Any other type may receive its messages."""
_COMPONENTS = "apprunner:"
"""The beginning of the type of a component of pulumi-apprunner, which has its children's receivers."""

alarms_notify = StackRule(
    "alarms-notify",
    resource_types=_ALARMS,
    description="The alarms of a production service notify a person or a system.",
    remediation_steps=(
        "Set alarmActions to the ARN of an SNS topic, and add an aws.sns.TopicSubscription to the topic. An alarm that "
        "a composite alarm contains needs no actions of its own. If the subscription is outside the stack, waive the "
        "rule for the alarm and name that place as the reason."
    ),
    source=source.ALARM_ACTIONS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
    config=CONFIG,
)


@alarms_notify.check
def _has_receivers(alarm: PolicyResource, stack: Stack) -> Iterator[str]:
    alarms = stack.once(_notifying_alarms)
    if not stack.is_production or alarm.urn not in alarms.urns:
        return
    if not any(items(alarm, key) for key in _ACTIONS):
        alarms.unknowns.raise_first()
        yield (
            "alarmActions must name an action, got none. Nobody is notified of the alarm. Set it to the ARN of an SNS "
            "topic, or remove the alarm."
        )
    elif is_disabled(alarm):
        alarms.unknowns.raise_first()
        yield (
            "actionsEnabled must be true, got false. Nobody is notified of the alarm. Set it to true or remove the "
            "alarm. If a schedule disables the actions at times, add actionsEnabled to the alarm's ignore_changes."
        )
    elif topics := _own_topics(alarm, stack):
        receivers = stack.once(_receivers)
        if receivers.topics.isdisjoint(topics):
            receivers.unknowns.raise_first()
            for urn in topics:
                read_identity(stack.by_urn[urn], "arn")
            yield (
                f"alarmActions must reach a subscriber, got the topic {' and '.join(topics.values())}, to which "
                "nothing in the stack subscribes. Add an aws.sns.TopicSubscription with the topic's ARN as topic. If "
                "the subscription is outside the stack, waive the rule for this alarm and name that place as the "
                "reason."
            )


class _NotifyingAlarms(NamedTuple):
    """The alarms on App Runner's metrics that need actions of their own: no other alarm contains them."""

    urns: set[str]
    unknowns: UnknownValues
    """Resources that may notify of any alarm in place of its own actions."""


def _notifying_alarms(resources: Resources) -> _NotifyingAlarms:
    unknowns = UnknownValues()
    urns: set[str] = set()
    for alarm in resources.of(METRIC_ALARM):
        with UnknownValues():
            if any(True for _ in watched_metrics(alarm)) or any(True for _ in watched_expressions(alarm)):
                urns.add(alarm.urn)
    contained: set[str] = set()
    readers: dict[str, list[str]] = defaultdict(list)
    for reader in resources.of(*_READERS):
        for urn in _contained(reader, resources, unknowns):
            contained.add(urn)
            readers[urn].append(reader.urn)
    added = list(urns)
    while added:
        more = [urn for urn in readers[added.pop()] if urn not in urns]
        urns.update(more)
        added += more
    for rule in resources.of(EVENT_RULE):
        with unknowns:
            if _ALARM_EVENTS in str(value(rule, "eventPattern")) and is_enabled(known(rule, "state")):
                return _NotifyingAlarms(set(), unknowns)
    return _NotifyingAlarms(urns - contained, unknowns)


def _contained(reader: PolicyResource, resources: Resources, unknowns: UnknownValues) -> set[str]:
    """Return the URNs of the alarms that a composite alarm or health check names: by reference, by name or by ARN."""
    keys = _READERS[reader.resource_type]
    urns = {each.urn for key in keys for each in resources.referenced(reader, key, *_ALARMS)}
    names: set[str] = set()
    with unknowns:
        names.add(str(value(reader, "actionsSuppressor.alarm")))
        names.add(str(value(reader, "cloudwatchAlarmName")))
        names.update(_NAME_IN_RULE.findall(text(reader, "alarmRule") or ""))
    names = {each.rpartition(":alarm:")[2] for each in names}
    by_name = resources.once(_alarms_by_name)
    return urns.union(*(by_name.get(name, ()) for name in names))


def _alarms_by_name(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of alarms by their known names; one name can exist in several regions."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for alarm in resources.of(*_ALARMS):
        for key in _NAMES:
            if (name := known_text(alarm, key)) is not None:
                by_name[name].append(alarm.urn)
    return by_name


def _own_topics(alarm: PolicyResource, stack: Stack) -> Mapping[str, str]:
    """Return the names of an alarm's topics by URN; none if an action is anything but a topic of the stack."""
    topics: dict[str, str] = {}
    for key in _ACTIONS:
        own = stack.referenced(alarm, key, TOPIC)
        if len(own) < len(items(alarm, key)):
            return {}
        topics |= {each.urn: each.name for each in own}
    return topics


class _Receivers(NamedTuple):
    """The topics whose messages something receives."""

    topics: set[str]
    """By URN."""
    unknowns: UnknownValues
    """Resources that may receive the messages of any topic."""


def _receivers(resources: Resources) -> _Receivers:
    """Return the topics of the stack with a subscriber. An exported topic has those of other stacks."""
    topics: set[str] = set()
    unknowns = UnknownValues()
    by_arn = {arn: each.urn for each in resources.of(TOPIC) if (arn := known_text(each, "arn")) is not None}
    for resource in resources.all:
        if resource.resource_type not in _SENDERS and not resource.resource_type.startswith(_COMPONENTS):
            origins = [each for key in resource.property_dependencies.values() for each in key]
            topics |= {each.urn for each in origins if each.resource_type == TOPIC}
    for subscription in resources.of(TOPIC_SUBSCRIPTION):
        if not resources.referenced(subscription, "topic", TOPIC):
            with unknowns:
                topics.add(by_arn.get(str(value(subscription, "topic")), ""))
    for stack in resources.of(STACK):
        for name in stack.props:
            with unknowns:
                topics |= {by_arn[each] for each in _texts(stack.props[name]) if each in by_arn}
    return _Receivers(topics, unknowns)


def _texts(item: Any) -> Iterator[str]:
    """Yield the strings of a value, at any depth. Raises UnknownValueError."""
    if isinstance(item, str):
        yield item
    for each in as_items(item):
        yield from _texts(each)
    for each in (as_mapping(item) or {}).values():
        yield from _texts(each)


RULES = (alarms_notify,)
