"""The names of time zones."""

from functools import cache
from importlib.resources import files


@cache
def timezones() -> frozenset[str]:
    """Return the names of IANA's time zones, including those that it has replaced, such as US/Eastern."""
    # zoneinfo.available_timezones() reads hundreds of files.
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="ascii").split())
