"""The rules that send a service's events to a topic."""

import json
from collections.abc import Callable, Mapping

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import events
from pulumi_apprunner.args.checking import as_output
from pulumi_apprunner.args.monitoring import ServiceMonitoringArgs
from pulumi_apprunner.event_rules import RETRY_POLICY, create_event_rule

_Pattern = Callable[[str], Mapping[str, object]]


def create_event_rules(name: str, args: ServiceMonitoringArgs, opts: ResourceOptions) -> None:
    """Create the rules of the enabled events."""
    if args.events.failed_operations:
        _create(name, args, "failed-operations", "Failed operations", events.failed_operations_of, opts)
    if args.events.domains:
        _create(name, args, "domain-updates", "Changes of custom domains", events.domain_updates_of, opts)


def _create(
    name: str, args: ServiceMonitoringArgs, role: str, what: str, pattern: _Pattern, opts: ResourceOptions
) -> None:
    event_pattern: Output[str] = as_output(args.service_arn).apply(lambda arn: json.dumps(dict(pattern(arn or ""))))
    description = f"{what} of the service that {name} monitors"
    rule = create_event_rule(name, role, description, event_pattern, args.tags, opts)
    aws.cloudwatch.EventTarget(
        f"{name}-{role}-target",
        rule=rule.name,
        target_id="topic",
        arn=args.topic_arn,
        retry_policy=RETRY_POLICY,
        opts=opts,
    )
