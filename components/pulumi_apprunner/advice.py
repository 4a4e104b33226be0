"""Warnings about settings that Pulumi and AWS accept, but that have no effect or an unexpected one."""

import math
from collections.abc import Coroutine, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import Any, cast

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import domains, firewall, limits, runtimes
from apprunner_facts.arns import parse_arn
from apprunner_facts.commands import shell_operator
from apprunner_facts.images import ImageIdentifier
from apprunner_facts.limits import HEALTH_CHECKED_TTL, SCALING_NAMES_QUOTA, SCALING_REVISIONS_QUOTA
from apprunner_facts.observability import INSIGHTS_ALARMS_QUOTA, TRACING_VARIABLES
from apprunner_facts.prices import Rates
from apprunner_facts.source import START_COMMAND_WITHOUT_SHELL
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import as_output, is_output
from pulumi_apprunner.args.domain import CustomDomainArgs
from pulumi_apprunner.args.firewall import WebFirewallArgs, enabled_groups
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.service import AppRunnerServiceArgs
from pulumi_apprunner.args.values import display_secret_name

_NOT_INHERITED = (
    "ignore_changes",
    "replace_on_changes",
    "delete_before_replace",
    "additional_secret_outputs",
    "custom_timeouts",
    "import_",
)
"""Options that Pulumi applies to a component and not to its children."""

NO_SECRET_TAGS = "Remove it from the tags"
_BIND_SECRETS = "Store it in Secrets Manager or Parameter Store, and bind it in secrets"
_AVAILABLE = "AVAILABLE"
_NEAR = 0.8
"""The share of a quota from which a warning is shown."""


def warn_about_options(component: pulumi.ComponentResource, opts: ResourceOptions | None) -> None:
    """Warn about options that have no effect on a component, because its children do not inherit them."""
    for name in _NOT_INHERITED:
        if getattr(opts, name, None):
            advice = (
                "Import the children (docs/adoption.md)"
                if name == "import_"
                else "Set it on them in opts.transformations"
            )
            pulumi.log.warn(f"opts.{name}: has no effect on a component, only on its children. {advice}", component)


def warn_about_secrets(component: pulumi.ComponentResource, path: str, values: Any, advice: str) -> None:
    """Warn about Pulumi secrets among values that AWS shows in plain text.

    Args:
        component: The component.
        path: The argument that holds the values.
        values: A mapping whose values may be outputs, or an output of one.
        advice: How to fix it.
    """
    if is_output(values):
        _in_background(_warn_about_secret(component, path, values, advice))
    elif isinstance(values, Mapping):
        for name, value in cast(Mapping[str, Any], values).items():
            if is_output(value):
                _in_background(_warn_about_secret(component, f"{path}.{name}", value, advice))


async def _warn_about_secret(component: pulumi.ComponentResource, path: str, value: Any, advice: str) -> None:
    if await as_output(value).is_secret():
        pulumi.log.warn(f"{path}: must not be a Pulumi secret, since AWS shows it in plain text. {advice}", component)


def warn_about_service(component: pulumi.ComponentResource, args: AppRunnerServiceArgs, arn: Output[str]) -> None:
    """Warn about a service's arguments that AWS accepts, but that have no effect or an unexpected one.

    Args:
        component: The service's component.
        args: Its validated arguments.
        arn: The service's ARN. When it is known, its region is compared with the image's.
    """
    warn_about_secrets(component, "environment", args.environment, _BIND_SECRETS)
    warn_about_secrets(component, "tags", args.tags, NO_SECRET_TAGS)
    for text in _texts(args):
        pulumi.log.warn(text, component)
    if args.code is not None and is_output(args.code.connection_arn):
        _in_background(_warn_about_new_connection(component, args.code.connection_arn))
    if args.auto_deployments_enabled and args.image is not None:
        Output.all(arn, args.image.identifier).apply(lambda known: _warn_about_other_region(component, *known))


def _texts(args: AppRunnerServiceArgs) -> Iterator[str]:
    """Yield the warnings that do not depend on outputs."""
    if operator := shell_operator(args.start_command or ""):
        yield (
            f"start_command: must be one command, got the shell operator {operator}. App Runner is reported to pass it "
            f"to the command as an argument ({START_COMMAND_WITHOUT_SHELL.url}). Start a script, or a shell "
            "(sh -c '...') if the image has one"
        )
    if args.code and args.code.runtime:
        end = runtimes.END_OF_SUPPORT[args.code.runtime]
        if end is not None and end <= date.today():
            yield (
                f"code.runtime: must be a runtime that AWS supports, got {args.code.runtime}, whose support ended on "
                f"{end}. {_newer_runtime(args.code.runtime)}"
            )
    if args.tracing and args.code and args.code.configuration_source == "REPOSITORY":
        yield (
            f"tracing: requires the variables {', '.join(TRACING_VARIABLES)} in apprunner.yaml, which sets all "
            "variables of this service. Add them there"
        )
    if args.ip_address_type == "DUAL_STACK" and not args.is_publicly_accessible:
        yield (
            "ip_address_type: must be IPV4 for a private service, got DUAL_STACK, which AWS's guide documents for "
            "public services only. Remove it"
        )
    identifier = args.image.identifier if args.image else None
    if args.auto_deployments_enabled and isinstance(identifier, ImageIdentifier) and identifier.digest:
        yield (
            "auto_deployments_enabled: must be False for an image with a digest, got True. A digest never changes, so "
            f"nothing is deployed for the ${Rates().automatic_deployment_month:.2f} a month. Use a tag, or set it to "
            "False"
        )


async def _warn_about_new_connection(component: pulumi.ComponentResource, connection_arn: Any) -> None:
    for resource in await as_output(connection_arn).resources():
        if isinstance(resource, aws.apprunner.Connection):
            status = await resource.status.future() if await resource.status.is_known() else None
            if status != _AVAILABLE:
                pulumi.log.warn(
                    f"code.connection_arn: must be a connection with status {_AVAILABLE}, got "
                    f"{resource.pulumi_resource_name}, which this program creates. The service cannot be created while "
                    "its handshake is pending. Complete the handshake in the App Runner console, then add the service "
                    "in a later update",
                    component,
                )


def _newer_runtime(runtime: str) -> str:
    """Return which runtime to use instead of one whose support has ended."""
    others = runtimes.successors(runtime, date.today())
    if others:
        return f"Use {' or '.join(others)}"
    return "App Runner supports no other of its language: build an image"


def _warn_about_other_region(component: pulumi.ComponentResource, arn: str | None, image: Any) -> None:
    if not sdk.knows_regions():
        return
    try:
        region = parse_arn(arn or "").region
    except ValueError:  # an invalid ARN of a user's mocks, or no ARN of a service that `--target` skips
        return
    if isinstance(image, ImageIdentifier) and image.region is not None and image.region != region:
        pulumi.log.warn(
            f"auto_deployments_enabled: must be False for an image of another region, got True for an image in "
            f"{image.region} and a service in {region}. App Runner does not receive push events of other regions. "
            f"Replicate the repository into {region}, or deploy each image by its tag",
            component,
        )


def warn_about_other_regions_of_secrets(
    component: pulumi.ComponentResource, service_arn: Any, arns: Mapping[Path, Any]
) -> None:
    """Warn about secrets whose ARNs, when they are known, are of another region than a service's.

    Args:
        component: The component that deploys the service after their rotation.
        service_arn: The service's ARN.
        arns: The ARNs of secrets and parameters, by their paths.
    """
    if not sdk.knows_regions():
        return
    for position, ((variable, kind), arn) in enumerate(arns.items(), 1):
        path = f"secrets.{display_secret_name(str(variable), position)}.{kind}"
        if is_output(service_arn) or is_output(arn):
            Output.all(service_arn, arn).apply(
                lambda known, path=path: _warn_about_secret_elsewhere(component, path, *known)
            )


def _warn_about_secret_elsewhere(
    component: pulumi.ComponentResource, path: str, service_arn: str | None, arn: str | None
) -> None:
    try:
        service, secret = parse_arn(service_arn or "").region, parse_arn(arn or "").region
    except ValueError:  # a parameter's name, or an invalid ARN of a user's mocks
        return
    if service != secret:
        pulumi.log.warn(
            f"{path}: must be in the service's region, {service}, got {secret}. AWS sends events only there, so the "
            "service is not deployed after a rotation. Remove the secret here, and deploy the service in another way",
            component,
        )


def warn_about_wildcard(component: pulumi.ComponentResource, domain_name: str) -> None:
    """Warn about a wildcard below a domain that is probably not a root domain."""
    if domains.is_nested_wildcard(domain_name):
        pulumi.log.warn(
            f"domain_name: a wildcard must be of a root domain (*.example.com), got {domain_name}. App Runner supports "
            "wildcards for root domains only. Name each host instead",
            component,
        )


def warn_about_long_ttl(component: pulumi.ComponentResource, args: CustomDomainArgs) -> None:
    """Warn about records with a health check that resolvers cache for longer than AWS recommends."""
    ttl = args.ttl
    if args.routing and args.routing.health_check_id is not None and ttl is not None and ttl > HEALTH_CHECKED_TTL:
        pulumi.log.warn(
            f"ttl: should be {HEALTH_CHECKED_TTL} seconds or less with routing.health_check_id, got {ttl}. Clients use "
            "an unhealthy region for as long as they cache its record. Remove ttl",
            component,
        )


def warn_about_insights_alarms(component: pulumi.ComponentResource, number: int) -> None:
    """Warn, once in a program, that its alarms on Metrics Insights queries are near the default quota.

    Args:
        component: The component with the alarms.
        number: The number of such alarms that it creates.
    """
    numbers = sdk.once_per_run(_numbers_of_insights_alarms)
    before, numbers[:] = sum(numbers), [*numbers, number]
    if before < _NEAR * INSIGHTS_ALARMS_QUOTA <= before + number:
        pulumi.log.warn(
            f"alarms: this program creates {before + number} or more alarms on CPU and memory. The default quota "
            f"is {INSIGHTS_ALARMS_QUOTA} alarms on Metrics Insights queries per account and region. Request a higher "
            "quota, or set alarms.cpu.enabled or alarms.memory.enabled to False for some services",
            component,
        )


def _numbers_of_insights_alarms() -> list[int]:
    return []


def warn_about_scaling_profiles(component: pulumi.ComponentResource) -> None:
    """Warn, once in a program, that the number of its scaling profiles is near the default quota.

    Args:
        component: A component that creates a scaling profile.
    """
    components = sdk.once_per_run(_components_with_a_scaling_profile)
    components.append(component.pulumi_resource_name)
    if len(components) == math.ceil(_NEAR * SCALING_NAMES_QUOTA):
        pulumi.log.warn(
            f"scaling: this program creates {len(components)} or more scaling profiles. The default quota is "
            f"{SCALING_NAMES_QUOTA} per account and region. Share a ScalingProfile between services, or request a "
            "higher quota",
            component,
        )


def _components_with_a_scaling_profile() -> list[str]:
    return []


def warn_about_account_default(component: pulumi.ComponentResource) -> None:
    """Warn that a scaling profile is the default of its account and region.

    Args:
        component: The profile's component.
    """
    pulumi.log.warn(
        "account_default: this profile becomes the default of the account and region. App Runner assigns it to each "
        "new service that sets no profile, also in other stacks. A change of the profile keeps the old revision in "
        f"AWS; the default quota is {SCALING_REVISIONS_QUOTA} revisions. Delete revisions that no service uses",
        component,
    )


def warn_about_firewall(component: pulumi.ComponentResource, args: WebFirewallArgs, capacity: int) -> None:
    """Warn about names of rules that AWS does not document, and about rules that cost more.

    Args:
        component: The firewall's component.
        args: Its validated arguments.
        capacity: The capacity of its rules in WCU.
    """
    for name, group in enabled_groups(args.groups, private=args.private).items():
        known = firewall.RULE_GROUPS[name]
        for rule in sorted(group.rules.keys() - known.rules):
            similar = get_close_matches(rule, known.rules, 1)
            fix = f"Did you mean {similar[0]}?" if similar else "Verify its name in the console"
            pulumi.log.warn(
                f"groups.{name}.rules.{rule}: must be the name of a rule of {known.name}, and AWS does not document "
                f"{rule}. AWS WAF ignores unknown names. {fix}",
                component,
            )
    if capacity > firewall.INCLUDED_CAPACITY:
        pulumi.log.warn(
            f"groups: the rules use {capacity:,} WCU. Beyond {firewall.INCLUDED_CAPACITY:,} AWS charges more for each "
            "request. Disable groups, or remove paths, that the services do not need",
            component,
        )


def warn_about_trust_policy(component: pulumi.Resource | None, policy: str) -> None:
    """Warn about a trust policy that grows with the secrets and exceeds IAM's default quota.

    Args:
        component: The component with the role.
        policy: The policy, or one of the same length.
    """
    length = len("".join(policy.split()))
    if length > limits.TRUST_POLICY_QUOTA:
        pulumi.log.warn(
            f"secrets: the trust policy of the role that starts deployments has about {length:,} characters. The "
            f"default quota is {limits.TRUST_POLICY_QUOTA:,} per role (IAM, role trust policy length). Request a "
            "higher quota, or divide the secrets among several components",
            component,
        )


def _in_background(warning: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine. Pulumi waits for it before the program ends."""
    Output.from_input(warning)
