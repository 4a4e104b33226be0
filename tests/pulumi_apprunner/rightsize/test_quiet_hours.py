"""The hours of the week in which a service must run."""

from datetime import datetime, timedelta

import pytest

from pulumi_apprunner.rightsize.quiet_hours import find_running_hours
from usage_shapes import END, Shape, daily, steady, usage


def running(requests: Shape, days: float = 14) -> list[tuple[str, str, str]]:
    windows = [each.as_window() for each in find_running_hours(usage(requests, days=days), "UTC")]
    return [(each["days"], each["start"], each["end"]) for each in windows]


def at(*times: str, weekdays: range = range(7)) -> Shape:
    """Return a shape with one request at each of some times of day."""
    return lambda moment: moment.weekday() in weekdays and f"{moment:%H:%M}" in times


@pytest.mark.parametrize(
    ("times", "window"),
    [
        (("07:00", "18:59"), ("daily", "06:00", "20:00")),
        (("00:01", "18:00"), ("daily", "23:00", "20:00")),
        (("08:00", "23:30"), ("daily", "07:00", "01:00")),
        (("00:01",), ("daily", "23:00", "02:00")),
    ],
)
def test_the_hour_before_and_after_a_request_may_be_on_another_day(
    times: tuple[str, ...], window: tuple[str, str, str]
) -> None:
    assert running(at(*times)) == [window]


def test_a_request_after_midnight_on_monday_starts_the_service_on_sunday() -> None:
    assert running(at("00:01", "17:00", weekdays=range(1))) == [("Sun", "23:00", "19:00")]


def test_a_run_of_a_day_or_more_is_split_at_midnight() -> None:
    def long_monday(moment: datetime) -> bool:
        return moment.weekday() == 0 and moment.hour in (0, 23)

    assert running(long_monday) == [
        ("Mon", "00:00", "24:00"),
        ("Tue", "00:00", "01:00"),
        ("Sun", "23:00", "24:00"),
    ]


def test_a_run_of_exactly_a_day_is_two_windows() -> None:
    assert running(at("00:01", "21:00", weekdays=range(1))) == [("Mon", "00:00", "23:00"), ("Sun", "23:00", "24:00")]


@pytest.mark.parametrize("requests", [steady, at("01:00", "21:00"), at("00:30", "22:30")])
def test_a_pause_of_less_than_three_hours_is_none(requests: Shape) -> None:
    assert running(requests) == []


def test_a_pause_of_three_hours_is_found_across_midnight() -> None:
    assert running(at("02:00", "20:00")) == [("daily", "01:00", "22:00")]


def test_data_of_less_than_two_weeks_do_not_suffice() -> None:
    assert running(daily, days=12) == []


def test_days_without_data_do_not_count_as_days_without_requests() -> None:
    """The window is of two weeks, but the service was created three days before its end."""
    new = usage(steady, created=END - timedelta(days=3))
    assert new.days == 14
    assert find_running_hours(new, "UTC") == ()
