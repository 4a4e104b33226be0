"""The conditions of IAM statements."""

from collections.abc import Iterable, Iterator

from apprunner_policies.statements import Statement, is_wildcard

Values = tuple[str, ...]

_KEYS_THAT_NARROW = (
    "cloudwatch:namespace",
    "dynamodb:leadingkeys",
    "ecs:cluster",
    "ecs:task-definition",
    "kms:resourcealiases",
    "kms:viaservice",
    "s3:dataaccesspointarn",
    "secretsmanager:name",
    "secretsmanager:secretid",
    "ses:fromaddress",
    "ses:recipients",
)
_OTHER_TAGS = ("aws:principaltag/", "aws:requesttag/", "s3:requestobjecttag/")
"""Tags of the caller and of the request. Other keys with tag/ are about tags of resources."""
_ALWAYS_PRESENT = ("dynamodb:leadingkeys", "ses:recipients")
"""Lists of values that each request has, so that ForAllValues narrows too."""


def accepted_values(statement: Statement, *keys: str) -> Iterator[Values]:
    """Yield the values that a condition accepts, for each positive condition on one of these keys (lower case)."""
    yield from (values for _, key, values in _positive(statement) if key in keys)


def required_values(statement: Statement, *keys: str) -> Iterator[Values]:
    """Yield the values of the conditions on these keys that a request without the key does not pass.

    A request without the key passes conditions with IfExists or ForAllValues.
    """
    yield from (
        values for operator, key, values in _positive(statement) if key in keys and _requires(statement, operator, key)
    )


def literal_wildcards(statement: Statement, key: str) -> list[str]:
    """Return the values with * of conditions on a key (lower case) that compare * as an ordinary character."""
    return [
        each
        for operator, name, values in _positive(statement)
        if name == key and operator.rpartition(":")[2].startswith("stringequals")
        for each in values
        if "*" in each
    ]


def narrows(statement: Statement) -> bool:
    """Return whether a condition limits a statement to some resources, as a list of ARNs does."""
    return any(
        _is_about_the_resource(key)
        and _requires(statement, operator, key)
        and values
        and not any(map(is_wildcard, values))
        for operator, key, values in _positive(statement)
    )


def is_plain(values: Iterable[str]) -> bool:
    """Return whether no value has a wildcard."""
    return not any("*" in each or "?" in each for each in values)


def quote(values: Iterable[str]) -> str:
    """Return values for a message."""
    return ", ".join(f'"{each}"' for each in values)


def _positive(statement: Statement) -> Iterator[tuple[str, str, Values]]:
    """Yield operator, key and values of each condition that lists accepted values."""
    for operator, values_by_key in statement.conditions.items():
        comparison = operator.rpartition(":")[2]
        if comparison.startswith(("string", "arn")) and "not" not in comparison:
            yield from ((operator, key, values) for key, values in values_by_key.items())


def _requires(statement: Statement, operator: str, key: str) -> bool:
    """Return whether a condition fails for requests without the key."""
    if key in _ALWAYS_PRESENT or "false" in statement.conditions.get("null", {}).get(key, ()):
        return True
    return not operator.endswith("ifexists") and not operator.startswith("forallvalues:")


def _is_about_the_resource(key: str) -> bool:
    is_arn = key.endswith(("arn", "arns")) and not key.startswith("aws:")
    is_tag = "tag/" in key and not key.startswith(_OTHER_TAGS)
    return is_arn or is_tag or key in _KEYS_THAT_NARROW or key.startswith("kms:encryptioncontext")
