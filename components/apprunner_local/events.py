# pyright: standard
"""EventBridge's default bus for the events of the account, which moto does not deliver to topics and state machines."""

import json
import re
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonpath_ng.parser import parse
from moto.events.models import EventPattern

from apprunner_facts.arns import parse_arn
from apprunner_facts.events import SOURCE
from apprunner_facts.identity import (
    EVENTS_SERVICE,
    PUBLISH_ACTION,
    PUT_EVENTS_ACTION,
    SEND_ENCRYPTED_ACTIONS,
    START_EXECUTION_ACTION,
)
from apprunner_local.permissions import Context, allows_service, trusts

_VARIABLE = re.compile(r"<([A-Za-z0-9_-]+)>")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')

CheckPermission = Callable[[str, str, str], bool]
"""Returns whether a role may do something: the role's ARN, the action and the resource."""


@dataclass(frozen=True)
class Delivery:
    """An event that a rule matched.

    Args:
        rule: The rule's name.
        target: The ARN of the rule's target.
        event: The event, as EventBridge sends it.
        error: Why the target did not get it, None if it did.
    """

    rule: str
    target: str
    event: dict[str, Any]
    error: str | None


class EventBus:
    """The default bus of each region.

    Args:
        client: Returns boto3's client for a service and a region.
        check_permission: Returns whether a role may do something, and records the call.
        now: Returns the time.
    """

    deliveries: list[Delivery]
    """The events that rules matched, oldest first. A reset clears the list."""

    def __init__(
        self, client: Callable[[str, str], Any], check_permission: CheckPermission, now: Callable[[], float]
    ) -> None:
        self._client = client
        self._check_permission = check_permission
        self._now = now
        self.deliveries = []

    def send(self, region: str, detail_type: str, arn: str, detail: dict[str, Any], source: str = SOURCE) -> None:
        """Send an event about a resource to the targets of the enabled rules that match it.

        Args:
            region: The region.
            detail_type: The event's detail-type.
            arn: The resource's ARN.
            detail: The event's details.
            source: The event's source. Default: App Runner.
        """
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": source,
            "account": parse_arn(arn).account,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self._now())),
            "region": region,
            "resources": [arn],
            "detail": detail,
        }
        self._route(region, event)

    def _route(self, region: str, event: dict[str, Any]) -> None:
        for rule in self._matching_rules(region, event):
            for target in self._client("events", region).list_targets_by_rule(Rule=rule["Name"])["Targets"]:
                error = self._deliver(rule["Arn"], target, event)
                self.deliveries.append(Delivery(rule["Name"], target["Arn"], event, error))

    def _matching_rules(self, region: str, event: Any) -> Iterator[dict[str, Any]]:
        for page in self._client("events", region).get_paginator("list_rules").paginate():
            for rule in page["Rules"]:
                text = rule.get("EventPattern", "")
                if rule["State"] == "ENABLED" and text and EventPattern(text, json.loads(text)).matches_event(event):
                    yield rule

    def _deliver(self, rule: str, target: dict[str, Any], event: dict[str, Any]) -> str | None:
        """Send an event to a target; return why it does not get it, None if it does."""
        service = parse_arn(target["Arn"]).service
        if service == "sns":
            return self._publish(target["Arn"], _input(target, event))
        if service == "states":
            return self._start(rule, target, _input(target, event))
        if service == "events":
            return self._forward(rule, target, event)
        return f"the local AWS delivers events to topics, state machines and event buses only, not to {service}"

    def _forward(self, rule: str, target: dict[str, Any], event: dict[str, Any]) -> str | None:
        """Send an event to the default bus of another region; return why that failed, None if it succeeded."""
        # [AW: EventBridge guide, eb-cross-region] A rule sends events to the bus of another region under a role. They
        # keep their account and region.
        if error := self._role_error(rule, target, PUT_EVENTS_ACTION):
            return error
        self._route(parse_arn(target["Arn"]).region, event)
        return None

    def _role_error(self, rule: str, target: dict[str, Any], action: str) -> str | None:
        """Return why the role of a target does not allow what EventBridge does with the target, None if it does."""
        # [AW: EventBridge guide, cross-service-confused-deputy-prevention] For the targets of a rule, aws:SourceArn is
        # the rule's ARN.
        role, iam = target.get("RoleArn", ""), self._client("iam", "us-east-1")
        context: Context = {"aws:SourceArn": rule, "aws:SourceAccount": parse_arn(rule).account}
        try:
            if not trusts(iam, role, EVENTS_SERVICE, context):
                return f"{role} does not trust {EVENTS_SERVICE} for {rule}"
        except (ValueError, iam.exceptions.NoSuchEntityException):
            return f"the role of the target does not exist: {role}"
        if not self._check_permission(role, action, target["Arn"]):
            return f"{role} does not allow {action} on {target['Arn']}"
        return None

    def _start(self, rule: str, target: dict[str, Any], input: str) -> str | None:
        """Start an execution under the target's role; return why that failed, None if it succeeded."""
        if error := self._role_error(rule, target, START_EXECUTION_ACTION):
            return error
        states = self._client("stepfunctions", parse_arn(target["Arn"]).region)
        try:
            states.start_execution(stateMachineArn=target["Arn"], name=str(uuid.uuid4()), input=input)
        except states.exceptions.StateMachineDoesNotExist:
            return f"{target['Arn']} does not exist"
        return None

    def _publish(self, target: str, message: str) -> str | None:
        """Publish to a topic; return why that failed, None if it succeeded."""
        region = parse_arn(target).region
        sns = self._client("sns", region)
        try:
            attributes = sns.get_topic_attributes(TopicArn=target)["Attributes"]
        except sns.exceptions.NotFoundException:
            return f"{target} does not exist"
        # EventBridge sets no condition keys for a topic's policy (apprunner_facts.source.EVENTBRIDGE_TOPIC).
        if not allows_service(attributes["Policy"], EVENTS_SERVICE, PUBLISH_ACTION, target):
            return f"the policy of {target} does not allow {EVENTS_SERVICE} to publish"
        if (key := attributes.get("KmsMasterKeyId")) and not self._may_use(key, region):
            return f"the policy of {key} does not allow {EVENTS_SERVICE} to use the key"
        sns.publish(TopicArn=target, Message=message)
        return None

    def _may_use(self, key: str, region: str) -> bool:
        """Return whether EventBridge may use the key of a topic; never the key that AWS manages for SNS."""
        if "alias/aws/" in key:
            return False
        kms = self._client("kms", region)
        policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
        return all(allows_service(policy, EVENTS_SERVICE, action, key) for action in SEND_ENCRYPTED_ACTIONS)


def _input(target: dict[str, Any], event: dict[str, Any]) -> str:
    """Return the text that a target gets: the event, or what the target's input transformer makes of it."""
    # [AW: EventBridge API, InputTransformer] The template of a target is JSON with variables in or out of quotes.
    transformer = target.get("InputTransformer")
    if transformer is None:
        return json.dumps(event)
    paths = transformer.get("InputPathsMap", {})
    values = {name: next((each.value for each in parse(path).find(event)), "") for name, path in paths.items()}
    template, result, end = transformer["InputTemplate"], "", 0
    for quoted in _QUOTED.finditer(template):
        result += _VARIABLE.sub(lambda match: json.dumps(values[match[1]]), template[end : quoted.start()])
        result += _VARIABLE.sub(lambda match: json.dumps(values[match[1]])[1:-1], quoted[0])
        end = quoted.end()
    return result + _VARIABLE.sub(lambda match: json.dumps(values[match[1]]), template[end:])
