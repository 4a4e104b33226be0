"""SNS's resources."""

import json

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.differences import as_policy
from apprunner_local.provider.resource import Properties, Resource

_NOT_FOUND_CODES = frozenset({"NotFound", "NotFoundException"})
_UNCONFIRMED = ("email", "http")


class Topic(Resource):
    """A topic; its id is its ARN."""

    token = tokens.TOPIC
    noun = "SNS Topic"
    service = "sns"
    creates, reads, deletes, answer = "CreateTopic", "GetTopicAttributes", "DeleteTopic", "Attributes"
    identity = {"TopicArn": "arn"}
    names = {"arn": "TopicArn"}
    defaults = {"contentBasedDeduplication": False, "fifoTopic": False}
    normal = {"policy": as_policy}
    not_found_codes = _NOT_FOUND_CODES

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        tags = [{"Key": key, "Value": value} for key, value in inputs.get("tags", {}).items()]
        arn = aws.call("sns", "CreateTopic", {"Name": inputs["name"], "Tags": tags})["TopicArn"]
        self._put(aws, arn, inputs, frozenset(inputs))
        return arn, {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        attributes = super().describe(aws, id)
        return attributes and attributes | {"Name": id.rpartition(":")[2]}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self._put(aws, id, new, changed)

    def _put(self, aws: Aws, arn: str, inputs: Properties, changed: frozenset[str]) -> None:
        """Set attributes, each with a call of its own as the provider does."""
        for key in sorted(changed - {"fifoTopic", "name", "namePrefix", "region", "tags"}):
            value = inputs.get(key)
            if value is not False and (value is not None or key not in self.defaults):
                attribute = {"AttributeName": key[0].upper() + key[1:], "AttributeValue": str(value or "")}
                aws.call("sns", "SetTopicAttributes", {"TopicArn": arn, **attribute})


class TopicPolicy(Resource):
    """The policy of a topic; its id is the topic's ARN. Its deletion restores the policy of a new topic."""

    token = tokens.TOPIC_POLICY
    noun = "SNS Topic Policy"
    service = "sns"
    reads, answer = "GetTopicAttributes", "Attributes"
    identity = {"TopicArn": "arn"}
    names = {"arn": "TopicArn"}
    normal = {"policy": as_policy}
    not_found_codes = _NOT_FOUND_CODES

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        self._put(aws, inputs["arn"], inputs["policy"])
        return inputs["arn"], {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self._put(aws, id, new["policy"])

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: sns/topic_policy.go] The deletion of a topic's policy restores the policy of a new topic.
        self._put(aws, id, json.dumps(_default_policy(id, state["owner"])))

    def _put(self, aws: Aws, arn: str, policy: str) -> None:
        aws.call("sns", "SetTopicAttributes", {"TopicArn": arn, "AttributeName": "Policy", "AttributeValue": policy})


class TopicSubscription(Resource):
    """A subscription; its id is its ARN."""

    token = tokens.TOPIC_SUBSCRIPTION
    noun = "SNS Topic Subscription"
    service = "sns"
    reads, deletes, answer = "GetSubscriptionAttributes", "Unsubscribe", "Attributes"
    identity = {"SubscriptionArn": "arn"}
    names = {"arn": "SubscriptionArn", "ownerId": "Owner", "topic": "TopicArn"}
    defaults = {"confirmationTimeoutInMinutes": 1, "endpointAutoConfirms": False, "rawMessageDelivery": False}
    not_found_codes = _NOT_FOUND_CODES
    provider_only = frozenset({"region", "confirmationTimeoutInMinutes", "endpointAutoConfirms"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        members = {"TopicArn": inputs["topic"], "Protocol": inputs["protocol"], "Endpoint": inputs["endpoint"]}
        return aws.call("sns", "Subscribe", {**members, "ReturnSubscriptionArn": True})["SubscriptionArn"], {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        for key in sorted(changed - self.provider_only):
            value = str(new.get(key) or "").lower() if isinstance(new.get(key), bool) else str(new.get(key) or "")
            attribute = {"AttributeName": key[0].upper() + key[1:], "AttributeValue": value}
            aws.call("sns", "SetSubscriptionAttributes", {"SubscriptionArn": id, **attribute})

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        # [P: sns/topic_subscription.go] A new subscription is waited for until it is confirmed, except those of email
        # and https.
        described = self.describe(aws, id) or {}
        if not described.get("Protocol", "").startswith(_UNCONFIRMED):
            aws.wait(lambda: (self.describe(aws, id) or {}).get("PendingConfirmation"), ["true"], ["false"], 120)


def _default_policy(topic_arn: str, owner: str) -> Properties:
    actions = "GetTopicAttributes SetTopicAttributes AddPermission RemovePermission DeleteTopic Subscribe"
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{each}" for each in f"{actions} ListSubscriptionsByTopic Publish Receive".split()],
        "Resource": topic_arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": owner}},
    }
    return {"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]}
