# pyright: standard
"""The statement in a NOT of a web ACL's rule: AWS has one, pulumi-aws 7.0 a list of one, later versions one."""

from typing import Any


def with_one_statement(value: Any) -> Any:
    """Return inputs of pulumi-aws in which every NOT has one statement, as in AWS."""
    if isinstance(value, list):
        return [with_one_statement(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: with_one_statement(item) for key, item in value.items()}
    negation = result.get("notStatement")
    if isinstance(negation, dict) and negation.get("statements"):
        result["notStatement"] = {"statement": negation["statements"][0]}
    return result


def with_both_forms(value: Any) -> Any:
    """Return a response of AWS in which every NOT has its statement, and also a list of it."""
    if isinstance(value, list):
        return [with_both_forms(item) for item in value]
    if not isinstance(value, dict):
        return value
    result = {key: with_both_forms(item) for key, item in value.items()}
    negation = result.get("NotStatement")
    if isinstance(negation, dict) and "Statement" in negation:
        result["NotStatement"] = {**negation, "Statements": [negation["Statement"]]}
    return result
