"""Credentials by the kind of their name: logins, headers and keys."""

import re

from apprunner_policies.plaintext import randomness
from apprunner_policies.plaintext.assignments import Setting
from apprunner_policies.plaintext.names import is_key, may_be_random, printable_name, split
from apprunner_policies.plaintext.values import base64_bytes, decode_text, is_placeholder, is_reference

_USER_AND_PASSWORD = re.compile(r"[\w.@+-]{1,64}[:/](\S{3,200})")
_LOGINS = re.compile(r"(?:AUTH|BASIC|LOGIN|USERPASS|USERPWD|HTPASSWD|USERS?|ACCOUNTS?|ADMIN|IDENT)\Z")
_BASIC = frozenset(("BASIC", "BASICAUTH", "USERPASS", "USERPWD", "HTPASSWD", "NEO"))
_PLAIN = re.compile(r"[A-Za-z]+(?:[ ,:_-][A-Za-z]+)*|[0-9:]+|.*\.[a-z]{2,}(?::[0-9]+)?(?:/.*)?")
_TOKEN = re.compile(r"[\w-]{20,200}={0,2}")
_LETTERS_AND_DIGITS = re.compile(r"(?=\D*[0-9])(?=[^A-Za-z]*[A-Za-z])[A-Za-z0-9]{8,200}")
_KNOWN_PASSWORDS = frozenset(("changeme", "changeit", "password", "secret", "letmein"))
_HEADER = re.compile(r"([\w-]{1,100})=([^,\n]{1,2000})")
_BUNDLER = re.compile(r"BUNDLE_\w{1,200}__\w{1,200}")
"""Bundler's variables with the credentials of a host: BUNDLE_GEMS__EXAMPLE__COM."""
_VENDORS_KEYS = (
    ({"VAULT", "SECRET", "ID"}, "Vault"),
    ({"APPROLE", "SECRET", "ID"}, "Vault"),
    ({"TELEGRAM", "API", "HASH"}, "Telegram"),
    ({"ROUTING", "KEY"}, "PagerDuty"),
    ({"AGORA", "CERTIFICATE"}, "Agora"),
)
"""Words of names that seem harmless, and the vendor that gives values under such a name, which are secrets."""
_HEX_OR_UUID = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def authenticates(setting: Setting) -> bool:
    """Return whether a setting such as --proxy-auth, X-Auth or Authorization has a password or a token."""
    last = split(setting.name)[-1:]
    value = setting.value
    if last == ("AUTHORIZATION",):
        return len(value) >= 16 and any(map(str.isdecimal, value)) and not is_placeholder(value)
    is_auth = bool(last) and last[0].endswith(("AUTH", "CREDS"))
    is_token = is_auth and bool(_LETTERS_AND_DIGITS.fullmatch(value) or randomness.is_mixed(value))
    return is_token or login(setting.name, value, is_basic=setting.is_option and is_auth) is not None


def header(text: str, name: str) -> tuple[str, int] | None:
    """Return a header with a random value, from a variable such as OTEL_EXPORTER_OTLP_HEADERS."""
    if "HEADERS" not in split(name):
        return None
    for match in _HEADER.finditer(text):
        is_authorization = match[1].lower() == "authorization"
        is_random = " " not in match[2] and randomness.is_mixed(match[2])
        if (is_authorization or is_random) and not is_placeholder(match[2]):
            return f"it sets the header {printable_name(match[1])}", match.start()
    return None


def login(name: str, text: str, *, is_basic: bool = False) -> str | None:
    """Return why a value such as that of BASIC_AUTH=user:password is a secret, None if it is none.

    Args:
        name: Its name.
        text: The value.
        is_basic: Whether the value can only be a login, so that its password may be a word: admin:admin.
    """
    words = ("LOGIN",) if _BUNDLER.fullmatch(name) else split(name)
    if words and words[-1] == "AUTH" and (decoded := decode_text(base64_bytes(text))):
        text = decoded
    match = _USER_AND_PASSWORD.fullmatch(text)
    if not match or not words or not _LOGINS.search(words[-1]) or is_placeholder(match[1]) or is_reference(text):
        return None
    may_be_a_word = match[1] in _KNOWN_PASSWORDS or (
        (is_basic or bool(_BASIC.intersection(words))) and not match[1].isdecimal()
    )
    return "it is a user name with a password" if may_be_a_word or not _PLAIN.fullmatch(match[1]) else None


def short_key(name: str, text: str) -> str | None:
    """Return why the value of a key is a secret: it is short, but has letters and digits, and is no readable name."""
    if _HEX_OR_UUID.fullmatch(text):
        for words, vendor in _VENDORS_KEYS:
            if words.issubset(split(name)):
                return f"it is a key of {vendor}"
    if not is_key(name):
        return None
    if _TOKEN.fullmatch(text):
        is_secret = not may_be_random(name) and (randomness.is_mixed(text) or randomness.is_random(text))
    else:
        is_secret = split(name)[-1] in ("KEY", "SALT") and randomness.has_many_symbols(text)
    return "its name means a key, and it looks random" if is_secret else None
