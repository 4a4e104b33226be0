"""A notification topic: its receivers, and who may publish to it."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import NotificationTopic, NotificationTopicArgs, ServiceMonitoring, Subscription
from pulumi_apprunner.testing import Graph, run
from samples import KMS_KEY_ARN, QUEUE_ARN, SERVICE_ARN
from services import document

TOPIC = "aws:sns/topic:Topic"
POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
TEAM = Subscription(protocol="email", endpoint="on-call@example.com")


def topic(**args: Any) -> Callable[[], None]:
    return lambda: NotificationTopic("on-call", NotificationTopicArgs(**args)) and None


def topic_graph(**args: Any) -> Graph:
    return plan(topic(**args))


def test_it_creates_a_topic_its_policy_and_a_subscription_for_each_receiver() -> None:
    graph = topic_graph(subscriptions={"team": TEAM, "tickets": Subscription(protocol="sqs", endpoint=QUEUE_ARN)})
    assert children(graph, "on-call") == [
        (TOPIC, "on-call-topic"),
        (POLICY, "on-call-policy"),
        (SUBSCRIPTION, "on-call-subscription-team"),
        (SUBSCRIPTION, "on-call-subscription-tickets"),
    ]
    assert graph.named("on-call-subscription-team").inputs == {
        "topic": graph.one(TOPIC).outputs["arn"],
        "protocol": "email",
        "endpoint": "on-call@example.com",
    }


def test_a_topic_has_no_key_unless_the_arguments_set_one() -> None:
    assert topic_graph(tags={"team": "orders"}).one(TOPIC).inputs == {
        "name": "project-on-call-stack",
        "tags": {"team": "orders"},
    }
    assert topic_graph(kms_key_arn=KMS_KEY_ARN).one(TOPIC)["kmsMasterKeyId"] == KMS_KEY_ARN


def test_alarms_of_the_account_and_region_and_eventbridge_may_publish() -> None:
    graph = topic_graph()
    arn = graph.one(TOPIC).outputs["arn"]
    assert document(graph, "on-call-policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "cloudwatch.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": arn,
            "Condition": {
                "StringEquals": {"aws:SourceAccount": "123456789012"},
                "ArnLike": {"aws:SourceArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"},
            },
        },
        {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish", "Resource": arn},
    ]


def test_alarms_are_created_after_the_topics_policy() -> None:
    def program() -> None:
        on_call = NotificationTopic("on-call", {})
        ServiceMonitoring("monitoring", {"service_arn": SERVICE_ARN, "topic_arn": on_call.arn, "max_size": 2})

    graph = run(program)
    assert "on-call-policy" in dependencies(graph, graph.named("monitoring-latency"))
    assert graph.named("on-call").outputs == {"arn": graph.one(TOPIC).outputs["arn"]}


@pytest.mark.parametrize(
    ("protocol", "endpoint", "what"),
    [
        ("email", "on-call", "an email address"),
        ("https", "http://example.com/hook?key=secret", "a URL that begins with https://"),
        ("sqs", "failed-calls", "the ARN of an SQS queue (arn:aws:sqs:REGION:ACCOUNT:NAME)"),
        ("lambda", QUEUE_ARN, "the ARN of a function (arn:aws:lambda:REGION:ACCOUNT:function:NAME)"),
    ],
)
def test_an_endpoint_that_does_not_fit_its_protocol_is_an_error_that_does_not_show_it(
    protocol: Any, endpoint: str, what: str
) -> None:
    program = topic(subscriptions={"team": Subscription(protocol=protocol, endpoint=endpoint)})
    assert problems(program) == {"subscriptions.team.endpoint": f"must be {what} for protocol {protocol}"}


def test_the_url_of_a_receiver_may_be_a_secret() -> None:
    def program() -> None:
        url = pulumi.Output.secret("https://example.com/hook?key=secret")
        NotificationTopic("on-call", {"subscriptions": {"pager": {"protocol": "https", "endpoint": url}}})

    assert "key=secret" not in str(run(program).one(SUBSCRIPTION).inputs)


def test_awss_own_key_is_an_error() -> None:
    assert "must be the ARN of a KMS key" in problems(topic(kms_key_arn="alias/aws/sns"))["kms_key_arn"]
