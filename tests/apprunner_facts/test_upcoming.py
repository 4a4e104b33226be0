"""The next time at which a schedule fires."""

from datetime import UTC, datetime

import pytest

from apprunner_facts.cron import Cron
from apprunner_facts.pauses import Pauses, Switch
from apprunner_facts.schedules import PAUSE, RESUME, Action
from apprunner_facts.upcoming import Upcoming, next_switch, next_time

BERLIN = "Europe/Berlin"


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc]


def switch(name: str, action: Action, expression: str, timezone: str = BERLIN, service: str = "api") -> Switch:
    return Switch(urn=name, name=name, action=action, service=service, expression=expression, timezone=timezone)


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("cron(0 20 * * ? *)", utc(2026, 11, 27, 12), "2026-11-27T20:00:00+01:00"),
        ("cron(0 20 * * ? *)", utc(2026, 11, 27, 19), "2026-11-28T20:00:00+01:00"),  # the instant itself is over
        ("cron(0 20 * * ? *)", utc(2026, 7, 1, 12), "2026-07-01T20:00:00+02:00"),
        ("cron(0 1 * * ? *)", utc(2026, 11, 27, 23, 30), "2026-11-28T01:00:00+01:00"),  # the next day in Berlin
        ("cron(30 2 29 3 ? *)", utc(2026, 3, 1), "2027-03-29T02:30:00+02:00"),  # the clock skips it in 2026
        ("cron(0 8 ? * MON *)", utc(2026, 11, 27), "2026-11-30T08:00:00+01:00"),
        ("cron(0 8 1 1 ? *)", utc(2026, 11, 27), "2027-01-01T08:00:00+01:00"),
        ("cron(0 8 1 1 ? 2020)", utc(2026, 11, 27), None),
    ],
)
def test_the_next_time_has_the_daylight_saving_of_its_zone(
    expression: str, after: datetime, expected: str | None
) -> None:
    found = next_time(Cron.parse(expression), BERLIN, after)
    assert (found and found.isoformat()) == expected


def test_the_earliest_switch_is_the_next_one_across_time_zones() -> None:
    pauses = Pauses(
        (
            switch("late", PAUSE, "cron(0 20 * * ? *)"),
            switch("early", PAUSE, "cron(0 20 * * ? *)", "Asia/Tokyo"),
            switch("other", PAUSE, "cron(0 1 * * ? *)", "UTC", "web"),
            switch("morning", RESUME, "cron(0 1 * * ? *)", "UTC"),
        )
    )
    after = utc(2026, 11, 27)
    pause, both = next_switch(pauses, "api", PAUSE, after), next_switch(pauses, "api", None, after)
    assert pause == Upcoming(PAUSE, utc(2026, 11, 27, 11), "Asia/Tokyo")
    assert both == Upcoming(RESUME, utc(2026, 11, 27, 1), "UTC")


def test_a_service_without_schedules_has_no_next_switch() -> None:
    assert next_switch(Pauses(), "api", None, utc(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        (switch("night", PAUSE, "rate(1 hour)"), "night: must be a cron expression"),
        (
            switch("night", PAUSE, "cron(0 20 * * ? *)", "Mars/Olympus"),
            "night: the time zone Mars/Olympus does not exist",
        ),
    ],
)
def test_an_expression_without_a_time_is_an_error(bad: Switch, message: str) -> None:
    with pytest.raises(ValueError) as caught:
        next_switch(Pauses((bad,)), "api", None, utc(2026, 1, 1))
    assert str(caught.value).startswith(message)
