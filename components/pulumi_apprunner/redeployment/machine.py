"""The resources that deploy a service again after a change, without code that someone must maintain."""

import json
from collections.abc import Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.arns import parts_of
from apprunner_facts.events import failed_executions_of
from apprunner_facts.identity import REDEPLOY_ACTIONS, START_EXECUTION_ACTION, STATES_SERVICE
from pulumi_apprunner import advice, iam
from pulumi_apprunner.args.checking import combine
from pulumi_apprunner.args.redeployment import RedeploymentArgs
from pulumi_apprunner.event_rules import RETRY_POLICY, create_event_rule, trust_event_rules
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.redeployment.definition import definition

_LONG_REGION = "ap-southeast-1"


class Change(NamedTuple):
    """A change after which the service is deployed again.

    Args:
        role: The rule's role in the component, such as secrets.
        description: The rule's description: "Changes of secrets".
        pattern: The pattern of the events, as JSON.
        subject: The JSONPath of what changed in an event, such as $.detail.name.
    """

    role: str
    description: str
    pattern: pulumi.Input[str]
    subject: str


def create_redeployment(
    name: str, args: RedeploymentArgs, changes: Sequence[Change], opts: ResourceOptions
) -> "aws.sfn.StateMachine":
    """Create a state machine that deploys a service again, the rules that start it, and a rule about its failures.

    Args:
        name: The component's name.
        args: The service, the topic and the settings.
        changes: The changes that start the machine.
        opts: The options of all resources.
    """
    rules = [
        create_event_rule(name, change.role, change.description, change.pattern, args.tags, opts) for change in changes
    ]
    advice.warn_about_trust_policy(opts.parent, _estimated_trust(name, changes))
    machine = _create_machine(name, args, opts)
    role = aws.iam.Role(
        f"{name}-events-role",
        name=physical_name(names.ROLE, name, "events"),
        description=f"EventBridge starts {physical_name(names.STATE_MACHINE, name)}",
        assume_role_policy=Output.all(*(rule.arn for rule in rules)).apply(trust_event_rules),
        permissions_boundary=args.permissions_boundary,
        tags=args.tags,
        opts=opts,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-events-policy",
        name="start-execution",
        role=role.name,
        policy=machine.arn.apply(lambda arn: iam.document([iam.allow(START_EXECUTION_ACTION, arn or "")])),
        opts=opts,
    )
    for change, rule in zip(changes, rules, strict=True):
        aws.cloudwatch.EventTarget(
            f"{name}-{change.role}-target",
            rule=rule.name,
            target_id="redeployment",
            arn=machine.arn,
            role_arn=role.arn,
            input_transformer={
                "input_paths": {"time": "$.time", "subject": change.subject},
                "input_template": '{"time": "<time>", "change": "<subject>"}',
            },
            retry_policy=RETRY_POLICY,
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[policy])),
        )
    _notify_of_failures(name, args, machine.arn, opts)
    return machine


def _estimated_trust(name: str, changes: Sequence[Change]) -> str:
    """Return the trust policy of the rules' role before AWS assigns their ARNs: of about the same length."""
    region = pulumi.Config("aws").get("region") or _LONG_REGION
    rules = [physical_name(names.EVENT_RULE, name, change.role) for change in changes]
    return trust_event_rules([f"arn:aws:events:{region}:{'0' * 12}:rule/{rule}" for rule in rules])


def _create_machine(name: str, args: RedeploymentArgs, opts: ResourceOptions) -> "aws.sfn.StateMachine":
    """Create the machine with a role for these two calls on this service. Its type keeps the history for 90 days."""
    role = aws.iam.Role(
        f"{name}-machine-role",
        name=physical_name(names.ROLE, name, "machine"),
        description=f"{physical_name(names.STATE_MACHINE, name)} deploys a service again",
        assume_role_policy=combine(lambda known: _trust_machine(name, known[0]), args.service_arn),
        permissions_boundary=args.permissions_boundary,
        tags=args.tags,
        opts=opts,
    )
    policy = aws.iam.RolePolicy(
        f"{name}-machine-policy",
        name="redeploy",
        role=role.name,
        policy=combine(lambda known: iam.document([iam.allow(REDEPLOY_ACTIONS, known[0] or "")]), args.service_arn),
        opts=opts,
    )
    return aws.sfn.StateMachine(
        f"{name}-machine",
        name=physical_name(names.STATE_MACHINE, name),
        type="STANDARD",
        definition=combine(lambda known: definition(known[0] or "", args.settle_seconds), args.service_arn),
        role_arn=role.arn,
        encryption_configuration={"type": "AWS_OWNED_KEY"},
        logging_configuration={"level": "OFF", "include_execution_data": False},
        tracing_configuration={"enabled": False},
        tags=args.tags,
        opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[policy])),
    )


def _notify_of_failures(name: str, args: RedeploymentArgs, machine_arn: Output[str], opts: ResourceOptions) -> None:
    pattern = machine_arn.apply(lambda arn: json.dumps(dict(failed_executions_of(arn or ""))))
    rule = create_event_rule(name, "failures", f"Failed executions of {name}", pattern, args.tags, opts)
    aws.cloudwatch.EventTarget(
        f"{name}-failures-target",
        rule=rule.name,
        target_id="topic",
        arn=args.topic_arn,
        retry_policy=RETRY_POLICY,
        opts=opts,
    )


def _trust_machine(name: str, service_arn: str | None) -> str:
    """Return a role's trust policy: only Step Functions, and only for the machine (source.STATE_MACHINE_TRUST)."""
    service = parts_of(service_arn)
    machine = physical_name(names.STATE_MACHINE, name)
    arn = f"arn:{service.partition}:states:{service.region}:{service.account}:stateMachine:{machine}"
    return iam.trust(
        STATES_SERVICE, {"StringEquals": {"aws:SourceAccount": service.account}, "ArnEquals": {"aws:SourceArn": arn}}
    )
