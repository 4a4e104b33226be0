"""The valid parts of a Fleet's arguments: what its rules read, without invalid fields and outputs."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator
from pydantic.alias_generators import to_camel

from apprunner_facts.limits import MAX_SIZE
from pulumi_apprunner.args.domain import DomainName

T = TypeVar("T")


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


class PartialDomain(_PartialModel):
    domain_name: Readable[DomainName] = None
    enable_www_subdomain: Readable[bool] = None
    zone: Readable[str] = None


class PartialAlarm(_PartialModel):
    enabled: Readable[bool] = None
    threshold: Any = None


class PartialAlarms(_PartialModel):
    active_instances: Readable[PartialAlarm] = None


class PartialMonitoring(_PartialModel):
    topic: Readable[str] = None
    max_size: Readable[int] = None
    alarms: Readable[PartialAlarms] = None


class PartialRotation(_PartialModel):
    topic: Readable[str] = None


class PartialScaling(_PartialModel):
    max_size: Readable[int] = MAX_SIZE.default
    account_default: Readable[bool] = None


class PartialImage(_PartialModel):
    managed_by: Readable[str] = None


class PartialService(_PartialModel):
    image: Readable[PartialImage] = None
    protect: Readable[bool] = None
    service_name: Readable[str] = None
    egress: Readable[str] = None
    ingress: Readable[str] = None
    firewall: Readable[str] = None
    is_publicly_accessible: Readable[bool] = True
    scaling: Readable[PartialScaling] = PartialScaling()
    scaling_profile: Readable[str] = None
    repository: Readable[str] = None
    auto_scaling_configuration_arn: Any = None
    domains: Readable[Sequence[Readable[PartialDomain]]] = None
    pause: Any = None
    monitoring: Readable[PartialMonitoring] = None
    rotation: Readable[PartialRotation] = None
    tags: Readable[Mapping[Any, Any]] = None
    log_retention_days: Any = None


class PartialFirewall(_PartialModel):
    private: Readable[bool] = False


class PartialZone(_PartialModel):
    id: Readable[str] = None
    name: Readable[DomainName] = None


class PartialPreview(_PartialModel):
    number: Readable[Annotated[int, Field(strict=True, ge=1)]] = None
    pause_at_night: Readable[bool] = True


class PartialFleet(_PartialModel):
    environment: Readable[str] = None
    protect: Readable[bool] = None
    preview: Readable[PartialPreview] = None
    tags: Readable[Mapping[Any, Any]] = None
    egress: Readable[Mapping[Any, Any]] = {}
    endpoints: Readable[Mapping[Any, Any]] = {}
    zones: Readable[Mapping[Any, Readable[PartialZone]]] = {}
    topics: Readable[Mapping[Any, Any]] = {}
    firewalls: Readable[Mapping[Any, Readable[PartialFirewall]]] = {}
    scaling_profiles: Readable[Mapping[Any, Readable[PartialScaling]]] = {}
    repositories: Readable[Mapping[Any, Any]] = {}
    delivery: Readable[Mapping[Any, Any]] = {}
    services: Readable[Mapping[Any, Readable[PartialService]]] = None
