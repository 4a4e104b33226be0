"""EventBridge rules: their names, the retries of their targets, and the trust of their role."""

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws
from pulumi import ResourceOptions

from apprunner_facts import limits, names
from apprunner_facts.arns import parts_of
from apprunner_facts.identity import EVENTS_SERVICE
from pulumi_apprunner import iam
from pulumi_apprunner.names import physical_name

RETRY_POLICY: "aws.cloudwatch.EventTargetRetryPolicyArgsDict" = {
    "maximum_event_age_in_seconds": limits.EVENT_AGE,
    "maximum_retry_attempts": limits.EVENT_RETRIES,
}
"""EventBridge's own retries, which a target keeps although pulumi-aws would guess the values."""


def create_event_rule(
    name: str,
    role: str,
    description: str,
    pattern: pulumi.Input[str],
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
    opts: ResourceOptions,
    *,
    region: str | None = None,
) -> "aws.cloudwatch.EventRule":
    """Create the rule `<component>-<role>`.

    Args:
        name: The component's name.
        role: The rule's role in the component, such as failures.
        description: The rule's description.
        pattern: The pattern of the events, as JSON.
        tags: The component's tags.
        opts: The options of the rule.
        region: The rule's region. Default: the provider's.
    """
    return aws.cloudwatch.EventRule(
        f"{name}-{role}",
        name=physical_name(names.EVENT_RULE, name, role),
        description=description,
        event_pattern=pattern,
        state="ENABLED",
        region=region,
        tags=tags,
        opts=opts,
    )


def trust_event_rules(rule_arns: Sequence[str | None]) -> str:
    """Return a role's trust policy: only EventBridge, and only for the rules (source.RULE_TRUST)."""
    arns = [arn or "" for arn in rule_arns]
    account = parts_of(arns[0]).account
    conditions = {"StringEquals": {"aws:SourceAccount": account}, "ArnEquals": {"aws:SourceArn": arns}}
    return iam.trust(EVENTS_SERVICE, conditions)
