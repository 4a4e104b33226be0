"""A service of a Fleet: its component, and those that belong to it."""

import dataclasses
from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from pulumi import Output, ResourceOptions

from apprunner_facts.environments import is_production
from pulumi_apprunner.args.alarms import Alarm
from pulumi_apprunner.args.delivery import DeliverySettings
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_service import (
    FleetDomain,
    FleetMonitoring,
    FleetPause,
    FleetRotation,
    FleetService,
    max_size_of,
)
from pulumi_apprunner.args.monitoring import MonitoringSettings
from pulumi_apprunner.args.redeployment import RedeploymentSettings
from pulumi_apprunner.args.schedule import PauseSettings
from pulumi_apprunner.args.service import ServiceSettings
from pulumi_apprunner.delivery import GitHubDelivery
from pulumi_apprunner.domain import CustomDomain
from pulumi_apprunner.fleet.names import name_of_domain
from pulumi_apprunner.fleet.passing import merge_tags, select_fields
from pulumi_apprunner.fleet.sections import Shared
from pulumi_apprunner.ingress import PrivateIngress
from pulumi_apprunner.monitoring import ServiceMonitoring
from pulumi_apprunner.retention import LogRetention
from pulumi_apprunner.rotation import RedeployOnRotation
from pulumi_apprunner.schedule import PauseSchedule
from pulumi_apprunner.secrets import SecretsBinding
from pulumi_apprunner.service import AppRunnerService


class FleetServiceOutputs(TypedDict):
    """The outputs of one service in a Fleet."""

    arn: Output[str]
    """The service's ARN."""
    url: Output[str | None]
    """The service's address, https://..., as in AppRunnerService.url."""
    logs: Output[str]
    """The log group of the application."""
    privateUrl: NotRequired[Output[str]]
    """The address for clients of the service's endpoint, https://... Only with `ingress`."""
    deployRoleArn: NotRequired[Output[str]]
    """The role with which jobs push images and deploy. Only with `delivery`."""
    stackRoleArn: NotRequired[Output[str]]
    """The role with which jobs run `pulumi up`. Only with `delivery` that has `stack`."""
    records: NotRequired[Mapping[str, Output[list[dict[str, str]]]]]
    """The records to create for each domain without a zone, as in CustomDomain.records. Omitted without them."""
    hoursSavedPerWeek: NotRequired[float]
    """Average hours per week in which the service is paused. Only with `pause`."""


def create_service(
    name: str, service: FleetService, fleet: FleetArgs, shared: Shared, tags: Any, opts: ResourceOptions
) -> FleetServiceOutputs:
    """Create a service's components and return its outputs."""
    bindings = [SecretsBinding(f"{name}-secrets", {"secrets": service.secrets}, opts)] if service.secrets else []
    args = _service(service, fleet, shared, tags) | {"secrets": [each.bound for each in bindings]}
    component = AppRunnerService(name, args, opts)
    outputs: FleetServiceOutputs = {
        "arn": component.arn,
        "url": component.url,
        "logs": component.application_log_group,
    }
    common: Any = {"service_arn": component.arn, "tags": tags}
    if service.ingress is not None:
        args = _ingress(service.ingress, fleet, shared) | common
        outputs["privateUrl"] = PrivateIngress(f"{name}-ingress", args, opts).domain_name.apply("https://{}".format)
    domains = [(each, _create_domain(each, fleet, component.arn, opts)) for each in service.domains]
    if records := {each.domain_name: domain.records for each, domain in domains if each.zone is None}:
        outputs["records"] = records
    if service.pause is not None:
        args = _pause(service, service.pause) | common
        outputs["hoursSavedPerWeek"] = PauseSchedule(f"{name}-hours", args, opts).hours_saved_per_week
    if service.rotation is not None:
        args = _rotation(service, service.rotation, shared) | common
        RedeployOnRotation(f"{name}-rotation", args, opts)
    if (delivery := fleet.delivery.get(name)) and service.repository is not None:
        args = common | {
            "repository_arn": shared.repositories[service.repository],
            "tags": merge_tags(tags, delivery.tags),
        }
        roles = GitHubDelivery(f"{name}-delivery", select_fields(delivery, DeliverySettings, **args), opts)
        outputs["deployRoleArn"] = roles.deploy_role_arn
        if roles.stack_role_arn is not None:
            outputs["stackRoleArn"] = roles.stack_role_arn
    if service.log_retention_days is not None:
        args = common | {"days": service.log_retention_days, "permissions_boundary": service.permissions_boundary}
        LogRetention(f"{name}-retention", args, opts)
    if service.monitoring is not None:
        args = _monitoring(service, service.monitoring, fleet, shared) | common
        ServiceMonitoring(f"{name}-monitoring", args, opts)
    return outputs


def _service(service: FleetService, fleet: FleetArgs, shared: Shared, tags: Any) -> Any:
    """Return the arguments of a service, except for its secrets."""
    return select_fields(
        service,
        ServiceSettings,
        vpc_connector_arn=shared.connectors[service.egress] if service.egress else service.vpc_connector_arn,
        web_acl_arn=shared.firewalls[service.firewall] if service.firewall else service.web_acl_arn,
        auto_scaling_configuration_arn=(
            shared.profiles[service.scaling_profile]
            if service.scaling_profile
            else service.auto_scaling_configuration_arn
        ),
        protect=_protect(service, fleet),
        tags=tags,
    )


def _protect(service: FleetService, fleet: FleetArgs) -> bool | None:
    """Return the option `protect` of a service. None inherits the Fleet's option."""
    if service.protect is not None:
        return service.protect
    return fleet.protect if fleet.protect is not None else is_production(fleet.environment) or None


def _ingress(endpoint: str, fleet: FleetArgs, shared: Shared) -> Any:
    """Return the arguments of a service's ingress."""
    return {"vpc_id": fleet.endpoints[endpoint].vpc_id, "vpc_endpoint_id": shared.endpoints[endpoint]}


def _create_domain(
    domain: FleetDomain, fleet: FleetArgs, service_arn: Output[str], opts: ResourceOptions
) -> CustomDomain:
    zone = fleet.zones[domain.zone] if domain.zone else None
    return CustomDomain(name_of_domain(domain), select_fields(domain, zone=zone, service_arn=service_arn), opts)


def _pause(service: FleetService, pause: FleetPause) -> Any:
    """Return the arguments of a service's pause."""
    return select_fields(pause, permissions_boundary=_boundary(service, pause.permissions_boundary))


def _monitoring(service: FleetService, monitoring: FleetMonitoring, fleet: FleetArgs, shared: Shared) -> Any:
    """Return the arguments of a service's monitoring, with those that follow from the service."""
    max_size = max_size_of(service, fleet.scaling_profiles)
    alarms = monitoring.alarms
    own = alarms.active_instances
    if max_size is None and own.enabled is None and own.threshold is None:
        alarms = dataclasses.replace(alarms, active_instances=Alarm(enabled=False))
    return select_fields(
        monitoring,
        MonitoringSettings,
        profile=monitoring.profile or ("production" if is_production(fleet.environment) else "staging"),
        topic_arn=shared.topics[monitoring.topic],
        max_size=max_size,
        alarms=alarms,
        permissions_boundary=_boundary(service, monitoring.permissions_boundary),
        pause=service.pause and select_fields(service.pause, PauseSettings),
    )


def _rotation(service: FleetService, rotation: FleetRotation, shared: Shared) -> Any:
    """Return the arguments of a service's deployments after the rotation of its secrets."""
    topic = rotation.topic or (service.monitoring and service.monitoring.topic) or ""
    boundary = _boundary(service, rotation.permissions_boundary)
    return select_fields(
        rotation,
        RedeploymentSettings,
        secrets=service.secrets,
        topic_arn=shared.topics[topic],
        permissions_boundary=boundary,
    )


def _boundary(service: FleetService, own: Any) -> Any:
    """Return the permissions boundary of a component's roles: its own, or that of the service."""
    return service.permissions_boundary if own is None else own
