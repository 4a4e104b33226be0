"""The conditions of IAM statements."""

from collections.abc import Iterable, Iterator

from apprunner_policies.statements import Statement


def accepted_values(statement: Statement, *keys: str) -> Iterator[tuple[str, ...]]:
    """Yield the values that a condition accepts, for each positive condition on one of these keys (lower case)."""
    for operator, values_by_key in statement.conditions.items():
        comparison = operator.rpartition(":")[2]
        if comparison.startswith(("string", "arn")) and "not" not in comparison:
            yield from (values for key, values in values_by_key.items() if key in keys)


def is_plain(values: Iterable[str]) -> bool:
    """Return whether no value has a wildcard."""
    return not any("*" in each or "?" in each for each in values)


def quote(values: Iterable[str]) -> str:
    """Return values for a message."""
    return ", ".join(f'"{each}"' for each in values)
