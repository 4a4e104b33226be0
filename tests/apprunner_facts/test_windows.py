"""Weekly windows: their pauses, resumes and hours."""

from itertools import pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from apprunner_facts.cron import Cron
from apprunner_facts.rhythm import rhythm_of
from apprunner_facts.windows import DAYS, Event, Week, Window, parse_days, parse_end, parse_time

DAY = 24 * 60
WEEK = 7 * DAY


def week(*windows: tuple[str, str, str]) -> Week:
    return Week([Window.parse(*window) for window in windows])


def crons(events: tuple[Event, ...]) -> list[str]:
    return [event.cron for event in events]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Mon", "MON"),
        ("Mon-Fri", "MON TUE WED THU FRI"),
        ("sat,SUN", "SAT SUN"),
        ("Sun, Sat", "SAT SUN"),
        ("Fri-Mon", "MON FRI SAT SUN"),
        ("Mon-Wed,Fri", "MON TUE WED FRI"),
        ("Mon - Wed , Wed", "MON TUE WED"),
        ("Daily", "MON TUE WED THU FRI SAT SUN"),
        ("Mon-Sun", "MON TUE WED THU FRI SAT SUN"),
    ],
)
def test_days_are_parsed_in_any_letter_case_and_returned_in_the_weeks_order(text: str, days: str):
    assert " ".join(parse_days(text)) == days


@pytest.mark.parametrize(
    "text", ["", "Monday", "Mon-", "Mon,", "Mon-Tue-Wed", "Mon,daily", "weekdays", "1-5", "Mon Tue"]
)
def test_other_days_are_an_error_with_the_valid_forms(text: str):
    with pytest.raises(ValueError) as caught:
        parse_days(text)
    assert str(caught.value) == (
        "must be Mon, Tue, Wed, Thu, Fri, Sat, Sun, a range (Mon-Fri, Fri-Mon), a list (Sat,Sun) or daily, "
        f'got "{text}"'
    )


def test_only_an_end_may_be_24_00():
    assert (parse_time("00:00"), parse_time("08:30"), parse_time("23:59")) == (0, 510, 1439)
    assert (parse_end("00:00"), parse_end("20:00"), parse_end("24:00")) == (0, 1200, 1440)
    with pytest.raises(ValueError, match='must be HH:MM from "00:00" to "23:59", such as "08:00", got "24:00"'):
        parse_time("24:00")


@pytest.mark.parametrize(
    "text", ["8:00", "08:60", "25:00", "24:01", "0800", "8pm", "", " 08:00", "-1:00", "\u0660\u0668:\u0660\u0660"]
)
def test_other_times_are_an_error_with_the_valid_form(text: str):
    with pytest.raises(ValueError, match='must be HH:MM from "00:00" to "23:59", such as "08:00", got "'):
        parse_time(text)
    with pytest.raises(ValueError, match='must be HH:MM from "00:00" to "24:00", such as "20:00", got "'):
        parse_end(text)


def test_equal_start_and_end_are_an_error_with_both_alternatives():
    with pytest.raises(ValueError) as caught:
        Window.parse("Mon", "08:00", "08:00")
    assert str(caught.value) == (
        'start and end must differ, got "08:00" twice. For a whole day, write "00:00" to "24:00"; '
        "for a day without the service, omit the day"
    )


def test_office_hours_are_one_resume_and_one_pause():
    office = week(("Mon-Fri", "08:00", "20:00"))
    assert office.resumes == (Event("08:00", ("MON", "TUE", "WED", "THU", "FRI")),)
    assert crons(office.resumes) == ["cron(0 8 ? * MON-FRI *)"]
    assert crons(office.pauses) == ["cron(0 20 ? * MON-FRI *)"]
    assert (office.running_hours, office.paused_hours) == (60, 108)
    assert (office.shortest_run, office.shortest_pause) == (12 * 60, 12 * 60)
    assert office.running_share == 60 / 168


def test_a_window_past_midnight_is_paused_on_the_next_day():
    night = week(("Fri-Sun", "22:00", "06:00"))
    assert crons(night.resumes) == ["cron(0 22 ? * FRI,SAT,SUN *)"]
    assert crons(night.pauses) == ["cron(0 6 ? * MON,SAT,SUN *)"]
    assert night.running_hours == 24


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_a_window_until_midnight_is_paused_at_the_next_days_beginning(end: str):
    assert crons(week(("Sat", "09:00", end)).pauses) == ["cron(0 0 ? * SUN *)"]


def test_windows_that_overlap_or_touch_are_one():
    result = week(
        ("Mon", "08:00", "12:00"), ("Mon", "12:00", "16:00"), ("Mon", "15:00", "20:00"), ("Mon", "09:00", "10:00")
    )
    assert (crons(result.resumes), crons(result.pauses)) == (["cron(0 8 ? * MON *)"], ["cron(0 20 ? * MON *)"])


def test_windows_that_touch_over_the_weeks_end_are_one():
    result = week(("Sun", "20:00", "24:00"), ("Mon", "00:00", "08:00"))
    assert (crons(result.resumes), crons(result.pauses)) == (["cron(0 20 ? * SUN *)"], ["cron(0 8 ? * MON *)"])
    assert (result.running_hours, result.shortest_run) == (12, 12 * 60)


def test_a_run_of_several_days_has_no_events_inside():
    long = week(("Mon-Thu", "00:00", "24:00"), ("Fri", "00:00", "18:00"))
    assert (crons(long.resumes), crons(long.pauses)) == (["cron(0 0 ? * MON *)"], ["cron(0 18 ? * FRI *)"])


def test_windows_with_equal_times_share_their_events():
    shop = week(("Mon-Fri", "08:00", "20:00"), ("Sat", "10:00", "20:00"))
    assert crons(shop.resumes) == ["cron(0 8 ? * MON-FRI *)", "cron(0 10 ? * SAT *)"]
    assert crons(shop.pauses) == ["cron(0 20 ? * MON-SAT *)"]


def test_the_shortest_run_and_pause_may_cross_the_end_of_the_week():
    lunch = week(("Mon-Fri", "08:00", "12:00"), ("Mon-Fri", "12:45", "18:00"))
    assert (lunch.shortest_run, lunch.shortest_pause) == (240, 45)
    weekend = week(("Mon", "01:00", "22:00"), ("Sun", "02:00", "24:00"))
    assert weekend.shortest_pause == 60


def test_no_window_and_windows_without_a_gap_are_an_error():
    with pytest.raises(ValueError, match="must have at least one window"):
        week()
    for full in [("daily", "00:00", "24:00")], [("daily", "08:00", "20:00"), ("daily", "19:00", "08:00")]:
        with pytest.raises(ValueError, match="cover the whole week, so the service is never paused"):
            week(*full)


@pytest.mark.parametrize(
    ("days", "fields"),
    [
        ("daily", "* * ?"),
        ("Mon-Fri", "? * MON-FRI"),
        ("Mon,Tue", "? * MON-TUE"),
        ("Sun-Thu", "? * SUN-THU"),
        ("Sun,Mon", "? * SUN-MON"),
        ("Sat,Sun", "? * SAT,SUN"),  # AWS does not document a range across the end of its week
        ("Tue-Sun", "? * TUE,WED,THU,FRI,SAT,SUN"),
        ("Mon,Wed,Fri", "? * MON,WED,FRI"),
        ("Sun", "? * SUN"),
    ],
)
def test_consecutive_days_in_awss_week_are_a_range(days: str, fields: str):
    assert Event("08:05", parse_days(days)).cron == f"cron(5 8 {fields} *)"


@pytest.mark.parametrize(
    ("time", "days", "minutes", "later"),
    [
        ("08:00", "Mon-Fri", 10, Event("08:10", parse_days("Mon-Fri"))),
        ("23:55", "Mon-Fri", 10, Event("00:05", parse_days("Tue-Sat"))),
        ("23:55", "Sun", 10, Event("00:05", ("MON",))),
        ("00:05", "Mon", -10, Event("23:55", ("SUN",))),
        ("08:00", "Mon", 3 * DAY, Event("08:00", ("THU",))),
        ("23:55", "daily", 10, Event("00:05", DAYS)),
    ],
)
def test_a_later_event_has_later_days(time: str, days: str, minutes: int, later: Event):
    assert Event(time, parse_days(days)).later(minutes) == later


def windows(step: int = 1) -> st.SearchStrategy[Window]:
    """Return windows whose times are multiples of `step` minutes, so that some windows touch."""

    def window(days: set[str], start: int, length: int) -> Window:
        end = (start + length) % DAY
        return Window(tuple(day for day in DAYS if day in days), start, DAY if start == end else end)

    starts = st.integers(0, DAY // step - 1).map(lambda slot: slot * step)
    lengths = st.integers(1, DAY // step - 1).map(lambda slot: slot * step)
    return st.builds(window, st.sets(st.sampled_from(DAYS), min_size=1), starts, lengths) | st.sampled_from(
        [Window((day,), 0, DAY) for day in DAYS]
    )


def minutes_open(several: list[Window]) -> list[bool]:
    """Return for each minute of the week whether a window is open. Counts each minute, without arithmetic on runs."""
    is_open = [False] * WEEK
    for window in several:
        for day in window.days:
            minute = DAYS.index(day) * DAY + window.start
            while True:
                is_open[minute % WEEK] = True
                minute += 1
                if minute % DAY == window.end % DAY:
                    break
    return is_open


def switches(events: tuple[Event, ...]) -> list[int]:
    return sorted(DAYS.index(day) * DAY + parse_time(event.time) for event in events for day in event.days)


@given(st.lists(windows() | windows(step=360), min_size=1, max_size=4))
@settings(deadline=None, max_examples=60)
def test_merged_windows_agree_with_a_count_of_minutes(several: list[Window]):
    is_open = minutes_open(several)
    if all(is_open):
        with pytest.raises(ValueError, match="whole week"):
            Week(several)
        return
    result = Week(several)
    opening = [minute for minute in range(WEEK) if is_open[minute] and not is_open[minute - 1]]
    closing = [minute for minute in range(WEEK) if is_open[minute - 1] and not is_open[minute]]
    assert switches(result.resumes) == opening
    assert switches(result.pauses) == closing
    assert result.running_hours == pytest.approx(sum(is_open) / 60)
    changes = sorted([*opening, *closing])
    intervals = [(start, end - start) for start, end in pairwise([*changes, changes[0] + WEEK])]
    assert result.shortest_run == min(length for start, length in intervals if start in opening)
    assert result.shortest_pause == min(length for start, length in intervals if start in closing)


@given(st.lists(windows() | windows(step=360), min_size=1, max_size=4))
@settings(deadline=None, max_examples=40)
def test_a_weeks_cron_expressions_have_the_rhythm_of_the_week(several: list[Window]):
    assume(not all(minutes_open(several)))
    result = Week(several)
    rhythm = rhythm_of(
        [Cron.parse(event.cron) for event in result.pauses], [Cron.parse(event.cron) for event in result.resumes]
    )
    assert rhythm.running_hours == pytest.approx(result.running_hours)
    assert (rhythm.shortest_run, rhythm.shortest_pause) == (result.shortest_run, result.shortest_pause)


@given(windows(), st.integers(-2 * WEEK, 2 * WEEK))
@settings(deadline=None)
def test_later_moves_every_occurrence_by_the_same_minutes(window: Window, minutes: int):
    event = Week([window]).resumes[0]
    assert switches((event.later(minutes),)) == sorted((minute + minutes) % WEEK for minute in switches((event,)))
