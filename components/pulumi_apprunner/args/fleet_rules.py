"""The rules of a Fleet's arguments that compare services with each other and with what they share.

They read the valid fields and skip invalid ones, so that one run reports both invalid fields and broken rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from pydantic.alias_generators import to_snake

from apprunner_facts.domains import hosts_of
from apprunner_facts.limits import CUSTOM_DOMAINS_PER_SERVICE
from pulumi_apprunner.args.annotations import fields
from pulumi_apprunner.args.domain import zone_problem
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_partial import (
    PartialDomain,
    PartialFirewall,
    PartialFleet,
    PartialScaling,
    PartialService,
    PartialZone,
)
from pulumi_apprunner.args.fleet_preview_rules import preview_problems
from pulumi_apprunner.args.fleet_references import undefined, undefined_references
from pulumi_apprunner.args.fleet_sections import SECTIONS
from pulumi_apprunner.args.fleet_service import max_size_of
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.unknown_arguments import intended_arguments

Problem: TypeAlias = tuple[Path, str]


class _LocatedDomain(NamedTuple):
    """A domain and its position among the arguments."""

    service: str
    position: int
    domain: PartialDomain

    @property
    def path(self) -> Path:
        return ("services", self.service, "domains", self.position)

    def __str__(self) -> str:
        return f"services.{self.service}.domains[{self.position}]"


def problems_of_fleet(args: Any) -> Mapping[Path, str]:
    """Return a message for each path that breaks a rule.

    Args:
        args: The arguments before validation: a mapping in snake_case or camelCase.
    """
    if not isinstance(args, Mapping):
        return {}
    fleet = PartialFleet.model_validate(args)
    services = {str(name): service for name, service in (fleet.services or {}).items() if service is not None}
    places = [
        _LocatedDomain(name, position, domain)
        for name, service in services.items()
        for position, domain in enumerate(service.domains or ())
        if domain is not None
    ]
    sections = {name: None if _is_misspelled(name, args) else getattr(fleet, name) for name in SECTIONS}
    return dict(
        [
            *_duplicate_service_names(services),
            *undefined_references(services, sections),
            *_domains_outside_their_zone(places, fleet.zones or {}),
            *_too_many_domains(services),
            *_duplicate_domains(places),
            *_duplicate_records(places, fleet.zones or {}),
            *_firewalls_for_public_services(services, fleet.firewalls or {}),
            *_capacity_alarms_without_a_maximum(services, fleet.scaling_profiles or {}),
            *_deliveries_without_a_repository(fleet.delivery or {}, services),
            *_several_account_defaults(fleet.scaling_profiles or {}),
            *_empty_tags_of_schedules(services, fleet),
            *preview_problems(fleet, services),
        ]
    )


def _is_misspelled(name: str, args: Any) -> bool:
    """Return whether an argument is missing because its name is probably misspelled, which is reported already."""
    names = fields(FleetArgs)
    unknown = [key for key in map(str, args) if to_snake(key) not in names]
    return any(name in intended_arguments(key, FleetArgs) for key in unknown)


def _duplicate_service_names(services: Mapping[str, PartialService]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, service in services.items():
        if service.service_name and first.setdefault(service.service_name, name) != name:
            yield (
                ("services", name, "service_name"),
                f"must be unique in an account and region, got {service.service_name}, which "
                f"services.{first[service.service_name]} also has. Change one of them",
            )


def _firewalls_for_public_services(
    services: Mapping[str, PartialService], firewalls: Mapping[Any, PartialFirewall | None]
) -> Iterator[Problem]:
    """Yield a message for each private service with a firewall for public ones."""
    for name, service in services.items():
        firewall = firewalls.get(service.firewall)
        if service.is_publicly_accessible is False and firewall and firewall.private is False:
            yield (
                ("services", name, "firewall"),
                f'must be a firewall with private: true for a private service, got "{service.firewall}". Rules on '
                "source addresses do not work for private services. Use another firewall",
            )


def _capacity_alarms_without_a_maximum(
    services: Mapping[str, PartialService], profiles: Mapping[Any, PartialScaling | None]
) -> Iterator[Problem]:
    """Yield a message for each alarm on active instances that is enabled without a maximum to compare with."""
    for name, service in services.items():
        alarm = service.monitoring and service.monitoring.alarms and service.monitoring.alarms.active_instances
        if service.monitoring is None or alarm is None or not alarm.enabled or alarm.threshold is not None:
            continue
        maximum = max_size_of(service, profiles)
        if maximum == 1 or (maximum is None and service.auto_scaling_configuration_arn is not None):
            yield (
                ("services", name, "monitoring", "max_size"),
                f"must be 2 or more for the alarm on active instances, got {maximum or 'none'}. Set it to the maximum "
                "of the scaling profile, or remove alarms.active_instances.enabled",
            )


def _deliveries_without_a_repository(
    deliveries: Mapping[Any, Any], services: Mapping[str, PartialService]
) -> Iterator[Problem]:
    """Yield a message for each delivery whose service is not defined or has no repository."""
    for name in deliveries:
        if name not in services:
            yield ("delivery", name), undefined("service", "services", str(name), services)
        elif services[name].repository is None:
            yield (
                ("delivery", name),
                f"requires a repository, got none for service {name}. Set services.{name}.repository to a name in "
                "repositories",
            )


def _several_account_defaults(profiles: Mapping[Any, PartialScaling | None]) -> Iterator[Problem]:
    defaults = [name for name, profile in profiles.items() if profile and profile.account_default]
    for name in defaults[1:]:
        yield (
            ("scaling_profiles", name, "account_default"),
            f"must be true for one profile of an account and region, got true also for {defaults[0]}. Remove one of "
            "them",
        )


def _domains_outside_their_zone(
    places: Sequence[_LocatedDomain], zones: Mapping[Any, PartialZone | None]
) -> Iterator[Problem]:
    for place in places:
        zone = zones.get(place.domain.zone)
        if not (place.domain.domain_name and zone and zone.name):
            continue
        if problem := zone_problem(place.domain.domain_name, zone.name):
            requirement, fix = problem
            yield (*place.path, "zone"), f'{requirement}, got "{zone.name}". {fix}'


def _too_many_domains(services: Mapping[str, PartialService]) -> Iterator[Problem]:
    for name, service in services.items():
        number = len(service.domains or ())
        if number > CUSTOM_DOMAINS_PER_SERVICE:
            yield (
                ("services", name, "domains"),
                f"must have at most {CUSTOM_DOMAINS_PER_SERVICE} domains, got {number}. App Runner accepts no more for "
                "a service, and the limit cannot be raised",
            )


def _duplicate_domains(places: Sequence[_LocatedDomain]) -> Iterator[Problem]:
    first: dict[str, _LocatedDomain] = {}
    for place in places:
        name = place.domain.domain_name
        if name and (other := first.setdefault(name, place)) != place:
            yield (
                (*place.path, "domain_name"),
                f"must be used once, got {name}, which {other} also has. Remove one of them",
            )


def _duplicate_records(places: Sequence[_LocatedDomain], zones: Mapping[Any, PartialZone | None]) -> Iterator[Problem]:
    """Yield a message for each domain that needs the same record in the same zone as an earlier domain."""
    first: dict[tuple[str, str], _LocatedDomain] = {}
    for place in places:
        name, zone = place.domain.domain_name, _zone_id(place.domain.zone, zones)
        for host in hosts_of(name, bool(place.domain.enable_www_subdomain)) if name and zone else ():
            other = first.setdefault((str(zone), host), place)
            if other.domain.domain_name != name:
                yield (
                    (*place.path, "domain_name"),
                    f"must be used once in a hosted zone, got {host}, which {other.domain.domain_name} of service "
                    f"{other.service} also has. Each would overwrite the other's record on every update. Remove one "
                    "of them, or set enable_www_subdomain to false",
                )


def _zone_id(name: str | None, zones: Mapping[Any, PartialZone | None]) -> str | None:
    """Return a zone's id, or its name among the arguments if the id is unknown."""
    zone = zones.get(name)
    return zone.id.removeprefix("/hostedzone/") if zone and zone.id else name


def _empty_tags_of_schedules(services: Mapping[str, PartialService], fleet: PartialFleet) -> Iterator[Problem]:
    """Yield a message for each empty tag of a service with schedules: their group does not support it."""
    for name, service in services.items():
        parts = [
            f"services.{name}.{part}"
            for part in ("pause", "log_retention_days", "monitoring")
            if getattr(service, part) is not None
        ]
        if fleet.preview is not None and fleet.preview.pause_at_night:
            parts.append("preview.pause_at_night")
        maps = (("tags",), fleet.tags or {}), (("services", name, "tags"), service.tags or {})
        for path, each in maps if parts else ():
            for key, value in each.items():
                if value == "":
                    yield (
                        (*path, key),
                        f'must not be empty, got "". {parts[0]} uses EventBridge Scheduler, which '
                        "rejects empty tag values. Set a value, or remove the tag",
                    )
