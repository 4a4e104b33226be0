"""Rules about health checks."""

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
    description="The health check of a service uses HTTP.",
    remediation_steps=(
        f'Set {HEALTH_CHECK}.protocol to "HTTP" and {HEALTH_CHECK}.path to a path that answers 200 without '
        "authentication. Set the whole block: the provider leaves AWS's values unchanged if you remove the block later."
    ),
    source=source.HEALTH_CHECK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@http_health_check.check
def _is_http(service: ResourceValidationArgs) -> Iterator[str]:
    protocol = value(service, f"{HEALTH_CHECK}.protocol")
    if protocol == "HTTP":
        return
    if protocol not in (None, "", "TCP"):
        yield f'{HEALTH_CHECK}.protocol must be HTTP, got "{protocol}". Set it to "HTTP", in capitals.'
        return
    got = "TCP" if protocol else "TCP (the default, since it is not set)"
    ignored = f" {HEALTH_CHECK}.path is ignored with TCP." if _has_path(service) else ""
    yield (
        f"{HEALTH_CHECK}.protocol must be HTTP, got {got}. A TCP check passes as soon as the port listens, even while "
        f'every request fails.{ignored} Set {HEALTH_CHECK}.protocol to "HTTP" and {HEALTH_CHECK}.path to a path that '
        "answers 200 without authentication when the service can work."
    )


def _has_path(service: HasProps) -> bool:
    """Return whether a path is set other than /, the provider's default."""
    path = f"{HEALTH_CHECK}.path"
    return is_set(service, path) and known(service, path) != "/"


RULES = (http_health_check,)
