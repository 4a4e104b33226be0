"""Rules about what an application finds in its environment."""

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
    description="Environment variables and secrets have names that App Runner does not keep for itself.",
    remediation_steps=(
        f"Take {RESERVED_VARIABLE} out and give the port in the image's or the code's configuration instead; "
        f"rename what begins with {RESERVED_VARIABLE_PREFIX}."
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
                        yield f"{configuration}.{key} holds {name}, {_advice(name, f'{configuration}.port')}"
    unknowns.raise_first()


def _advice(name: str, port: str) -> str:
    if name == RESERVED_VARIABLE:
        return f"which App Runner sets itself. Remove it; the port that the application listens on is given in {port}."
    return (
        f"and App Runner keeps names that begin with {RESERVED_VARIABLE_PREFIX} to itself. "
        "Rename it, here and in the application."
    )


RULES = (reserved_environment_names,)
