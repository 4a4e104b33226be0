"""What a cron expression of EventBridge Scheduler means, and what is said of one that AWS does not document.

The words of AWS quoted here stand in the guide's "Schedule types in EventBridge Scheduler" (cron.SCHEDULE_TYPES).
"""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pyawscron import AWSCron  # pyright: ignore[reportMissingTypeStubs]

from apprunner_facts.cron import Cron

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def fires(fields: str, first: date, last: date) -> list[str]:
    """When an expression fires, as text."""
    return [f"{time:%a %Y-%m-%d %H:%M}" for time in Cron.parse(f"cron({fields})").times(first, last)]


def days(fields: str, first: date = YEAR[0], last: date = YEAR[1]) -> list[str]:
    return [text[:14] for text in fires(fields, first, last)]


def refusal(text: str) -> str:
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
def test_an_example_of_aws_fires_when_aws_says(fields: str, first_ones: list[str]):
    assert fires(fields, date(2021, 1, 1), date(2022, 12, 31))[:2] == first_ones


def test_numbers_of_weekdays_begin_with_sunday():
    assert days("0 8 ? * 1 *")[:1] == ["Sun 2026-01-04"]
    assert days("0 8 ? * 7 *")[:1] == ["Sat 2026-01-03"]


def test_names_are_taken_in_any_letter_case_and_sent_in_capitals():
    assert str(Cron.parse("  cron(0  8 ? jan Mon-fri *) ")) == "cron(0 8 ? JAN MON-FRI *)"
    assert Cron.parse("cron(0 8 ? * mon *)") == Cron.parse("cron(0 8 ? * MON *)")


def test_times_of_a_day_come_in_order_whatever_the_order_of_the_lists():
    assert fires("30,0 20,8 1 1 ? *", *YEAR) == [
        f"Thu 2026-01-01 {time}" for time in ("08:00", "08:30", "20:00", "20:30")
    ]


def test_both_ends_of_the_time_asked_for_belong_to_it():
    assert days("0 8 * * ? *", date(2026, 2, 27), date(2026, 3, 1)) == [
        "Fri 2026-02-27",
        "Sat 2026-02-28",
        "Sun 2026-03-01",
    ]
    assert days("0 8 * * ? *", date(2026, 3, 1), date(2026, 2, 27)) == []


def test_a_year_field_limits_the_years():
    assert days("0 8 1 1 ? 2027,2029", date(2025, 1, 1), date(2030, 1, 1)) == ["Fri 2027-01-01", "Mon 2029-01-01"]


def test_a_day_that_a_month_does_not_have_is_left_out_of_that_month():
    assert [day[9:11] for day in days("0 8 31 * ? *")] == ["01", "03", "05", "07", "08", "10", "12"]
    assert days("0 8 29 2 ? *", date(2026, 1, 1), date(2033, 1, 1)) == ["Tue 2028-02-29", "Sun 2032-02-29"]
    assert days("0 8 31W 4 ? *") == []
    assert days("0 8 ? 2 MON#5 *") == []


@pytest.mark.parametrize(
    ("fields", "day"),
    [
        ("0 8 1W 8 ? *", "Mon 2026-08-03"),  # the first is a Saturday: not back into July
        ("0 8 31W 5 ? *", "Fri 2026-05-29"),  # the last is a Sunday: not on into June
        ("0 8 LW 5 ? *", "Fri 2026-05-29"),
        ("0 8 LW 2 ? *", "Fri 2026-02-27"),
        ("0 8 LW 6 ? *", "Tue 2026-06-30"),
    ],
)
def test_the_nearest_weekday_stays_in_its_month(fields: str, day: str):
    assert days(fields) == [day]


@given(year=st.integers(1970, 2199), month=st.integers(1, 12), day=st.integers(1, 31))
def test_no_other_weekday_of_the_month_is_nearer_than_the_nearest(year: int, month: int, day: int):
    length = monthrange(year, month)[1]
    weekdays = [each for each in range(1, length + 1) if date(year, month, each).weekday() < 5]
    distances = {each: abs(each - day) for each in weekdays}
    found = Cron.parse(f"cron(0 8 {day}W * ? *)").days(year, month)
    if day > length:
        assert found == []
    else:
        assert [distances[each] for each in found] == [min(distances.values())]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ("0 22-1 1 1 ? *", ["00:00", "01:00", "22:00", "23:00"]),
        ("0 22-4/2 1 1 ? *", ["00:00", "02:00", "04:00", "22:00"]),
        ("50-10/10 8 1 1 ? *", ["08:00", "08:10", "08:50"]),
    ],
)
def test_a_range_may_run_past_the_end_of_its_field(fields: str, expected: list[str]):
    assert [text[-5:] for text in fires(fields, *YEAR)] == expected


def test_a_range_of_days_may_run_past_the_end_of_awss_week():
    assert [day[:3] for day in days("0 8 ? * FRI-MON *", date(2026, 1, 5), date(2026, 1, 11))] == [
        "Mon",
        "Fri",
        "Sat",
        "Sun",
    ]


def test_steps_may_stand_in_a_list():
    assert [text[-5:] for text in fires("0 8-12/2,20 1 1 ? *", *YEAR)] == ["08:00", "10:00", "12:00", "20:00"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ("60 8 * * ? *", 'minutes: "60" is not possible: allowed are 0-59 and the wildcards , - * /'),
        ("0 8,24 * * ? *", 'hours: "24" is not possible: allowed are 0-23 and the wildcards , - * /'),
        (
            "0 8 0 * ? *",
            'day-of-month: "0" is not possible: '
            "allowed are 1-31 and the wildcards , - * / or, alone, one of ? L LW 15W",
        ),
        ("0 8 1 JUNE ? *", 'month: "JUNE" is not possible: allowed are 1-12 or JAN-DEC and the wildcards , - * /'),
        (
            "0 8 ? * 0 *",
            'day-of-week: "0" is not possible: '
            "allowed are 1-7 or SUN-SAT and the wildcards , - * or, alone, one of ? L 6L 2#1",
        ),
        ("0 8 * * ? 1969", 'year: "1969" is not possible: allowed are 1970-2199 and the wildcards , - * /'),
    ],
)
def test_a_wrong_field_is_named_with_what_was_got_and_what_is_allowed(fields: str, message: str):
    assert refusal(f"cron({fields})") == message


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
def test_what_no_field_can_hold_is_refused_under_the_fields_name(fields: str, field: str):
    assert refusal(f"cron({fields})").startswith(f'{field}: "')


def test_all_wrong_fields_are_told_at_once():
    assert [problem.split(":")[0] for problem in refusal("cron(60 24 32 13 ? 2200)").split("; ")] == [
        *("minutes", "hours", "day-of-month", "month", "year")
    ]


@pytest.mark.parametrize(
    ("fields", "ending"),
    [
        ("0 8 * * MON-FRI *", "got * and MON-FRI; write cron(0 8 ? * MON-FRI *)"),
        ("0 8 * * * *", "got * and *; write cron(0 8 * * ? *)"),
        ("0 8 15 * * *", "got 15 and *; write cron(0 8 15 * ? *)"),
        ("0 8 15 * MON *", "got 15 and MON"),
        ("0 8 ? * ? *", "got ? and ?"),
    ],
)
def test_exactly_one_of_the_day_fields_has_to_be_a_question_mark(fields: str, ending: str):
    problem = refusal(f"cron({fields})")
    assert problem == f"day-of-month and day-of-week: exactly one of the two must be ?, {ending}"


@pytest.mark.parametrize(
    ("text", "ending"),
    [
        ("0 8 ? * MON-FRI *", "write cron(0 8 ? * MON-FRI *)"),
        ("Cron(0 8 ? * mon *)", "write cron(0 8 ? * MON *)"),
        ("0 8 * * 1-5", "for example cron(0 8 ? * MON-FRI *)"),
        ("cron(0 8 ? * MON *", "for example cron(0 8 ? * MON-FRI *)"),
        ("", "for example cron(0 8 ? * MON-FRI *)"),
        ("cron(0 8 ? * MON-FRI)", "the year as * for every year"),
        ("cron(0 0 8 ? * MON-FRI *)", "for example cron(0 8 ? * MON-FRI *)"),
    ],
)
def test_another_form_is_refused_with_the_form_to_write(text: str, ending: str):
    assert refusal(text).endswith(ending)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("rate(12 hours)", "not by the clock"), ("at(2026-12-24T18:00:00)", "it fires only once")],
)
def test_a_rate_and_a_single_time_are_told_why_they_cannot_be_a_pause_schedule(text: str, reason: str):
    problem = refusal(text)
    assert problem.startswith(f"{text} cannot be a pause schedule: ")
    assert reason in problem


@given(st.text(alphabet="0123456789,-*/?LW#MONFRIJAN ()cronate", max_size=40))
def test_whatever_is_written_either_fires_or_is_refused_in_a_sentence(text: str):
    for written in (text, f"cron({text})", f"cron(0 8 {text} *)"):
        refused = ""
        try:
            cron = Cron.parse(written)
        except ValueError as error:
            refused = str(error)
        else:
            assert Cron.parse(str(cron)) == cron
            assert list(cron.times(*YEAR)) == sorted(set(cron.times(*YEAR)))
        assert "\n" not in refused


def oracle(fields: str, first: date, last: date) -> list[str]:
    """When pyawscron says that an expression fires, or the name of what it raises."""
    try:
        times: list[datetime] = AWSCron.get_all_schedule_bw_dates(  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
            datetime(first.year, first.month, first.day, tzinfo=UTC),
            datetime(last.year, last.month, last.day, 23, 59, tzinfo=UTC),
            fields,
        )
    except Exception as error:
        return [type(error).__name__]
    return [f"{time:%a %Y-%m-%d %H:%M}" for time in times]


def spelled(low: int, high: int, names: tuple[str, ...] = (), *, steps: bool = True) -> st.SearchStrategy[str]:
    """A field as both sides read it: no range past the end, no step in a list."""
    numbers = st.integers(low, high)

    def spell(number: int) -> st.SearchStrategy[str]:
        return st.sampled_from([str(number), *([names[number - low]] if names else [])])

    value = numbers.flatmap(spell)
    ranges = st.tuples(numbers, numbers).map(sorted).flatmap(lambda ends: st.tuples(*map(spell, ends))).map("-".join)
    lists = st.lists(value | ranges, min_size=1, max_size=3).map(",".join)
    stepped = st.tuples(value | ranges | st.just("*"), st.integers(1, 40)).map(lambda pair: f"{pair[0]}/{pair[1]}")
    return st.just("*") | lists | stepped if steps else st.just("*") | lists


MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
WEEK = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")

# Numbers up to 28: pyawscron raises where a month lacks the day.
BY_DATE = st.tuples(spelled(1, 28) | st.just("L") | st.integers(1, 28).map(lambda day: f"{day}W"), st.just("?"))
BY_WEEKDAY = st.tuples(
    st.just("?"),
    spelled(1, 7, WEEK, steps=False)
    | st.sampled_from([*WEEK, "1", "6"]).map(lambda day: f"{day}L")
    | st.tuples(st.sampled_from([*WEEK, "2", "7"]), st.integers(1, 4)).map(lambda pair: f"{pair[0]}#{pair[1]}"),
)


@given(
    minutes=spelled(0, 59),
    hours=spelled(0, 23),
    dates=BY_DATE | BY_WEEKDAY,
    month=spelled(1, 12, MONTHS),
    year=st.sampled_from(["*", "2026", "2026-2028", "2027/2"]),
    first=st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
@settings(deadline=None, max_examples=60)
def test_it_fires_when_pyawscron_says(
    minutes: str, hours: str, dates: tuple[str, str], month: str, year: str, first: date
):
    fields = f"{minutes} {hours} {dates[0]} {month} {dates[1]} {year}"
    last = first + timedelta(days=10)
    theirs = oracle(fields, first, last)
    assume(theirs != ["ValueError"])  # a * or a step has come to a day that the month lacks: see below
    assert fires(fields, first, last) == theirs


@pytest.mark.parametrize(
    ("fields", "ours", "why"),
    [
        ("0 8 ? * L *", "Sat 2026-01-03 08:00", 'AWS: "L in the Day-of-month or Day-of-week fields specifies'
         ' the last day of the month or week". pyawscron looks for a weekday 0'),
        ("0 8 31 * ? *", "Sat 2026-01-31 08:00", "AWS: 1-31, in any month. pyawscron raises in February"),
        ("0 8 LW * ? *", "Fri 2026-01-30 08:00", "AWS: L and W are both wildcards of the field; its console was seen to"
         " take LW (grumBit/aws_cron_expression_validator#18). pyawscron takes only a number before W"),
        ("0 8-12/2,20 * * ? *", "Thu 2026-01-01 08:00", 'AWS: "," includes additional values, "/" is allowed as well.'
         " pyawscron reads one step a field"),
        ("0 22-2 * * ? *", "Thu 2026-01-01 00:00", "AWS does not say; Quartz, whose syntax it follows, goes round."
         " pyawscron finds nothing in the range"),
        ("0 8 ? * FRI-MON *", "Fri 2026-01-02 08:00", "as above"),
    ],
)  # fmt: skip
def test_where_pyawscron_differs_aws_is_followed(fields: str, ours: str, why: str):
    span = (date(2026, 1, 1), date(2026, 3, 31))
    assert fires(fields, *span)[0] == ours
    assert oracle(fields, *span) != fires(fields, *span), f"pyawscron agrees now: {why}"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ("0 8 ? * MON-FRI/2 *", "AWS: the wildcards of day-of-week are , - * ? L #, without the slash"),
        ("0 8 L-3 * ? *", "AWS does not document an offset"),
        ("0 8 * * * *", 'AWS: "You can\'t use * in both the Day-of-month and Day-of-week fields"'),
        ("0 8 * * MON *", 'AWS: "If you use it in one, you must use ? in the other"'),
    ],
)
def test_what_pyawscron_takes_and_aws_does_not_document_is_refused(fields: str, why: str):
    assert refusal(f"cron({fields})"), why
    assert oracle(fields, date(2026, 1, 1), date(2026, 1, 31))[0].endswith("08:00")
