"""The rule about App Runner's limits for names, images, ports, health checks and domains."""

from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import limits, names, source
from apprunner_facts.images import REPOSITORY_TYPES, parse_image, without_credentials
from apprunner_facts.names import NameRule
from apprunner_facts.tokens import (
    AUTO_SCALING,
    CONNECTION,
    CUSTOM_DOMAIN,
    OBSERVABILITY,
    SERVICE,
    VPC_CONNECTOR,
    VPC_INGRESS_CONNECTION,
)
from apprunner_policies.properties import text, value
from apprunner_policies.ranges import within
from apprunner_policies.rule import Rule
from apprunner_policies.services import CONFIGURATIONS, HEALTH_CHECK, IMAGE, IMAGE_TYPE

_OBSERVABILITY_NAME = "observabilityConfigurationName"
_NAMES: dict[str, tuple[str, NameRule]] = {
    SERVICE: ("serviceName", names.SERVICE),
    AUTO_SCALING: ("autoScalingConfigurationName", names.AUTO_SCALING_CONFIGURATION),
    OBSERVABILITY: (_OBSERVABILITY_NAME, names.OBSERVABILITY_CONFIGURATION),
    VPC_CONNECTOR: ("vpcConnectorName", names.VPC_CONNECTOR),
    VPC_INGRESS_CONNECTION: ("name", names.VPC_INGRESS_CONNECTION),
    CONNECTION: ("connectionName", names.CONNECTION),
}
"""The property that holds a resource's name and what AWS accepts there, by type."""

_NUMBERS = {
    f"{HEALTH_CHECK}.interval": limits.HEALTH_CHECK_INTERVAL,
    f"{HEALTH_CHECK}.timeout": limits.HEALTH_CHECK_TIMEOUT,
    f"{HEALTH_CHECK}.healthyThreshold": limits.HEALTHY_THRESHOLD,
    f"{HEALTH_CHECK}.unhealthyThreshold": limits.UNHEALTHY_THRESHOLD,
    **{f"{configuration}.port": limits.PORT for configuration in CONFIGURATIONS},
}

service_limits = Rule(
    "service-limits",
    resource_types=[*_NAMES, CUSTOM_DOMAIN],
    description="Names, images, ports, health checks and domains keep to App Runner's limits.",
    remediation_steps=(
        f"A service's name, a VPC connector's and an ingress connection's has {names.SERVICE}; one of a connection, an "
        f"auto scaling or an observability configuration {names.CONNECTION}. The numbers of a health check are whole, "
        f"from {limits.HEALTH_CHECK_INTERVAL.minimum} to {limits.HEALTH_CHECK_INTERVAL.maximum}. A wildcard domain has "
        "enableWwwSubdomain false."
    ),
    source=source.CREATE_SERVICE,
    severity=Severity.HIGH,
)


@service_limits.check_of(*_NAMES)
def _name_is_valid(resource: ResourceValidationArgs) -> Iterator[str]:
    key, allowed = _NAMES[resource.resource_type]
    name = text(resource, key)
    if name is not None and not allowed.allows(name):
        yield f'{key} is "{name}", but a name has {allowed}. Set it to such a name.'


@service_limits.check_of(OBSERVABILITY)
def _name_is_not_reserved(configuration: ResourceValidationArgs) -> Iterator[str]:
    reserved = names.RESERVED_OBSERVABILITY_CONFIGURATION
    if value(configuration, _OBSERVABILITY_NAME) == reserved:
        yield f'{_OBSERVABILITY_NAME} is "{reserved}", which AWS keeps to itself. Set another name.'


@service_limits.check_of(SERVICE)
def _image_is_valid(service: ResourceValidationArgs) -> Iterator[str]:
    identifier = text(service, IMAGE)
    if identifier is None:
        return
    image = parse_image(identifier)
    if image is None:
        yield (
            f'{IMAGE} is "{without_credentials(identifier)}", which App Runner cannot pull: it takes '
            "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY and public.ecr.aws/ALIAS/REPOSITORY, with a tag or "
            "digest. Set it to such an address; Docker's official images are at public.ecr.aws/docker/library/."
        )
        return
    kind = value(service, IMAGE_TYPE)
    if kind in REPOSITORY_TYPES and kind != image.repository_type:
        yield (
            f'{IMAGE_TYPE} is "{kind}", but {IMAGE}, "{identifier}", is one of {image.repository_type}. Set it to '
            f'"{image.repository_type}".'
        )


@service_limits.check_of(CUSTOM_DOMAIN)
def _domain_is_valid(association: ResourceValidationArgs) -> Iterator[str]:
    domain = text(association, "domainName") or ""
    if domain.endswith("."):
        yield f'domainName is "{domain}", and App Runner takes no dot at its end. Set it to "{domain.rstrip(".")}".'
    if domain.startswith("*.") and value(association, "enableWwwSubdomain") not in (False, "false"):
        yield (
            f'domainName is "{domain}", a wildcard, which cannot have www, and enableWwwSubdomain is not false '
            "(its default is true). Set enableWwwSubdomain to false."
        )


for _path, _bounds in _NUMBERS.items():
    service_limits.check_of(SERVICE)(within(_path, _bounds))

RULES = (service_limits,)
