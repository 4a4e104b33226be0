"""Growing waits, and the deadlines that bound them."""

import asyncio
import sys
from itertools import pairwise

import pytest

from pulumi_apprunner.lifecycle.deadlines import Deadline, growing_waits, poll
from pulumi_apprunner.offline.sdk import await_result


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the waits so far. Each moves the clock of deadlines and takes no time."""
    waits: list[float] = []

    async def record_wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", record_wait)
    monkeypatch.setattr("pulumi_apprunner.lifecycle.deadlines.monotonic", lambda: sum(waits))
    return waits


def test_waits_grow_from_one_second_to_fifteen() -> None:
    waits = list(growing_waits(1.5, 300))
    assert waits[:3] == [1, 1.5, 2.25]
    assert all(before <= after for before, after in pairwise(waits))
    assert max(waits) == 15


def test_the_sum_of_waits_is_within_the_bound() -> None:
    assert 165 < sum(growing_waits(1.6, 180)) <= 180


def test_without_time_no_wait_is_yielded() -> None:
    assert list(growing_waits(1.6, 0)) == []


def test_a_poll_yields_immediately_and_a_message_is_due_about_once_a_minute(waits: list[float]) -> None:
    async def due() -> list[float]:
        return [sum(waits) async for due in poll(Deadline(300)) if due]

    moments = await_result(due())
    assert moments[0] == 0
    assert all(60 <= after - before < 75 for before, after in pairwise(moments))


def test_a_poll_ends_with_its_deadline(waits: list[float]) -> None:
    async def count_polls() -> int:
        return len([due async for due in poll(Deadline(100))])

    assert await_result(count_polls()) > 5
    assert sum(waits) == pytest.approx(100)


def test_the_time_of_a_lookup_counts(waits: list[float]) -> None:
    async def count_polls() -> int:
        count = 0
        async for _ in poll(Deadline(60)):
            count += 1
            waits.append(30)  # a call that takes half a minute
        return count

    assert await_result(count_polls()) == 2


def test_a_deadline_that_has_passed_has_no_time_remaining(waits: list[float]) -> None:
    deadline = Deadline(10)
    assert deadline.remaining == 10
    waits.append(11)
    assert deadline.passed
    assert deadline.remaining == 0


def test_a_poll_that_is_left_early_leaves_nothing_for_the_event_loop_to_close(waits: list[float]) -> None:
    generators: list[object] = []

    async def leave_early() -> None:
        sys.set_asyncgen_hooks(firstiter=generators.append)
        async for _ in poll(Deadline(60)):
            return

    await_result(leave_early())
    assert generators == []
