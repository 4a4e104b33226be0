# pyright: standard
"""EventBridge's default bus for App Runner's events, which moto does not deliver to topics."""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from moto.events.models import EventPattern

from apprunner_facts.arns import parse_arn
from apprunner_facts.events import SOURCE
from apprunner_facts.identity import EVENTS_SERVICE, PUBLISH_ACTION, SEND_ENCRYPTED_ACTIONS
from apprunner_local.permissions import allows_service


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
    """

    deliveries: list[Delivery]
    """The events that rules matched, oldest first. A reset clears the list."""

    def __init__(self, client: Callable[[str, str], Any]) -> None:
        self._client = client
        self.deliveries = []

    def send(self, region: str, detail_type: str, arn: str, detail: dict[str, str]) -> None:
        """Send an event about a service to the targets of the enabled rules that match it.

        Args:
            region: The region.
            detail_type: The event's detail-type.
            arn: The service's ARN.
            detail: The event's details.
        """
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": detail_type,
            "source": SOURCE,
            "account": parse_arn(arn).account,
            "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "region": region,
            "resources": [arn],
            "detail": detail,
        }
        for rule in self._matching_rules(region, event):
            for target in self._client("events", region).list_targets_by_rule(Rule=rule)["Targets"]:
                error = self._deliver(target["Arn"], event)
                self.deliveries.append(Delivery(rule, target["Arn"], event, error))

    def _matching_rules(self, region: str, event: Any) -> Iterator[str]:
        for page in self._client("events", region).get_paginator("list_rules").paginate():
            for rule in page["Rules"]:
                text = rule.get("EventPattern", "")
                if rule["State"] == "ENABLED" and text and EventPattern(text, json.loads(text)).matches_event(event):
                    yield rule["Name"]

    def _deliver(self, target: str, event: dict[str, Any]) -> str | None:
        """Send an event to a target; return why it does not get it, None if it does."""
        arn = parse_arn(target)
        if arn.service != "sns":
            return f"the local AWS delivers events to topics only, not to {arn.service}"
        sns = self._client("sns", arn.region)
        try:
            attributes = sns.get_topic_attributes(TopicArn=target)["Attributes"]
        except sns.exceptions.NotFoundException:
            return f"{target} does not exist"
        # EventBridge sets no condition keys for a topic's policy (apprunner_facts.source.EVENTBRIDGE_TOPIC).
        if not allows_service(attributes["Policy"], EVENTS_SERVICE, PUBLISH_ACTION, target):
            return f"the policy of {target} does not allow {EVENTS_SERVICE} to publish"
        if (key := attributes.get("KmsMasterKeyId")) and not self._may_use(key, arn.region):
            return f"the policy of {key} does not allow {EVENTS_SERVICE} to use the key"
        sns.publish(TopicArn=target, Message=json.dumps(event))
        return None

    def _may_use(self, key: str, region: str) -> bool:
        """Return whether EventBridge may use the key of a topic; never the key that AWS manages for SNS."""
        if "alias/aws/" in key:
            return False
        kms = self._client("kms", region)
        policy = kms.get_key_policy(KeyId=key, PolicyName="default")["Policy"]
        return all(allows_service(policy, EVENTS_SERVICE, action, key) for action in SEND_ENCRYPTED_ACTIONS)
