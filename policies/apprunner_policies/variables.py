"""Rules about what an application finds in its environment."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.names import RESERVED_VARIABLE, RESERVED_VARIABLE_PREFIX, is_reserved_variable
from apprunner_facts.tokens import SERVICE
from apprunner_policies.rule import Check, Rule, read

_IMAGE = "sourceConfiguration.imageRepository.imageConfiguration"
_CODE = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"


def _no_reserved_names(configuration: str, key: str) -> Check:
    def no_reserved_names(args: ResourceValidationArgs) -> Iterator[str]:
        names = read(args, f"{configuration}.{key}")
        if not isinstance(names, Mapping):
            return
        # Only the names are looked at: a value may be unknown, and is nobody's business.
        for name in sorted(cast(Mapping[str, Any], names)):
            if is_reserved_variable(name):
                yield f"{configuration}.{key} holds {name}, {_advice(name, f'{configuration}.port')}"

    return no_reserved_names


def _advice(name: str, port: str) -> str:
    if name == RESERVED_VARIABLE:
        return f"which App Runner sets itself. Remove it; the port that the application listens on is given in {port}."
    return (
        f"and App Runner keeps names that begin with {RESERVED_VARIABLE_PREFIX} to itself. "
        "Rename it, here and in the application."
    )


reserved_environment_names = Rule(
    "reserved-environment-names",
    resource_types=[SERVICE],
    checks=[
        _no_reserved_names(configuration, key)
        for configuration in (_IMAGE, _CODE)
        for key in ("runtimeEnvironmentVariables", "runtimeEnvironmentSecrets")
    ],
    description="Environment variables and secrets have names that App Runner does not keep for itself.",
    remediation=(
        f"Take {RESERVED_VARIABLE} out and give the port in the image's or the code's configuration instead; "
        f"rename what begins with {RESERVED_VARIABLE_PREFIX}."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.HIGH,
)

RULES = (reserved_environment_names,)
