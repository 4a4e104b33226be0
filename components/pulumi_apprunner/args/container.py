"""What describes a service that runs a container, whatever runs it: size, scaling, health, secrets."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, StringConstraints, ValidationInfo, WithJsonSchema, field_validator

from apprunner_facts import limits, sizes
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import Bounds, Described, Sensitive, refuse
from pulumi_apprunner.args.values import PolicyDocument, SecretName, SecretReference


def _sized(
    parse: Callable[[str], int | None], say: Callable[[int], str], unit: str, every: list[int]
) -> Callable[[Any], str]:
    choices = sizes.format_choices([say(size) for size in every])

    def check(given: Any) -> str:
        text = given if isinstance(given, str) else ""
        if isinstance(given, int | float) and not isinstance(given, bool) and abs(given) <= every[-1]:
            text = f"{given:g}" if given != int(given) else str(int(given))
        if size := parse(text):
            return str(size)
        for size in every:
            if text == say(size).split()[0]:
                raise refuse(f'could be {say(size)} or {text} {unit}: write "{say(size)}" or "{size}"')
        raise refuse(f"is not a size that App Runner has: choose {choices}")

    return check


Cpu = Annotated[
    str | int,
    PlainValidator(_sized(sizes.parse_cpu, sizes.format_cpu, "CPU units", list(sizes.PAIRS))),
    WithJsonSchema({"type": "string"}),
]
Memory = Annotated[
    str | int,
    PlainValidator(_sized(sizes.parse_memory, sizes.format_memory, "MB", list(sizes.MEMORIES))),
    WithJsonSchema({"type": "string"}),
]


@args_type
class Size:
    """The CPU and memory of one instance; eleven pairs are possible (apprunner_facts.sizes)."""

    cpu: Cpu = sizes.format_cpu(sizes.DEFAULT_CPU)
    """0.25, 0.5, 1, 2 or 4 vCPU, as "1 vCPU" or "1024" (CPU units). Default: 1 vCPU."""

    memory: Memory = sizes.format_memory(sizes.DEFAULT_MEMORY)
    """What goes with the CPU, as "2 GB" or "2048" (MB). Default: 2 GB, which goes with 1 vCPU only."""

    @field_validator("memory")
    @classmethod
    def _goes_with_the_cpu(cls, memory: str, info: ValidationInfo) -> str:
        cpu = info.data.get("cpu")
        if cpu is not None and int(memory) not in sizes.PAIRS[int(cpu)]:
            raise refuse(f"does not go with {sizes.format_cpu(int(cpu))}: choose {sizes.format_memories(int(cpu))}")
        return memory


@args_type
class Scaling:
    """How many instances run, by the requests that they handle at a time."""

    min_size: Annotated[
        int,
        Bounds(
            limits.MIN_SIZE,
            below="App Runner keeps at least 1 instance; to stop paying at night use a PauseSchedule",
            above="App Runner's API accepts no more, while the maximum size may be higher",
        ),
    ] = limits.MIN_SIZE.default
    """Instances that are always provisioned, 1 to 25: their memory is paid for. Default: 1."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] = limits.MAX_SIZE.default
    """Instances that requests can make it grow to, 1 or more. More than 25 need a quota that AWS has raised. Default:
    25."""

    max_concurrency: Annotated[int, Bounds(limits.MAX_CONCURRENCY)] = limits.MAX_CONCURRENCY.default
    """Requests that one instance handles at a time before another is added, 1 to 200. Default: 100."""

    @field_validator("max_size")
    @classmethod
    def _at_least_the_minimum(cls, max_size: int, info: ValidationInfo) -> int:
        min_size = info.data.get("min_size", 1)
        if max_size < min_size:
            raise refuse(f"is less than min_size, {min_size}: give at least that")
        return max_size


@args_type
class HealthCheck:
    """How it is found out whether an instance is well."""

    protocol: Literal["HTTP", "TCP"] = "TCP"
    """HTTP: a GET of `path` has to answer 200, without authentication. TCP: the port accepts. Default: TCP, as AWS
    has it."""

    path: Annotated[
        str,
        StringConstraints(pattern=r"^/\S*$"),
        Described("a path: it begins with / and holds no space"),
        Sensitive(form=re.compile(r"[A-Za-z0-9._~/-]*")),
    ] = "/"
    """What HTTP asks for. Default: /."""

    interval: Annotated[int, Bounds(limits.HEALTH_CHECK_INTERVAL)] = limits.HEALTH_CHECK_INTERVAL.default
    """Seconds between two checks, 1 to 20. Default: 5."""

    timeout: Annotated[int, Bounds(limits.HEALTH_CHECK_TIMEOUT)] = limits.HEALTH_CHECK_TIMEOUT.default
    """Seconds that an answer may take, 1 to 20. Default: 2."""

    healthy_threshold: Annotated[int, Bounds(limits.HEALTHY_THRESHOLD)] = limits.HEALTHY_THRESHOLD.default
    """Checks in a row that make an instance healthy, 1 to 20. Default: 1."""

    unhealthy_threshold: Annotated[int, Bounds(limits.UNHEALTHY_THRESHOLD)] = limits.UNHEALTHY_THRESHOLD.default
    """Checks in a row that make an instance unhealthy, 1 to 20. Default: 5."""

    @field_validator("path")
    @classmethod
    def _goes_with_http(cls, path: str, info: ValidationInfo) -> str:
        if path != "/" and info.data.get("protocol") == "TCP":
            raise refuse('goes with protocol "HTTP" only: set it, or leave the path out')
        return path


@args_type
class BoundSecrets:
    """What a SecretsBinding renders: where each variable's value is read from, and the permission to do so."""

    value_from: In[Mapping[SecretName, In[SecretReference]]]
    """From an environment variable's name to a Secrets Manager ARN (with `:key:stage:version`) or an SSM name or
    ARN."""

    binding: str | None = None
    """The name of the SecretsBinding that rendered it, for error messages. Default: none."""

    policy_document: In[PolicyDocument] | None = None
    """A policy that allows reading them. Default: none; then the instance role has to allow it already."""
