"""The arguments of a service in a Fleet."""

from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, cast

from pydantic import ValidationInfo, field_validator

from apprunner_facts import limits
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.domain import DomainSettings
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.monitoring import MonitoringSettings
from pulumi_apprunner.args.paths import Path
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


@args_type
class FleetPause(PauseSettings):
    """When a service in a Fleet is paused."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: the service's."""


@args_type
class FleetMonitoring(MonitoringSettings):
    """How a service in a Fleet is monitored. Its pause is that of the service."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] | None = None
    """The maximum of the scaling profile, for the alarm on active instances. Default: that of `scaling`. A service with
    `auto_scaling_configuration_arn` has this alarm only if it is set."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: the service's."""

    topic: str
    """The name, in `topics`, of the topic that is notified."""


def max_size_of(monitoring: FleetMonitoring, scaling: Scaling | None, shared_scaling_arn: Any) -> int | None:
    """Return the maximum of a service's scaling profile; None if the profile is a shared one."""
    if monitoring.max_size is not None or shared_scaling_arn is not None:
        return monitoring.max_size
    return (scaling or Scaling()).max_size


@args_type
class FleetService(ServiceSettings):
    """A service in a Fleet, with its connector, secrets, domains, pause and monitoring."""

    egress: str | None = None
    """The name, in `egress`, of the VPC connector for outgoing traffic. Default: none; traffic goes directly to the
    internet."""

    secrets: Mapping[SecretName, SecretSource] = field(default_factory=dict[str, SecretSource])
    """Sources of secrets, by environment variable. Default: none."""

    domains: Sequence[FleetDomain] = ()
    """Custom domains, at most five. Default: none."""

    pause: FleetPause | None = None
    """When the service is paused. Default: never."""

    monitoring: FleetMonitoring | None = None
    """How the service is monitored. Default: it is not."""

    @field_validator("monitoring")
    @classmethod
    def _has_a_maximum(cls, monitoring: FleetMonitoring | None, info: ValidationInfo) -> FleetMonitoring | None:
        if monitoring is None or not {"scaling", "auto_scaling_configuration_arn"} <= info.data.keys():
            return monitoring
        alarm = monitoring.alarms.active_instances
        maximum = max_size_of(monitoring, info.data["scaling"], info.data["auto_scaling_configuration_arn"])
        if alarm.enabled and alarm.threshold is None and maximum in (None, 1):
            raise invalid_paths(
                {
                    ("monitoring", "max_size"): "must be 2 or more for the alarm on active instances, got "
                    f"{maximum or 'none'}. Set it to the maximum of the scaling profile, or remove "
                    "alarms.active_instances.enabled"
                }
            )
        return monitoring

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

    @field_validator("egress")
    @classmethod
    def _one_connector(cls, egress: str | None, info: ValidationInfo) -> str | None:
        if egress is not None and info.data.get("vpc_connector_arn") is not None:
            raise invalid("must not be set together with vpc_connector_arn", "Remove one of them")
        return egress
