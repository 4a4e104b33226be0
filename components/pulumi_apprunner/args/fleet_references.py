"""The references of a Fleet's services to the sections of its arguments."""

import difflib
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_apprunner.args.fleet_partial import PartialService
from pulumi_apprunner.args.fleet_sections import SECTIONS
from pulumi_apprunner.args.paths import Path

_OF_A_SERVICE = {
    "egress": "egress",
    "ingress": "endpoints",
    "firewall": "firewalls",
    "scaling_profile": "scaling_profiles",
    "repository": "repositories",
}
"""The sections to which arguments of a service refer."""


def undefined_references(
    services: Mapping[str, PartialService], sections: Mapping[str, Mapping[Any, Any] | None]
) -> Iterator[tuple[Path, str]]:
    """Yield a message for each reference to a name that its section does not define.

    Args:
        services: The services by name.
        sections: The items of each section by name; None for one that is invalid, which is reported already.
    """
    for service, each in services.items():
        for path, section, name in _references(each):
            items = sections[section]
            if name is not None and items is not None and name not in items:
                yield ("services", service, *path), undefined(SECTIONS[section], section, name, items)


def _references(service: PartialService) -> Iterator[tuple[Path, str, str | None]]:
    """Yield the path, the section and the name of each reference; None as name if the argument is not set."""
    for argument, section in _OF_A_SERVICE.items():
        yield (argument,), section, getattr(service, argument)
    yield ("monitoring", "topic"), "topics", service.monitoring and service.monitoring.topic
    yield ("rotation", "topic"), "topics", service.rotation and service.rotation.topic
    for position, domain in enumerate(service.domains or ()):
        yield ("domains", position, "zone"), "zones", domain and domain.zone


def undefined(kind: str, section: str, name: str, items: Mapping[Any, Any]) -> str:
    """Return the message about a name that its section does not define."""
    defined = sorted(map(str, items))
    close = difflib.get_close_matches(name, defined, 1)
    hint = f' Did you mean "{close[0]}"?' if close else ""
    plural = section.replace("_", " ")
    return f'{kind} "{name}" is not defined. Defined {plural}: {", ".join(defined) or "none"}.{hint}'
