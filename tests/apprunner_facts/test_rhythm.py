"""The hours in which a service runs that cron expressions pause and resume."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apprunner_facts.cron import Cron
from apprunner_facts.rhythm import Rhythm, rhythm_of


def rhythm(pauses: str | list[str], resumes: str | list[str]) -> Rhythm:
    def parse(fields: str | list[str]) -> list[Cron]:
        return [Cron.parse(f"cron({each})") for each in ([fields] if isinstance(fields, str) else fields)]

    return rhythm_of(parse(pauses), parse(resumes))


def error_message(pauses: str | list[str], resumes: str | list[str]) -> str:
    with pytest.raises(ValueError) as caught:
        rhythm(pauses, resumes)
    return str(caught.value)


def test_office_hours_are_60_a_week():
    office = rhythm("0 20 ? * MON-FRI *", "0 8 ? * MON-FRI *")
    assert (office.running_hours, office.paused_hours) == (60, 108)
    assert office.running_share == 60 / 168
    assert (office.shortest_run, office.shortest_pause) == (12 * 60, 12 * 60)


def test_a_schedule_by_the_calendar_is_averaged_over_months_of_every_length():
    month_end = rhythm("0 0 2 * ? *", "0 0 1 * ? *")
    assert month_end.running_hours == pytest.approx(12 * 24 / 365.25 * 7)
    assert month_end.shortest_pause == 27 * 24 * 60
    leap_day = rhythm("0 0 1 3 ? *", "0 0 29 2 ? *")
    assert leap_day.running_hours == pytest.approx(24 / (4 * 365.25) * 7)


def test_a_second_pause_and_a_second_resume_have_no_effect():
    again = rhythm(["0 20 ? * MON-FRI *", "0/5 21-23 * * ? *"], ["0/10 8-18 ? * MON-FRI *"])
    assert again == rhythm("0 20 ? * MON-FRI *", "0 8 ? * MON-FRI *")


def test_a_pause_at_the_weekend_alone_leaves_the_nights_running():
    assert rhythm("0 20 ? * FRI *", "0 8 ? * MON *").running_hours == 168 - 60


def test_the_first_run_may_begin_before_the_cycle():
    assert rhythm("0 8 * * ? *", "0 20 * * ? *").running_hours == 84


def test_several_pauses_and_resumes_are_combined():
    both = rhythm(["0 20 ? * MON-FRI *", "0 14 ? * SAT *"], ["0 8 ? * MON-FRI *", "0 10 ? * SAT *"])
    assert both.running_hours == 64
    assert both.shortest_run == 4 * 60


def test_only_years_that_have_both_a_pause_and_a_resume_are_counted():
    # 261 and 261 weekdays in the two years; after them nothing pauses the service any more
    assert rhythm("0 20 ? * MON-FRI 2026-2027", "0 8 ? * MON-FRI *").running_hours == pytest.approx(522 * 12 / 730 * 7)
    assert error_message("0 20 * * ? 2026", "0 8 * * ? 2027") == (
        "no year has both a pause (cron(0 20 * * ? 2026)) and a resume (cron(0 8 * * ? 2027)). "
        "Write * as the year, for every year"
    )


def test_a_service_that_nothing_resumes_is_an_error():
    never = "nothing would resume the service"
    assert error_message("0 20 * * ? *", []) == f"{never}. Add at least one expression that does"
    assert error_message("0 20 * * ? *", "0 8 30 2 ? *") == f"{never}: cron(0 8 30 2 ? *) matches no day"


def test_a_service_that_nothing_pauses_is_an_error():
    never = "nothing would pause the service"
    assert error_message([], "0 8 * * ? *") == f"{never}. Add at least one expression that does"
    assert error_message(["0 20 30 2 ? *", "0 20 31 4 ? *"], "0 8 * * ? *") == (
        f"{never}: cron(0 20 30 2 ? *) or cron(0 20 31 4 ? *) matches no day"
    )


def test_a_pause_and_a_resume_in_the_same_minute_are_an_error():
    assert error_message("0 20 * * ? *", "0 */4 ? * MON *") == (
        "cron(0 20 * * ? *) and cron(0 */4 ? * MON *) pause and resume in the same minute, 20:00. "
        "AWS does not document which one comes last. Move one of them"
    )


def test_the_same_time_on_different_days_is_not_a_collision():
    assert rhythm("0 8 ? * SAT *", "0 8 ? * MON *").running_hours == 5 * 24


HOURS = st.sampled_from(["0", "6-22/8", "20", "*/9", "5,13"])
DATES = st.sampled_from(
    ["* * ?", "? * MON-FRI", "L * ?", "15W * ?", "? * 2#1", "? 1-11/3 FRIL", "29 2 ?", "? * SAT,SUN"]
)


@given(st.tuples(HOURS, DATES), st.tuples(HOURS, DATES), st.sampled_from(["2026", "2028", "2027-2028"]))
@settings(deadline=None, max_examples=40)
def test_the_hours_are_those_of_a_simulation_by_events(pause: tuple[str, str], resume: tuple[str, str], years: str):
    pausing = Cron.parse(f"cron(30 {pause[0]} {pause[1]} {years})")
    resuming = Cron.parse(f"cron(0 {resume[0]} {resume[1]} {years})")
    first, last = date(pausing.years[0], 1, 1), date(pausing.years[-1], 12, 31)
    events = [(time, False) for time in pausing.times(first, last)] + [
        (time, True) for time in resuming.times(first, last)
    ]
    if {runs for _, runs in events} != {False, True}:
        with pytest.raises(ValueError, match="nothing would"):
            rhythm_of([pausing], [resuming])
        return
    events.sort()
    hours = ((last - first).days + 1) * 24.0
    runs, since, running = events[-1][1], 0.0, 0.0
    for time, now in events:
        at = (time.date() - first).days * 24 + time.hour + time.minute / 60
        running += at - since if runs else 0
        since, runs = at, now
    running += hours - since if runs else 0
    assert rhythm_of([pausing], [resuming]).running_share == pytest.approx(running / hours)
