"""The local AWS sends App Runner's events to the topics of the rules that match them."""

import json
from typing import Any

import pytest

from apprunner_facts.events import failed_operations_of
from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws

PUBLISH = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sns:Publish"}
USE_KEY = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "kms:*", "Resource": "*"}
SOURCE = {
    "ImageRepository": {"ImageIdentifier": "public.ecr.aws/example/orders:1", "ImageRepositoryType": "ECR_PUBLIC"},
    "AutoDeploymentsEnabled": False,
}


@pytest.fixture
def aws(account: LocalAws) -> LocalAws:
    return account


def create_service(aws: LocalAws) -> str:
    created = aws.client("apprunner").create_service(ServiceName="orders", SourceConfiguration=SOURCE)
    pass_time(aws)
    return created["Service"]["ServiceArn"]


def pass_time(aws: LocalAws) -> None:
    aws.plane.clock.move(600)
    aws.client("apprunner").list_services()


def create_topic(aws: LocalAws, statement: dict[str, Any] = PUBLISH, **attributes: str) -> str:
    sns = aws.client("sns")
    arn = sns.create_topic(Name="on-call", Attributes=attributes)["TopicArn"]
    policy = {"Version": "2012-10-17", "Statement": [{**statement, "Resource": arn}]}
    sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=json.dumps(policy))
    return arn


def send_failures(aws: LocalAws, service: str, target: str, state: str = "ENABLED") -> None:
    """Create a rule that sends a service's failed operations to a target."""
    events = aws.client("events")
    events.put_rule(Name="failures", EventPattern=json.dumps(dict(failed_operations_of(service))), State=state)
    events.put_targets(Rule="failures", Targets=[{"Id": "topic", "Arn": target}])


def fail_deployment(aws: LocalAws, service: str) -> None:
    aws.plane.faults.inject(Fault("StartDeployment", fails=True, reason="the health check failed"))
    aws.client("apprunner").start_deployment(ServiceArn=service)
    pass_time(aws)


def test_a_failed_deployment_reaches_the_receivers_of_the_topic(aws: LocalAws) -> None:
    service, topic, sqs = create_service(aws), create_topic(aws), aws.client("sqs")
    queue = sqs.create_queue(QueueName="tickets")["QueueUrl"]
    queue_arn = "arn:aws:sqs:eu-west-1:123456789012:tickets"
    aws.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue_arn)
    send_failures(aws, service, topic)
    fail_deployment(aws, service)
    (message,) = sqs.receive_message(QueueUrl=queue)["Messages"]
    event = json.loads(json.loads(message["Body"])["Message"])
    assert (event["source"], event["resources"]) == ("aws.apprunner", [service])
    assert event["detail"]["operationStatus"] == "DeploymentFailed"
    assert event["detail"]["Message"] == "the health check failed"
    (delivery,) = aws.events.deliveries
    assert (delivery.rule, delivery.target, delivery.error) == ("failures", topic, None)


def test_neither_successes_nor_other_services_match(aws: LocalAws) -> None:
    service, topic = create_service(aws), create_topic(aws)
    send_failures(aws, f"{service[:-32]}{'0' * 32}", topic)
    fail_deployment(aws, service)
    send_failures(aws, service, topic)
    aws.client("apprunner").start_deployment(ServiceArn=service)
    pass_time(aws)
    assert aws.events.deliveries == []


def test_a_disabled_rule_sends_nothing(aws: LocalAws) -> None:
    service = create_service(aws)
    send_failures(aws, service, create_topic(aws), "DISABLED")
    fail_deployment(aws, service)
    assert aws.events.deliveries == []


@pytest.mark.parametrize(
    "statement",
    [
        {**PUBLISH, "Principal": {"Service": "cloudwatch.amazonaws.com"}},
        {**PUBLISH, "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}}},
    ],
    ids=["another principal", "a condition"],
)
def test_a_topic_whose_policy_does_not_allow_eventbridge_gets_nothing(aws: LocalAws, statement: dict[str, Any]) -> None:
    service, topic = create_service(aws), create_topic(aws, statement)
    send_failures(aws, service, topic)
    fail_deployment(aws, service)
    assert [each.error for each in aws.events.deliveries] == [
        f"the policy of {topic} does not allow events.amazonaws.com to publish"
    ]


@pytest.mark.parametrize("allowed", [True, False])
def test_an_encrypted_topic_requires_that_the_key_allows_eventbridge(aws: LocalAws, allowed: bool) -> None:
    policy = {"Version": "2012-10-17", "Statement": [USE_KEY] if allowed else []}
    key = aws.client("kms").create_key(Policy=json.dumps(policy))["KeyMetadata"]["KeyId"]
    service, topic = create_service(aws), create_topic(aws, KmsMasterKeyId=key)
    send_failures(aws, service, topic)
    fail_deployment(aws, service)
    (delivery,) = aws.events.deliveries
    assert (delivery.error is None) is allowed


def test_awss_own_key_of_a_topic_does_not_allow_eventbridge(aws: LocalAws) -> None:
    service, topic = create_service(aws), create_topic(aws, KmsMasterKeyId="alias/aws/sns")
    send_failures(aws, service, topic)
    fail_deployment(aws, service)
    assert "to use the key" in (aws.events.deliveries[0].error or "")


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("arn:aws:sqs:eu-west-1:123456789012:tickets", "topics only, not to sqs"),
        ("arn:aws:sns:eu-west-1:123456789012:missing", "does not exist"),
    ],
)
def test_other_targets_get_nothing(aws: LocalAws, target: str, error: str) -> None:
    service = create_service(aws)
    send_failures(aws, service, target)
    fail_deployment(aws, service)
    assert error in (aws.events.deliveries[0].error or "")
