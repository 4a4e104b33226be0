"""EventBridge Scheduler's cron expressions, and the errors for those that AWS does not document.

Quotations are from the guide's "Schedule types in EventBridge Scheduler" (cron.SCHEDULE_TYPES).
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyawscron import AWSCron  # pyright: ignore[reportMissingTypeStubs]

from apprunner_facts.cron import Cron

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def times_of(fields: str, first: date, last: date) -> list[str]:
    """Return the times at which an expression fires, as strings."""
    return [f"{time:%a %Y-%m-%d %H:%M}" for time in Cron.parse(f"cron({fields})").times(first, last)]


def days(fields: str, first: date = YEAR[0], last: date = YEAR[1]) -> list[str]:
    return [text[:14] for text in times_of(fields, first, last)]


def error_message(text: str) -> str:
    with pytest.raises(ValueError) as caught:
        Cron.parse(text)
    return str(caught.value)


@pytest.mark.parametrize(
    ("fields", "first_ones"),
    [
        ("15 10 ? * 6L 2022-2023", ["Fri 2022-01-28 10:15", "Fri 2022-02-25 10:15"]),  # "the last Friday of each month"
        ("30 8 * * ? *", ["Fri 2021-01-01 08:30", "Sat 2021-01-02 08:30"]),  # "every day at 8:30 a.m."
        ("0 8 ? * 3#2 *", ["Tue 2021-01-12 08:00", "Tue 2021-02-09 08:00"]),  # "3#2 would be the second Tuesday"
        ("1/10 8 1 1 ? *", ["Fri 2021-01-01 08:01", "Fri 2021-01-01 08:11"]),  # "the 11th, 21st, and 31st minute"
        ("0 8 1 JAN,FEB,MAR ? *", ["Fri 2021-01-01 08:00", "Mon 2021-02-01 08:00"]),
        ("0 8 3W * ? *", ["Mon 2021-01-04 08:00", "Wed 2021-02-03 08:00"]),  # "the weekday closest to the third day"
        ("0 8 L * ? *", ["Sun 2021-01-31 08:00", "Sun 2021-02-28 08:00"]),  # "the last day of the month"
        ("0 8 ? * L *", ["Sat 2021-01-02 08:00", "Sat 2021-01-09 08:00"]),  # "or week": 7, of 1-7 or SUN-SAT
    ],
)
def test_an_example_of_aws_fires_as_documented(fields: str, first_ones: list[str]):
    assert times_of(fields, date(2021, 1, 1), date(2022, 12, 31))[:2] == first_ones


def test_numbers_of_weekdays_begin_with_sunday():
    assert days("0 8 ? * 1 *")[:1] == ["Sun 2026-01-04"]
    assert days("0 8 ? * 7 *")[:1] == ["Sat 2026-01-03"]


def test_names_in_any_letter_case_are_converted_to_capitals():
    assert str(Cron.parse("  cron(0  8 ? jan Mon-fri *) ")) == "cron(0 8 ? JAN MON-FRI *)"
    assert Cron.parse("cron(0 8 ? * mon *)") == Cron.parse("cron(0 8 ? * MON *)")


def test_times_of_a_day_are_ascending_for_any_order_of_the_lists():
    assert times_of("30,0 20,8 1 1 ? *", *YEAR) == [
        f"Thu 2026-01-01 {time}" for time in ("08:00", "08:30", "20:00", "20:30")
    ]


def test_the_first_and_the_last_day_are_included():
    assert days("0 8 * * ? *", date(2026, 2, 27), date(2026, 3, 1)) == [
        "Fri 2026-02-27",
        "Sat 2026-02-28",
        "Sun 2026-03-01",
    ]
    assert days("0 8 * * ? *", date(2026, 3, 1), date(2026, 2, 27)) == []


def test_a_year_field_limits_the_years():
    assert days("0 8 1 1 ? 2027,2029", date(2025, 1, 1), date(2030, 1, 1)) == ["Fri 2027-01-01", "Mon 2029-01-01"]


def test_a_day_that_a_month_does_not_have_is_skipped():
    assert [day[9:11] for day in days("0 8 31 * ? *")] == ["01", "03", "05", "07", "08", "10", "12"]
    assert days("0 8 29 2 ? *", date(2026, 1, 1), date(2033, 1, 1)) == ["Tue 2028-02-29", "Sun 2032-02-29"]
    assert days("0 8 31W 4 ? *") == []
    assert days("0 8 ? 2 MON#5 *") == []


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("0 8 1W 8 ? *", "Mon 2026-08-03"),  # the first is a Saturday; the nearest weekday is not in July
        ("0 8 31W 5 ? *", "Fri 2026-05-29"),  # the last is a Sunday; the nearest weekday is not in June
        ("0 8 LW 5 ? *", "Fri 2026-05-29"),
        ("0 8 LW 2 ? *", "Fri 2026-02-27"),
        ("0 8 LW 6 ? *", "Tue 2026-06-30"),
    ],
)
def test_the_nearest_weekday_stays_in_its_month(fields: str, day: str):
    assert days(fields) == [day]


@given(year=st.integers(1970, 2199), month=st.integers(1, 12), day=st.integers(1, 31))
def test_the_nearest_weekday_is_the_nearest(year: int, month: int, day: int):
    length = monthrange(year, month)[1]
    weekdays = [each for each in range(1, length + 1) if date(year, month, each).weekday() < 5]
    distances = {each: abs(each - day) for each in weekdays}
    nearest = Cron.parse(f"cron(0 8 {day}W * ? *)").days(year, month)
    if day > length:
        assert nearest == []
    else:
        assert [distances[each] for each in nearest] == [min(distances.values())]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("0 22-1 1 1 ? *", ["00:00", "01:00", "22:00", "23:00"]),
        ("0 22-4/2 1 1 ? *", ["00:00", "02:00", "04:00", "22:00"]),
        ("50-10/10 8 1 1 ? *", ["08:00", "08:10", "08:50"]),
    ],
)
def test_a_range_may_wrap_around_the_end_of_its_field(fields: str, expected: list[str]):
    assert [text[-5:] for text in times_of(fields, *YEAR)] == expected


def test_a_range_of_days_may_wrap_around_the_end_of_awss_week():
    assert [day[:3] for day in days("0 8 ? * FRI-MON *", date(2026, 1, 5), date(2026, 1, 11))] == [
        "Mon",
        "Fri",
        "Sat",
        "Sun",
    ]


def test_a_list_may_contain_steps():
    assert [text[-5:] for text in times_of("0 8-12/2,20 1 1 ? *", *YEAR)] == ["08:00", "10:00", "12:00", "20:00"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("60 8 * * ? *", 'minutes: must be 0-59 (wildcards: , - * /), got "60"'),
        ("0 8,24 * * ? *", 'hours: must be 0-23 (wildcards: , - * /), got "24"'),
        (
            "0 8 0 * ? *",
            'day-of-month: must be 1-31 (wildcards: , - * /, or one of ? L LW 15W alone), got "0"',
        ),
        ("0 8 1 JUNE ? *", 'month: must be 1-12 or JAN-DEC (wildcards: , - * /), got "JUNE"'),
        (
            "0 8 ? * 0 *",
            'day-of-week: must be 1-7 or SUN-SAT (wildcards: , - *, or one of ? L 6L 2#1 alone), got "0"',
        ),
        ("0 8 * * ? 1969", 'year: must be 1970-2199 (wildcards: , - * /), got "1969"'),
    ],
)
def test_the_error_for_a_field_has_the_value_and_the_valid_ones(fields: str, message: str):
    assert error_message(f"cron({fields})") == message


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ("*/0 8 * * ? *", "minutes"),
        ("5, 8 * * ? *", "minutes"),
        ("*,5 8 * * ? *", "minutes"),
        ("-1 8 * * ? *", "minutes"),
        ("? 8 * * ? *", "minutes"),
        ("\u00b2 8 * * ? *", "minutes"),
        ("0 8 32W * ? *", "day-of-month"),
        ("0 8 W * ? *", "day-of-month"),
        ("0 8 L,15 * ? *", "day-of-month"),
        ("0 8 1 L ? *", "month"),
        ("0 8 ? * MON#6 *", "day-of-week"),
        ("0 8 ? * 3#1,6#3 *", "day-of-week"),  # "is not valid because it is interpreted as two expressions"
        ("0 8 ? * 15W *", "day-of-week"),
        ("0 8 * * ? 2030-2026", "year"),
    ],
)
def test_the_error_for_a_field_begins_with_its_name(fields: str, field: str):
    assert error_message(f"cron({fields})").startswith(f"{field}: must be ")


def test_all_invalid_fields_are_in_one_error():
    assert [problem.split(":")[0] for problem in error_message("cron(60 24 32 13 ? 2200)").split("; ")] == [
        *("minutes", "hours", "day-of-month", "month", "year")
    ]


@pytest.mark.parametrize(
    ("fields", "ending"),
    [
        ("0 8 * * MON-FRI *", "got * and MON-FRI. Write cron(0 8 ? * MON-FRI *)"),
        ("0 8 * * * *", "got * and *. Write cron(0 8 * * ? *)"),
        ("0 8 15 * * *", "got 15 and *. Write cron(0 8 15 * ? *)"),
        ("0 8 15 * MON *", "got 15 and MON"),
        ("0 8 ? * ? *", "got ? and ?"),
    ],
)
def test_exactly_one_of_the_day_fields_must_be_a_question_mark(fields: str, ending: str):
    problem = error_message(f"cron({fields})")
    assert problem == f"day-of-month and day-of-week: exactly one of the two must be ?, {ending}"


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("0 8 ? * MON-FRI *", "Write cron(0 8 ? * MON-FRI *)"),
        ("Cron(0 8 ? * mon *)", "Write cron(0 8 ? * MON *)"),
        ("0 8 * * 1-5", "for example cron(0 8 ? * MON-FRI *)"),
        ("cron(0 8 ? * MON *", "for example cron(0 8 ? * MON-FRI *)"),
        ("", "for example cron(0 8 ? * MON-FRI *)"),
        ("cron(0 8 ? * MON-FRI)", "* as the year means every year"),
        ("cron(0 0 8 ? * MON-FRI *)", "for example cron(0 8 ? * MON-FRI *)"),
    ],
)
def test_the_error_for_another_form_has_the_valid_form(text: str, ending: str):
    assert error_message(text).endswith(ending)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("rate(12 hours)", "not at a time of day"), ("at(2026-12-24T18:00:00)", "which fires only once")],
)
def test_the_error_for_a_rate_and_a_single_time_has_the_reason(text: str, reason: str):
    problem = error_message(text)
    assert problem.startswith(f'must be a cron expression, got "{text}"')
    assert reason in problem


@given(st.text(alphabet="0123456789,-*/?LW#MONFRIJAN ()cronate", max_size=40))
def test_any_text_is_either_valid_or_an_error_of_one_line(text: str):
    for candidate in (text, f"cron({text})", f"cron(0 8 {text} *)"):
        message = ""
        try:
            cron = Cron.parse(candidate)
        except ValueError as error:
            message = str(error)
        else:
            assert Cron.parse(str(cron)) == cron
            assert list(cron.times(*YEAR)) == sorted(set(cron.times(*YEAR)))
        assert "\n" not in message


def times_in_pyawscron(fields: str, first: date, last: date) -> list[str]:
    """Return the times at which an expression fires in pyawscron, or the name of its exception."""
    try:
        times: list[datetime] = AWSCron.get_all_schedule_bw_dates(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            datetime(first.year, first.month, first.day, tzinfo=UTC),
            datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC),
            fields,
        )
    except Exception as error:
        return [type(error).__name__]
    return [f"{time:%a %Y-%m-%d %H:%M}" for time in times]


def field_strings(low: int, high: int, names: tuple[str, ...] = (), *, steps: bool = True) -> st.SearchStrategy[str]:
    """Return values of a field that both implementations support: no wrapped ranges, and no steps in lists."""
    numbers = st.integers(low, high)

    def number_strings(number: int) -> st.SearchStrategy[str]:
        return st.sampled_from([str(number), *([names[number - low]] if names else [])])

    value = numbers.flatmap(number_strings)
    ranges = (
        st.tuples(numbers, numbers)
        .map(sorted)
        .flatmap(lambda ends: st.tuples(*map(number_strings, ends)))
        .map("-".join)
    )
    lists = st.lists(value | ranges, min_size=1, max_size=3).map(",".join)
    stepped = st.tuples(value | ranges | st.just("*"), st.integers(1, 40)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    return st.just("*") | lists | stepped if steps else st.just("*") | lists


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

# Numbers up to 28: pyawscron raises where a month lacks the day.
BY_DATE = st.tuples(field_strings(1, 28) | st.just("L") | st.integers(1, 28).map(lambda day: f"{day}W"), st.just("?"))
BY_WEEKDAY = st.tuples(
    st.just("?"),
    field_strings(1, 7, WEEK, steps=False)
    | st.sampled_from([*WEEK, "1", "6"]).map(lambda day: f"{day}L")
    | st.tuples(st.sampled_from([*WEEK, "2", "7"]), st.integers(1, 4)).map(lambda pair: f"{pair[0]}#{pair[1]}"),
)


@given(
    minutes=field_strings(0, 59),
    hours=field_strings(0, 23),
    dates=BY_DATE | BY_WEEKDAY,
    month=field_strings(1, 12, MONTHS),
    year=st.sampled_from(["*", "2026", "2026-2028", "2027/2"]),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
@settings(deadline=None, max_examples=60)
def test_it_fires_at_the_same_times_as_in_pyawscron(
    minutes: str, hours: str, dates: tuple[str, str], month: str, year: str, first: date
):
    fields = f"{minutes} {hours} {dates[0]} {month} {dates[1]} {year}"
    last = first + timedelta(days=10)
    theirs = times_in_pyawscron(fields, first, last)
    assume(theirs != ["ValueError"])  # pyawscron raises for a day that the month does not have, see the next test
    assert times_of(fields, first, last) == theirs


@pytest.mark.parametrize(
    ("fields", "ours", "why"),
    [
        ("0 8 ? * L *", "Sat 2026-01-03 08:00", 'AWS: "L in the Day-of-month or Day-of-week fields specifies'
         ' the last day of the month or week". pyawscron looks for a weekday 0'),
        ("0 8 31 * ? *", "Sat 2026-01-31 08:00", "AWS: 1-31, in any month. pyawscron raises in February"),
        ("0 8 LW * ? *", "Fri 2026-01-30 08:00", "AWS: L and W are both wildcards of the field; its console accepts"
         " LW (grumBit/aws_cron_expression_validator#18). pyawscron takes only a number before W"),
        ("0 8-12/2,20 * * ? *", "Thu 2026-01-01 08:00", 'AWS: "," includes additional values, "/" is allowed as well.'
         " pyawscron reads one step a field"),
        ("0 22-2 * * ? *", "Thu 2026-01-01 00:00", "AWS does not document it; Quartz (same syntax) wraps around."
         " pyawscron finds nothing in the range"),
        ("0 8 ? * FRI-MON *", "Fri 2026-01-02 08:00", "as above"),
    ],
)  # fmt: skip
def test_it_follows_aws_where_pyawscron_differs(fields: str, ours: str, why: str):
    span = (date(2026, 1, 1), date(2026, 3, 31))
    assert times_of(fields, *span)[0] == ours
    assert times_in_pyawscron(fields, *span) != times_of(fields, *span), f"pyawscron agrees now: {why}"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("0 8 ? * MON-FRI/2 *", "AWS: the wildcards of day-of-week are , - * ? L #, without the slash"),
        ("0 8 L-3 * ? *", "AWS does not document an offset"),
        ("0 8 * * * *", 'AWS: "You can\'t use * in both the Day-of-month and Day-of-week fields"'),
        ("0 8 * * MON *", 'AWS: "If you use it in one, you must use ? in the other"'),
    ],
)
def test_undocumented_forms_that_pyawscron_accepts_are_an_error(fields: str, why: str):
    assert error_message(f"cron({fields})"), why
    assert times_in_pyawscron(fields, date(2026, 1, 1), date(2026, 1, 31))[0].endswith("08:00")
