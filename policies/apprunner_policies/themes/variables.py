"""Rules about environment variables."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.names import RESERVED_VARIABLE, RESERVED_VARIABLE_PREFIX, is_reserved_variable
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import UnknownValues, mapping
from apprunner_policies.rule import Rule
from apprunner_policies.services import CONFIGURATIONS, SECRETS, VARIABLES

reserved_environment_names = Rule(
    "reserved-environment-names",
    resource_types=[SERVICE],
    description="Environment variables and secrets do not have reserved names.",
    remediation_steps=(
        f"Remove {RESERVED_VARIABLE} and set port in the image's or the code's configuration instead. Rename variables "
        f"that begin with {RESERVED_VARIABLE_PREFIX}."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.HIGH,
)


@reserved_environment_names.check
def _no_reserved_names(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for configuration in CONFIGURATIONS:
        for key in (VARIABLES, SECRETS):
            with unknowns:
                # Only the names are read: a value may be unknown.
                for name in sorted(mapping(service, f"{configuration}.{key}") or ()):
                    if is_reserved_variable(name):
                        yield f"{configuration}.{key}.{name} is reserved. {_fix(name, f'{configuration}.port')}"
    unknowns.raise_first()


def _fix(name: str, port: str) -> str:
    if name == RESERVED_VARIABLE:
        return f"App Runner sets it itself. Remove it, and set the application's port in {port}."
    return (
        f"App Runner reserves names that begin with {RESERVED_VARIABLE_PREFIX}. Rename it, here and in the application."
    )


RULES = (reserved_environment_names,)
