"""Resolves YAML scalars as the Pulumi CLI does (go-yaml 3; observed with CLI 3.255)."""

import base64
import binascii
import calendar
import math
import re
from typing import Any, Self

_INTEGER = re.compile(r"[-+]?(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|[0-9]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_DATE = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{1,2}):(?P<second>\d{1,2})(?:[.,](?P<fraction>\d+))?"
_TIMES = [
    re.compile(form, re.ASCII)
    for form in (_DATE, f"{_DATE} {_CLOCK}", f"{_DATE}[Tt]{_CLOCK}(?P<zone>Z|[-+]\\d{{2}}:\\d{{2}})")
]
"""A time zone is required after a T, and not allowed after a space."""
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NULLS = ("", "~", "null", "Null", "NULL")
_INFINITIES = {f"{sign}{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_NANS = dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan)
_TAG = "tag:yaml.org,2002:"
_MIN_INTEGER, _MAX_INTEGER = -(2**63), 2**64 - 1
_EXACT = 2**53


class ScalarError(ValueError):
    """A scalar that the Pulumi CLI rejects. The message has the reason."""


class Timestamp(str):
    """An unquoted date or time. As a string it has Go's format, which the CLI uses in stack files.

    A time with an offset has the format of a machine in another time zone.
    """

    rfc3339: str
    """The format that the CLI uses for values in Pulumi.yaml."""

    def __new__(cls, date: str, time: str, fraction: str, zone: str) -> Self:
        seconds = f"{time}.{fraction}" if fraction else time
        offset = zone.replace(":", "")
        utc = zone in ("Z", "+00:00", "-00:00")
        stamp = super().__new__(cls, f"{date} {seconds} {'+0000 UTC' if utc else f'{offset} {offset}'}")
        stamp.rfc3339 = f"{date}T{seconds}{'Z' if utc else zone}"
        return stamp


def resolve_scalar(text: str, tag: str | None = None) -> Any:
    """Return the value of a scalar: a string, a number, a boolean, None or a Timestamp.

    Args:
        text: The scalar.
        tag: Its tag (`tag:yaml.org,2002:int`); None for an unquoted scalar without a tag.

    Raises:
        ScalarError: The CLI rejects the scalar.
    """
    short = tag.removeprefix(_TAG) if tag else ""
    if short == "str":
        return text
    if short == "binary":
        return _binary(text)
    value = _resolve(text)
    if not tag or not tag.startswith(_TAG):
        return value
    kind = _kind(value)
    if short == kind or (short, kind) == ("float", "int"):
        return value
    raise ScalarError(f"must be a !!{short}, got {text!r}")


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "float"
        case Timestamp():
            return "timestamp"
        case _:
            return "str"


def _resolve(text: str) -> Any:
    """Return the value of an unquoted scalar without a tag."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _INFINITIES or text in _NANS:
        return {**_INFINITIES, **_NANS}[text]
    plain = text.replace("_", "")
    if text[0] in "+-.0123456789" and not text.startswith("._"):
        for number in (_integer(plain), _float(plain)):
            if number is not None:
                return number
    stamp = _timestamp(text)
    return text if stamp is None else stamp


def _integer(text: str) -> int | None:
    if not _INTEGER.fullmatch(text):
        return None
    digits = text.lstrip("+-")
    octal = digits[0] == "0" and digits.isdecimal()
    if octal and not set(digits) <= set("01234567"):
        return int(text)
    number = int(digits, 8) if octal else int(digits, 0)
    number = -number if text.startswith("-") else number
    return number if _MIN_INTEGER <= number <= _MAX_INTEGER else None


def _float(text: str) -> int | float | None:
    """Return a number: an integer if it has no fraction, as in JSON."""
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    if math.isinf(number):
        return None
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _timestamp(text: str) -> Timestamp | None:
    match = next(filter(None, (form.fullmatch(text) for form in _TIMES)), None)
    if match is None:
        return None
    parts = match.groupdict()
    year, month, day = (int(parts[name]) for name in ("year", "month", "day"))
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    leap = year if year else 2000  # year 0 is a leap year, but calendar starts at year 1
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(leap, month)[1]):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = (parts.get("fraction") or "")[:9].rstrip("0")
    time = f"{hour:02}:{minute:02}:{second:02}"
    return Timestamp(f"{year:04}-{month:02}-{day:02}", time, fraction, parts.get("zone") or "Z")


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split("\n")), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ScalarError("a !!binary value must be base64") from None
