"""Which schedules of a program pause and resume which service, and when the service is paused."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

from apprunner_facts import tokens
from apprunner_facts.cron import Cron
from apprunner_facts.declared import ByReference, Declared, UnknownProperty
from apprunner_facts.rhythm import Rhythm, rhythm_of
from apprunner_facts.schedules import DEFAULT_TIMEZONE, PAUSE, RESUME, Action, action_of, is_enabled


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An enabled schedule that pauses or resumes a service.

    urn: the schedule's URN.
    name: its logical name.
    action: what it does.
    service: the service's URN, or its ARN where the program does not make it.
    expression: when it fires; "" where that is not set or unknown.
    timezone: the time zone of the expression ("UTC").
    unknown: what of the last two is unknown.
    """

    urn: str
    name: str
    action: Action
    service: str
    expression: str
    timezone: str
    unknown: tuple[UnknownProperty, ...] = ()


@dataclass(frozen=True)
class Pauses:
    """The switches of a program.

    switches: all of them, in the order of their URNs.
    unknown: what is unknown of schedules that may pause or resume any service.
    """

    switches: tuple[Switch, ...] = ()
    unknown: tuple[UnknownProperty, ...] = ()

    @cached_property
    def by_schedule(self) -> Mapping[str, Switch]:
        """The switches by their schedule's URN."""
        return {each.urn: each for each in self.switches}

    @cached_property
    def _by_service(self) -> Mapping[str, Sequence[Switch]]:
        found: dict[str, list[Switch]] = defaultdict(list)
        for each in self.switches:
            found[each.service].append(each)
        return found

    def of(self, service: str, action: Action | None = None) -> list[Switch]:
        """Return the switches of a service, all or those of one action, in the order of their URNs.

        service: as in Switch.service.
        """
        return [each for each in self._by_service.get(service, ()) if action in (None, each.action)]

    def unknown_of(self, service: str) -> tuple[UnknownProperty, ...]:
        """Return what is unknown of the times at which a service is paused and resumed."""
        return tuple(unknown for each in self.of(service) for unknown in each.unknown)

    def rhythm(self, service: str) -> Rhythm | None:
        """Return how a service alternates between running and paused; None where nothing pauses or resumes it.

        service: as in Switch.service.

        Raises ValueError where that does not follow from its schedules: an expression is unknown or is no cron
        expression, their time zones differ, or rhythm_of refuses them.
        """
        switches = self.of(service)
        if not switches:
            return None
        if unknown := self.unknown_of(service):
            names = {each.urn: each.name for each in switches}
            raise ValueError(" and ".join(f"{path} of {names[urn]} is unknown" for urn, path in unknown))
        if len(zones := sorted({each.timezone for each in switches})) > 1:
            raise ValueError(f"their time zones differ: {', '.join(zones)}")
        return rhythm_between(*([each.expression for each in self.of(service, kind)] for kind in (PAUSE, RESUME)))


def rhythm_between(pauses: Collection[str], resumes: Collection[str]) -> Rhythm:
    """Return the rhythm of a service that cron expressions, in text, pause and resume in one time zone.

    Raises ValueError as Cron.parse and rhythm_of do.
    """
    return _rhythm(tuple(pauses), tuple(resumes))


@lru_cache(maxsize=1_000)
def _rhythm(pauses: tuple[str, ...], resumes: tuple[str, ...]) -> Rhythm:
    return rhythm_of([Cron.parse(each) for each in pauses], [Cron.parse(each) for each in resumes])


def read_pauses(resources: Iterable[Declared]) -> Pauses:
    """Return which schedules pause and resume which service.

    resources: a program's services and schedules; others are ignored. A schedule's service is the one whose ARN is in
        its target's input, or else the only service of the program that the target is made from.
    """
    by_type: dict[str, list[Declared]] = defaultdict(list)
    for each in resources:
        by_type[each.type].append(each)
    services = ByReference(by_type[tokens.SERVICE])
    found: list[Switch] = []
    unknown: list[UnknownProperty] = []
    for schedule in sorted(by_type[tokens.SCHEDULE], key=lambda each: each.urn):  # an engine's order is its own
        read = _read(schedule, services)
        if isinstance(read, UnknownProperty):
            unknown.append(read)
        elif read is not None:
            found.append(read)
    return Pauses(tuple(found), tuple(unknown))


def _read(schedule: Declared, services: ByReference) -> Switch | UnknownProperty | None:
    action = action_of(schedule.properties.get("target.arn"))
    if action is None:
        return next(iter(schedule.unknown_properties("target.arn")), None)
    if "state" in schedule.unknown:
        return UnknownProperty(schedule.urn, "state")
    if not is_enabled(schedule.properties.get("state")):
        return None
    arn = _service_arn(schedule.properties.get("target.input"))
    service = services.named(schedule, "target", arn)
    if service is None and arn is None:
        return next(iter(schedule.unknown_properties("target.input")), None)
    return Switch(
        urn=schedule.urn,
        name=schedule.name,
        action=action,
        service=service.urn if service else str(arn),
        expression=schedule.text("scheduleExpression") or "",
        timezone=schedule.text("scheduleExpressionTimezone") or DEFAULT_TIMEZONE,
        unknown=tuple(schedule.unknown_properties("scheduleExpression", "scheduleExpressionTimezone")),
    )


def _service_arn(given: object) -> str | None:
    """Return the service's ARN in the input of a schedule's target, which is JSON."""
    try:
        content: object = json.loads(given) if isinstance(given, str) else None
    except ValueError:
        return None
    arn = cast(Mapping[str, Any], content).get("ServiceArn") if isinstance(content, Mapping) else None
    return arn if isinstance(arn, str) else None
