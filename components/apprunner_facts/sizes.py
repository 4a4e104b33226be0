"""Which memory goes with which CPU, and how AWS spells both."""

import re
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

PAIRS: Mapping[int, tuple[int, ...]] = MappingProxyType(
    {
        256: (512, 1024),
        512: (1024,),
        1024: (2048, 3072, 4096),
        2048: (4096, 6144),
        4096: (8192, 10240, 12288),
    }
)
"""Memory in MB by CPU units, the eleven pairs (source.CPU_AND_MEMORY_PAIRS)."""

MEMORIES = tuple(sorted({memory for memories in PAIRS.values() for memory in memories}))
"""Every memory size in MB."""

DEFAULT_CPU = 1024
DEFAULT_MEMORY = 2048


def say_cpu(units: int) -> str:
    """Return the CPU as AWS spells it in text: "0.25 vCPU"."""
    return f"{units / 1024:g} vCPU"


def say_memory(megabytes: int) -> str:
    """Return the memory as AWS spells it in text: "0.5 GB"."""
    return f"{megabytes / 1024:g} GB"


def say_one_of(choices: Sequence[str]) -> str:
    """Return the choices as a person lists them: "2 GB, 3 GB or 4 GB"."""
    *others, last = choices
    return f"{', '.join(others)} or {last}" if others else last


def memories_for(cpu: int) -> str:
    """Return the memory sizes that go with so many CPU units, as a person lists them."""
    return say_one_of([say_memory(memory) for memory in PAIRS[cpu]])


_CPUS_BY_SPELLING = {spelling: cpu for cpu in PAIRS for spelling in (str(cpu), say_cpu(cpu))}
_MEMORIES_BY_SPELLING = {spelling: memory for memory in MEMORIES for spelling in (str(memory), say_memory(memory))}


def parse_cpu(text: str) -> int | None:
    """Return the CPU units that "1 vCPU" or "1024" names, None for what the API does not take."""
    return _CPUS_BY_SPELLING.get(text)


def parse_memory(text: str) -> int | None:
    """Return the MB that "2 GB" or "2048" names, None for what the API does not take."""
    return _MEMORIES_BY_SPELLING.get(text)


def spelling(value: object) -> str:
    """Return the text that the provider makes of a number that a program gives instead of a text."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


_MEANT = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>v?cpus?|gi?b?|mi?b?|)\s*", re.IGNORECASE)


def meant_cpu(text: str) -> int | None:
    """Return the CPU units that a person means by "1vCPU", "1.0 vcpu" or "1024", None where that is no size or not
    clear."""
    return _meant(text, "v", PAIRS)


def meant_memory(text: str) -> int | None:
    """Return the MB that a person means by "2GB", "2 gib", "2048 MB" or "2048", None where that is no size or not
    clear."""
    return _meant(text, "g", MEMORIES)


def _meant(text: str, large: str, sizes: Collection[int]) -> int | None:
    found = _MEANT.fullmatch(text)
    if not found:
        return None
    unit = found["unit"].lower()
    if unit and unit[0] not in (large, "m" if large == "g" else "c"):
        return None
    in_large = unit.startswith((large, "c"))
    size = float(found["number"]) * (1024 if in_large else 1)
    return int(size) if size in sizes else None
