"""Scheduler's and SQS's resources."""

from apprunner_facts import limits, tokens
from apprunner_facts.names import QUEUE as QUEUE_NAME
from apprunner_facts.schedules import DEFAULT_TIMEZONE
from apprunner_local.provider.calls import IAM_PROPAGATION, Aws
from apprunner_local.provider.differences import as_json, as_policy
from apprunner_local.provider.resource import Properties, Resource, wait_until_deleted

_GROUP = 300
"""Seconds that pulumi-aws waits for a schedule group's creation and for its deletion, each."""

_ROLE_IS_NEW = "must allow AWS EventBridge Scheduler to assume the role"
_QUEUE_DELETED = 90
"""Seconds for which pulumi-aws retries to create a queue whose name was deleted recently."""


class ScheduleGroup(Resource):
    """A group of schedules; its id is its name."""

    token = tokens.SCHEDULE_GROUP
    noun = "EventBridge Scheduler Schedule Group"
    service = "scheduler"
    creates, reads, deletes = "CreateScheduleGroup", "GetScheduleGroup", "DeleteScheduleGroup"
    identity = {"Name": "name"}
    answer_names = {"arn": "Arn"}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        aws.wait(lambda: (self.describe(aws, id) or {}).get("State"), [], ["ACTIVE"], _GROUP)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: scheduler/schedule_group.go] The provider waits up to five minutes for the deletion of a schedule
        # group. In the local AWS it takes no time.
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, "ACTIVE", "DELETING", member="State", seconds=_GROUP)


class Schedule(Resource):
    """A schedule; its id is group/name."""

    token = tokens.SCHEDULE
    noun = "EventBridge Scheduler Schedule"
    service = "scheduler"
    creates, reads, deletes = "CreateSchedule", "GetSchedule", "DeleteSchedule"
    identity = {"GroupName": "groupName", "Name": "name"}
    defaults = {
        "groupName": "default",
        "scheduleExpressionTimezone": DEFAULT_TIMEZONE,
        "state": "ENABLED",
        "target.retryPolicy.maximumEventAgeInSeconds": limits.SCHEDULE_EVENT_AGE[1],
        "target.retryPolicy.maximumRetryAttempts": limits.SCHEDULE_RETRIES[1],
    }

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        self._put(aws, self.creates, inputs)
        return self.id(inputs), {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self._put(aws, "UpdateSchedule", new)

    def _put(self, aws: Aws, operation: str, inputs: Properties) -> None:
        """Call an operation, and retry it while Scheduler cannot assume the target's role."""
        # [P: scheduler/schedule.go] The creation of a schedule is retried for two minutes while its role cannot be
        # assumed. The local AWS accepts every role.
        members = self.members(aws, operation, inputs)
        aws.retry(
            lambda: aws.call(self.service, operation, members),
            lambda error: _ROLE_IS_NEW in str(error),
            IAM_PROPAGATION,
        )


class Queue(Resource):
    """A queue; its id is its URL."""

    token = tokens.QUEUE
    noun = "SQS Queue"
    service = "sqs"
    creates, reads, deletes, answer = "CreateQueue", "GetQueueAttributes", "DeleteQueue", "Attributes"
    identity = {"QueueUrl": "url"}
    names = {
        "arn": "QueueArn",
        "maxMessageSize": "MaximumMessageSize",
        "messageRetentionSeconds": "MessageRetentionPeriod",
        "receiveWaitTimeSeconds": "ReceiveMessageWaitTimeSeconds",
        "visibilityTimeoutSeconds": "VisibilityTimeout",
    }
    defaults = {
        "contentBasedDeduplication": False,
        "delaySeconds": 0,
        "fifoQueue": False,
        "maxMessageSize": 262144,
        "messageRetentionSeconds": 345600,
        "receiveWaitTimeSeconds": 0,
        "visibilityTimeoutSeconds": 30,
    }
    normal = {"policy": as_policy, "redrivePolicy": as_json, "redriveAllowPolicy": as_json}
    longest_name = QUEUE_NAME.longest
    not_found_codes = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: sqs/queue.go] The creation of a queue is retried for 90 seconds if one of its name was deleted recently.
        # pulumi-aws also reads a new queue's attributes until they are stable, which the emulated provider omits.
        members = {"QueueName": inputs["name"], "Attributes": self._attributes(inputs), "tags": inputs.get("tags", {})}
        created = aws.retry(
            lambda: aws.call("sqs", "CreateQueue", members),
            lambda error: "QueueDeletedRecently" in error.code,
            _QUEUE_DELETED,
        )
        return created["QueueUrl"], {}

    def _attributes(self, inputs: Properties) -> dict[str, str]:
        return {
            self.names.get(key, key[0].upper() + key[1:]): value if isinstance(value, str) else str(value).lower()
            for key, value in inputs.items()
            if key not in ("name", "namePrefix", "region", "tags") and value not in (None, False)
        }

    def key(self, id: str) -> Properties:
        return {"QueueUrl": id, "AttributeNames": ["All"]}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        attributes = super().describe(aws, id)
        return attributes and attributes | {"Url": id, "Name": id.rsplit("/", 1)[-1]}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        wanted = {key: new.get(key) for key in changed}
        attributes = {
            self.names.get(key, key[0].upper() + key[1:]): "" if value is None else str(value)
            for key, value in wanted.items()
        }
        attributes = {key: value.lower() if value in ("True", "False") else value for key, value in attributes.items()}
        aws.call("sqs", "SetQueueAttributes", {"QueueUrl": id, "Attributes": attributes})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("sqs", self.deletes, {"QueueUrl": id})

    def tags(self, aws: Aws, state: Properties) -> Properties:
        return dict(aws.call("sqs", "ListQueueTags", {"QueueUrl": state["url"]}).get("Tags", {}))

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        if taken:
            aws.call("sqs", "UntagQueue", {"QueueUrl": state["url"], "TagKeys": taken})
        if properties:
            aws.call("sqs", "TagQueue", {"QueueUrl": state["url"], "Tags": properties})
