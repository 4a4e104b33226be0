"""Sizes: the forms of CPU and memory, the supported pairs, and numbers too large to print."""

from typing import Any

import pytest

from apprunner_facts import sizes
from pulumi_apprunner import AppRunnerService
from pulumi_apprunner.testing import run
from services import PUBLIC, SERVICE, service_errors


@pytest.mark.parametrize("pair", [(cpu, memory) for cpu, memories in sizes.PAIRS.items() for memory in memories])
def test_each_of_the_eleven_pairs_is_accepted_as_strings_and_numbers(pair: tuple[int, int]) -> None:
    cpu, memory = pair
    spellings = [
        (sizes.format_cpu(cpu), sizes.format_memory(memory)),
        (str(cpu), str(memory)),
        (cpu, memory),
        (float(cpu), f"{memory}"),
    ]
    for spelling in spellings:
        size: Any = {"cpu": spelling[0], "memory": spelling[1]}
        graph = run(lambda size=size: AppRunnerService("api", {"image": PUBLIC, "size": size}) and None)
        assert graph.one(SERVICE)["instanceConfiguration"]["cpu"] == str(cpu)
        assert graph.one(SERVICE)["instanceConfiguration"]["memory"] == str(memory)


@pytest.mark.parametrize("cpu", sizes.PAIRS)
def test_any_other_memory_is_an_error(cpu: int) -> None:
    for memory in set(sizes.MEMORIES) - set(sizes.PAIRS[cpu]):
        assert service_errors(size={"cpu": cpu, "memory": memory}) == {
            "size.memory": f"must be {sizes.format_memories(cpu)} with {sizes.format_cpu(cpu)}, "
            f"got {sizes.format_memory(memory)}"
        }


@pytest.mark.parametrize(
    ("cpu", "text", "units"),
    [(1, "1 vCPU", 1024), ("2", "2 vCPU", 2048), (4.0, "4 vCPU", 4096), (0.25, "0.25 vCPU", 256), (".5", None, None)],
)
def test_a_number_of_cpus_without_a_unit_is_an_error(cpu: Any, text: str | None, units: int | None) -> None:
    reason = service_errors(size={"cpu": cpu})["size.cpu"]
    if text is None:
        assert reason == 'must be 0.25 vCPU, 0.5 vCPU, 1 vCPU, 2 vCPU or 4 vCPU, got ".5"'
    else:
        assert reason.startswith("must have a unit, got ")
        assert reason.endswith(f'. Use "{text}", or "{units}" (CPU units)')


def test_a_number_of_gigabytes_without_a_unit_is_an_error() -> None:
    assert service_errors(size={"memory": 2}) == {
        "size.memory": 'must have a unit, got 2. Use "2 GB", or "2048" (MB)',
    }


@pytest.mark.parametrize("cpu", ["1vCPU", "1 VCPU", "1  vCPU", "8 vCPU", "25600", "", True, None, [], float("nan")])
def test_other_values_are_invalid_sizes(cpu: Any) -> None:
    errors = service_errors(size={"cpu": cpu, "memory": "6144"})
    assert set(errors) == {"size.memory"} if cpu is None else {"size.cpu"}


@pytest.mark.parametrize(
    "number", [10**400, -(10**400), 10**5000, float("inf"), float("nan")], ids=["big", "small", "huge", "inf", "nan"]
)
def test_a_huge_number_is_an_error(number: Any) -> None:
    errors = service_errors(scaling={"min_size": number}, size={"cpu": number})
    assert set(errors) == {"scaling.min_size", "size.cpu"}
    assert max(map(len, errors.values())) < 400
