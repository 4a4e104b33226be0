"""Whether a string is random, as keys and tokens are."""

import re
from itertools import pairwise

_HEX = re.compile(r"(?:0x)?[0-9a-f]{32,}|[0-9A-F]{32,}")
_HASH_LENGTHS = (32, 40, 56, 64, 96, 128)
_BASE64 = re.compile(r"(?:base64:)?([A-Za-z0-9+/_-]{32,}={0,2})")
_WRAPPED = re.compile(r"[A-Za-z0-9+/=_-]{20,200}(?:\s{1,20}[A-Za-z0-9+/=_-]{1,200})+")
_SEPARATOR = re.compile(r"[^A-Za-z0-9]+")
_READABLE = re.compile(
    r"(?>[A-Z][a-z]{1,}|[a-z]{2,}|[A-Z]{2,5}(?=[A-Z][a-z])|[0-9]{1,4}(?![0-9A-Z]{2}))++[0-9A-F]{0,8}"
)
"""Words as in OrdersTable0B3C3E86. The groups are atomic, so that a match takes linear time."""
_LONG_WORD = re.compile(r"[a-z]{6}")
_VOWEL = re.compile(r"[aeiouyAEIOUY]")
_TOKEN = re.compile(r"[A-Za-z0-9+/_=-]{1,2000}(?:[.:~|][A-Za-z0-9+/_=-]{1,2000}){1,5}")
_PART = re.compile(r"[A-Za-z0-9+/_=-]+")
_DIGEST_NAME = re.compile(r"(?:sha|md|ed|blake)[0-9]", re.IGNORECASE)
_ALPHABET = "abcdefghijk"
_DIGEST = re.compile(r"sha[0-9]{3}[/:-]")
_UUID = re.compile(r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}")


def unwrap_base64(text: str) -> str:
    """Return base64 without its line breaks, any other text unchanged."""
    return re.sub(r"\s+", "", text) if "\n" in text and _WRAPPED.fullmatch(text) else text


def base64_of(text: str) -> str | None:
    """Return the part of a text that is base64, None if the text is anything else."""
    match = _BASE64.fullmatch(text)
    return match[1] if match else None


def is_hexadecimal(text: str) -> bool:
    """Return whether a text is at least 32 hexadecimal digits."""
    return bool(_HEX.fullmatch(text))


def is_hash_like(text: str) -> bool:
    """Return whether hexadecimal digits are as many as those of a hash, or too regular for a key."""
    return len(text.removeprefix("0x")) in _HASH_LENGTHS or len(set(text)) <= 6


def is_random(text: str) -> bool:
    """Return whether letters and digits change as often as in a random string of this alphabet."""
    if _DIGEST.match(text) or is_generated_name(text) or len(set(text)) <= 12 or _ALPHABET in text.lower():
        return False
    kinds = [_kind(each) for each in text.rstrip("=")]
    changes = sum(one != other for one, other in pairwise(kinds)) / len(kinds)
    if {"upper", "lower"} <= set(kinds):
        return "digit" in kinds and changes >= 0.45
    return text.isalnum() and "digit" in kinds and changes >= 0.3


def has_random_part(text: str) -> bool:
    """Return whether a token of a few parts, such as sl.XXXX, has one that is long and random."""
    if "://" in text or not _TOKEN.fullmatch(text) or _DIGEST_NAME.match(text):
        return False
    return any(len(each) >= 40 and not is_hexadecimal(each) and is_random(each) for each in _PART.findall(text))


def is_mixed(text: str) -> bool:
    """Return whether a shorter string, of 16 characters or more, has letters and digits, and is no name and no UUID."""
    letters = sum(each.isalpha() for each in text)
    digits = sum(each.isdigit() for each in text)
    return (
        len(text) >= 16
        and letters >= 3
        and digits >= 2
        and _ALPHABET not in text.lower()
        and not (_UUID.fullmatch(text) or is_generated_name(text))
    )


def has_many_symbols(text: str) -> bool:
    """Return whether a line has letters, digits and many symbols, but hardly a space, as the 64 of a WordPress key."""
    if "://" in text or _LONG_WORD.search(text):
        return False
    symbols = sum(not (each.isalnum() or each.isspace()) for each in text)
    has_all_kinds = {"upper", "lower", "digit"} <= {_kind(each) for each in text}
    return 50 <= len(text) <= 80 and symbols >= 6 and text.count(" ") <= 3 and has_all_kinds


def is_generated_name(text: str) -> bool:
    """Return whether a name was made from words and a short random suffix, as CloudFormation does.

    For example shop-OrdersTable-1A2B3C4D5E6F. The random parts of such names have at most 16 characters.
    """
    parts = [each for each in _SEPARATOR.split(text) if each]
    words = [each for each in parts if len(each) > 2 and _READABLE.fullmatch(each) and _VOWEL.search(each)]
    return (
        len(parts) > 1
        and bool(words)
        and words[0] == parts[0]
        and all(len(each) <= 16 or each in words for each in parts)
    )


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "digit"
    return "upper" if letter.isupper() else "lower" if letter.islower() else "other"
