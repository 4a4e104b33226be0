"""Answers in pages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from apprunner_local.apprunner.refused import invalid_request

Item = TypeVar("Item")


def page(items: Sequence[Item], given: Mapping[str, Any], size: int) -> tuple[list[Item], dict[str, str]]:
    """Return one page, and the member that tells where the next one begins: nothing after the last.

    Args:
        items: All there is.
        given: The request's parameters, of which MaxResults and NextToken count.
        size: How many come at once where MaxResults is not given.
    """
    token = given.get("NextToken", "from-0")
    begin = token.removeprefix("from-")
    if not token.startswith("from-") or not begin.isdecimal():
        raise invalid_request("NextToken is not valid")
    end = int(begin) + given.get("MaxResults", size)
    return list(items[int(begin) : end]), {"NextToken": f"from-{end}"} if end < len(items) else {}
