"""A topic for the notifications of alarms and events."""

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parts_of
from apprunner_facts.identity import CLOUDWATCH_SERVICE, EVENTS_SERVICE, PUBLISH_ACTION
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import validate
from pulumi_apprunner.args.dicts import NotificationTopicArgsDict
from pulumi_apprunner.args.topic import NotificationTopicArgs
from pulumi_apprunner.names import physical_name


class NotificationTopic(pulumi.ComponentResource):
    """An SNS topic to which CloudWatch's alarms and EventBridge's rules may publish, with its receivers.

    ```python
    team = Subscription(protocol="email", endpoint="on-call@example.com")
    topic = NotificationTopic("on-call", NotificationTopicArgs(subscriptions={"team": team}))
    ServiceMonitoring("orders-monitoring", ServiceMonitoringArgs(service_arn=api.arn, topic_arn=topic.arn, max_size=10))
    ```

    One topic serves many services. Alarms of the topic's account and region may publish. For EventBridge the topic's
    policy has no condition: EventBridge does not deliver to a topic whose policy has one.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The receivers: NotificationTopicArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    arn: Output[str]
    """The topic's ARN, for ServiceMonitoringArgs.topic_arn. It resolves after the topic's policy is set."""

    def __init__(
        self, name: str, args: NotificationTopicArgs | NotificationTopicArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of NotificationTopic.
        """
        args = validate(NotificationTopicArgs, "NotificationTopic", name, args)
        super().__init__("apprunner:index:NotificationTopic", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)

        topic = aws.sns.Topic(
            f"{name}-topic",
            name=physical_name(names.TOPIC, name),
            kms_master_key_id=args.kms_key_arn,
            tags=args.tags,
            opts=child,
        )
        policy = aws.sns.TopicPolicy(f"{name}-policy", arn=topic.arn, policy=topic.arn.apply(_policy), opts=child)
        for key, subscription in args.subscriptions.items():
            aws.sns.TopicSubscription(
                f"{name}-subscription-{key}",
                topic=topic.arn,
                protocol=subscription.protocol,
                endpoint=subscription.endpoint,
                opts=child,
            )

        self.arn = policy.arn
        self.register_outputs({"arn": self.arn})


def _policy(topic_arn: str | None) -> str:
    """Return the topic's policy: alarms of its account and region, and EventBridge, may publish."""
    arn = parts_of(topic_arn)
    alarms = f"arn:{arn.partition}:cloudwatch:{arn.region}:{arn.account}:alarm:*"
    conditions = {"StringEquals": {"aws:SourceAccount": arn.account}, "ArnLike": {"aws:SourceArn": alarms}}
    return iam.document(
        [
            iam.allow_service(CLOUDWATCH_SERVICE, PUBLISH_ACTION, topic_arn or "", conditions),
            iam.allow_service(EVENTS_SERVICE, PUBLISH_ACTION, topic_arn or ""),
        ]
    )
