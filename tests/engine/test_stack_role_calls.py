"""The stack role of a delivery against the calls that an up, an update and a destroy of every component make."""

from pathlib import Path
from typing import Any

from apprunner_facts.deployer import GRANTS, names
from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed
from engine import programs
from engine.calls import Checked, boundaries, checks
from engine.conftest import Make
from engine.test_push import IMAGE as FOREIGN_IMAGE
from engine.test_push import push
from engine.test_stack_role import policy
from local_aws.roles import allow, document, role

BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
QUEUE = {"protocol": "sqs", "endpoint": "arn:aws:sqs:eu-west-1:123456789012:tickets"}


NOT_CALLED = {
    # AWS WAF and App Runner check these, although nobody calls them.
    *("logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"),
    # Only for a failed deployment, for a paused service, and for the options of components that the program leaves out.
    *("logs:DescribeLogStreams", "logs:GetLogEvents", "apprunner:ListServices", "apprunner:ResumeService"),
    *("logs:AssociateKmsKey", "logs:DeleteRetentionPolicy", "logs:DisassociateKmsKey"),
    *("ec2:DescribePrefixLists", "sns:SetSubscriptionAttributes", "sqs:SetQueueAttributes"),
    # The real provider makes these calls, the emulated one does not.
    *("ec2:DescribeSubnets", "ec2:DescribeVpcs", "logs:ListTagsForResource", "states:ListStateMachineVersions"),
    "states:ValidateStateMachineDefinition",
    # The comment of a store never changes.
    "cloudfront:UpdateKeyValueStore",
}
"""The granted actions that no call of the run uses."""


def program(*, updated: bool) -> str:
    """Return a program with every component that has grants, and an update of most of them."""
    tags: Any = {"tags": {"owner": "platform"} if updated else {"team": "orders"}}
    bounded: Any = {"permissions_boundary": BOUNDARY, **tags}
    egress = {
        "vpc_id": programs.VPC_ID,
        "subnet_ids": programs.SUBNET_IDS[:2],
        "destinations": {"orders-db": {"security_group_id": programs.DATABASE_GROUP_ID, "port": 5432}},
        **tags,
    }
    references = {
        "auto_scaling_configuration_arn": "small.arn",
        "web_acl_arn": "edge.arn",
        "vpc_connector_arn": "private.vpc_connector_arn",
    }
    api = programs.service(
        image={"identifier": programs.PRIVATE_IMAGE},
        tracing=True,
        size={"cpu": "0.5 vCPU" if updated else "0.25 vCPU", "memory": "1 GB"},
        **bounded,
        **references,
    )
    for reference in references.values():
        api = api.replace(repr(reference), reference)
    images: Any = {"pull_accounts": ["210987654321"], "moving_tags": ["live"], "scan_on_push": False} if updated else {}
    hours = {"days": "Mon-Fri", "start": "08:00", "end": "18:00" if updated else "20:00"}
    subnets = programs.SUBNET_IDS[1:] if updated else programs.SUBNET_IDS[:2]
    return programs.program(
        programs.profile(account_default=True, **tags),
        programs.firewall(mode="block" if updated else "count", **tags),
        f"private = VpcEgress('private', {egress!r})\n",
        api,
        programs.service("admin", is_publicly_accessible=False, **bounded),
        programs.service("live", image={"identifier": FOREIGN_IMAGE}, **bounded),
        programs.domain(),
        programs.schedule(running=[hours], **bounded),
        programs.retention(days=60 if updated else 30, **bounded),
        programs.repository(**images, **tags),
        programs.topic(subscriptions={"tickets": QUEUE}, **tags),
        programs.monitoring(**bounded),
        programs.rotation(
            {"PASSWORD": {"secret_arn": programs.SECRET_ARN}}, settle_seconds=2 if updated else 1, **bounded
        ),
        programs.pushes(FOREIGN_IMAGE, of="live", settle_seconds=1, **bounded),
        programs.endpoint(subnet_ids=subnets, **tags),
        programs.ingress("admin"),
        programs.split("api", "live", weight=10 if updated else 0, sticky=not updated, **tags),
    )


def is_allowed(aws: LocalAws, arn: str, call: Checked) -> bool:
    context = {"iam:PermissionsBoundary": BOUNDARY}
    if call.passed_to:
        context["iam:PassedToService"] = call.passed_to
    return allowed(aws.client("iam"), arn, call.action, call.resource, context)


def test_the_stack_role_allows_every_call_of_a_deployment(
    aws: LocalAws, trial: Make, environment: dict[str, str], tmp_path: Path
) -> None:
    aws.client("sqs").create_queue(QueueName="tickets")
    aws.client("ecr", "us-east-1").create_repository(repositoryName="orders")
    aws.client("iam").create_policy(PolicyName="boundary", PolicyDocument=document(allow("*")))
    push(aws, 1)
    record = tmp_path / "calls"
    environment["APPRUNNER_PROVIDER_CALLS"] = str(record)
    stack = trial(program(updated=False))
    created = stack.up()
    assert created.ok, created.output
    stack.program(program(updated=True))
    updated = stack.up()
    assert updated.ok, updated.output
    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output

    assert boundaries(record) == {BOUNDARY}
    every = checks(record, aws)
    arn = role(aws, *policy([*GRANTS]), name="stack-role")
    assert [call for call in sorted(every) if not is_allowed(aws, arn, call)] == []
    granted = {action for grants in GRANTS.values() for grant in grants for action in names(grant)}
    assert granted - {call.action for call in every} <= NOT_CALLED
