"""The rules of the environment of a pull request: it has nothing that others use or that outlives it."""

from collections.abc import Iterator, Mapping
from typing import Any

import pulumi
from pydantic import TypeAdapter, ValidationError

from apprunner_facts.environments import is_production
from apprunner_facts.previews import preview_host, stack_name
from pulumi_apprunner.args.domain import DomainName
from pulumi_apprunner.args.fleet_partial import PartialDomain, PartialFleet, PartialService
from pulumi_apprunner.args.fleet_preview import PROFILE
from pulumi_apprunner.args.paths import Path

_SHARED = {
    "repositories": "It would be deleted with the pull request. Create it in another stack, and remove it here",
    "delivery": "Its roles and GitHub's identity provider are shared. Create them in another stack, and remove it here",
}
"""The sections that a preview must not have, and what to do."""


def preview_problems(fleet: PartialFleet, services: Mapping[str, PartialService]) -> Iterator[tuple[Path, str]]:
    """Yield a message for each argument that contradicts `preview`.

    Args:
        fleet: The valid arguments.
        services: The valid services among them.
    """
    if fleet.preview is None:
        return
    number, stack = fleet.preview.number, pulumi.get_stack()
    if number is not None and stack != stack_name(number):
        yield (
            ("preview", "number"),
            f"must be the number in the stack's name, got {number} in the stack {stack}. Use the stack "
            f"{stack_name(number)}, or remove preview: the environment of a pull request has a stack of its own",
        )
    if fleet.environment and is_production(fleet.environment):
        yield (
            ("environment",),
            f"must not mean production with preview, got {fleet.environment}. Use another name, such as preview",
        )
    yield from _shared(fleet)
    if fleet.protect:
        yield ("protect",), "must be false with preview, got true. Pulumi could not delete the services. Remove it"
    for name, service in services.items():
        for path, message in (*_of_service(service), *_of_domains(fleet, service, number)):
            yield ("services", name, *path), message


def _shared(fleet: PartialFleet) -> Iterator[tuple[Path, str]]:
    for section, fix in _SHARED.items():
        if getattr(fleet, section):
            yield (section,), f"must not be set with preview. {fix}"
    for name, profile in (fleet.scaling_profiles or {}).items():
        if name == PROFILE:
            yield (
                ("scaling_profiles", name),
                f'must not have the name "{PROFILE}", which is that of the profile of preview.scaling. Change the name',
            )
        if profile and profile.account_default:
            yield (
                ("scaling_profiles", name, "account_default"),
                "must be false with preview, got true. It would apply to services of other stacks. Remove it",
            )


def _of_service(service: PartialService) -> Iterator[tuple[Path, str]]:
    if service.protect:
        yield ("protect",), "must be false with preview, got true. Pulumi could not delete the service. Remove it"
    if service.service_name is not None:
        yield (
            ("service_name",),
            f"must not be set with preview, got {service.service_name}. Other environments would need the same name. "
            "Remove it: the default contains the number of the pull request",
        )
    if service.image is not None and service.image.managed_by == "ci":
        yield (
            ("image", "managed_by"),
            'must be "pulumi" with preview, got "ci". `pulumi up` would not deploy later images of the pull request. '
            "Remove it",
        )


def _of_domains(fleet: PartialFleet, service: PartialService, number: int | None) -> Iterator[tuple[Path, str]]:
    for position, domain in enumerate(service.domains or ()):
        if domain is not None:
            for path, message in _of_domain(fleet, domain, number):
                yield ("domains", position, *path), message


def _of_domain(fleet: PartialFleet, domain: PartialDomain, number: int | None) -> Iterator[tuple[Path, str]]:
    name, zone = domain.domain_name, (fleet.zones or {}).get(domain.zone)
    if domain.zone is None:
        yield (
            ("zone",),
            "is required with preview. Nobody creates the records of each pull request. Set it to a name in zones, or "
            "remove the domain",
        )
    if name and name.startswith("*."):
        yield (
            ("domain_name",),
            f"must not be a wildcard with preview, got {name}. App Runner supports the wildcard of a zone only. Remove "
            "the domain",
        )
    elif name and zone and zone.name and number is not None and name.endswith(zone.name):
        host = preview_host(name, zone.name, number)
        if not _is_domain(host):
            yield (
                ("domain_name",),
                f"must leave room for -{stack_name(number)} in its first label, got {name}: {host} is no valid domain. "
                "Use a shorter name",
            )


def _is_domain(host: Any) -> bool:
    try:
        _DOMAIN.validate_python(host)
    except ValidationError:
        return False
    return True


_DOMAIN = TypeAdapter[str](DomainName)
