"""Whether a string is a secret in plain text, by its name and its form."""

import re
from urllib.parse import unquote

from apprunner_policies.plaintext import randomness
from apprunner_policies.plaintext.assignments import settings
from apprunner_policies.plaintext.commands import passwords
from apprunner_policies.plaintext.credentials import authenticates, header, login, short_key
from apprunner_policies.plaintext.formats import formats_of, is_for_build_step, password_in_address
from apprunner_policies.plaintext.names import by_name, is_for_browsers, is_key, may_be_random, printable_name
from apprunner_policies.plaintext.values import (
    base64_bytes,
    decode_text,
    is_identifier,
    is_placeholder,
    is_public_binary,
    is_public_key,
    is_reference,
    is_web_key,
)

__all__ = ["by_form", "reason"]

_LONGEST_READ = 20_000
"""Characters of a value that are searched."""
_DEEPEST = 3
"""How many layers of base64 are decoded."""
_SHORT = re.compile(r"[\w.-]{0,15}")
"""Values that are too short and plain for any form. Most are."""
_NAMED = re.compile(r"[a-z][a-z0-9]*(?:[-_/.][a-z0-9]+)+\Z|(?:id|type|src|source)=")
_NO_VALUE = re.compile(r"--|[)?]|\|.|\[\^|\([.\[?]|[$\\][0-9]")
"""The start of another option, of a part of a regular expression, or of a parameter in SQL."""
_WORD = re.compile(r"[\w+=~!-]{6,}")
_HAS_LETTERS_AND_DIGITS = re.compile(r"(?=\D*[0-9])(?=[^A-Za-z]*[A-Za-z])")


def reason(name: str, value: str) -> str | None:
    """Return why an environment variable seems to be a secret, None if it does not. It never contains the value."""
    text = value.strip()[:_LONGEST_READ]
    if is_public_key(text) or (is_for_browsers(name) and is_web_key(text)):
        return None
    if not _SHORT.fullmatch(text) and (why := by_form(text, name)):
        return why
    if (word := by_name(name, text)) and not _is_plain_document(text):
        return f"its name contains {word}"
    return None if is_identifier(text) else login(name, text) or short_key(name, text)


def by_form(text: str, name: str = "", *, depth: int = 0) -> str | None:
    """Return why a string seems to be or to contain a secret, None if it does not.

    Args:
        text: The string.
        name: Its name. Some names mean that a string is no secret even if it looks like one.
        depth: How often the string was encoded in base64 in another one.
    """
    text = randomness.unwrap_base64(text[:_LONGEST_READ])
    if is_public_key(text) or is_identifier(text):
        return None
    secret = _secret_in(text, name)
    if secret is None and "%" in text and (decoded := unquote(text)) != text:
        secret = _secret_in(decoded, name)
    if secret:
        why, position = secret
        return f"{why} (at character {position + 1})" if position else why
    return "it is a long random string" if _is_random(unquote(text), name, depth) else None


def _secret_in(text: str, name: str) -> tuple[str, int] | None:
    """Return why a text contains a secret, and the position of the secret."""
    for what, position in formats_of(text, name, is_public=is_for_browsers(name) or _is_browser_config(text)):
        return f"it looks like {what}", position
    if (position := password_in_address(text)) is not None:
        return "it is a URL with a password", position
    for each in settings(text):
        is_secret = (
            by_name(each.name, each.value, is_setting=True) or authenticates(each) or short_key(each.name, each.value)
        )
        if is_secret and not _is_harmless(text, each.name, each.value, each.is_option):
            dashes = "--" if text.startswith("--", each.position) else "-"
            return (
                f"it sets {f'the option {dashes}' if each.is_option else ''}{printable_name(each.name)}",
                each.position,
            )
    for what, value, position in passwords(text):
        if not (is_placeholder(value) or is_reference(value)):
            return f"it sets {what}", position
    return header(text, name)


def _is_harmless(text: str, name: str, value: str, is_option: bool) -> bool:
    """Return whether a setting only names a secret, or is a dummy value of a build step."""
    names_a_secret = is_option and name.lower() in ("secret", "secrets", "token-name") and bool(_NAMED.match(value))
    return (
        names_a_secret
        or bool(_NO_VALUE.match(value))
        or is_for_build_step(text, value)
        or (_is_browser_config(text) and is_web_key(value))
    )


def _is_plain_document(text: str) -> bool:
    """Return whether a text is JSON or YAML without a value that could be a secret. Its settings are checked anyway."""
    is_document = f"{text[:1]}{text[-1:]}" in ("{}", "[]") or ("\n" in text and ":" in text)
    return is_document and not any(_HAS_LETTERS_AND_DIGITS.match(each) for each in _WORD.findall(text))


def _is_browser_config(text: str) -> bool:
    """Return whether a text is a Firebase configuration, which pages contain."""
    return "authDomain" in text and "AIza" in text


def _is_random(text: str, name: str, depth: int) -> bool:
    encoded = randomness.base64_of(text)
    content = base64_bytes(encoded) if encoded else None
    inside = decode_text(content)
    if inside is not None:
        return depth < _DEEPEST and by_form(inside, depth=depth + 1) is not None
    if may_be_random(name) or (content and is_public_binary(content)):
        return False
    if randomness.is_hexadecimal(text):
        return is_key(name) or not randomness.is_hash_like(text)
    if encoded is None:
        return randomness.has_random_part(text)
    return not (is_reference(text) and text.count("/") > 1) and randomness.is_random(encoded)
