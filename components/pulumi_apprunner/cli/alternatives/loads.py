"""The options of `apprunner cost` that describe a load, and those that measure it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from apprunner_facts.load import Load


def described_load(values: Mapping[str, float | None], active: float | None) -> Load | None:
    """Return the described load; None if there is none.

    Args:
        values: Fields of Load, as far as options set them.
        active: The option --active.

    Raises:
        pulumi.RunError: The description is incomplete, contradicts --active, or has values out of range.
    """
    described = {name: value for name, value in values.items() if value is not None}
    if not described:
        return None
    given = ", ".join(_option(name) for name in described)
    problems = [
        f"{_option(name)}: is required together with {given}"
        for name in ("requests_per_second", "seconds_per_request")
        if name not in described
    ]
    if active is not None:
        problems.append("--active: must not be set together with a load, from which it is computed. Remove it")
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return _load(described)


def response_of_measured(values: Mapping[str, float | None], active: float | None, default: float) -> float:
    """Return the size of a response in KB for a measured load.

    Args:
        values: Fields of Load, as far as options set them.
        active: The option --active.
        default: The size that applies if no option sets it.

    Raises:
        pulumi.RunError: Options describe what is measured, or the size is out of range.
    """
    described = {**values, "active": active}
    size = described.pop("response_kb")
    problems = [
        f"{_option(name)}: must not be set together with --measured, which reads it from CloudWatch. Remove it"
        for name, value in described.items()
        if value is not None
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))
    size = default if size is None else size
    return _load({"requests_per_second": 0, "seconds_per_request": 1, "response_kb": size}).response_kb


def require_measured(options: Mapping[str, Any]) -> None:
    """Check options that have an effect with --measured only.

    Raises:
        pulumi.RunError: One is set.
    """
    if given := [_option(name) for name, value in options.items() if value is not None]:
        raise pulumi.RunError("\n".join(f"{name}: requires --measured. Add --measured, or remove it" for name in given))


def _load(values: Mapping[str, float]) -> Load:
    try:
        return Load(**values)
    except ValueError as error:
        names = (line.partition(":") for line in str(error).splitlines())
        raise pulumi.RunError("\n".join(f"{_option(name)}{colon}{rest}" for name, colon, rest in names)) from None


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"
