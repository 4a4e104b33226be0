"""Names, tags and expiry of environments for pull requests. A convention of this library, not of AWS."""

import re
from datetime import date

NUMBER_TAG, EXPIRY_TAG = "apprunner:preview", "apprunner:expires"
"""The tags of an environment's resources: the number of its pull request, and the day on which it expires."""

_STACK = re.compile(r"pr-([1-9][0-9]*)")


def stack_name(number: int) -> str:
    """Return the name of the stack of a pull request: pr-123."""
    return f"pr-{number}"


def number_of(stack: str) -> int | None:
    """Return the number of the pull request in a stack's name; None if the name has another form."""
    match = _STACK.fullmatch(stack)
    return int(match[1]) if match else None


def preview_host(domain: str, zone: str, number: int) -> str:
    """Return the host of a pull request for a domain, in the same hosted zone.

    shop.example.com becomes shop-pr-123.example.com, and the zone's apex example.com becomes pr-123.example.com.

    Args:
        domain: The domain of the other environments, not a wildcard.
        zone: The name of the hosted zone that contains it.
        number: The number of the pull request.
    """
    if domain == zone:
        return f"{stack_name(number)}.{zone}"
    label, rest = domain.split(".", 1)
    return f"{label}-{stack_name(number)}.{rest}"


def has_expired(expires: date, today: date) -> bool:
    """Return whether an environment has expired. Both days are in UTC, and an environment expires as its day begins."""
    return today >= expires
