"""The schedules of a program that pause and resume its services, and the times at which a service is paused."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from apprunner_facts import tokens
from apprunner_facts.cron import Cron
from apprunner_facts.declared import DeclaredResource, ResourceLookup, UnknownProperty
from apprunner_facts.gaps import Gaps, gaps_across_zones
from apprunner_facts.rhythm import Rhythm, SameMinuteError, rhythm_of
from apprunner_facts.schedules import DEFAULT_TIMEZONE, PAUSE, RESUME, Action, action_of, is_enabled, service_arn


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """An enabled schedule that pauses or resumes a service.

    Args:
        urn: The schedule's URN.
        name: Its logical name.
        action: Whether it pauses or resumes.
        service: The service's URN, or its ARN if the program does not create it.
        expression: Its schedule expression; "" if unset or unknown.
        timezone: The time zone of the expression (default "UTC").
        unknown: Those of its expression and time zone that are unknown.
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

    Args:
        switches: All of them, in the order of their URNs.
        unknown: The unknown properties of schedules that may pause or resume any service.
    """

    switches: tuple[Switch, ...] = ()
    unknown: tuple[UnknownProperty, ...] = ()

    @cached_property
    def by_schedule(self) -> Mapping[str, Switch]:
        """The switches by schedule URN."""
        return {each.urn: each for each in self.switches}

    @cached_property
    def _by_service(self) -> Mapping[str, Sequence[Switch]]:
        switches: dict[str, list[Switch]] = defaultdict(list)
        for each in self.switches:
            switches[each.service].append(each)
        return switches

    def of(self, service: str, action: Action | None = None) -> list[Switch]:
        """Return the switches of a service, in the order of their URNs.

        Args:
            service: See Switch.service.
            action: Only switches with this action; None means both.
        """
        return [each for each in self._by_service.get(service, ()) if action in (None, each.action)]

    def unknown_of(self, service: str) -> tuple[UnknownProperty, ...]:
        """Return the unknown properties on which a service's pauses depend."""
        return tuple(unknown for each in self.of(service) for unknown in each.unknown)

    def rhythm(self, service: str) -> Rhythm | None:
        """Return when a service runs and when it is paused; None if nothing pauses or resumes it.

        Args:
            service: See Switch.service.

        Raises:
            ValueError: An expression is unknown or not a cron expression, the time zones differ, or rhythm_of raises
                it.
        """
        switches = self.of(service)
        if not switches:
            return None
        if unknown := self.unknown_of(service):
            names = {each.urn: each.name for each in switches}
            raise ValueError(" and ".join(f"{path} of {names[urn]} is unknown" for urn, path in unknown))
        if len(zones := sorted({each.timezone for each in switches})) > 1:
            raise ValueError(f"they have different time zones: {', '.join(zones)}")
        return rhythm_between(*([each.expression for each in self.of(service, kind)] for kind in (PAUSE, RESUME)))

    def running_share(self, service: str) -> float:
        """Return the share of all time in which a service runs; 1 if its schedules do not determine it.

        Args:
            service: See Switch.service.
        """
        try:
            rhythm = self.rhythm(service)
        except ValueError:
            return 1.0
        return 1.0 if rhythm is None else rhythm.running_share

    def gaps(self, service: str) -> Gaps | None:
        """Return the shortest times between pauses and resumes of a service; None if its schedules determine none.

        Args:
            service: See Switch.service.
        """
        switches = self.of(service)
        try:
            if len({each.timezone for each in switches}) > 1 and not self.unknown_of(service):
                crons = ((Cron.parse(each.expression), each.timezone, each.action == RESUME) for each in switches)
                return gaps_across_zones(crons)
            rhythm = self.rhythm(service)
        except SameMinuteError:
            return Gaps(0, 0)
        except ValueError:  # an expression is unknown, invalid, a rate or a single date
            return None
        return None if rhythm is None else Gaps.of(rhythm)


def rhythm_between(pauses: Collection[str], resumes: Collection[str]) -> Rhythm:
    """Return the rhythm of a service that cron expressions pause and resume in one time zone.

    Raises:
        ValueError: See Cron.parse and rhythm_of.
    """
    return _rhythm(tuple(pauses), tuple(resumes))


@lru_cache(maxsize=1_000)
def _rhythm(pauses: tuple[str, ...], resumes: tuple[str, ...]) -> Rhythm:
    return rhythm_of([Cron.parse(each) for each in pauses], [Cron.parse(each) for each in resumes])


def read_pauses(resources: Iterable[DeclaredResource]) -> Pauses:
    """Return the schedules that pause and resume services.

    Args:
        resources: A program's services and schedules; others are ignored. A schedule belongs to the service whose ARN
            is in its target's input; if the input is unknown, to the only service that its target depends on.
    """
    by_type: dict[str, list[DeclaredResource]] = defaultdict(list)
    for each in resources:
        by_type[each.type].append(each)
    services = ResourceLookup(by_type[tokens.SERVICE])
    switches: list[Switch] = []
    unknown: list[UnknownProperty] = []
    # The order of resources differs between engines.
    for schedule in sorted(by_type[tokens.SCHEDULE], key=lambda each: each.urn):
        read = _read(schedule, services)
        if isinstance(read, UnknownProperty):
            unknown.append(read)
        elif read is not None:
            switches.append(read)
    return Pauses(tuple(switches), tuple(unknown))


def _read(schedule: DeclaredResource, services: ResourceLookup) -> Switch | UnknownProperty | None:
    action = action_of(schedule.properties.get("target.arn"))
    if action is None:
        return next(iter(schedule.unknown_properties("target.arn")), None)
    if "state" in schedule.unknown:
        return UnknownProperty(schedule.urn, "state")
    if not is_enabled(schedule.properties.get("state")):
        return None
    arn = service_arn(schedule.properties.get("target.input"))
    if arn is None and "target.input" not in schedule.unknown:
        return None
    service = services.find(schedule, "target", arn)
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
