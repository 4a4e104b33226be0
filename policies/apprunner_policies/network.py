"""Rules about what a service reaches and who reaches it."""

from collections.abc import Iterator, Mapping

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_policies.rule import Rule, read
from apprunner_policies.types import SERVICE

_EGRESS_TYPE = "networkConfiguration.egressConfiguration.egressType"
_INGRESS = "networkConfiguration.ingressConfiguration"
_PUBLIC = f"{_INGRESS}.isPubliclyAccessible"


def _egress_is_said(args: ResourceValidationArgs) -> Iterator[str]:
    if read(args, _EGRESS_TYPE) is None:
        yield (
            f"{_EGRESS_TYPE} is not set: a new service then reaches the public internet only, and a service that has a "
            'VPC connector keeps it. Set it to "DEFAULT" (public internet) or "VPC" (with vpcConnectorArn).'
        )


def _ingress_is_said(args: ResourceValidationArgs) -> Iterator[str]:
    ingress = read(args, _INGRESS)
    if isinstance(ingress, Mapping) and read(args, _PUBLIC) is None:
        yield (
            f"{_INGRESS} is given without isPubliclyAccessible, for which pulumi-aws sends false: the service is "
            f"cut off from the internet. Set {_PUBLIC} to true, or to false if that is meant."
        )
    elif ingress is None:
        yield (
            f"{_PUBLIC} is not set: a new service is then open to the internet, and one that was made private stays "
            "private. Set it to true or false."
        )


egress_explicit = Rule(
    "egress-explicit",
    resource_types=[SERVICE],
    checks=[_egress_is_said],
    description="A service says where its outbound traffic goes.",
    remediation=(
        f"Set {_EGRESS_TYPE} always. The provider leaves what is not set as it is at AWS, so that taking a VPC "
        "connector out of a program does not take it off the service."
    ),
    source=source.NETWORK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)

ingress_explicit = Rule(
    "ingress-explicit",
    resource_types=[SERVICE],
    checks=[_ingress_is_said],
    description="A service says whether the internet may reach it.",
    remediation=(
        f"Set {_PUBLIC} always. The provider leaves the block as it is at AWS where it is missing, and makes the "
        "service private where the block is there without the flag."
    ),
    source=source.NETWORK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)

RULES = (egress_explicit, ingress_explicit)
