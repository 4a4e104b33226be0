"""Rules about health checks."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.limits import UNHEALTHY_THRESHOLD
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import HasProps, as_number, is_set, known, number, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import HEALTH_CHECK

_THRESHOLD = f"{HEALTH_CHECK}.unhealthyThreshold"

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


max_unhealthy_threshold = Rule(
    "max-unhealthy-threshold",
    resource_types=[SERVICE],
    description="A service counts as unhealthy after a limited number of failed health checks.",
    remediation_steps=(
        f"Lower {_THRESHOLD}, or raise maxUnhealthyThreshold in the rule's configuration. If the application starts "
        f"slowly, raise {HEALTH_CHECK}.interval instead: fewer checks fail while it starts."
    ),
    source=source.UNHEALTHY_THRESHOLD_RULE,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
    config={
        "maxUnhealthyThreshold": {
            "type": "integer",
            "minimum": UNHEALTHY_THRESHOLD.minimum,
            "maximum": UNHEALTHY_THRESHOLD.maximum,
            "default": UNHEALTHY_THRESHOLD.default,
            "description": "The highest number of failed checks.",
        }
    },
)


@max_unhealthy_threshold.check
def _threshold_is_limited(service: ResourceValidationArgs) -> Iterator[str]:
    highest = as_number(service.get_config().get("maxUnhealthyThreshold"))
    own = number(service, _THRESHOLD)
    threshold = UNHEALTHY_THRESHOLD.default if own is None else own
    if highest is not None and threshold > highest:
        default = " (the default of a new service, since it is not set)" if own is None else ""
        yield (
            f"{_THRESHOLD} must be at most {highest:g}, got {threshold:g}{default}. Until then App Runner "
            f"treats a service that does not answer as healthy. Set it to {highest:g} or less."
        )


RULES = (http_health_check, max_unhealthy_threshold)
