"""What a scalar of YAML stands for, as the Pulumi CLI's reader (go-yaml 3) resolves it. Seen on CLI 3.255."""

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
"""A zone is required after a T, and is not read after a space."""
_BOOLEANS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_NULLS = ("", "~", "null", "Null", "NULL")
_ENDLESS = {f"{sign}{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")}
_NO_NUMBERS = dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan)
_TAG = "tag:yaml.org,2002:"
_SMALLEST, _BEYOND = -(2**63), 2**64
_EXACT = 2**53


class ScalarError(ValueError):
    """A scalar that the CLI refuses; the message says why."""


class Timestamp(str):
    """A date or a time that is not quoted: in a stack's file a text as Go prints a time.

    The zone of a time with an offset is printed as on a machine that is in another zone.
    """

    rfc3339: str
    """The text as which Pulumi.yaml has it."""

    def __new__(cls, date: str, time: str, fraction: str, zone: str) -> Self:
        seconds = f"{time}.{fraction}" if fraction else time
        offset = zone.replace(":", "")
        utc = zone in ("Z", "+00:00", "-00:00")
        made = super().__new__(cls, f"{date} {seconds} {'+0000 UTC' if utc else f'{offset} {offset}'}")
        made.rfc3339 = f"{date}T{seconds}{'Z' if utc else zone}"
        return made


def scalar(text: str, tag: str | None = None) -> Any:
    """Return what a scalar stands for: a text, a number, a boolean, None, a Timestamp.

    Args:
        text: The scalar.
        tag: Its tag (`tag:yaml.org,2002:int`), None where it has none and is not quoted.

    Raises:
        ScalarError: The CLI refuses it.
    """
    short = tag.removeprefix(_TAG) if tag else ""
    if short == "str":
        return text
    if short == "binary":
        return _binary(text)
    value = _resolved(text)
    if not tag or not tag.startswith(_TAG):
        return value
    found = _kind(value)
    if short == found or (short, found) == ("float", "int"):
        return value
    raise ScalarError(f"cannot decode !!{found} `{text}` as a !!{short}")


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


def _resolved(text: str) -> Any:
    """Return what an unquoted word stands for."""
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _ENDLESS or text in _NO_NUMBERS:
        return {**_ENDLESS, **_NO_NUMBERS}[text]
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
    return number if _SMALLEST <= number < _BEYOND else None


def _float(text: str) -> int | float | None:
    """Return a number; one without a fraction is an integer, since JSON has it so."""
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    if math.isinf(number):
        return None
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _timestamp(text: str) -> Timestamp | None:
    match = next(filter(None, (form.fullmatch(text) for form in _TIMES)), None)
    if match is None:
        return None
    given = match.groupdict()
    year, month, day = (int(given[name]) for name in ("year", "month", "day"))
    hour, minute, second = (int(given.get(name) or 0) for name in ("hour", "minute", "second"))
    leap = year if year else 2000  # the year 0 is a leap year, and calendar begins with 1
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(leap, month)[1]):
        return None
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = (given.get("fraction") or "")[:9].rstrip("0")
    time = f"{hour:02}:{minute:02}:{second:02}"
    return Timestamp(f"{year:04}-{month:02}-{day:02}", time, fraction, given.get("zone") or "Z")


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split("\n")), validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise ScalarError("!!binary value contains invalid base64 data") from None
