"""The properties of a service that several themes check."""

from collections.abc import Iterator, Mapping
from typing import Any

from apprunner_facts.tokens import (
    AUTO_SCALING,
    CONNECTION,
    OBSERVABILITY,
    SERVICE,
    VPC_CONNECTOR,
    VPC_INGRESS_CONNECTION,
)
from apprunner_policies.properties import HasProps, UnknownValues, is_false, known_text, mapping, value
from apprunner_policies.stack import Resources

TAGGABLE = (SERVICE, AUTO_SCALING, VPC_CONNECTOR, VPC_INGRESS_CONNECTION, OBSERVABILITY, CONNECTION)
"""The types of App Runner that accept tags."""

IMAGE = "sourceConfiguration.imageRepository.imageIdentifier"
IMAGE_TYPE = "sourceConfiguration.imageRepository.imageRepositoryType"
IMAGE_CONFIGURATION = "sourceConfiguration.imageRepository.imageConfiguration"
CODE_CONFIGURATION = "sourceConfiguration.codeRepository.codeConfiguration"
CODE_VALUES = f"{CODE_CONFIGURATION}.codeConfigurationValues"
CONFIGURATIONS = (IMAGE_CONFIGURATION, CODE_VALUES)
"""The blocks that hold port, variables, secrets and start command: of an image and of source code."""
VARIABLES = "runtimeEnvironmentVariables"
SECRETS = "runtimeEnvironmentSecrets"
"""Keys in each of CONFIGURATIONS."""
COMMANDS = (f"{IMAGE_CONFIGURATION}.startCommand", f"{CODE_VALUES}.startCommand", f"{CODE_VALUES}.buildCommand")

AUTHENTICATION = "sourceConfiguration.authenticationConfiguration"
AUTO_DEPLOY = "sourceConfiguration.autoDeploymentsEnabled"
INSTANCE_ROLE = "instanceConfiguration.instanceRoleArn"

HEALTH_CHECK = "healthCheckConfiguration"
INGRESS = "networkConfiguration.ingressConfiguration"
PUBLIC = f"{INGRESS}.isPubliclyAccessible"


def is_private(service: HasProps) -> bool:
    """Return whether the internet cannot reach a service; pulumi-aws sends false for a block without the flag."""
    return is_false(service, PUBLIC) or (
        value(service, PUBLIC) is None and isinstance(value(service, INGRESS), Mapping)
    )


def auto_deploy(service: HasProps) -> str | None:
    """Return the value that enables automatic deployments, for a message; None if they are disabled."""
    flag = value(service, AUTO_DEPLOY)
    if flag is None:
        return "true (the provider's default, since it is not set)"
    return "true" if flag in (True, "true") else None


def members(service: HasProps, key: str) -> Iterator[tuple[str, str, Any]]:
    """Yield configuration, name and value of variables or secrets, by name.

    Raises UnknownValueError after the known ones.
    """
    unknowns = UnknownValues()
    for configuration in CONFIGURATIONS:
        with unknowns:
            block = mapping(service, f"{configuration}.{key}") or {}
            for name in sorted(block):
                with unknowns:
                    yield configuration, name, block[name]
    unknowns.raise_first()


def as_sent(content: Any) -> str:
    """Return a variable's value as the provider sends it; numbers are floats here."""
    if isinstance(content, float):
        return f"{content:g}"
    return content if isinstance(content, str) else ""


def urns_by_arn(resources: Resources) -> Mapping[str, str]:
    """Return the URNs of the stack's services by their known ARNs; a function for `Resources.once`."""
    return {arn: each.urn for each in resources.of(SERVICE) if (arn := known_text(each, "arn")) is not None}
