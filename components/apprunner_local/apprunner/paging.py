"""Answers in pages."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from apprunner_local.apprunner.errors import invalid_request

if TYPE_CHECKING:
    from apprunner_local.apprunner.state import Region

Item = TypeVar("Item")


def page(region: "Region", items: Sequence[Item], parameters: Mapping[str, Any]) -> tuple[list[Item], dict[str, str]]:
    """Return one page, and the member with the token of the next one: nothing after the last.

    Args:
        region: The region, whose world has the size of a page without MaxResults; by default everything.
        items: All items.
        parameters: The request's parameters, of which MaxResults and NextToken count.
    """
    # [M] A list without MaxResults has everything. World.page_size makes pages, which callers must handle too.
    token = parameters.get("NextToken", "from-0")
    begin = token.removeprefix("from-")
    if not token.startswith("from-") or not begin.isdecimal():
        raise invalid_request("NextToken is not valid")
    size = parameters.get("MaxResults") or region.world.page_size or len(items)
    end = int(begin) + size
    return list(items[int(begin) : end]), {"NextToken": f"from-{end}"} if end < len(items) else {}
