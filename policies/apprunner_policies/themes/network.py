"""Rules about the ways of a service's traffic: whether they are said, and whether they fit together."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import is_set, mapping, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import INGRESS, PUBLIC

_EGRESS = "networkConfiguration.egressConfiguration"
_EGRESS_TYPE = f"{_EGRESS}.egressType"
_CONNECTOR = f"{_EGRESS}.vpcConnectorArn"

egress_explicit = Rule(
    "egress-explicit",
    resource_types=[SERVICE],
    description="A service says where its outbound traffic goes.",
    remediation_steps=(
        f"Set {_EGRESS_TYPE} always. The provider leaves what is not set as it is at AWS, so that taking a VPC "
        "connector out of a program does not take it off the service. At the level remediate it is set, to VPC where "
        "the program gives a connector and else to DEFAULT, which takes a connector off that the service still has."
    ),
    source=source.NETWORK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)


@egress_explicit.check
def _egress_is_set(service: ResourceValidationArgs) -> Iterator[str]:
    if value(service, _EGRESS_TYPE) is None:
        yield (
            f"{_EGRESS_TYPE} is not set: a new service then reaches the public internet only, and a service that has a "
            'VPC connector keeps it. Set it to "DEFAULT" (public internet) or "VPC" (with vpcConnectorArn).'
        )


@egress_explicit.remediation
def _set_egress(service: ResourceValidationArgs) -> bool:
    """Set the egress type that the rest of the program implies: VPC if there is a connector."""
    block = cast(dict[str, Any], service.props)
    for key in ("networkConfiguration", "egressConfiguration"):
        if block.get(key) is None:
            block[key] = {}
        inner: Any = block[key]
        if not isinstance(inner, Mapping):
            return False  # it is unknown
        block = cast(dict[str, Any], inner)
    if block.get("egressType") is not None:
        return False
    block["egressType"] = "VPC" if block.get("vpcConnectorArn") else "DEFAULT"
    return True


ingress_explicit = Rule(
    "ingress-explicit",
    resource_types=[SERVICE],
    description="A service says whether the internet may reach it.",
    remediation_steps=(
        f"Set {PUBLIC} always. The provider leaves the block as it is at AWS where it is missing, and makes the "
        "service private where the block is there without the flag."
    ),
    source=source.NETWORK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)


@ingress_explicit.check
def _ingress_is_set(service: ResourceValidationArgs) -> Iterator[str]:
    if mapping(service, INGRESS) is not None:
        if value(service, PUBLIC) is None:
            yield (
                f"{INGRESS} is given without isPubliclyAccessible, for which pulumi-aws sends false: the service is "
                f"cut off from the internet. Set {PUBLIC} to true, or to false if that is meant."
            )
    elif value(service, INGRESS) is None:
        yield (
            f"{PUBLIC} is not set: a new service is then open to the internet, and one that was made private stays "
            "private. Set it to true or false."
        )


egress_consistency = Rule(
    "egress-consistency",
    resource_types=[SERVICE],
    description="A service has a VPC connector where its traffic goes into the VPC, and only there.",
    remediation_steps=f'Set {_EGRESS_TYPE} to "VPC" together with {_CONNECTOR}, or to "DEFAULT" without.',
    source=source.EGRESS_CONFIGURATION,
    severity=Severity.HIGH,
)


@egress_consistency.check
def _egress_fits(service: ResourceValidationArgs) -> Iterator[str]:
    kind = value(service, _EGRESS_TYPE)
    if kind not in (None, "DEFAULT", "VPC"):
        yield f'{_EGRESS_TYPE} is "{kind}", which does not exist. Set it to "DEFAULT" (public internet) or "VPC".'
    elif kind == "VPC" and not is_set(service, _CONNECTOR):
        yield (
            f'{_EGRESS_TYPE} is "VPC", but {_CONNECTOR} is not set, through which traffic would go. Set it to the ARN '
            f'of a VpcConnector, or {_EGRESS_TYPE} to "DEFAULT".'
        )
    elif kind != "VPC" and is_set(service, _CONNECTOR):
        got = "is not set" if kind is None else f'is "{kind}"'
        yield (
            f'{_CONNECTOR} is set, but {_EGRESS_TYPE} {got}, and App Runner takes a connector with "VPC" only. Set '
            f'{_EGRESS_TYPE} to "VPC", or take the connector out.'
        )


RULES = (egress_explicit, ingress_explicit, egress_consistency)
