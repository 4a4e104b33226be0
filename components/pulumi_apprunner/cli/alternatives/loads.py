"""The options of `apprunner cost` that describe a load, and those that measure it."""

from collections.abc import Mapping
from typing import Any

import pulumi

from apprunner_facts.load import RESPONSE_KB, Load
from pulumi_apprunner.cli.errors import run_all


def chosen_load(
    values: Mapping[str, float | None], active: float | None, *, is_measured: bool, measuring: Mapping[str, Any]
) -> tuple[Load | None, float]:
    """Return the described load, None if there is none; and the size of a response in KB.

    Args:
        values: Fields of Load, as far as options set them.
        active: The option --active.
        is_measured: Whether the load is measured.
        measuring: Options that have an effect on a measured load only.

    Raises:
        pulumi.RunError: A description is incomplete, has values out of range, or contradicts another option.
    """
    if is_measured:
        return None, _response_of_measured(values, active)
    load, _ = run_all(lambda: _described(values, active), lambda: _require_measured(measuring))
    return load, load.response_kb if load else RESPONSE_KB


def _described(values: Mapping[str, float | None], active: float | None) -> Load | None:
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


def _response_of_measured(values: Mapping[str, float | None], active: float | None) -> float:
    described = {**values, "active": active}
    size = described.pop("response_kb")
    problems = [
        f"{_option(name)}: must not be set together with --measured, which reads it from CloudWatch. Remove it"
        for name, value in described.items()
        if value is not None
    ]
    if problems:
        raise pulumi.RunError("\n".join(problems))
    size = RESPONSE_KB if size is None else size
    return _load({"requests_per_second": 0, "seconds_per_request": 1, "response_kb": size}).response_kb


def _require_measured(options: Mapping[str, Any]) -> None:
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
