"""Sizes: how CPU and memory may be written, which pairs there are, and numbers that no one can print."""

from typing import Any

import pytest

from apprunner_facts import sizes
from pulumi_apprunner import AppRunnerService
from pulumi_apprunner.testing import run
from services import PUBLIC, SERVICE, refused


@pytest.mark.parametrize("pair", [(cpu, memory) for cpu, memories in sizes.PAIRS.items() for memory in memories])
def test_each_of_the_eleven_pairs_may_be_written_in_text_or_numbers(pair: tuple[int, int]) -> None:
    cpu, memory = pair
    spellings = [
        (sizes.format_cpu(cpu), sizes.format_memory(memory)),
        (str(cpu), str(memory)),
        (cpu, memory),
        (float(cpu), f"{memory}"),
    ]
    for spelling in spellings:
        size = {"cpu": spelling[0], "memory": spelling[1]}
        told = run(lambda size=size: AppRunnerService("api", {"image": PUBLIC, "size": size}) and None)
        assert told.the(SERVICE)["instanceConfiguration"]["cpu"] == str(cpu)
        assert told.the(SERVICE)["instanceConfiguration"]["memory"] == str(memory)


@pytest.mark.parametrize("cpu", sizes.PAIRS)
def test_no_cpu_goes_with_another_memory(cpu: int) -> None:
    for memory in set(sizes.MEMORIES) - set(sizes.PAIRS[cpu]):
        assert refused(size={"cpu": cpu, "memory": memory}) == {
            "size.memory": f"{memory} does not go with {sizes.format_cpu(cpu)}: choose {sizes.format_memories(cpu)}"
        }


@pytest.mark.parametrize(
    ("cpu", "text", "units"),
    [(1, "1 vCPU", 1024), ("2", "2 vCPU", 2048), (4.0, "4 vCPU", 4096), (0.25, "0.25 vCPU", 256), (".5", None, None)],
)
def test_a_bare_number_of_cpus_is_refused_with_both_readings(cpu: Any, text: str | None, units: int | None) -> None:
    reason = refused(size={"cpu": cpu})["size.cpu"]
    if text is None:
        assert reason.startswith("'.5' is not a size that App Runner has: choose 0.25 vCPU, ")
    else:
        said = text.split()[0]
        assert reason.endswith(f'could be {text} or {said} CPU units: write "{text}" or "{units}"')


def test_a_bare_number_of_gigabytes_is_refused_with_both_readings() -> None:
    assert refused(size={"memory": 2}) == {
        "size.memory": '2 could be 2 GB or 2 MB: write "2 GB" or "2048"',
    }


@pytest.mark.parametrize("cpu", ["1vCPU", "1 VCPU", "1  vCPU", "8 vCPU", "25600", "", True, None, [], float("nan")])
def test_nothing_else_is_a_size(cpu: Any) -> None:
    found = refused(size={"cpu": cpu, "memory": "6144"})
    assert set(found) == {"size.memory"} if cpu is None else {"size.cpu"}


@pytest.mark.parametrize(
    "number", [10**400, -(10**400), 10**5000, float("inf"), float("nan")], ids=["big", "small", "huge", "inf", "nan"]
)
def test_no_number_is_too_big_to_be_refused(number: Any) -> None:
    found = refused(scaling={"min_size": number}, size={"cpu": number})
    assert set(found) == {"scaling.min_size", "size.cpu"}
    assert max(map(len, found.values())) < 400
