"""The rule about how App Runner checks a service's health."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import HasProps, is_set, known, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import HEALTH_CHECK

http_health_check = Rule(
    "http-health-check",
    resource_types=[SERVICE],
    description="A service is asked over HTTP whether it is healthy.",
    remediation_steps=(
        f'Set {HEALTH_CHECK}.protocol to "HTTP" and {HEALTH_CHECK}.path to a path that answers 200 without '
        "authentication. Set "
        "the whole block: the provider leaves at AWS what is taken out of a program."
    ),
    source=source.HEALTH_CHECK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@http_health_check.check
def _is_http(service: ResourceValidationArgs) -> Iterator[str]:
    protocol = value(service, f"{HEALTH_CHECK}.protocol")
    if protocol not in (None, "TCP"):
        return
    got = "is not set, which means TCP" if protocol is None else "is TCP"
    ignored = f" {HEALTH_CHECK}.path is ignored with TCP." if _has_path(service) else ""
    yield (
        f"{HEALTH_CHECK}.protocol {got}: the check passes as soon as the port listens, also while every request fails."
        f'{ignored} Set {HEALTH_CHECK}.protocol to "HTTP" and {HEALTH_CHECK}.path to one that answers 200 without '
        "authentication when the service can work."
    )


def _has_path(service: HasProps) -> bool:
    """Return whether a path is set other than /, the provider's default."""
    path = f"{HEALTH_CHECK}.path"
    return is_set(service, path) and known(service, path) != "/"


RULES = (http_health_check,)
