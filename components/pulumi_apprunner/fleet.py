"""The services of one environment and what they share."""

import dataclasses
from collections.abc import Iterator, Mapping, Set
from typing import Any, NotRequired, Self, TypedDict

import pulumi
from pulumi import Output, ResourceOptions

from apprunner_facts.environments import is_production
from pulumi_apprunner import advice, sdk
from pulumi_apprunner.args.alarms import Alarm
from pulumi_apprunner.args.checking import ArgsError, is_output, validate
from pulumi_apprunner.args.dicts import FleetArgsDict
from pulumi_apprunner.args.fleet import FleetArgs, FleetDomain, FleetMonitoring, FleetService, FleetTopic, max_size_of
from pulumi_apprunner.args.fleet_rules import problems_of_fleet
from pulumi_apprunner.args.monitoring import MonitoringSettings
from pulumi_apprunner.args.schedule import PauseSettings
from pulumi_apprunner.args.service import ServiceSettings
from pulumi_apprunner.args.topic import TopicSettings
from pulumi_apprunner.domain import CustomDomain
from pulumi_apprunner.egress import VpcEgress
from pulumi_apprunner.fleet_config import read_fleet
from pulumi_apprunner.monitoring import ServiceMonitoring
from pulumi_apprunner.schedule import PauseSchedule
from pulumi_apprunner.secrets import SecretsBinding
from pulumi_apprunner.service import AppRunnerService
from pulumi_apprunner.topic import NotificationTopic


class FleetServiceOutputs(TypedDict):
    """The outputs of one service in a Fleet."""

    arn: Output[str]
    """The service's ARN."""
    url: Output[str | None]
    """The service's address, https://..., as in AppRunnerService.url."""
    logs: Output[str]
    """The log group of the application."""
    records: NotRequired[Mapping[str, Output[list[dict[str, str]]]]]
    """The records to create for each domain without a zone, as in CustomDomain.records. Omitted without them."""
    hoursSavedPerWeek: NotRequired[float]
    """Average hours per week in which the service is paused. Only with `pause`."""


class Fleet(pulumi.ComponentResource):
    """The services of one environment, with their VPC connectors, secrets, domains, pauses and monitoring.

    ```python
    fleet = Fleet(
        "storefront",
        FleetArgs(
            environment="staging",
            services={
                "api": FleetService(
                    image=Image(identifier="123456789012.dkr.ecr.eu-west-1.amazonaws.com/storefront/api:4.18.2"),
                    secrets={"FEATURE_FLAGS": SecretSource(parameter_name="/storefront/staging/feature-flags")},
                ),
            },
        ),
    )
    pulumi.export("services", fleet.services)
    ```

    `Fleet.from_config` reads the same arguments from the stack's configuration.

    The names of its components come from the arguments and do not contain the Fleet's name. The service `api` creates
    the components `api`, `api-secrets`, `api-hours` and `api-monitoring`. A connector has its key in `egress` as its
    name, a topic its key in `topics`, a domain its host. So names of services, connectors and topics must be unique in
    a program with several Fleets.

    Args:
        name: The component's name.
        args: The services and what they share: FleetArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments are invalid (the error lists all), or another Fleet of the program has the same names.
    """

    services: Mapping[str, FleetServiceOutputs]
    """The outputs of each service, by its name."""

    def __init__(self, name: str, args: FleetArgs | FleetArgsDict, opts: ResourceOptions | None = None) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of Fleet, or names that another Fleet has.
        """
        args = validate(FleetArgs, "Fleet", name, args, problems_of_fleet)
        _claim_names(name, args)
        super().__init__("apprunner:index:Fleet", name, {}, opts)
        advice.warn_about_options(self, opts)
        tags = _merge_tags(args.tags, {"environment": args.environment, "project": pulumi.get_project()})
        connectors = {
            key: VpcEgress(
                key, _fields(egress, tags=_merge_tags(tags, egress.tags)), ResourceOptions(parent=self)
            ).vpc_connector_arn
            for key, egress in args.egress.items()
        }
        topics = {key: self._topic(key, topic, tags) for key, topic in args.topics.items()}
        self.services = {
            key: self._service(key, service, args, _merge_tags(tags, service.tags), connectors, topics)
            for key, service in args.services.items()
        }
        self.register_outputs({"services": self.services})

    @classmethod
    def from_config(
        cls, name: str, defaults: Mapping[str, Any] | None = None, opts: ResourceOptions | None = None
    ) -> Self:
        """Return a Fleet with the arguments in the stack's configuration.

        ```python
        pulumi.export("services", Fleet.from_config("storefront").services)
        ```

        The keys of the configuration are the arguments of FleetArgs in the project's namespace, in camelCase:
        `storefront:services`. Every key in that namespace must be one of them. In a stack file, `null` removes a
        default.

        Args:
            name: The component's name.
            defaults: Defaults for arguments, a mapping in snake_case or camelCase. The configuration overrides them at
                every depth. A service in it is created only if the configuration has its name too. Default: none.
            opts: As for the class.

        Raises:
            ArgsError: The configuration has invalid values, unknown keys, keys in a misspelled namespace or encrypted
                values. The error lists all, with the stack file's name and paths.
        """
        return cls(name, read_fleet(defaults or {}), opts)

    def _service(
        self,
        name: str,
        service: FleetService,
        fleet: FleetArgs,
        tags: Any,
        connectors: Mapping[str, Output[str]],
        topics: Mapping[str, pulumi.Input[str]],
    ) -> FleetServiceOutputs:
        child = ResourceOptions(parent=self)
        secrets = (
            [SecretsBinding(f"{name}-secrets", {"secrets": service.secrets}, child).bound] if service.secrets else []
        )
        component = AppRunnerService(
            name,
            _fields(
                service,
                _SERVICE_FIELDS,
                secrets=secrets,
                vpc_connector_arn=connectors[service.egress] if service.egress else service.vpc_connector_arn,
                protect=_protect(service, fleet),
                tags=tags,
            ),
            child,
        )
        outputs: FleetServiceOutputs = {
            "arn": component.arn,
            "url": component.url,
            "logs": component.application_log_group,
        }
        domains = [(each, self._domain(each, fleet, component.arn)) for each in service.domains]
        if records := {each.domain_name: domain.records for each, domain in domains if each.zone is None}:
            outputs["records"] = records
        if service.pause is not None:
            boundary = service.pause.permissions_boundary
            pause = _fields(
                service.pause,
                service_arn=component.arn,
                permissions_boundary=service.permissions_boundary if boundary is None else boundary,
                tags=tags,
            )
            outputs["hoursSavedPerWeek"] = PauseSchedule(f"{name}-hours", pause, child).hours_saved_per_week
        if service.monitoring is not None:
            monitoring = _monitoring(service, service.monitoring, fleet.environment)
            monitoring |= {"service_arn": component.arn, "topic_arn": topics[service.monitoring.topic], "tags": tags}
            ServiceMonitoring(f"{name}-monitoring", monitoring, child)
        return outputs

    def _topic(self, name: str, topic: FleetTopic, tags: Any) -> pulumi.Input[str]:
        """Return the ARN of an existing topic, or of one that is created."""
        if topic.arn is not None:
            return topic.arn
        args = _fields(topic, _TOPIC_FIELDS, tags=tags)
        return NotificationTopic(name, args, ResourceOptions(parent=self)).arn

    def _domain(self, domain: FleetDomain, fleet: FleetArgs, service_arn: Output[str]) -> CustomDomain:
        zone = fleet.zones[domain.zone] if domain.zone else None
        args = _fields(domain, zone=zone, service_arn=service_arn)
        return CustomDomain(_name_of_domain(domain), args, ResourceOptions(parent=self))


def _monitoring(service: FleetService, monitoring: FleetMonitoring, environment: str) -> Any:
    """Return the arguments of a service's monitoring, with those that follow from the service."""
    max_size, alarms = (
        max_size_of(monitoring, service.scaling, service.auto_scaling_configuration_arn),
        monitoring.alarms,
    )
    own = alarms.active_instances
    if max_size is None and own.enabled is None and own.threshold is None:
        alarms = dataclasses.replace(alarms, active_instances=Alarm(enabled=False))
    boundary = monitoring.permissions_boundary
    return _fields(
        monitoring,
        _MONITORING_FIELDS,
        profile=monitoring.profile or ("production" if is_production(environment) else "staging"),
        max_size=max_size,
        alarms=alarms,
        permissions_boundary=service.permissions_boundary if boundary is None else boundary,
        pause=service.pause and _fields(service.pause, _PAUSE_FIELDS),
    )


def _name_of_domain(domain: FleetDomain) -> str:
    """Return a domain's logical name. The underscore distinguishes a wildcard from every host."""
    return domain.domain_name.replace("*", "_wildcard")


def _protect(service: FleetService, fleet: FleetArgs) -> bool | None:
    """Return the option `protect` of a service. None inherits the Fleet's option."""
    if service.protect is not None:
        return service.protect
    return fleet.protect if fleet.protect is not None else is_production(fleet.environment) or None


def _claim_names(fleet: str, args: FleetArgs) -> None:
    """Claim the logical names of a Fleet's components.

    Raises:
        ArgsError: Another Fleet of the program has components of these names.
    """
    if sdk.runs_under_user_mocks():  # several tests may register the same Fleet with one monitor
        return
    owners = sdk.once_per_run(_owners_of_names)
    names = dict(_names_of_components(args))
    problems = {
        path: f"must be unique in the program, got \"{name}\", which Fleet '{owners[kind, name]}' also has. "
        "Change one of them"
        for (kind, name), path in names.items()
        if (kind, name) in owners
    }
    if problems:
        raise ArgsError(f"Fleet '{fleet}'", problems)
    owners.update(dict.fromkeys(names, fleet))


def _owners_of_names() -> dict[tuple[str, str], str]:
    return {}


def _names_of_components(args: FleetArgs) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the kind and the logical name of the components that must be unique, each with the path of its argument."""
    for name in args.egress:
        yield ("egress", name), f"egress.{name}"
    for name, topic in args.topics.items():
        if topic.arn is None:
            yield ("topic", name), f"topics.{name}"
    for name, service in args.services.items():
        yield ("service", name), f"services.{name}"
        for index, domain in enumerate(service.domains):
            yield ("domain", _name_of_domain(domain)), f"services.{name}.domains[{index}].domain_name"


def _merge_tags(*tags: Any) -> Any:
    """Return merged tags, where later ones override earlier ones; an output if one of the mappings is an output."""
    if any(map(is_output, tags)):
        return Output.all(*tags).apply(lambda known: _merge_tags(*(each or {} for each in known)))
    return {key: value for each in tags for key, value in each.items()}


def _fields(args: Any, only: Set[str] | None = None, **others: Any) -> Any:
    """Return fields of arguments, and other values, as the arguments of another component."""
    names = [each.name for each in dataclasses.fields(args)]
    return {name: getattr(args, name) for name in names if only is None or name in only} | others


_MONITORING_FIELDS = {each.name for each in dataclasses.fields(MonitoringSettings)}
_PAUSE_FIELDS = {each.name for each in dataclasses.fields(PauseSettings)}
_TOPIC_FIELDS = {each.name for each in dataclasses.fields(TopicSettings)}
_SERVICE_FIELDS = {each.name for each in dataclasses.fields(ServiceSettings)}
