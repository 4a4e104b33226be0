"""The services of a stack and what they stand on, composed of the components."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pulumi

from pulumi_apprunner import AppRunnerService, CustomDomain, PauseSchedule, SecretsBinding, ServiceSettings, VpcEgress
from settings import Domain, Service, Settings


def build(settings: Settings) -> dict[str, Any]:
    """Make everything that the settings say; return where each service is reached, and what it saves."""
    tags = _merged(settings.tags, {"environment": settings.environment, "project": pulumi.get_project()})
    connectors = {
        name: VpcEgress(name, {**_fields(args), "tags": _merged(tags, args.tags)}).vpc_connector_arn
        for name, args in settings.egress.items()
    }
    return {
        name: _build(name, service, settings, _merged(tags, service.tags), connectors)
        for name, service in settings.services.items()
    }


def _build(
    name: str,
    said: Service,
    settings: Settings,
    tags: Mapping[str, Any],
    connectors: Mapping[str, pulumi.Output[str]],
) -> dict[str, Any]:
    secrets = [SecretsBinding(f"{name}-secrets", {"secrets": said.secrets}).bound] if said.secrets else []
    service = AppRunnerService(
        name,
        {
            **{key: value for key, value in _fields(said).items() if key in _SERVICE},
            "secrets": secrets,
            "vpc_connector_arn": connectors[said.egress] if said.egress else said.vpc_connector_arn,
            "protect": settings.environment == "prod" if said.protect is None else said.protect,
            "tags": tags,
        },
    )
    made: dict[str, Any] = {"arn": service.arn, "url": service.url, "logs": service.application_log_group}
    domains = [_domain(domain, settings, service) for domain in said.domains]
    if by_hand := {domain.domain_name: domain.records for domain, zone in domains if zone is None}:
        made["records"] = by_hand
    if said.pause is not None:
        schedule = PauseSchedule(f"{name}-hours", {**_fields(said.pause), "service_arn": service.arn, "tags": tags})
        made["hoursSavedPerWeek"] = schedule.hours_saved_per_week
    return made


def _domain(said: Domain, settings: Settings, service: AppRunnerService) -> tuple[CustomDomain, str | None]:
    zone = settings.zones[said.zone] if said.zone else None
    name = said.domain_name.replace("*", "wildcard")
    return CustomDomain(name, {**_fields(said), "zone": zone, "service_arn": service.arn}), said.zone


def _merged(*tags: Any) -> dict[str, Any]:
    """Return tags laid over each other; in a stack file none of them is pending."""
    return {key: value for each in tags for key, value in each.items()}


def _fields(said: Any) -> dict[str, Any]:
    return {each.name: getattr(said, each.name) for each in dataclasses.fields(said)}


_SERVICE = {each.name for each in dataclasses.fields(ServiceSettings)}
