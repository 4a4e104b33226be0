"""Rules about instance sizes."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import sizes, source
from apprunner_facts.tokens import SERVICE
from apprunner_policies.properties import as_mapping, value
from apprunner_policies.rule import Rule

_CPU = "instanceConfiguration.cpu"
_MEMORY = "instanceConfiguration.memory"


def _pairs() -> str:
    return "; ".join(f"{sizes.format_memories(cpu)} with {sizes.format_cpu(cpu)}" for cpu in sizes.PAIRS)


instance_size_pairing = Rule(
    "instance-size-pairing",
    resource_types=[SERVICE],
    description="CPU and memory of an instance are a combination that App Runner offers.",
    remediation_steps=(
        f"Choose {_pairs()}. If cpu is not set, the provider sends {sizes.format_cpu(sizes.DEFAULT_CPU)}; if memory is "
        f"not set, {sizes.format_memory(sizes.DEFAULT_MEMORY)}. The provider does not check the combination. It "
        'accepts any string that contains a size, so that "25600" passes its preview. At the level remediate the rule '
        'writes a size that is clear as AWS expects it, such as "1024" for "1vCPU". It does not change a combination.'
    ),
    source=source.CPU_AND_MEMORY_PAIRS,
    severity=Severity.HIGH,
)


@instance_size_pairing.check
def _cpu_is_valid(service: ResourceValidationArgs) -> Iterator[str]:
    cpu = value(service, _CPU)
    if cpu is not None and sizes.parse_cpu(sizes.provider_text(cpu)) is None:
        guess = sizes.guess_cpu(sizes.provider_text(cpu))
        valid = _cpus(sizes.PAIRS if guess is None else [guess])
        yield f'{_CPU} must be a size that App Runner offers, got "{sizes.provider_text(cpu)}". Set it to {valid}.'


@instance_size_pairing.check
def _memory_is_valid(service: ResourceValidationArgs) -> Iterator[str]:
    memory = value(service, _MEMORY)
    if memory is not None and sizes.parse_memory(sizes.provider_text(memory)) is None:
        guess = sizes.guess_memory(sizes.provider_text(memory))
        valid = _pairs() if guess is None else f'"{sizes.format_memory(guess)}"'
        got = sizes.provider_text(memory)
        yield f'{_MEMORY} must be a size that App Runner offers, got "{got}". Set it to {valid}.'


@instance_size_pairing.check
def _memory_fits_cpu(service: ResourceValidationArgs) -> Iterator[str]:
    raw_cpu, raw_memory = value(service, _CPU), value(service, _MEMORY)
    cpu = sizes.DEFAULT_CPU if raw_cpu is None else sizes.parse_cpu(sizes.provider_text(raw_cpu))
    memory = sizes.DEFAULT_MEMORY if raw_memory is None else sizes.parse_memory(sizes.provider_text(raw_memory))
    if cpu is None or memory is None or memory in sizes.PAIRS[cpu]:
        return
    enough = next((size for size in sizes.PAIRS[cpu] if size > memory), sizes.PAIRS[cpu][-1])
    cpus = [cpu for cpu, memories in sizes.PAIRS.items() if memory in memories]
    yield (
        f"{_MEMORY} must be {sizes.format_memories(cpu)} with cpu {_format(raw_cpu, sizes.format_cpu(cpu))}, "
        f'got {_format(raw_memory, sizes.format_memory(memory))}. Set {_MEMORY} to "{sizes.format_memory(enough)}", '
        f"or keep the memory and set {_CPU} to {_cpus(cpus)}."
    )


@instance_size_pairing.remediation
def _write_sizes_as_aws_does(service: ResourceValidationArgs) -> bool:
    """Write a size that is clear, but not in the API's form, in AWS's units. Do not change the size itself."""
    block = as_mapping(service.props.get("instanceConfiguration"))
    if block is None:
        return False
    guess = {
        key: meaning(sizes.provider_text(block[key]))
        for key, parse, meaning in (
            ("cpu", sizes.parse_cpu, sizes.guess_cpu),
            ("memory", sizes.parse_memory, sizes.guess_memory),
        )
        if key in block and parse(sizes.provider_text(block[key])) is None
    }
    corrections = {key: str(size) for key, size in guess.items() if size is not None}
    for key, size in corrections.items():
        cast(dict[str, Any], block)[key] = size
    return bool(corrections)


def _format(raw: Any, size: str) -> str:
    if raw is None:
        return f"{size} (the default, since it is not set)"
    spelling = sizes.provider_text(raw)
    return f'"{spelling}"' if spelling == size else f'"{spelling}" ({size})'


def _cpus(units: Iterable[int]) -> str:
    return sizes.format_choices([f'"{sizes.format_cpu(cpu)}"' for cpu in units])


RULES = (instance_size_pairing,)
