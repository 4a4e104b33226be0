"""The stack's configuration as one model."""

import dataclasses
import difflib
import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Annotated, Any, Literal, cast

import pulumi
from pulumi.runtime import get_config_env, get_config_secret_keys_env
from pydantic import AfterValidator, ValidationInfo, field_validator

import shared
from apprunner_facts.domains import hosts_of
from apprunner_facts.limits import CUSTOM_DOMAINS_PER_SERVICE
from pulumi_apprunner import (
    ArgsError,
    DomainSettings,
    HostedZone,
    PauseSettings,
    SecretSource,
    ServiceSettings,
    VpcEgressArgs,
)
from pulumi_apprunner.args.checking import args_type, validate_config
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.values import Name, SecretName, Tags, repeated


@args_type
class Domain(DomainSettings):
    """A domain of a service."""

    zone: str | None = None
    """The name, in `zones`, of the zone that its records are written into. Default: none; they are exported."""


def _five_at_most(domains: Sequence[Domain]) -> Sequence[Domain]:
    if len(domains) > CUSTOM_DOMAINS_PER_SERVICE:
        raise invalid(f"must have at most {CUSTOM_DOMAINS_PER_SERVICE} domains", got=str(len(domains)))
    if problem := repeated("domain")([each.domain_name for each in domains]):
        raise invalid(problem)
    return domains


@args_type
class Service(ServiceSettings):
    """What AppRunnerService takes, and what goes with it."""

    egress: str | None = None
    """The name, in `egress`, of the way into the VPC. Default: none; it sends to the internet directly."""

    secrets: Mapping[SecretName, SecretSource] = field(default_factory=dict[str, SecretSource])
    """Secrets by environment variable. Default: none."""

    domains: Annotated[Sequence[Domain], AfterValidator(_five_at_most)] = ()
    """Domains under which it is reached, five at most. Default: none."""

    pause: PauseSettings | None = None
    """When it is paused. Default: never."""

    @field_validator("egress")
    @classmethod
    def _one_connector(cls, egress: str | None, info: ValidationInfo) -> str | None:
        if egress is not None and info.data.get("vpc_connector_arn") is not None:
            raise invalid("must not be set together with vpcConnectorArn", "Remove one of them")
        return egress


@args_type
class Settings:
    """The whole of a stack file under `storefront:`."""

    environment: Literal["staging", "prod"]
    """In prod services are protected unless they say otherwise."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags for everything that takes them."""

    egress: Mapping[Name, VpcEgressArgs] = field(default_factory=dict[str, VpcEgressArgs])
    """Named ways into the VPC, each with a security group of its own."""

    zones: Mapping[Name, HostedZone] = field(default_factory=dict[str, HostedZone])
    """Named hosted zones."""

    services: Mapping[Name, Service]
    """The services by name."""

    @field_validator("services")
    @classmethod
    def _name_what_there_is(cls, services: Mapping[str, Service], info: ValidationInfo) -> Mapping[str, Service]:
        problems: dict[Path, str] = {}
        taken: dict[str, str] = {}
        for name, service in services.items():
            if _missing(service.egress, "egress", info):
                problems["services", name, "egress"] = _no_such(service.egress, "egress", info)
            for index, domain in enumerate(service.domains):
                path = ("services", name, "domains", index)
                if _missing(domain.zone, "zones", info):
                    problems[*path, "zone"] = _no_such(domain.zone, "zones", info)
                if taken.setdefault(domain.domain_name, name) != name:
                    problems[*path, "domainName"] = f"belongs to service {taken[domain.domain_name]} already"
            if service.pause is not None:
                problems |= _empty_tags(("tags",), info.data.get("tags", {}), name)
                problems |= _empty_tags(("services", name, "tags"), cast(Mapping[str, Any], service.tags), name)
        problems |= _same_records(services, info)
        if problems:
            raise invalid_paths(problems)
        return services


def _missing(name: str | None, key: str, info: ValidationInfo) -> bool:
    return name is not None and key in info.data and name not in info.data[key]


def _same_records(services: Mapping[str, Service], info: ValidationInfo) -> dict[Path, str]:
    """Return a reason for each domain that needs a record which an earlier domain of the same zone needs too."""
    problems: dict[Path, str] = {}
    records: dict[tuple[str, str], tuple[str, str]] = {}
    for name, service in services.items():
        for index, domain in enumerate(service.domains):
            zone = _zone_id(domain.zone, info)
            for host in hosts_of(domain.domain_name, domain.enable_www_subdomain) if zone else ():
                owner = records.setdefault((str(zone), host), (name, domain.domain_name))
                if owner[1] != domain.domain_name:
                    problems["services", name, "domains", index, "domainName"] = (
                        f"must be used once in a hosted zone, got {host}, which {owner[1]} of service {owner[0]} also "
                        "has. Each would overwrite the other's record on every update. Remove one of them, or set "
                        "enableWwwSubdomain to false"
                    )
    return problems


def _zone_id(name: str | None, info: ValidationInfo) -> str | None:
    """Return the id of a zone of the file, None where there is no such zone."""
    zones: Mapping[str, HostedZone] = info.data.get("zones", {})
    zone = zones.get(name) if name is not None else None
    return zone and str(zone.id).removeprefix("/hostedzone/")


def _no_such(name: str | None, key: str, info: ValidationInfo) -> str:
    there = ", ".join(info.data[key])
    return f"'{name}' does not stand in {key}, where there is {there or 'none'}"


def _empty_tags(path: Path, tags: Mapping[str, Any], service: str) -> dict[Path, str]:
    """Return a reason for each tag that the schedule group of a service's `pause` cannot carry."""
    fix = (
        f"The pause of service {service} creates a schedule group, which refuses an empty tag value. "
        "Set a value, or remove the tag"
    )
    return {(*path, key): f"must not be empty, got ''. {fix}" for key, value in tags.items() if value == ""}


def load() -> Settings:
    """Return the stack's configuration, what the services share filled in.

    Raises:
        ArgsError: Every wrong and every unknown key, with the file's name and what is allowed; keys of this program
            in a misspelt namespace too.
    """
    config = pulumi.Config()
    file = f"Pulumi.{pulumi.get_stack()}.yaml"
    prefix = f"{config.name}:"
    if encrypted := sorted(key for key in get_config_secret_keys_env() if key.startswith(prefix)):
        raise pulumi.RunError(
            f"{file}: {', '.join(encrypted)} holds an encrypted value, which would end up readable in the service's "
            "settings: put the secret into Secrets Manager or SSM and name it in the service's `secrets`"
        )
    # The CLI lets unknown keys pass, and `pulumi.Config` does not tell which keys there are.
    every = get_config_env().items()
    given = {key.removeprefix(prefix): _read(value) for key, value in every if key.startswith(prefix)}
    if isinstance(given.get("services"), dict):
        services = cast(dict[str, Any], given["services"])
        given["services"] = {name: merged(shared.SERVICES.get(name, {}), said or {}) for name, said in services.items()}
    misplaced = _misplaced_keys(config.name)
    try:
        settings = validate_config(Settings, file, config.name, without_nulls(given))
    except ArgsError as error:
        raise ArgsError(file, {**error.problems, **misplaced}, "configuration") from None
    if misplaced:
        raise ArgsError(file, misplaced, "configuration")
    return settings


def _misplaced_keys(namespace: str) -> dict[str, str]:
    """Return a reason for each key of Settings in a namespace that resembles this program's: nothing would read it.

    Other namespaces are left alone: providers have keys of the same names (pulumi:tags, azure:environment).
    """
    ours = {each.name for each in dataclasses.fields(Settings)}
    problems: dict[str, str] = {}
    for path in get_config_env():
        written, _, key = path.partition(":")
        if written != namespace and key in ours and difflib.get_close_matches(written, [namespace], 1, _RESEMBLANCE):
            problems[path] = f'must be in the namespace "{namespace}", got "{written}". Write {namespace}:{key}'
    return problems


_RESEMBLANCE = 0.75
"""How alike two namespaces are, from 0 to 1, where one is taken for a misspelling of the other (difflib's ratio)."""


def without_nulls(value: Any) -> Any:
    """Return a configuration value without the keys that are null: in a stack file, null removes what is shared."""
    if isinstance(value, dict):
        items = cast(dict[str, Any], value).items()
        return {key: without_nulls(item) for key, item in items if item is not None}
    return [without_nulls(item) for item in cast(list[Any], value)] if isinstance(value, list) else value


def _read(value: Any) -> Any:
    """Return a configuration value as it stands in the file: lists and maps arrive as JSON."""
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return value


def merged(under: Any, over: Any) -> Any:
    """Return a mapping laid over another, at every depth; anything else, null too, replaces what is under it."""
    if not (isinstance(under, Mapping) and isinstance(over, Mapping)):
        return over
    below, above = cast(Mapping[str, Any], under), cast(Mapping[str, Any], over)
    return {**below, **{key: merged(below.get(key), value) for key, value in above.items()}}
