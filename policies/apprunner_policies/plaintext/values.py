"""Values that are no secrets, whatever their names: placeholders, references, numbers, public identifiers."""

import re
from base64 import b64decode
from binascii import Error

_PLACEHOLDER = re.compile(
    r"|[01]|true|false|yes|no|on|off|none|null|nil|undefined|enabled|disabled|optional|required|always|never|auto|default"
    r"|string|str|text|varchar|[*x.•]+|<.*>|\[.*\]|\{(?:[A-Za-z_]*|[0-9]+)[0-9]?\}|%\(?\w*\)?s|%\w+%|\$(?:[A-Za-z_]+|(?-i:[A-Z0-9_]+))|:\w+|`.*|(?-i:Your[A-Z]\w*)"
    r"|YOUR[_-].*|\(?(?:REDACTED|HIDDEN|MASKED|SENSITIVE)\)?"
    r"|(?:dummy|unused|placeholder|fake|example|ignored|irrelevant|collectstatic|build[_-]?(?:only|time)|n/?a|todo|tbd"
    r"|user[_-]provided|not[_ -]?(?:used|needed|set|real|required|a[_ -]secret)"
    r"|(?:injected|replaced|set|provided|filled|resolved|loaded)[_ -](?:at|by|in|from|on|during))"
    r"(?:[_ -][a-z_ -]*)?",
    re.IGNORECASE | re.DOTALL,
)
_READS = re.compile(
    r"(?:aws (?:secretsmanager|ssm|sts|ecr|rds|kms)|vault (?:kv|read|write|login|token)|gcloud (?:secrets|auth|sql)"
    r"|op (?:read|item|run)|kubectl (?:get|create)|az (?:keyvault|account)|doppler (?:secrets|run)|bw get|pass show"
    r"|security find-\w+|(?:sops|chamber|infisical) \w+|cat /)"
)
"""Commands that read a secret at run time."""
_DEFAULT = re.compile(r"\$\{\w{1,100}:?[-=]([^${}]{1,200})\}")
"""A shell's reference to a variable with a default, which may be a secret."""
_REFERENCE = re.compile(
    r"arn:aws[\w-]*:.*|(?:[.~]{0,2}(?:/[\w.@-]+)+|[A-Z]:\\.*)/?|[a-z][a-z0-9+.-]{0,30}://.*|projects/.*/secrets/.*"
    r"|[A-Za-z][A-Za-z0-9-]{2,200}[0-9A-F]{8}-[A-Za-z0-9]{12,13}"
    r"|(?:var|local|data|module|each|self|this|args|opts|params|config|settings|secrets?|env|ENV|os\.environ|os\.getenv"
    r"|process\.env|System\.getenv|getenv|Deno\.env|import\.meta\.env)[.\[(].*"
    r"|(?:%[\w.]+%)?[\w./@-]*[\w-]\.(?:pem|key|p8|p12|pfx|jks|crt|cer)"
    r"|(?:vault|ssm|secretsmanager|awssm|sops|env|file|secret|ref|keyvault|doppler|infisical):\S+"
    r"|/aws/reference/secretsmanager/[\w/+=.@!-]+|rds!(?:db|cluster)-[0-9a-f-]{36}"
    r"|@Microsoft\.KeyVault\(.*|!(?:secret|vault|Ref|Sub) .*|ENC[\[(].*"
    r"|(?:[a-z_][a-z0-9_]*\.){2,12}[A-Za-z]\w*|\{cipher\}.*",
    re.DOTALL,
)
_NUMBER = re.compile(r"-?[0-9][0-9_,]{0,11}(?:\.[0-9]{1,6})?")
_WITH_UNIT = re.compile(
    r"[0-9]{1,9}(?:\.[0-9]+)?\s?(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?|months?|y|years?"
    r"|[kmg]b?|[kmg]ib|bytes?|chars?|characters?|tokens?|keys?|%|(?:r|req)?/(?:s|m|h|d|sec|min|hour|day)|per \w+)"
    r"|P[0-9YMWDTHS]{2,20}",
    re.IGNORECASE,
)

_PUBLIC_KEY = re.compile(
    r"pk_(?:live|test|prod)_\w+=*\$?|phc_\w{20,}|sb_publishable_[\w-]+|pk\.eyJ[\w-]+\.[\w-]+|pk-lf-[0-9a-f-]{36}"
    r"|FLWPUBK(?:_TEST)?-[\w-]+|rzp_(?:live|test)_\w+|sq0idp-[\w-]+|pub[0-9a-f]{32}|(?:live|test)_(?:[0-9a-f]{27}|[0-9A-Z]{32})|ca-pub-[0-9]+"
    r"|client-[0-9A-Za-z]{30,60}|sdk-[0-9A-Za-z]{12,20}"
    r"|[A-Z]{2}[0-9a-f]{32}|0x[0-9a-fA-F]{40}|Qm[1-9A-HJ-NP-Za-km-z]{44}|baf[0-9a-z]{56}|bc1[0-9a-z]{25,90}|xpub[0-9A-Za-z]{100,120}|npub1[0-9a-z]{58}|age1[0-9a-z]{58}"
    r"|[0-9]{6,16}-[0-9a-z]{32}\.apps\.googleusercontent\.com|0oa[0-9A-Za-z]{17}|Iv[0-9]\.?[0-9A-Za-z]{16,20}"
)
"""Keys and identifiers that their publishers call public."""
_IDENTIFIER = re.compile(
    r"(?:price|prod|cus|sub|acct|evt|we|pi|pm|plan|promo|prctbl|txr|tr|po|bpc|wsp)_\w{8,40}"
    r"|(?:G|GT|GTM|AW|DC|UA)-[0-9A-Z-]{4,16}|[a-z]{2}-[a-z]+-[0-9]_[A-Za-z0-9]{9}"
    r"|(?:mrk|vpce?|subnet|sg|eni|vol|ami|snap|igw|nat|rtb|acl|eipalloc|tgw|pl|lt|fs|fsap|i|o|ou|r)-[0-9a-f-]{4,40}"
)
"""Identifiers of resources. Under a name that means a secret, such a value is a secret. A UUID is none of them."""
_PUBLIC_TEXT = re.compile(
    r"-----BEGIN (?:[A-Z0-9]+ ){0,3}(?:PUBLIC KEY|CERTIFICATE|CERTIFICATE REQUEST|X509 CRL|PUBLIC KEY BLOCK)-----"
    r"|(?:[\w.,:\[\]-]+ )?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]+|sk-[\w@.-]+) AAAA"
)
_WEB_KEY = re.compile(r"AIza[\w-]{35}")
_MEDIA = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"%PDF", b"wOFF", b"wOF2", b"\x00\x00\x01\x00", b"\x00asm")


def is_placeholder(value: str) -> bool:
    """Return whether a value is empty, a switch or a placeholder, or is filled in at run time."""
    if default := _DEFAULT.fullmatch(value):
        return is_placeholder(default[1]) or is_reference(default[1])
    is_template = "$(" in value or "${" in value or ("{{" in value and "}}" in value)
    is_pattern = value.startswith("^") and value.endswith("$") and "[" in value
    return is_template or is_pattern or bool(_PLACEHOLDER.fullmatch(value) or _READS.match(value))


def is_example(token: str) -> bool:
    """Return whether a token is one of documentation: AKIAIOSFODNN7EXAMPLE, ghp_xxxxxxxx."""
    return "EXAMPLE" in token or len(set(token[-12:].lower())) <= 2


def is_reference(value: str) -> bool:
    """Return whether a value refers to a secret: by ARN, path or address."""
    return bool(_REFERENCE.fullmatch(value))


def is_number(value: str, *, with_unit: bool = False) -> bool:
    """Return whether a value is a number, alone or with a unit.

    Args:
        value: The value.
        with_unit: Whether only a number with a unit counts.
    """
    return bool(_WITH_UNIT.fullmatch(value)) or (not with_unit and bool(_NUMBER.fullmatch(value)))


def is_public_key(text: str) -> bool:
    """Return whether a text consists of public keys, whatever its name. Commas separate them."""
    if _PUBLIC_TEXT.match(text):
        return "PRIVATE KEY" not in text
    return all(_PUBLIC_KEY.fullmatch(each.strip()) for each in text.split(","))


def is_identifier(text: str) -> bool:
    """Return whether a text consists of identifiers of resources. Commas separate them."""
    return all(_IDENTIFIER.fullmatch(each.strip()) for each in text.split(","))


def is_web_key(text: str) -> bool:
    """Return whether a text is a Google API key, which pages contain if its name says that it is for them."""
    return bool(_WEB_KEY.fullmatch(text))


def base64_bytes(text: str) -> bytes | None:
    """Return the bytes that a text encodes in base64, URL-safe or without padding too; None if it is not base64."""
    altchars = b"-_" if {"-", "_"} & set(text) else None
    try:
        return b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), altchars=altchars, validate=True)
    except (Error, ValueError):
        return None


def decode_text(content: bytes | None) -> str | None:
    """Return the text in bytes, None if they are not printable text."""
    try:
        text = content.decode() if content else None
    except ValueError:
        return None
    return text if text and text.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable() else None


def is_public_binary(content: bytes) -> bool:
    """Return whether bytes are a picture, a font, a document, or a certificate or public key in DER.

    The sequence of a private key or of a key store starts with a version, an integer (tag 2). That of a certificate
    or of a public key starts with another sequence (tag 0x30).
    """
    if content.startswith(_MEDIA):
        return True
    if len(content) < 40 or content[0] != 0x30:
        return False
    header = 2 + (content[1] & 0x7F if content[1] & 0x80 else 0)
    return header < len(content) and content[header] == 0x30
