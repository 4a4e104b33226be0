"""Answers in pages."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from apprunner_local.apprunner.errors import invalid_request

Item = TypeVar("Item")


def page(items: Sequence[Item], parameters: Mapping[str, Any], size: int) -> tuple[list[Item], dict[str, str]]:
    """Return one page, and the member with the token of the next one: nothing after the last.

    Args:
        items: All there is.
        parameters: The request's parameters, of which MaxResults and NextToken count.
        size: The size of a page without MaxResults.
    """
    token = parameters.get("NextToken", "from-0")
    begin = token.removeprefix("from-")
    if not token.startswith("from-") or not begin.isdecimal():
        raise invalid_request("NextToken is not valid")
    end = int(begin) + parameters.get("MaxResults", size)
    return list(items[int(begin) : end]), {"NextToken": f"from-{end}"} if end < len(items) else {}
