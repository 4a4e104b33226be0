"""Rules about outbound and inbound traffic."""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.arns import is_app_runner_arn
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import is_set, known_text, mapping, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import INGRESS, PUBLIC, is_private

_EGRESS = "networkConfiguration.egressConfiguration"
_EGRESS_TYPE = f"{_EGRESS}.egressType"
_CONNECTOR = f"{_EGRESS}.vpcConnectorArn"

egress_explicit = Rule(
    "egress-explicit",
    resource_types=[SERVICE],
    description="Outbound traffic is set explicitly to the internet or the VPC.",
    remediation_steps=(
        f"Always set {_EGRESS_TYPE}. If it is not set, the provider leaves AWS's value unchanged: a VPC connector that "
        "is removed from the program stays on the service. At the level remediate the rule sets it to VPC if the "
        "program has a connector, else to DEFAULT, which removes a connector that the service still has."
    ),
    source=source.NETWORK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.LOW,
)


@egress_explicit.check
def _egress_is_set(service: ResourceValidationArgs) -> Iterator[str]:
    if value(service, _EGRESS_TYPE) in (None, ""):
        yield (
            f"{_EGRESS_TYPE} must be set. Without it a new service reaches the public internet only, and a service "
            'with a VPC connector keeps it. Set it to "DEFAULT" (public internet) or "VPC" (with vpcConnectorArn).'
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
    if block.get("egressType") not in (None, ""):
        return False
    block["egressType"] = "VPC" if block.get("vpcConnectorArn") else "DEFAULT"
    return True


ingress_explicit = Rule(
    "ingress-explicit",
    resource_types=[SERVICE],
    description="Inbound traffic is set explicitly to public or private.",
    remediation_steps=(
        f"Always set {PUBLIC}. If the block is missing, the provider leaves AWS's value unchanged. If the block exists "
        "without the flag, the provider makes the service private."
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
                f"{PUBLIC} must be set, since {INGRESS} is. Without it pulumi-aws sends false, and the internet cannot "
                f"reach the service. Set {PUBLIC} to true, or to false if that is intended."
            )
    elif value(service, INGRESS) is None:
        yield (
            f"{PUBLIC} must be set. Without it a new service is public, and a private service stays private. Set it to "
            "true or false."
        )


egress_consistency = Rule(
    "egress-consistency",
    resource_types=[SERVICE],
    description="A service has a VPC connector if its outbound traffic goes to the VPC, and only then.",
    remediation_steps=f'Set {_EGRESS_TYPE} to "VPC" together with {_CONNECTOR}, or to "DEFAULT" without.',
    source=source.EGRESS_CONFIGURATION,
    severity=Severity.HIGH,
)


@egress_consistency.check
def _egress_fits(service: ResourceValidationArgs) -> Iterator[str]:
    kind = value(service, _EGRESS_TYPE)
    if kind not in (None, "DEFAULT", "VPC"):
        yield f'{_EGRESS_TYPE} must be "DEFAULT" (public internet) or "VPC", got "{kind}". Set it to one of them.'
    elif kind == "VPC" and not is_set(service, _CONNECTOR):
        yield (
            f'{_CONNECTOR} must be set, since {_EGRESS_TYPE} is "VPC". Set it to the ARN of a VpcConnector, or '
            f'{_EGRESS_TYPE} to "DEFAULT".'
        )
    elif kind != "VPC" and is_set(service, _CONNECTOR):
        got = "none" if kind is None else f'"{kind}"'
        yield (
            f'{_EGRESS_TYPE} must be "VPC", since {_CONNECTOR} is set, got {got}. Set {_EGRESS_TYPE} to "VPC", or '
            "remove the connector."
        )
    elif (arn := known_text(service, _CONNECTOR)) and not is_app_runner_arn(arn, "vpcconnector"):
        yield (
            f'{_CONNECTOR} must be the ARN of a VPC connector, got "{arn}". Set it to the arn of an '
            "aws.apprunner.VpcConnector."
        )


connector_required = Rule(
    "connector-required",
    resource_types=[SERVICE],
    description="All outbound traffic of a service goes through a VPC connector.",
    remediation_steps=(
        f'Set {_EGRESS_TYPE} to "VPC" and {_CONNECTOR} to the ARN of a VpcConnector. Traffic to the internet then '
        "requires a NAT gateway in the VPC."
    ),
    source=source.IN_VPC_RULE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.MEDIUM,
)


@connector_required.check
def _egress_goes_to_the_vpc(service: ResourceValidationArgs) -> Iterator[str]:
    kind = value(service, _EGRESS_TYPE)
    if kind != "VPC":
        got = '"DEFAULT" (the default of a new service, since it is not set)' if kind in (None, "") else f'"{kind}"'
        yield (
            f'{_EGRESS_TYPE} must be "VPC", got {got}. The organization requires that traffic leaves through the VPC, '
            f'where it can be filtered and logged. Set it to "VPC", and {_CONNECTOR} to the ARN of a VpcConnector.'
        )


no_public_access = Rule(
    "no-public-access",
    resource_types=[SERVICE],
    description="The internet cannot reach a service.",
    remediation_steps=(
        f"Set {PUBLIC} to false, and add a VpcIngressConnection for the clients in the VPC. Waive the rule for a "
        "service that is public on purpose."
    ),
    source=source.NO_PUBLIC_ACCESS_RULE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.HIGH,
)


@no_public_access.check
def _is_private(service: ResourceValidationArgs) -> Iterator[str]:
    if not is_private(service):
        default = " (the default of a new service, since it is not set)" if value(service, PUBLIC) is None else ""
        yield (
            f"{PUBLIC} must be false, got true{default}. The organization requires that the internet does not reach "
            "the service. Set it to false, and add an aws.apprunner.VpcIngressConnection for the clients in the VPC."
        )


RULES = (egress_explicit, ingress_explicit, egress_consistency, connector_required, no_public_access)
