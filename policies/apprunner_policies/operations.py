"""Rules about what keeps a service running: its health check, its limits, and the records of its domains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import limits, names, source
from apprunner_facts.images import REPOSITORY_TYPES, parse_image, without_credentials
from apprunner_facts.names import NameRule
from apprunner_facts.tokens import (
    AUTO_SCALING,
    CONNECTION,
    CUSTOM_DOMAIN,
    OBSERVABILITY,
    RECORD,
    SERVICE,
    VPC_CONNECTOR,
    VPC_INGRESS_CONNECTION,
)
from apprunner_policies.rule import Check, Rule, Stack, StackRule, known, read
from apprunner_policies.scaling import within

_HEALTH = "healthCheckConfiguration"
_IMAGE = "sourceConfiguration.imageRepository.imageIdentifier"
_IMAGE_TYPE = "sourceConfiguration.imageRepository.imageRepositoryType"
_IMAGE_PORT = "sourceConfiguration.imageRepository.imageConfiguration.port"
_CODE_PORT = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues.port"


def _asks_over_http(args: ResourceValidationArgs) -> Iterator[str]:
    protocol = read(args, f"{_HEALTH}.protocol")
    if protocol not in (None, "TCP"):
        return
    found = "is not set, which means TCP" if protocol is None else "is TCP"
    ignored = f" {_HEALTH}.path is ignored with TCP." if _has_path(args) else ""
    yield (
        f"{_HEALTH}.protocol {found}: the check passes as soon as the port listens, also while every request fails."
        f'{ignored} Set {_HEALTH}.protocol to "HTTP" and {_HEALTH}.path to one that answers 200 without '
        "authentication when the service can work."
    )


def _has_path(args: ResourceValidationArgs) -> bool:
    """Tell whether a path was chosen; / is what the provider fills in."""
    try:
        return read(args, f"{_HEALTH}.path") not in (None, "", "/")
    except UnknownValueError:
        return True


def _name(of_type: str, key: str, allowed: NameRule) -> Check:
    def check(args: ResourceValidationArgs) -> Iterator[str]:
        if args.resource_type != of_type:
            return
        written = read(args, key)
        if isinstance(written, str) and not allowed.allows(written):
            yield f'{key} is "{written}", but a name has {allowed}. Set it to such a name.'

    return check


def _name_is_not_reserved(args: ResourceValidationArgs) -> Iterator[str]:
    key = "observabilityConfigurationName"
    if args.resource_type == OBSERVABILITY and read(args, key) == names.RESERVED_OBSERVABILITY_CONFIGURATION:
        yield f'{key} is "{names.RESERVED_OBSERVABILITY_CONFIGURATION}", which AWS keeps to itself. Set another name.'


def _image_is_one_that_can_be(args: ResourceValidationArgs) -> Iterator[str]:
    written = read(args, _IMAGE) if args.resource_type == SERVICE else None
    if not isinstance(written, str):
        return
    image = parse_image(written)
    if image is None:
        yield (
            f'{_IMAGE} is "{without_credentials(written)}", which App Runner cannot pull: it takes '
            "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY and public.ecr.aws/ALIAS/REPOSITORY, with a tag or "
            "digest. Set it to such an address; Docker's official images are at public.ecr.aws/docker/library/."
        )
        return
    kind = read(args, _IMAGE_TYPE)
    if kind in REPOSITORY_TYPES and kind != image.repository_type:
        yield (
            f'{_IMAGE_TYPE} is "{kind}", but {_IMAGE}, "{written}", is one of {image.repository_type}. Set it to '
            f'"{image.repository_type}".'
        )


def _domain_is_one_that_can_be(args: ResourceValidationArgs) -> Iterator[str]:
    domain = read(args, "domainName") if args.resource_type == CUSTOM_DOMAIN else None
    if not isinstance(domain, str):
        return
    if domain.endswith("."):
        yield f'domainName is "{domain}", and App Runner takes no dot at its end. Set it to "{domain.rstrip(".")}".'
    if domain.startswith("*.") and read(args, "enableWwwSubdomain") not in (False, "false"):
        yield (
            f'domainName is "{domain}", a wildcard, which cannot have www, and enableWwwSubdomain is not false '
            "(its default is true). Set enableWwwSubdomain to false."
        )


@lru_cache(maxsize=1)
def _places(stack: Stack) -> Mapping[str, tuple[int, str]]:
    """Return which one of its service's domains each association is, by URN, and how that service is called.

    It is found once for a stack, so that the time it takes grows with the stack and not with its square.
    """
    by_arn: dict[Any, PolicyResource] = {}
    for service in stack.of(SERVICE):
        try:
            by_arn[read(service, "arn")] = service
        except UnknownValueError:
            continue
    places: dict[str, tuple[int, str]] = {}
    counted: dict[str, int] = defaultdict(int)
    for association in sorted(stack.of(CUSTOM_DOMAIN), key=lambda each: each.urn):  # the engine's order is its own
        referred = stack.referred(association, "serviceArn", SERVICE)
        try:
            arn = None if len(referred) == 1 else read(association, "serviceArn")
        except UnknownValueError:
            continue
        service = referred[0] if len(referred) == 1 else by_arn.get(arn) if isinstance(arn, str) else None
        if service is None and not isinstance(arn, str):
            continue
        key = service.urn if service else str(arn)
        counted[key] += 1
        places[association.urn] = (counted[key], service.name if service else str(arn))
    return places


def _is_within_the_limit(association: PolicyResource, stack: Stack) -> Iterator[str]:
    most = limits.CUSTOM_DOMAINS_PER_SERVICE
    place = _places(stack).get(association.urn)
    if place is None:
        read(association, "serviceArn")
    elif place[0] > most:
        yield (
            f"serviceArn is that of {place[1]}, of whose custom domains in this stack this is number {place[0]}, but a "
            f"service has {most} at most. Take it off, cover several names by one wildcard domain, or set serviceArn "
            "to another service's."
        )


@lru_cache(maxsize=1)
def _named_after(stack: Stack) -> Mapping[str, list[PolicyResource]]:
    """Return the resources whose name is made from a custom domain association, by that one's URN.

    A record of any provider is among them; one that leads visitors to the service has a name of the program's own.
    """
    found: dict[str, list[PolicyResource]] = defaultdict(list)
    for resource in stack.resources:
        for key, origins in resource.property_dependencies.items():
            if "name" in key.lower():
                for origin in origins:
                    if origin.resource_type == CUSTOM_DOMAIN and resource not in found[origin.urn]:
                        found[origin.urn].append(resource)
    return found


@lru_cache(maxsize=1)
def _records_by_name(stack: Stack) -> Mapping[str, list[PolicyResource]]:
    found: dict[str, list[PolicyResource]] = defaultdict(list)
    for record in stack.of(RECORD):
        if name := _known_name(record, "name"):
            found[name].append(record)
    return found


def _keeps_its_records(association: PolicyResource, stack: Stack) -> Iterator[str]:
    domain = _known_name(association, "domainName")
    routed = (domain, f"www.{domain}") if domain else ()
    derived = _named_after(stack).get(association.urn, [])
    kept = {each.urn for each in derived if _known_name(each, "name") not in routed}
    kept |= {each.urn for name in _asked_for(association) for each in _records_by_name(stack).get(name, [])}
    wanted = limits.VALIDATION_RECORDS
    if len(kept) > wanted:
        return
    has_www = read(association, "enableWwwSubdomain") not in (False, "false")
    wanted += has_www
    if len(kept) < wanted:
        yield (
            f"of the {wanted} records in certificateValidationRecords ({'with' if has_www else 'without'} "
            f"www) {len(kept) or 'none'} {'are' if len(kept) != 1 else 'is'} made in this stack, and without them the "
            "certificate is not issued, and later not renewed: they must stand for as long as the domain does. Make a "
            "route53 Record, with allowOverwrite, of the name, type and value of each. If they stand at another DNS "
            "provider, or in another stack, keep them there and waive this rule for this domain."
        )


def _asked_for(association: PolicyResource) -> Iterator[str]:
    """Yield the names of the records that AWS wants, as far as they are known."""
    try:
        records = read(association, "certificateValidationRecords")
        if isinstance(records, Sequence) and not isinstance(records, str):
            for record in cast(Sequence[Any], records):
                name = cast(Mapping[str, Any], record).get("name") if isinstance(record, Mapping) else None
                if isinstance(name, str):
                    yield _bare(name)
    except UnknownValueError:
        return


def _known_name(resource: PolicyResource, key: str) -> str | None:
    name = known(resource, key)
    return _bare(name) if isinstance(name, str) else None


def _bare(name: str) -> str:
    return name.rstrip(".").lower()


http_health_check = Rule(
    "http-health-check",
    resource_types=[SERVICE],
    checks=[_asks_over_http],
    description="A service is asked over HTTP whether it is healthy.",
    remediation=(
        f'Set {_HEALTH}.protocol to "HTTP" and {_HEALTH}.path to a path that answers 200 without authentication. Set '
        "the whole block: the provider leaves at AWS what is taken out of a program."
    ),
    source=source.HEALTH_CHECK_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

service_limits = Rule(
    "service-limits",
    resource_types=[
        SERVICE,
        AUTO_SCALING,
        OBSERVABILITY,
        VPC_CONNECTOR,
        VPC_INGRESS_CONNECTION,
        CONNECTION,
        CUSTOM_DOMAIN,
    ],
    checks=[
        _name(SERVICE, "serviceName", names.SERVICE),
        _name(AUTO_SCALING, "autoScalingConfigurationName", names.AUTO_SCALING_CONFIGURATION),
        _name(OBSERVABILITY, "observabilityConfigurationName", names.OBSERVABILITY_CONFIGURATION),
        _name(VPC_CONNECTOR, "vpcConnectorName", names.VPC_CONNECTOR),
        _name(VPC_INGRESS_CONNECTION, "name", names.VPC_INGRESS_CONNECTION),
        _name(CONNECTION, "connectionName", names.CONNECTION),
        _name_is_not_reserved,
        _image_is_one_that_can_be,
        _domain_is_one_that_can_be,
        within(f"{_HEALTH}.interval", limits.HEALTH_CHECK_INTERVAL),
        within(f"{_HEALTH}.timeout", limits.HEALTH_CHECK_TIMEOUT),
        within(f"{_HEALTH}.healthyThreshold", limits.HEALTHY_THRESHOLD),
        within(f"{_HEALTH}.unhealthyThreshold", limits.UNHEALTHY_THRESHOLD),
        within(_IMAGE_PORT, limits.PORT),
        within(_CODE_PORT, limits.PORT),
    ],
    description="Names, images, ports, health checks and domains keep to App Runner's limits.",
    remediation=(
        f"A service's name, a VPC connector's and an ingress connection's has {names.SERVICE}; one of a connection, an "
        f"auto scaling or an observability configuration {names.CONNECTION}. The numbers of a health check are whole, "
        f"from {limits.HEALTH_CHECK_INTERVAL.minimum} to {limits.HEALTH_CHECK_INTERVAL.maximum}. A wildcard domain has "
        "enableWwwSubdomain false."
    ),
    source=source.CREATE_SERVICE,
    severity=Severity.HIGH,
)

custom_domains_limit = StackRule(
    "custom-domains-limit",
    resource_types=[CUSTOM_DOMAIN],
    checks=[_is_within_the_limit],
    description=f"A service has {limits.CUSTOM_DOMAINS_PER_SERVICE} custom domains at most.",
    remediation=(
        "Take domains off, cover names of one level by a wildcard (*.example.com), or share them out among services. "
        "Domains that were associated in another stack count as well, and are not seen here."
    ),
    source=source.CUSTOM_DOMAINS,
    severity=Severity.HIGH,
)

custom_domain_records_kept = StackRule(
    "custom-domain-records-kept",
    resource_types=[CUSTOM_DOMAIN],
    checks=[_keeps_its_records],
    description="The records that validate a custom domain's certificate are made, and stay.",
    remediation=(
        f"Make {limits.VALIDATION_RECORDS} records of certificateValidationRecords, sorted by name, and one more where "
        "www is served too, and never delete them: AWS renews the certificate only while they stand. "
        "Records at another DNS provider are not seen here: there a waiver says so."
    ),
    source=source.CUSTOM_DOMAINS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.HIGH,
)

RULES = (http_health_check, service_limits, custom_domains_limit, custom_domain_records_kept)
