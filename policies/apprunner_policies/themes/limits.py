"""Rules about App Runner's limits for names, images, ports, commands, variables and domains."""

import re
from collections.abc import Iterator

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import limits, names, source
from apprunner_facts.commands import ONE_LINE
from apprunner_facts.domains import DOMAIN_NAME
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
from apprunner_policies.properties import UnknownValues, as_text, is_false, mapping, text, value
from apprunner_policies.ranges import within
from apprunner_policies.rule import Rule
from apprunner_policies.services import COMMANDS, CONFIGURATIONS, HEALTH_CHECK, IMAGE, IMAGE_TYPE, SECRETS, VARIABLES

_WWW = "enableWwwSubdomain"
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
    description="Names, images, ports, commands, variables, health checks and domains are within App Runner's limits.",
    remediation_steps=(
        f"The name of a service, a VPC connector or an ingress connection must be {names.SERVICE}. The name of a "
        f"connection, an auto scaling or an observability configuration must be {names.CONNECTION}. The numbers of a "
        f"health check are whole numbers, {limits.HEALTH_CHECK_INTERVAL}. A command is on one line. A variable has at "
        f"most {limits.VARIABLE_LENGTH} characters. A wildcard domain requires enableWwwSubdomain false."
    ),
    source=source.CREATE_SERVICE,
    severity=Severity.HIGH,
)


@service_limits.check_of(*_NAMES)
def _name_is_valid(resource: ResourceValidationArgs) -> Iterator[str]:
    key, allowed = _NAMES[resource.resource_type]
    name = text(resource, key)
    if name is not None and not allowed.allows(name):
        yield f'{key} must be {allowed}, got "{name}". Set it to such a name.'


@service_limits.check_of(OBSERVABILITY)
def _name_is_not_reserved(configuration: ResourceValidationArgs) -> Iterator[str]:
    reserved = names.RESERVED_OBSERVABILITY_CONFIGURATION
    if value(configuration, _OBSERVABILITY_NAME) == reserved:
        yield f'{_OBSERVABILITY_NAME} must not be "{reserved}", which AWS reserves. Set another name.'


@service_limits.check_of(SERVICE)
def _image_is_valid(service: ResourceValidationArgs) -> Iterator[str]:
    identifier = text(service, IMAGE)
    if identifier is None:
        return
    image = parse_image(identifier)
    if image is None:
        yield (
            f"{IMAGE} must be ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY or public.ecr.aws/ALIAS/REPOSITORY, with "
            f'a tag or digest, got "{without_credentials(identifier)}". Set it to an image in ECR. Docker\'s official '
            "images are at public.ecr.aws/docker/library/."
        )
        return
    kind = value(service, IMAGE_TYPE)
    if kind in REPOSITORY_TYPES and kind != image.repository_type:
        yield (
            f'{IMAGE_TYPE} must be "{image.repository_type}" for {IMAGE} "{identifier}", got "{kind}". Set it to '
            f'"{image.repository_type}".'
        )


@service_limits.check_of(SERVICE)
def _command_is_one_line(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for path in COMMANDS:
        with unknowns:
            command = text(service, path)
            if command and not re.fullmatch(ONE_LINE, command):
                yield (
                    f"{path} must be a command on one line, got line breaks. App Runner refuses it. Join the commands "
                    "with && in a shell (sh -c '...'), or put them into a script."
                )
    unknowns.raise_first()


@service_limits.check_of(SERVICE)
def _values_are_short_enough(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for configuration in CONFIGURATIONS:
        for key, longest in ((VARIABLES, limits.VARIABLE_LENGTH), (SECRETS, limits.SECRET_LENGTH)):
            with unknowns:
                members = mapping(service, f"{configuration}.{key}") or {}
                for name in sorted(members):
                    with unknowns:
                        length = max(len(name), len(as_text(members[name]) or ""))
                        if length > longest:
                            yield (
                                f"{configuration}.{key}.{name[:64]} must be at most {longest} characters long, name "
                                f"and value each, got {length}. Shorten it, or read the value from a file or from S3."
                            )
    unknowns.raise_first()


@service_limits.check_of(CUSTOM_DOMAIN)
def _domain_is_valid(association: ResourceValidationArgs) -> Iterator[str]:
    domain = text(association, "domainName")
    if domain is None:
        return
    host = domain.rstrip(".")
    if not DOMAIN_NAME.fullmatch(host):
        yield (
            f'domainName must be a host name, or *. and a root domain, got "{domain}". Set it to a name such as '
            "shop.example.com, without https://, port and path."
        )
    elif domain.endswith("."):
        yield f'domainName must not end with a dot, got "{domain}". Set it to "{domain.rstrip(".")}".'
    if domain.startswith("*.") and not is_false(association, _WWW):
        got = "true (the default, since it is not set)" if value(association, _WWW) is None else "true"
        yield (f'{_WWW} must be false for the wildcard domain "{domain}", got {got}. Set {_WWW} to false.')


for _path, _bounds in _NUMBERS.items():
    _fix = "Set it to the port on which the application listens." if _bounds is limits.PORT else None
    service_limits.check_of(SERVICE)(within(_path, _bounds, fix=_fix))

RULES = (service_limits,)
