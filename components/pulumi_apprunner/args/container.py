"""Arguments that describe a container on any runtime: size, scaling, health check and secrets."""

import re
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Literal

from pydantic import PlainValidator, StringConstraints, ValidationInfo, WithJsonSchema, field_validator

from apprunner_facts import limits, sizes
from pulumi_apprunner.args.annotations import Bounds, Described, Sensitive
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import PolicyDocument, SecretName, SecretReference


def _size_parser(
    parse: Callable[[str], int | None], format_size: Callable[[int], str], unit: str, valid_sizes: list[int]
) -> Callable[[Any], str]:
    """Return a validator that converts a size to the provider's text: "1 vCPU", "1024" and 1024 to "1024"."""
    choices = sizes.format_choices([format_size(size) for size in valid_sizes])

    def check(value: Any) -> str:
        text = value if isinstance(value, str) else ""
        if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= valid_sizes[-1]:
            text = f"{value:g}" if value != int(value) else str(int(value))
        if size := parse(text):
            return str(size)
        for size in valid_sizes:
            if text == format_size(size).split()[0]:
                raise invalid("must have a unit", f'Use "{format_size(size)}", or "{size}" ({unit})')
        raise invalid(f"must be {choices}")

    return check


Cpu = Annotated[
    str | int,
    PlainValidator(_size_parser(sizes.parse_cpu, sizes.format_cpu, "CPU units", list(sizes.PAIRS))),
    WithJsonSchema({"type": "string"}),
]
Memory = Annotated[
    str | int,
    PlainValidator(_size_parser(sizes.parse_memory, sizes.format_memory, "MB", list(sizes.MEMORIES))),
    WithJsonSchema({"type": "string"}),
]


@args_type
class Size:
    """The CPU and memory of one instance; App Runner supports eleven pairs (apprunner_facts.sizes)."""

    cpu: Cpu = sizes.format_cpu(sizes.DEFAULT_CPU)
    """The CPU: 0.25, 0.5, 1, 2 or 4 vCPU, as "1 vCPU" or "1024" (CPU units). Default: 1 vCPU."""

    memory: Memory = sizes.format_memory(sizes.DEFAULT_MEMORY)
    """The memory, as "2 GB" or "2048" (MB), in a pair with the CPU. Default: 2 GB, which requires 1 vCPU."""

    @field_validator("memory")
    @classmethod
    def _is_paired_with_the_cpu(cls, memory: str, info: ValidationInfo) -> str:
        cpu = info.data.get("cpu")
        if cpu is not None and int(memory) not in sizes.PAIRS[int(cpu)]:
            required = f"must be {sizes.format_memories(int(cpu))} with {sizes.format_cpu(int(cpu))}"
            raise invalid(required, got=sizes.format_memory(int(memory)))
        return memory


@args_type
class Scaling:
    """The number of instances, which App Runner scales by concurrent requests."""

    min_size: Annotated[
        int,
        Bounds(
            limits.MIN_SIZE,
            below="App Runner always keeps at least one instance; use PauseSchedule to stop paying at night",
            above="App Runner's API accepts no higher value; max_size may be higher",
        ),
    ] = limits.MIN_SIZE.default
    """Instances that are always provisioned, 1 to 25. AWS charges for their memory. Default: 1."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] = limits.MAX_SIZE.default
    """Maximum number of instances, 1 or more. More than 25 require a higher account quota. Default: 25."""

    max_concurrency: Annotated[int, Bounds(limits.MAX_CONCURRENCY)] = limits.MAX_CONCURRENCY.default
    """Concurrent requests per instance before App Runner adds another, 1 to 200. Default: 100."""

    @field_validator("max_size")
    @classmethod
    def _at_least_the_minimum(cls, max_size: int, info: ValidationInfo) -> int:
        min_size = info.data.get("min_size", 1)
        if max_size < min_size:
            raise invalid(f"must be at least min_size, {min_size}")
        return max_size


@args_type
class HealthCheck:
    """How App Runner checks instance health."""

    protocol: Literal["HTTP", "TCP"] = "TCP"
    """HTTP: a GET of `path` without authentication must return 200. TCP: the port must accept connections. Default:
    TCP, as in AWS."""

    path: Annotated[
        str,
        StringConstraints(pattern=r"^/\S*$"),
        Described("a path that begins with / and contains no spaces"),
        Sensitive(except_pattern=re.compile(r"[A-Za-z0-9._~/-]*")),
    ] = "/"
    """The path of the HTTP request. Default: /."""

    interval: Annotated[int, Bounds(limits.HEALTH_CHECK_INTERVAL)] = limits.HEALTH_CHECK_INTERVAL.default
    """Seconds between two checks, 1 to 20. Default: 5."""

    timeout: Annotated[int, Bounds(limits.HEALTH_CHECK_TIMEOUT)] = limits.HEALTH_CHECK_TIMEOUT.default
    """Seconds to wait for a response, 1 to 20. Default: 2."""

    healthy_threshold: Annotated[int, Bounds(limits.HEALTHY_THRESHOLD)] = limits.HEALTHY_THRESHOLD.default
    """Checks in a row that make an instance healthy, 1 to 20. Default: 1."""

    unhealthy_threshold: Annotated[int, Bounds(limits.UNHEALTHY_THRESHOLD)] = limits.UNHEALTHY_THRESHOLD.default
    """Checks in a row that make an instance unhealthy, 1 to 20. Default: 5."""

    @field_validator("path")
    @classmethod
    def _requires_http(cls, path: str, info: ValidationInfo) -> str:
        if path != "/" and info.data.get("protocol") == "TCP":
            raise invalid('must not be set with protocol "TCP"', 'Set protocol to "HTTP", or remove the path')
        return path


@args_type
class BoundSecrets:
    """The output of a SecretsBinding: a reference for each variable, and the permission to read the values."""

    value_from: In[Mapping[SecretName, In[SecretReference]]]
    """By environment variable: a Secrets Manager ARN (with `:key:stage:version`), or the name or ARN of an SSM
    parameter."""

    binding: str | None = None
    """The name of the SecretsBinding, for error messages. Default: none."""

    policy_document: In[PolicyDocument] | None = None
    """A policy document that allows reading the values. Default: none; the instance role must already allow it."""
