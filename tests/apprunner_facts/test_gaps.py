"""The shortest times between pauses and resumes in several time zones."""

import pytest

from apprunner_facts.cron import Cron
from apprunner_facts.gaps import Gaps, gaps_across_zones


def gaps(*switches: tuple[str, str, bool]) -> Gaps | None:
    return gaps_across_zones((Cron.parse(text), zone, resumes) for text, zone, resumes in switches)


def test_gaps_are_those_of_a_day_between_two_zones() -> None:
    pause = ("cron(0 20 * * ? *)", "America/New_York", False)
    resume = ("cron(0 9 * * ? *)", "Europe/Berlin", True)

    # Berlin is 6 hours ahead, 5 between the two dates on which daylight saving begins.
    assert gaps(pause, resume) == Gaps(pause=7 * 60, run=16 * 60)


def test_the_same_instant_is_a_gap_of_zero() -> None:
    pause = ("cron(0 20 * * ? *)", "Europe/Berlin", False)
    resume = ("cron(0 19 * * ? *)", "Europe/London", True)

    assert gaps(pause, resume) == Gaps(0, 0)


def test_without_a_pause_there_are_no_gaps() -> None:
    assert gaps(("cron(0 9 * * ? *)", "Europe/Berlin", True)) is None
    assert gaps() is None


@pytest.mark.parametrize("zone", ["Nowhere/Town", "", "Europe", "../etc/passwd", "Europe/Berlin\0"])
def test_an_unknown_zone_is_an_error(zone: str) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        gaps(("cron(0 9 * * ? *)", zone, True))


def test_expressions_that_begin_later_are_examined_in_their_first_year() -> None:
    pause = ("cron(0 20 * * ? 2040)", "Europe/Berlin", False)
    resume = ("cron(0 7 * * ? 2030-2050)", "Europe/London", True)

    assert gaps(pause, resume) == Gaps(pause=12 * 60, run=12 * 60)
