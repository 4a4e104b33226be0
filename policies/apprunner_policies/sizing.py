"""Rules about how big an instance is."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, cast

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import sizes, source
from apprunner_facts.tokens import SERVICE
from apprunner_policies.rule import Rule, read

_CPU = "instanceConfiguration.cpu"
_MEMORY = "instanceConfiguration.memory"


def _cpu_is_a_size(args: ResourceValidationArgs) -> Iterator[str]:
    cpu = read(args, _CPU)
    if cpu is not None and sizes.parse_cpu(sizes.provider_text(cpu)) is None:
        meant = sizes.guess_cpu(sizes.provider_text(cpu))
        better = _cpus(sizes.PAIRS if meant is None else [meant])
        yield f'{_CPU} "{sizes.provider_text(cpu)}" is not a size that App Runner has. Set it to {better}.'


def _memory_is_a_size(args: ResourceValidationArgs) -> Iterator[str]:
    memory = read(args, _MEMORY)
    if memory is not None and sizes.parse_memory(sizes.provider_text(memory)) is None:
        meant = sizes.guess_memory(sizes.provider_text(memory))
        better = _pairs() if meant is None else f'"{sizes.format_memory(meant)}"'
        yield f'{_MEMORY} "{sizes.provider_text(memory)}" is not a size that App Runner has. Set it to {better}.'


def _memory_goes_with_cpu(args: ResourceValidationArgs) -> Iterator[str]:
    written_cpu, written_memory = read(args, _CPU), read(args, _MEMORY)
    cpu = sizes.DEFAULT_CPU if written_cpu is None else sizes.parse_cpu(sizes.provider_text(written_cpu))
    memory = sizes.DEFAULT_MEMORY if written_memory is None else sizes.parse_memory(sizes.provider_text(written_memory))
    if cpu is None or memory is None or memory in sizes.PAIRS[cpu]:
        return
    enough = next((size for size in sizes.PAIRS[cpu] if size > memory), sizes.PAIRS[cpu][-1])
    with_this_memory = [other for other, memories in sizes.PAIRS.items() if memory in memories]
    yield (
        f"memory {_found(written_memory, sizes.format_memory(memory))} does not go with "
        f"cpu {_found(written_cpu, sizes.format_cpu(cpu))}, which takes {sizes.format_memories(cpu)}. "
        f'Set {_MEMORY} to "{sizes.format_memory(enough)}", '
        f"or keep the memory and set {_CPU} to {_cpus(with_this_memory)}."
    )


def _spell_as_aws_does(args: ResourceValidationArgs) -> bool:
    """Write a size that is clear, but not as the API takes it, in AWS's units; no size becomes another."""
    block: Any = args.props.get("instanceConfiguration")
    if not isinstance(block, Mapping):
        return False
    given = cast(dict[str, Any], block)
    meant = {
        key: meaning(sizes.provider_text(given[key]))
        for key, parse, meaning in (
            ("cpu", sizes.parse_cpu, sizes.guess_cpu),
            ("memory", sizes.parse_memory, sizes.guess_memory),
        )
        if key in given and parse(sizes.provider_text(given[key])) is None
    }
    mended = {key: str(size) for key, size in meant.items() if size is not None}
    for key, size in mended.items():
        given[key] = size
    return bool(mended)


def _found(written: Any, size: str) -> str:
    if written is None:
        return f"{size} (not set, and that is the default)"
    said = sizes.provider_text(written)
    return f'"{said}"' if said == size else f'"{said}" ({size})'


def _cpus(units: Iterable[int]) -> str:
    return sizes.format_choices([f'"{sizes.format_cpu(cpu)}"' for cpu in units])


def _pairs() -> str:
    return "; ".join(f"{sizes.format_memories(cpu)} with {sizes.format_cpu(cpu)}" for cpu in sizes.PAIRS)


instance_size_pairing = Rule(
    "instance-size-pairing",
    resource_types=[SERVICE],
    checks=[_cpu_is_a_size, _memory_is_a_size, _memory_goes_with_cpu],
    mends=[_spell_as_aws_does],
    description="An instance has one of App Runner's pairs of CPU and memory.",
    remediation=(
        f"Choose {_pairs()}. Where one of the two is not set, the provider sends "
        f"{sizes.format_cpu(sizes.DEFAULT_CPU)} or {sizes.format_memory(sizes.DEFAULT_MEMORY)}. "
        "The provider does not look at the pair, and in each text "
        'only for a size somewhere in it, so that "25600" passes its preview. At the level remediate a size that is '
        'clear is written as AWS takes it, "1vCPU" as "1024"; a pair that does not go together is left to you.'
    ),
    source=source.CPU_AND_MEMORY_PAIRS,
    severity=Severity.HIGH,
)

RULES = (instance_size_pairing,)
