"""Waits that grow, and are bounded."""

import asyncio
from itertools import pairwise

import pytest

from pulumi_apprunner.lifecycle.waiting import growing, looks
from pulumi_apprunner.testing.sdk import finished


def test_waits_grow_from_one_second_to_fifteen() -> None:
    waits = list(growing(1.5, 300))
    assert waits[:3] == [1, 1.5, 2.25]
    assert all(before <= after for before, after in pairwise(waits))
    assert max(waits) == 15


def test_waits_together_are_within_the_bound() -> None:
    assert 165 < sum(growing(1.6, 180)) <= 180


def test_no_time_is_no_wait() -> None:
    assert list(growing(1.6, 0)) == []


def test_the_first_look_is_at_once_and_it_is_said_about_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []

    async def passes(seconds: float) -> None:
        waited.append(seconds)

    async def said() -> list[float]:
        return [sum(waited) async for due in looks(300) if due]

    monkeypatch.setattr(asyncio, "sleep", passes)
    moments = finished(said())
    assert moments[0] == 0
    assert all(60 <= after - before < 75 for before, after in pairwise(moments))
