"""The local AWS sends events to the topics and state machines of the rules that match them."""

import json
from typing import Any

import pytest

from apprunner_facts.events import failed_operations_of
from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.executions import finish_executions

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
        ("arn:aws:sqs:eu-west-1:123456789012:tickets", "topics, state machines and event buses only, not to sqs"),
        ("arn:aws:sns:eu-west-1:123456789012:missing", "does not exist"),
    ],
)
def test_other_targets_get_nothing(aws: LocalAws, target: str, error: str) -> None:
    service = create_service(aws)
    send_failures(aws, service, target)
    fail_deployment(aws, service)
    assert error in (aws.events.deliveries[0].error or "")


# Targets that are state machines

MACHINE_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:copy"
RULE_ARN = "arn:aws:events:eu-west-1:123456789012:rule/failures"


def create_machine(aws: LocalAws) -> None:
    """Create a machine whose output is its input."""
    definition = json.dumps({"StartAt": "Copy", "States": {"Copy": {"Type": "Pass", "End": True}}})
    role = "arn:aws:iam::123456789012:role/none"
    aws.client("stepfunctions").create_state_machine(name="copy", definition=definition, roleArn=role)


def create_role(aws: LocalAws, rule: str = RULE_ARN, machine: str = MACHINE_ARN) -> str:
    """Return the ARN of a role that EventBridge may assume for a rule, to start a machine."""
    statement = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = {**statement, "Condition": {"ArnEquals": {"aws:SourceArn": rule}}}
    grant = {"Effect": "Allow", "Action": "states:StartExecution", "Resource": machine}
    policies = [json.dumps({"Version": "2012-10-17", "Statement": [each]}) for each in (trust, grant)]
    role = aws.client("iam").create_role(RoleName="events", AssumeRolePolicyDocument=policies[0])
    aws.client("iam").put_role_policy(RoleName="events", PolicyName="start", PolicyDocument=policies[1])
    return str(role["Role"]["Arn"])


def target_machine(aws: LocalAws, service: str, role: str, **target: Any) -> None:
    """Create a rule that starts the machine at each failed operation of a service."""
    send_failures(aws, service, MACHINE_ARN)
    targets = [{"Id": "topic", "Arn": MACHINE_ARN, "RoleArn": role, **target}]
    aws.client("events").put_targets(Rule="failures", Targets=targets)


def inputs(aws: LocalAws) -> list[Any]:
    """Return the inputs of the machine's executions."""
    finish_executions()
    states = aws.client("stepfunctions")
    executions = states.list_executions(stateMachineArn=MACHINE_ARN)["executions"]
    return [json.loads(states.describe_execution(executionArn=each["executionArn"])["input"]) for each in executions]


def test_an_event_starts_an_execution_with_the_event_as_its_input(aws: LocalAws) -> None:
    service = create_service(aws)
    create_machine(aws)
    target_machine(aws, service, create_role(aws))
    fail_deployment(aws, service)
    (delivery,) = aws.events.deliveries
    assert (delivery.error, inputs(aws)) == (None, [delivery.event])
    assert [(each.action, each.resource) for each in aws.role_calls] == [("states:StartExecution", MACHINE_ARN)]


def test_an_input_transformer_fills_a_template_with_parts_of_the_event(aws: LocalAws) -> None:
    service = create_service(aws)
    create_machine(aws)
    paths = {"time": "$.time", "status": "$.detail.operationStatus", "missing": "$.detail.none", "all": "$.resources"}
    template = '{"time": <time>, "text": "It \\"is\\" <status>", "missing": "<missing>", "all": <all>}'
    role = create_role(aws)
    target_machine(aws, service, role, InputTransformer={"InputPathsMap": paths, "InputTemplate": template})
    fail_deployment(aws, service)
    time = aws.events.deliveries[0].event["time"]
    assert inputs(aws) == [
        {"time": time, "text": 'It "is" DeploymentFailed', "missing": "", "all": [service]},
    ]


@pytest.mark.parametrize(
    ("rule", "machine", "error"),
    [
        (f"{RULE_ARN}-2", MACHINE_ARN, f"role/events does not trust events.amazonaws.com for {RULE_ARN}"),
        (RULE_ARN, f"{MACHINE_ARN}-2", f"role/events does not allow states:StartExecution on {MACHINE_ARN}"),
    ],
)
def test_a_target_needs_a_role_that_trusts_the_rule_and_may_start_the_machine(
    aws: LocalAws, rule: str, machine: str, error: str
) -> None:
    service = create_service(aws)
    create_machine(aws)
    target_machine(aws, service, create_role(aws, rule, machine))
    fail_deployment(aws, service)
    assert error in (aws.events.deliveries[0].error or "")
    assert inputs(aws) == []


@pytest.mark.parametrize("role", ["none", ""])
def test_a_target_without_an_existing_role_gets_nothing(aws: LocalAws, role: str) -> None:
    service = create_service(aws)
    create_machine(aws)
    send_failures(aws, service, MACHINE_ARN)
    if role:
        target_machine(aws, service, f"arn:aws:iam::123456789012:role/{role}")
    fail_deployment(aws, service)
    assert "the role of the target does not exist" in (aws.events.deliveries[0].error or "")


def test_a_machine_that_does_not_exist_gets_nothing(aws: LocalAws) -> None:
    service = create_service(aws)
    target_machine(aws, service, create_role(aws))
    fail_deployment(aws, service)
    assert aws.events.deliveries[0].error == f"{MACHINE_ARN} does not exist"


def forward(aws: LocalAws, action: str = "events:PutEvents", region: str = "us-east-1") -> None:
    """Create a rule in another region that forwards pushes, and one in eu-west-1 that sends them to a topic."""
    iam, pattern = aws.client("iam"), json.dumps({"source": ["aws.ecr"], "region": [region]})
    bus = "arn:aws:events:eu-west-1:123456789012:event-bus/default"
    rule = aws.client("events", "us-east-1").put_rule(Name="forward", EventPattern=pattern)["RuleArn"]
    trust = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
    condition = {"ArnEquals": {"aws:SourceArn": rule}}
    document = json.dumps({"Version": "2012-10-17", "Statement": [{**trust, "Condition": condition}]})
    role = iam.create_role(RoleName="forward", AssumeRolePolicyDocument=document)["Role"]["Arn"]
    statement = {"Effect": "Allow", "Action": action, "Resource": bus}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_role_policy(RoleName="forward", PolicyName="inline", PolicyDocument=policy)
    target = {"Id": "bus", "Arn": bus, "RoleArn": role}
    aws.client("events", "us-east-1").put_targets(Rule="forward", Targets=[target])
    aws.client("events").put_rule(Name="pushes", EventPattern=pattern)
    aws.client("events").put_targets(Rule="pushes", Targets=[{"Id": "topic", "Arn": create_topic(aws)}])


def push(aws: LocalAws) -> str:
    """Push an image in us-east-1, and return its digest."""
    ecr = aws.client("ecr", "us-east-1")
    ecr.create_repository(repositoryName="orders")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
    image = ecr.put_image(repositoryName="orders", imageManifest=manifest, imageTag="live")["image"]
    return str(image["imageId"]["imageDigest"])


def test_an_event_is_forwarded_to_the_bus_of_another_region_and_keeps_its_region(aws: LocalAws) -> None:
    forward(aws)
    digest = push(aws)
    to_topic, to_bus = aws.events.deliveries
    assert [(each.rule, each.error) for each in (to_topic, to_bus)] == [("pushes", None), ("forward", None)]
    assert to_topic.event == to_bus.event
    assert (to_topic.event["region"], to_topic.event["detail-type"]) == ("us-east-1", "ECR Image Action")
    assert to_topic.event["detail"] == {
        "result": "SUCCESS",
        "action-type": "PUSH",
        "repository-name": "orders",
        "image-digest": digest,
        "image-tag": "live",
    }


def test_an_event_is_forwarded_only_under_a_role_that_may_send_it(aws: LocalAws) -> None:
    forward(aws, action="events:PutRule")
    push(aws)
    (delivery,) = aws.events.deliveries
    assert "does not allow events:PutEvents" in (delivery.error or "")


def test_a_rejected_push_is_no_event(aws: LocalAws) -> None:
    forward(aws)
    push(aws)
    ecr = aws.client("ecr", "us-east-1")
    manifest = json.dumps({"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json"})
    with pytest.raises(ecr.exceptions.ImageAlreadyExistsException):
        ecr.put_image(repositoryName="orders", imageManifest=manifest, imageTag="live")
    assert len(aws.events.deliveries) == 2
