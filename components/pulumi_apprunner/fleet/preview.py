"""The environment of a pull request: the arguments of a Fleet that follow from `preview`."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, cast

import pulumi
from pulumi import ResourceOptions

from apprunner_facts import sizes
from apprunner_facts.previews import EXPIRY_TAG, NUMBER_TAG, has_expired, preview_host
from pulumi_apprunner.args.checking import ArgsError
from pulumi_apprunner.args.container import Scaling
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_preview import PROFILE, FleetPreview, default_pause, default_scaling
from pulumi_apprunner.args.fleet_service import FleetDomain, FleetPause, FleetService
from pulumi_apprunner.args.scaling import ScalingProfileArgs
from pulumi_apprunner.args.schedule import RunningWindow
from pulumi_apprunner.fleet.passing import merge_tags


def with_preview(fleet: FleetArgs) -> FleetArgs:
    """Return a Fleet's arguments with those that follow from `preview`: domains, sizes, scaling, pauses and tags."""
    preview = fleet.preview
    if preview is None:
        return fleet
    services = {name: _service(service, fleet, preview) for name, service in fleet.services.items()}
    profiles = dict(fleet.scaling_profiles)
    if any(service.scaling_profile == PROFILE for service in services.values()):
        scaling = preview.scaling or default_scaling()
        profiles[PROFILE] = ScalingProfileArgs(**vars(scaling))
    tags = merge_tags(fleet.tags, {NUMBER_TAG: str(preview.number), EXPIRY_TAG: preview.expires})
    return dataclasses.replace(fleet, services=services, scaling_profiles=profiles, tags=tags)


def properties(fleet: FleetArgs) -> dict[str, Any]:
    """Return the component's properties, by which `apprunner previews` finds the stack of a pull request."""
    preview = fleet.preview
    return {"preview": {"number": preview.number, "expires": preview.expires}} if preview else {}


def require_deletable(name: str, opts: ResourceOptions | None) -> None:
    """Require that Pulumi can delete the resources.

    Raises:
        ArgsError: An option prevents it.
    """
    problems = {
        f"opts.{option}": "must not be set with preview. It would keep resources of the pull request. Remove it"
        for option in ("protect", "retain_on_delete")
        if getattr(opts, option, None)
    }
    if problems:
        raise ArgsError(f"Fleet '{name}'", problems)


def warn_about_expiry(component: pulumi.ComponentResource, preview: FleetPreview) -> None:
    """Warn about an environment that has expired. It is no error: a program that fails could not be run to destroy it.

    Args:
        component: The Fleet.
        preview: Its preview.
    """
    if has_expired(date.fromisoformat(preview.expires), datetime.now(UTC).date()):
        pulumi.log.warn(
            f"preview.expires: must be a day after today (UTC) to keep the environment, got {preview.expires}. "
            "`apprunner previews remove --expired` removes it. Set a later day",
            component,
        )


def describe(before: FleetArgs, after: FleetArgs) -> str:
    """Return what follows from `preview`, as a text for the plan.

    Args:
        before: The arguments of the user.
        after: The same with those that follow.
    """
    preview = before.preview
    if preview is None:
        return ""
    services: dict[str, list[str]] = defaultdict(list)
    for name, service in after.services.items():
        for text in _differences(before.services[name], service, after.scaling_profiles):
            services[text].append(name)
    domains = [
        f"{old.domain_name} is {new.domain_name}"
        for name, service in after.services.items()
        for old, new in zip(before.services[name].domains, service.domains, strict=True)
    ]
    return "\n  ".join(
        [
            f"preview: the environment of pull request {preview.number} expires on {preview.expires} (UTC)",
            *(f"{text}: {', '.join(names)}" for text, names in services.items()),
            *domains,
        ]
    )


def _service(service: FleetService, fleet: FleetArgs, preview: FleetPreview) -> FleetService:
    is_scaled = service.scaling or service.scaling_profile or service.auto_scaling_configuration_arn is not None
    profile = {} if is_scaled else _profile(preview)
    pause = (preview.pause or default_pause()) if preview.pause_at_night else None
    return dataclasses.replace(
        service,
        size=service.size or preview.size,
        pause=service.pause or pause,
        domains=[_domain(domain, fleet, preview) for domain in service.domains],
        **profile,
    )


def _profile(preview: FleetPreview) -> dict[str, Any]:
    """Return the scaling arguments of a service without its own."""
    arn = preview.auto_scaling_configuration_arn
    return {"scaling_profile": PROFILE} if arn is None else {"auto_scaling_configuration_arn": arn}


def _domain(domain: FleetDomain, fleet: FleetArgs, preview: FleetPreview) -> FleetDomain:
    zone = fleet.zones[str(domain.zone)]
    return dataclasses.replace(domain, domain_name=preview_host(domain.domain_name, zone.name, preview.number))


def _differences(
    before: FleetService, after: FleetService, profiles: Mapping[str, ScalingProfileArgs]
) -> Iterator[str]:
    """Yield a text for each argument of a service that follows from `preview`."""
    if before.size is None and after.size is not None:
        yield f"{sizes.format_cpu(int(after.size.cpu))} and {sizes.format_memory(int(after.size.memory))}"
    if before.scaling_profile is None and after.scaling_profile is not None:
        yield _instances(profiles[after.scaling_profile])
    elif before.auto_scaling_configuration_arn is None and after.auto_scaling_configuration_arn is not None:
        yield "scaling profile of preview.auto_scaling_configuration_arn"
    if before.pause is None and after.pause is not None:
        yield _hours(after.pause)


def _instances(scaling: Scaling) -> str:
    return f"{scaling.min_size} to {scaling.max_size} instances"


def _hours(pause: FleetPause) -> str:
    if pause.cron is not None:
        return f"paused by {pause.cron.pause}, resumed by {pause.cron.resume} ({pause.timezone})"
    windows = cast(Sequence[RunningWindow], pause.running or ())
    hours = " and ".join(f"{each.days} {each.start} to {each.end}" for each in windows)
    return f"paused except {hours} ({pause.timezone})"
