"""Warnings about what Pulumi, App Runner and AWS accept in silence, and what does not do what was meant."""

from collections.abc import Coroutine, Mapping
from typing import Any, cast

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import domains, images
from apprunner_facts.arns import parse_arn
from apprunner_facts.commands import shell_operator
from apprunner_facts.source import START_COMMAND_WITHOUT_SHELL
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import as_output, is_output
from pulumi_apprunner.args.service import AppRunnerServiceArgs

_NOT_INHERITED = (
    "ignore_changes",
    "replace_on_changes",
    "delete_before_replace",
    "additional_secret_outputs",
    "custom_timeouts",
    "import_",
)
"""Options that Pulumi applies to the component itself and not to its children."""

NO_SECRET_TAGS = "Remove it from the tags"
_BIND_SECRETS = "Store it in Secrets Manager or Parameter Store, and bind it in secrets"
_AVAILABLE = "AVAILABLE"


def warn_of_options(component: pulumi.ComponentResource, opts: ResourceOptions | None) -> None:
    """Warn of options that have no effect on a component, since its children do not inherit them.

    Args:
        component: The component.
        opts: The options that it was given.
    """
    for name in _NOT_INHERITED:
        if getattr(opts, name, None):
            advice = (
                "Import the children (docs/adoption.md)"
                if name == "import_"
                else "Set it on them in opts.transformations"
            )
            pulumi.log.warn(f"opts.{name}: has no effect on a component, only on its children. {advice}", component)


def warn_of_secrets(component: pulumi.ComponentResource, path: str, values: Any, advice: str) -> None:
    """Warn of Pulumi secrets among values that AWS shows in plain text.

    Args:
        component: The component that the values are given to.
        path: The argument that holds them.
        values: A mapping whose values may be outputs, or an output of one.
        advice: How to fix it.
    """
    if is_output(values):
        _later(_warn_of_secret(component, path, values, advice))
    elif isinstance(values, Mapping):
        for name, value in cast(Mapping[str, Any], values).items():
            if is_output(value):
                _later(_warn_of_secret(component, f"{path}.{name}", value, advice))


async def _warn_of_secret(component: pulumi.ComponentResource, path: str, value: Any, advice: str) -> None:
    if await as_output(value).is_secret():
        pulumi.log.warn(f"{path}: must not be a Pulumi secret, since AWS shows it in plain text. {advice}", component)


def warn_of_service(
    component: pulumi.ComponentResource, args: AppRunnerServiceArgs, identifier: Any, arn: Output[str]
) -> None:
    """Warn of a service's arguments that AWS accepts, and that do not do what was meant.

    Args:
        component: The service's component.
        args: Its arguments.
        identifier: The image's address, None for code.
        arn: The service's ARN, whose region is compared with the image's once it is known.
    """
    warn_of_secrets(component, "environment", args.environment, _BIND_SECRETS)
    warn_of_secrets(component, "tags", args.tags, NO_SECRET_TAGS)
    operator = shell_operator(args.start_command or "")
    if operator:
        pulumi.log.warn(
            f"start_command: must be one command, got the shell operator {operator}. App Runner is reported to pass it "
            f"to the command as an argument ({START_COMMAND_WITHOUT_SHELL.url}): "
            "start a script, or a shell (sh -c '...') where the image has one",
            component,
        )
    if args.code is not None and is_output(args.code.connection_arn):
        _later(_warn_of_new_connection(component, args.code.connection_arn))
    if args.auto_deployments_enabled and identifier is not None:
        Output.all(arn, identifier).apply(lambda known: _warn_of_other_region(component, *known))


async def _warn_of_new_connection(component: pulumi.ComponentResource, connection_arn: Any) -> None:
    for resource in await as_output(connection_arn).resources():
        if isinstance(resource, aws.apprunner.Connection):
            status = await resource.status.future() if await resource.status.is_known() else None
            if status != _AVAILABLE:
                pulumi.log.warn(
                    f"code.connection_arn: must be a connection with status {_AVAILABLE}, got "
                    f"{resource.pulumi_resource_name}, which this program creates. Its handshake is pending, and the "
                    "service cannot be created before. Complete the handshake in the App Runner console, then add the "
                    "service in a later update",
                    component,
                )


def _warn_of_other_region(component: pulumi.ComponentResource, arn: str | None, identifier: str | None) -> None:
    image = images.parse_image(identifier or "")
    if sdk.is_mocked() and not pulumi.Config("aws").get("region"):  # the ARN's region is made up then
        return
    try:
        region = parse_arn(arn or "").region
    except ValueError:  # only an ARN that a user's own mocks made up, or that of a skipped service
        return
    if image is not None and image.region is not None and image.region != region:
        pulumi.log.warn(
            f"auto_deployments_enabled: must be False for an image of another region, got True for an image in "
            f"{image.region} and a service in {region}. App Runner is not told of images that are pushed there: "
            f"replicate the repository into {region}, or deploy each image by its tag",
            component,
        )


def warn_of_wildcard(component: pulumi.ComponentResource, domain_name: str) -> None:
    """Warn of a wildcard below a domain that is probably not a root domain.

    Args:
        component: The domain's component.
        domain_name: The domain.
    """
    if domains.is_nested_wildcard(domain_name):
        pulumi.log.warn(
            f"domain_name: a wildcard must be of a root domain (*.example.com), got {domain_name}. App Runner refuses "
            "it where its parent is no root domain: name each host instead",
            component,
        )


def _later(warning: Coroutine[Any, Any, None]) -> None:
    """Run a coroutine that the program waits for before it ends."""
    Output.from_input(warning)
