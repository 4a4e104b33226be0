"""Instance sizes: the valid pairs of CPU and memory, and their text forms."""

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
"""From CPU units to the valid memory sizes in MB: eleven pairs (source.CPU_AND_MEMORY_PAIRS)."""

MEMORIES = tuple(sorted({memory for memories in PAIRS.values() for memory in memories}))
"""Every memory size in MB."""

DEFAULT_CPU = 1024
DEFAULT_MEMORY = 2048


def format_cpu(units: int) -> str:
    """Return CPU units in AWS's text form, such as "0.25 vCPU"."""
    return f"{units / 1024:g} vCPU"


def format_memory(megabytes: int) -> str:
    """Return memory in AWS's text form, such as "0.5 GB"."""
    return f"{megabytes / 1024:g} GB"


def format_choices(choices: Sequence[str], conjunction: str = "or") -> str:
    """Return choices as a list in English, such as "2 GB, 3 GB or 4 GB"."""
    *others, last = choices
    return f"{', '.join(others)} {conjunction} {last}" if others else last


def format_memories(cpu: int) -> str:
    """Return the valid memory sizes for CPU units, as a list in English."""
    return format_choices([format_memory(memory) for memory in PAIRS[cpu]])


_CPUS_BY_TEXT = {text: cpu for cpu in PAIRS for text in (str(cpu), format_cpu(cpu))}
_MEMORIES_BY_TEXT = {text: memory for memory in MEMORIES for text in (str(memory), format_memory(memory))}


def parse_cpu(text: str) -> int | None:
    """Return the CPU units of a text such as "1 vCPU" or "1024"; None if the API does not accept it."""
    return _CPUS_BY_TEXT.get(text)


def parse_memory(text: str) -> int | None:
    """Return the MB of a text such as "2 GB" or "2048"; None if the API does not accept it."""
    return _MEMORIES_BY_TEXT.get(text)


def provider_text(value: object) -> str:
    """Return the text to which the provider converts a number."""
    return f"{value:.0f}" if isinstance(value, float) and value.is_integer() else str(value)


_INFORMAL = re.compile(r"\s*(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>v?cpus?|gi?b?|mi?b?|)\s*", re.IGNORECASE)


def guess_cpu(text: str) -> int | None:
    """Return the CPU units of an informal text such as "1vCPU" or "1.0 vcpu"; None if it is not a size or ambiguous."""
    return _guess(text, "v", PAIRS)


def guess_memory(text: str) -> int | None:
    """Return the MB of an informal text such as "2GB", "2 gib" or "2048 MB"; None if it is not a size or ambiguous."""
    return _guess(text, "g", MEMORIES)


def _guess(text: str, large: str, sizes: Collection[int]) -> int | None:
    match = _INFORMAL.fullmatch(text)
    if not match:
        return None
    unit = match["unit"].lower()
    if unit and unit[0] not in (large, "m" if large == "g" else "c"):
        return None
    in_large = unit.startswith((large, "c"))
    size = float(match["number"]) * (1024 if in_large else 1)
    return int(size) if size in sizes else None
