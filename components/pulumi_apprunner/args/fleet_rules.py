"""The rules of a Fleet's arguments that compare services with each other and with what they share.

They read the valid fields and skip invalid ones, so that one run reports both invalid fields and broken rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.alias_generators import to_camel, to_snake

from apprunner_facts.domains import hosts_of
from apprunner_facts.limits import CUSTOM_DOMAINS_PER_SERVICE
from pulumi_apprunner.args.annotations import fields
from pulumi_apprunner.args.domain import DomainName, zone_problem
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_references import Reference, undefined_references
from pulumi_apprunner.args.fleet_sections import SECTIONS
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.unknown_arguments import intended_arguments

T = TypeVar("T")
Problem: TypeAlias = tuple[Path, str]


def _none_if_invalid(value: Any, validate: ValidatorFunctionWrapHandler) -> Any:
    try:
        return validate(value)
    except ValidationError:
        return None


Readable = Annotated[T | None, WrapValidator(_none_if_invalid)]
"""A value of type T, or None if it is invalid or an output."""


class _PartialModel(BaseModel):
    """A model with the fields that the rules read."""

    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


class _Domain(_PartialModel):
    domain_name: Readable[DomainName] = None
    enable_www_subdomain: Readable[bool] = None
    zone: Readable[str] = None


class _Monitoring(_PartialModel):
    topic: Readable[str] = None


class _Service(_PartialModel):
    service_name: Readable[str] = None
    egress: Readable[str] = None
    domains: Readable[Sequence[Readable[_Domain]]] = None
    pause: Any = None
    monitoring: Readable[_Monitoring] = None
    tags: Readable[Mapping[Any, Any]] = None


class _Zone(_PartialModel):
    id: Readable[str] = None
    name: Readable[DomainName] = None


class _Fleet(_PartialModel):
    tags: Readable[Mapping[Any, Any]] = None
    egress: Readable[Mapping[Any, Any]] = {}
    zones: Readable[Mapping[Any, Readable[_Zone]]] = {}
    topics: Readable[Mapping[Any, Any]] = {}
    services: Readable[Mapping[Any, Readable[_Service]]] = None


class _LocatedDomain(NamedTuple):
    """A domain and its position among the arguments."""

    service: str
    position: int
    domain: _Domain

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
    fleet = _Fleet.model_validate(args)
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
            *undefined_references(_references(services), sections),
            *_domains_outside_their_zone(places, fleet.zones or {}),
            *_too_many_domains(services),
            *_duplicate_domains(places),
            *_duplicate_records(places, fleet.zones or {}),
            *_empty_tags_of_schedules(services, fleet.tags or {}),
        ]
    )


def _is_misspelled(name: str, args: Any) -> bool:
    """Return whether an argument is missing because its name is probably misspelled, which is reported already."""
    names = fields(FleetArgs)
    unknown = [key for key in map(str, args) if to_snake(key) not in names]
    return any(name in intended_arguments(key, FleetArgs) for key in unknown)


def _duplicate_service_names(services: Mapping[str, _Service]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for name, service in services.items():
        if service.service_name and first.setdefault(service.service_name, name) != name:
            yield (
                ("services", name, "service_name"),
                f"must be unique in an account and region, got {service.service_name}, which "
                f"services.{first[service.service_name]} also has. Change one of them",
            )


def _references(services: Mapping[str, _Service]) -> Iterator[Reference]:
    """Yield the references of services to the sections."""
    for name, service in services.items():
        path = ("services", name)
        yield Reference((*path, "egress"), "egress", service.egress)
        topic = service.monitoring and service.monitoring.topic
        yield Reference((*path, "monitoring", "topic"), "topics", topic)
        for position, domain in enumerate(service.domains or ()):
            yield Reference((*path, "domains", position, "zone"), "zones", domain and domain.zone)


def _domains_outside_their_zone(
    places: Sequence[_LocatedDomain], zones: Mapping[Any, _Zone | None]
) -> Iterator[Problem]:
    for place in places:
        zone = zones.get(place.domain.zone)
        if not (place.domain.domain_name and zone and zone.name):
            continue
        if problem := zone_problem(place.domain.domain_name, zone.name):
            requirement, fix = problem
            yield (*place.path, "zone"), f'{requirement}, got "{zone.name}". {fix}'


def _too_many_domains(services: Mapping[str, _Service]) -> Iterator[Problem]:
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


def _duplicate_records(places: Sequence[_LocatedDomain], zones: Mapping[Any, _Zone | None]) -> Iterator[Problem]:
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


def _zone_id(name: str | None, zones: Mapping[Any, _Zone | None]) -> str | None:
    """Return a zone's id, or its name among the arguments if the id is unknown."""
    zone = zones.get(name)
    return zone.id.removeprefix("/hostedzone/") if zone and zone.id else name


def _empty_tags_of_schedules(services: Mapping[str, _Service], tags: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a message for each empty tag of a service with schedules: their group does not support it."""
    for name, service in services.items():
        part = "pause" if service.pause is not None else "monitoring"
        if service.pause is None and service.monitoring is None:
            continue
        for path, each in ((("tags",), tags), (("services", name, "tags"), service.tags or {})):
            for key, value in each.items():
                if value == "":
                    yield (
                        (*path, key),
                        f'must not be empty, got "". The {part} of service {name} creates a schedule group, which '
                        "does not support an empty tag value. Set a value, or remove the tag",
                    )
