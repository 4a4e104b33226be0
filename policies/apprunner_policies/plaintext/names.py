"""Names of variables, options and settings that mean a secret.

`by_name` works in three steps:

1. The name has a word that means a secret (`words`): PASSWORD, or API before KEY.
2. No other word means that the name is about the secret only: TOKEN_TTL, REQUIRE_PASSWORD.
3. The value may be one. A date, a number or a plain word is rather the name or the age of a secret.
"""

import re
from functools import lru_cache

from apprunner_policies.plaintext.values import is_number, is_placeholder, is_reference
from apprunner_policies.plaintext.words import (
    ABOUT,
    ENVIRONMENTS,
    FOR_BROWSERS,
    JOINED_KEYS,
    KEY_MATERIAL,
    KEYS_WITH_NAMES,
    NAMES_OF_ITEMS,
    NO_PASSWORDS,
    OWNERS,
    PAIRS,
    PASSWORDS,
    PUBLIC,
    PUBLIC_TOGETHER,
    QUALIFIERS,
    RANDOM,
    SECRET_ENDINGS,
    SECRETS,
    SHORT_PASSWORDS,
    SWITCHES,
    SYSTEMS,
)

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PRINTABLE = re.compile(r"[A-Za-z_][\w.-]{0,63}")

_STRONG = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=\D*[0-9]\D*[0-9])[^\s/:.,_-]{8,100}")
"""A value with small and capital letters and two digits, which is hardly a name."""
_PLAIN_WORD = re.compile(r"[a-z]+(?:[-_.,][a-z]+)*")
_PLAIN_PATH = re.compile(r"[a-z][a-z-]*(?:/[a-z][a-z0-9-]*)+")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.Z+-]{5,20})?")
_FIELD = re.compile(r"password|username|token|secret|key|value|credentials|api-key|hidden")
_COLUMN = re.compile(r"[a-z]+(?:_[a-z]+)*_(?:id|hash|name|field|column|at)")
"""_FIELD and _COLUMN are names of fields and columns, such as those of a secret in JSON, as values of settings."""
_CURRENCIES = re.compile(r"[A-Z]{2,6}(?:,[A-Z]{2,6})*")
"""Symbols of currencies, such as ETH, which are tokens too."""


@lru_cache(maxsize=1024)
def split(name: str) -> tuple[str, ...]:
    """Return the words of a name, in capitals."""
    return tuple(word.upper() for word in _WORD.findall(name))


def printable_name(name: str) -> str:
    """Return a name for a message; "a secret" in place of one that may be a value itself."""
    return name if _PRINTABLE.fullmatch(name) else "a secret"


@lru_cache(maxsize=1024)
def is_public(name: str) -> bool:
    """Return whether a name says that its key or token is public."""
    words = set(split(name))
    return bool(PUBLIC & words) or any(each <= words for each in PUBLIC_TOGETHER)


@lru_cache(maxsize=1024)
def is_for_browsers(name: str) -> bool:
    """Return whether a value reaches browsers anyway, such as Firebase's configuration."""
    return is_public(name) or name.startswith(FOR_BROWSERS) or "FIREBASE" in split(name)


@lru_cache(maxsize=1024)
def may_be_random(name: str) -> bool:
    """Return whether a random value of this name is no secret."""
    return is_public(name) or bool(RANDOM.intersection(split(name)))


@lru_cache(maxsize=1024)
def is_key(name: str) -> bool:
    """Return whether hexadecimal digits of this name are rather a key than a hash."""
    words = split(name)
    return bool(KEY_MATERIAL.intersection(words)) and not NAMES_OF_ITEMS.intersection(words)


def by_name(name: str, value: str, *, is_setting: bool = False) -> str | None:
    """Return the words of a name that make its value a secret, None if there are none or the value is a placeholder.

    Args:
        name: The name.
        value: The value.
        is_setting: Whether the name is that of a setting in a text, where PWD alone is a password.
    """
    secret = _secret_in(name, is_setting, ABOUT)
    if secret is None and _STRONG.fullmatch(value):
        secret = _secret_in(name, is_setting, ABOUT - OWNERS)
    if secret is None or is_placeholder(value) or is_reference(value):
        return None
    if _is_password(secret):
        is_harmless = _is_no_password(name, secret, value, is_setting)
    else:
        is_harmless = _is_name_of_key(name, secret, value, is_setting)
    return None if is_harmless else secret


# Names


def _secret_in(name: str, is_setting: bool, about: frozenset[str]) -> str | None:
    """Return the words of a name that mean a secret: PASSWORD, or API_KEY.

    Args:
        name: The name.
        is_setting: Whether the name is that of a setting in a text.
        about: The words after a secret in names that are only about it.
    """
    words = split(name)
    if SWITCHES.intersection(words[:-1]):
        return None
    for index, word in enumerate(words):
        after = words[index + 1 :]
        if word in PASSWORDS and after[:1] == ("SECRET",):
            continue  # the secret that holds the password
        if any(about.intersection((each, each.removesuffix("S"), f"{each}S")) for each in after):
            continue
        secret = _secret_at(words, index, is_setting)
        if secret and not (is_public(name) and _may_be_public(secret)):
            return secret
    return None


def _secret_at(words: tuple[str, ...], index: int, is_setting: bool) -> str | None:
    """Return the secret that the word at an index means, if it means one; with the word before it in API_KEY."""
    word, before, after = words[index], words[:index], words[index + 1 :]
    if word in PASSWORDS or word in SECRETS or word in JOINED_KEYS or word.endswith(SECRET_ENDINGS):
        return word
    if not after and word.endswith(("PASS", "PWD")) and len(word) > 4 and word not in NO_PASSWORDS:
        return word
    if word in SHORT_PASSWORDS and _is_password_here(word, bool(before) or is_setting, after):
        return word
    return f"{before[-1]}_{word}" if before and before[-1] in PAIRS.get(word, ()) else None


def _is_password_here(word: str, has_owner: bool, after: tuple[str, ...]) -> bool:
    """Return whether a short password means one: DB_PASS, DB_PASS_PROD, PASS_DB, and PASS alone."""
    if has_owner:
        return ENVIRONMENTS.issuperset(after)
    return after[0] in SYSTEMS if after else word == "PASS"


def _may_be_public(secret: str) -> bool:
    return not (_is_password(secret) or "SECRET" in secret or "PRIVATE" in secret)


def _is_password(secret: str) -> bool:
    return secret in PASSWORDS or secret in SHORT_PASSWORDS or secret.endswith(("PASSWORD", "PASS", "PWD", "PIN"))


def _is_last(name: str, secret: str) -> bool:
    """Return whether a name ends with a secret, apart from a qualifier such as KEY or PROD."""
    last = split(name)[-1]
    return secret.endswith(last) or last in QUALIFIERS


# Values


def _is_no_password(name: str, secret: str, value: str, is_setting: bool) -> bool:
    """Return whether a value is none of a password's: a switch, a number or a date, or the name of something."""
    is_plain = bool(_PLAIN_WORD.fullmatch(value))
    if is_plain and (_is_key_of(name, secret) or (split(name) == ("PASS",) and not is_setting)):
        return True
    if (_DATE.fullmatch(value) and not _is_last(name, secret)) or (is_setting and _COLUMN.fullmatch(value)):
        return True
    return is_number(value, with_unit=True) or (len(value) < 3 and value.isdecimal())


def _is_name_of_key(name: str, secret: str, value: str, is_setting: bool) -> bool:
    """Return whether a value only names a key or token, or is a number or date of some."""
    is_plain = bool(_PLAIN_WORD.fullmatch(value))
    if is_setting and (_FIELD.fullmatch(value) or _COLUMN.fullmatch(value)):
        return True
    if _DATE.fullmatch(value) or _PLAIN_PATH.fullmatch(value):
        return True
    if not _is_last(name, secret) and (is_plain or (value.isalpha() and len(value) < 4)):
        return True
    if secret in ("TOKEN", "TOKENS") and _CURRENCIES.fullmatch(value):
        return True
    if is_number(value) and (secret.endswith("S") or len(value) < 4 or is_number(value, with_unit=True)):
        return True
    may_be_word = (
        _is_key_of(name, secret) or secret.startswith("CRED") or KEYS_WITH_NAMES.intersection(secret.split("_"))
    )
    return is_plain and bool(may_be_word)


def _is_key_of(name: str, secret: str) -> bool:
    """Return whether a name is rather the key of a secret in a map, as PASSWORD_KEY is."""
    return split(name)[-1] in ("KEY", "KEYS") and not secret.endswith(("KEY", "KEYS", "SECRET"))
