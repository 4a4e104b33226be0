"""The arguments of a service in a Fleet."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, cast

from pydantic import ValidationInfo, field_validator

from apprunner_facts import limits
from apprunner_facts.ingress import IP_ADDRESS_TYPES
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.domain import DomainSettings
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.monitoring import MonitoringSettings
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.redeployment import RedeploymentSettings
from pulumi_apprunner.args.retention import RetentionDays
from pulumi_apprunner.args.rotation import can_change
from pulumi_apprunner.args.schedule import PauseSettings
from pulumi_apprunner.args.secrets import SecretSource
from pulumi_apprunner.args.service import DEPLOYMENT_VARIABLE, ServiceSettings
from pulumi_apprunner.args.values import PolicyArn, SecretName, display_secret_name


@args_type
class FleetDomain(DomainSettings):
    """A custom domain of a service in a Fleet."""

    zone: str | None = None
    """The name, in `zones`, of the hosted zone for the records. Default: none; the fleet's outputs list the records to
    create."""

    @field_validator("zone")
    @classmethod
    def _required_for_routing(cls, zone: str | None, info: ValidationInfo) -> str | None:
        if zone is None and info.data.get("routing") is not None:
            raise invalid(
                "is required for routing, which is a property of records in Route 53",
                "Set it to a name in zones, or remove routing and set the policy in your DNS",
                missing=["zone"],
            )
        return zone


@args_type
class FleetPause(PauseSettings):
    """When a service in a Fleet is paused."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: the service's."""


@args_type
class FleetMonitoring(MonitoringSettings):
    """How a service in a Fleet is monitored. Its pause is that of the service."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] | None = None
    """The maximum of the scaling profile, for the alarm on active instances. Default: that of `scaling` or
    `scaling_profile`. A service with `auto_scaling_configuration_arn` has this alarm only if it is set."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: the service's."""

    topic: str
    """The name, in `topics`, of the topic that is notified."""


@args_type
class FleetRotation(RedeploymentSettings):
    """How a service in a Fleet is deployed again when its secrets change."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the two roles. Default: the service's."""

    topic: str | None = None
    """The name, in `topics`, of the topic that is notified of failures. Default: that of `monitoring`."""


@args_type
class FleetService(ServiceSettings):
    """A service in a Fleet, with its connector, secrets, domains, pause and monitoring."""

    egress: str | None = None
    """The name, in `egress`, of the VPC connector for outgoing traffic. Default: none; traffic goes directly to the
    internet."""

    ingress: str | None = None
    """The name, in `endpoints`, of the endpoint through which clients call the service. The service must be private:
    set `is_publicly_accessible` to false. Default: none."""

    firewall: str | None = None
    """The name, in `firewalls`, of the firewall that inspects the service's requests, instead of `web_acl_arn`.
    Default: none."""

    scaling_profile: str | None = None
    """The name, in `scaling_profiles`, of a scaling profile that several services share, instead of `scaling`. Default:
    none."""

    repository: str | None = None
    """The name, in `repositories`, of the repository of the service's image, to which its delivery pushes. Default:
    none."""

    secrets: Mapping[SecretName, SecretSource] = field(default_factory=dict[str, SecretSource])
    """Sources of secrets, by environment variable. Default: none."""

    domains: Sequence[FleetDomain] = ()
    """Custom domains, at most five. Default: none."""

    pause: FleetPause | None = None
    """When the service is paused. Default: never."""

    monitoring: FleetMonitoring | None = None
    """How the service is monitored. Default: it is not."""

    rotation: FleetRotation | None = None
    """How the service is deployed again when one of its `secrets` changes. Default: it is not; App Runner reads secrets
    only during a deployment."""

    log_retention_days: RetentionDays | None = None
    """Days for which CloudWatch keeps the service's logs: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545,
    731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653. Default: the log groups keep their retention, which is unlimited
    for new ones."""

    @field_validator("secrets")
    @classmethod
    def _not_in_the_file(cls, secrets: Mapping[str, SecretSource], info: ValidationInfo) -> Mapping[str, SecretSource]:
        return cls._not_overridden_by_the_file(secrets, info)

    @field_validator("secrets")
    @classmethod
    def _once_per_variable(
        cls, secrets: Mapping[str, SecretSource], info: ValidationInfo
    ) -> Mapping[str, SecretSource]:
        environment = info.data.get("environment")
        variables = cast(Mapping[str, Any], environment if isinstance(environment, Mapping) else {})
        setters = dict.fromkeys(variables, "environment")
        if info.data.get("redeploy_trigger") is not None:
            setters[DEPLOYMENT_VARIABLE] = "redeploy_trigger"
        problems: dict[Path, str] = {}
        for name in secrets:
            if name in setters:
                variable = name if display_secret_name(name, 0) == name else "it"
                problems["secrets", name] = (
                    f"must be set once, but secrets and {setters[name]} both set {variable}. Remove one of them"
                )
        if problems:
            raise invalid_paths(problems)
        return secrets

    @field_validator("rotation")
    @classmethod
    def _has_secrets_and_a_topic(cls, rotation: FleetRotation | None, info: ValidationInfo) -> FleetRotation | None:
        if rotation is None or not {"secrets", "monitoring"} <= info.data.keys():
            return rotation
        if not any(map(can_change, info.data["secrets"].values())):
            raise invalid(
                "must not be set without secrets that can change",
                "A secret with a version_id, or with the stage AWSPENDING, never does. Remove rotation",
                missing=["secrets"],
            )
        if rotation.topic is None and info.data["monitoring"] is None:
            raise invalid_paths(
                {("rotation", "topic"): "is required without monitoring. Set it to a name in topics"},
                missing=["monitoring"],
            )
        return rotation

    @field_validator("egress")
    @classmethod
    def _one_connector(cls, egress: str | None, info: ValidationInfo) -> str | None:
        if egress is not None and info.data.get("vpc_connector_arn") is not None:
            raise invalid("must not be set together with vpc_connector_arn", "Remove one of them")
        return egress

    @field_validator("ingress")
    @classmethod
    def _is_private(cls, ingress: str | None, info: ValidationInfo) -> str | None:
        problems: dict[Path, str] = {}
        if ingress is not None and info.data.get("is_publicly_accessible"):
            problems["is_publicly_accessible",] = (
                "must be false with ingress, got true. App Runner connects only private services with an endpoint. Set "
                "it to false, or remove ingress"
            )
        if ingress is not None and info.data.get("ip_address_type") == IP_ADDRESS_TYPES[1]:
            problems["ip_address_type",] = (
                f"must be {IP_ADDRESS_TYPES[0]} with ingress, got {IP_ADDRESS_TYPES[1]}. AWS documents private "
                "endpoints for IPv4 only. Remove it"
            )
        if problems:
            raise invalid_paths(problems)
        return ingress

    @field_validator("firewall")
    @classmethod
    def _one_firewall(cls, firewall: str | None, info: ValidationInfo) -> str | None:
        if firewall is not None and info.data.get("web_acl_arn") is not None:
            raise invalid("must not be set together with web_acl_arn", "Remove one of them")
        return firewall

    @field_validator("scaling_profile")
    @classmethod
    def _one_profile(cls, profile: str | None, info: ValidationInfo) -> str | None:
        others = [name for name in ("scaling", "auto_scaling_configuration_arn") if info.data.get(name) is not None]
        if profile is not None and others:
            raise invalid(f"must not be set together with {others[0]}", "Remove one of them")
        return profile


def max_size_of(service: Any, profiles: Mapping[Any, Any]) -> int | None:
    """Return the maximum of the scaling profile of a service with monitoring; None if it is unknown.

    Args:
        service: The service, also one with its valid arguments only.
        profiles: The scaling profiles that services share, by name.
    """
    if service.monitoring.max_size is not None or service.auto_scaling_configuration_arn is not None:
        return service.monitoring.max_size
    scaling = profiles.get(service.scaling_profile) if service.scaling_profile else service.scaling or Scaling()
    return scaling and scaling.max_size
