"""Whether a string is a secret in plain text, by its name and its form."""

import re
from base64 import b64decode
from binascii import Error
from itertools import pairwise

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PASSWORDS = _words("PASSWORD PASSWORDS PASSWD PASSPHRASE PASSCODE")
_SECRETS = _words("SECRET SECRETS TOKEN TOKENS CREDENTIAL CREDENTIALS CREDS APIKEY SECRETKEY PRIVATEKEY ACCESSKEY")
_AT_THE_END = _words("PASS PWD PW")
"""Secrets only as the last of several words: PASS_RATE is no secret, and PWD alone is the working directory."""
_KEYS = _words(
    "API PRIVATE SECRET ENCRYPTION DECRYPTION SIGNING SIGNATURE MASTER ACCESS AUTH HMAC JWT SESSION COOKIE SHARED "
    "ACCOUNT APP APPLICATION CIPHER CRYPT AES FERNET WEBHOOK LICENSE SUBSCRIPTION SSH RSA"
)
"""Words that make a KEY a secret when they come directly before it."""
_ABOUT = _words(
    "MIN MAX LENGTH LEN SIZE TTL EXPIRY EXPIRE EXPIRES EXPIRATION EXP LIFETIME LIFESPAN AGE DURATION SECONDS SECS "
    "MINUTES HOURS DAYS MS TIMEOUT INTERVAL NAME NAMES ARN ARNS ID IDS URL URLS URI ENDPOINT HOST HOSTNAME PORT PATH "
    "FILE FILENAME DIR DIRECTORY LOCATION POLICY RULES REGEX PATTERN TYPE FORMAT ALGORITHM ALG ALGO HASH HASHER "
    "HASHING ENCODER ENCODING ENCRYPTION ROUNDS COST ITERATIONS MANAGER STORE STORAGE PROVIDER BACKEND SOURCE REGION "
    "PREFIX SUFFIX HEADER ISSUER AUDIENCE ENABLED DISABLED REQUIRED RESET LOGIN ROTATION VERSION STAGE LIMIT LIMITS "
    "COUNT BUDGET SCOPE SCOPES FIELD PARAM PARAMETER ALIAS REF REFERENCE SERVICE SERVER CACHE RETRIES ATTEMPTS "
    "STRENGTH COMPLEXITY SYMBOL ADDRESS CONTRACT TEMPLATE SUBJECT MODE HINT LABEL DELIMITER SEPARATOR LEEWAY SKEW "
    "USERNAME USER CHARS CHARSET WINDOW MODEL EMAIL STRATEGY ENGINE DRIVER TABLE COLUMN FIELDS INDEX BUCKET QUEUE "
    "TOPIC RATE CLASS LEVEL METHOD"
)
"""Words after a secret's word in names of what only concerns the secret: TOKEN_TTL, SECRET_ARN."""
_SWITCHES = _words(
    "ENABLE DISABLE REQUIRE REQUIRES USE ALLOW SHOW HIDE MASK IS HAS SKIP VALIDATE CHECK MAX MIN NUM FORGOT PAGE SITE"
)
_PUBLIC = _words("PUBLIC PUBLISHABLE ANON SITE")
_NO_SECRET_AT_ALL = _PUBLIC | _words(
    "ID IDS HASH DIGEST CHECKSUM SHA MD COMMIT REVISION REV ETAG FINGERPRINT INTEGRITY THUMBPRINT VERSION BUILD "
    "CERT CERTIFICATE CA TRACE CURSOR SELECTOR"
)
"""Words in names of random values that are no secrets."""
_MAYBE = _words("KEY KEYS SALT PEPPER SEED HMAC AUTH SESSION COOKIE SIGNATURE")
"""Words that make hexadecimal digits of a hash's length a key."""

_FORMS = (
    ("an AWS access key", r"(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
    ("a GitHub token", r"(?:gh[oprsu]_[A-Za-z0-9]{30,}|github_pat_\w{22,})"),
    ("a GitLab token", r"gl(?:pat|dt|rt|ptt|soat|cbt|ft)-[\w-]{20,}"),
    ("a Slack token", r"(?:xox[abeoprs]|xapp)-[\w-]{10,}"),
    ("a Stripe key", r"(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,})"),
    ("a Google credential", r"(?:GOCSPX-[\w-]{20,}|ya29\.[\w-]{20,})"),
    ("a SendGrid key", r"SG\.[\w-]{16,}\.[\w-]{16,}"),
    ("an npm token", r"npm_[A-Za-z0-9]{36}"),
    ("a PyPI token", r"pypi-[\w-]{50,}"),
    ("an OpenAI or Anthropic key", r"sk-(?=[a-zA-Z_-]*\d)(?:[a-z0-9]+-)*[\w-]{24,}"),
    ("a Hugging Face token", r"hf_[A-Za-z0-9]{30,}"),
    ("a Shopify token", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("a DigitalOcean token", r"do[opr]_v1_[0-9a-f]{64}"),
    ("a Mailgun key", r"key-[0-9a-f]{32}\b"),
    ("a Mailchimp key", r"[0-9a-f]{32}-us[0-9]{1,2}\b"),
    ("a Square key", r"sq0(?:atp|csp)-[\w-]{22,}"),
    ("a New Relic key", r"(?:NRAK-[A-Z0-9]{27}|[0-9a-f]{36}NRAL)\b"),
    ("a Grafana token", r"gl(?:sa|c)_[\w+/=]{32,}"),
    ("a Databricks token", r"dapi[0-9a-f]{32}"),
    ("a Docker Hub token", r"dckr_pat_[\w-]{20,}"),
    ("a Vault token", r"hv[sb]\.[\w-]{24,}"),
    ("a Terraform Cloud token", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20,}"),
    ("a Pulumi token", r"pul-[0-9a-f]{40}"),
    ("a Doppler token", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20,}"),
    ("a Linear key", r"lin_api_[A-Za-z0-9]{32,}"),
    ("an Atlassian token", r"ATATT3[\w=-]{20,}"),
    ("a PlanetScale credential", r"pscale_(?:tkn|pw|oauth)_[\w-]{20,}"),
    ("a Postman key", r"PMAK-[0-9a-f]{24}-[0-9a-f]{20,}"),
    ("a LaunchDarkly key", r"(?:sdk|api)-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    ("an age key", r"AGE-SECRET-KEY-1[A-Z0-9]{50,}"),
    ("a Telegram bot's token", r"[0-9]{8,10}:AA[\w-]{33}"),
    ("a webhook's URL, which is a secret", r"https://hooks\.slack\.com/(?:services|workflows)/\w+/\w+/\w+"),
    ("a webhook's URL, which is a secret", r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/\d+/[\w-]{20,}"),
    ("a shared access signature", r"[?&]sig=[\w%+/-]{30,}"),
    ("credentials for HTTP", r"(?:Basic|Bearer) +(?=[\w.~+/-]*[\dA-Z])[\w.~+/-]{16,}=*"),
    ("a private key", r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----"),
)
_OFTEN_PUBLIC = (
    ("a Google API key", r"AIza[\w-]{35}"),
    ("a JSON Web Token", r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}"),
)
_FORMATS = [(what, re.compile(rf"(?<![A-Za-z0-9]){form}")) for what, form in _FORMS]
_ALSO_PUBLIC_FORMATS = [(what, re.compile(rf"(?<![A-Za-z0-9]){form}")) for what, form in _OFTEN_PUBLIC]

_CREDENTIALS_IN_AN_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,30}://[^\s/?#:@]*:|\bjdbc:oracle:thin:\w+/|(?<![\w:/])[\w.-]+:(?=[^\s:@]+@(?:tcp|unix)\())"
    r"([^\s/@]+)@",
    re.IGNORECASE,
)
_OPTION = re.compile(r"""--([A-Za-z][\w.-]{0,99})(?:\s*=\s*|\s+)("[^"]*"|'[^']*'|[^\s;&|]+)""")
_SETTING = re.compile(r"""(?<![\w.-])(?:-D)?([A-Za-z][\w. -]{0,99}?)\s*=\s*("[^"]*"|'[^']*'|[^\s;&,"']+)""")
_MEMBER = re.compile(r"""["']([A-Za-z][\w.-]{0,99})["']\s*:\s*("[^"]*"|'[^']*')""")

_EMPTY = re.compile(
    r"|true|false|yes|no|on|off|none|null|nil|undefined|enabled|disabled|optional|required|always|never|auto|default"
    r"|[*x.•]+|<.*>|\[.*\]|\{\w*\}|%\(?\w*\)?s|%\w+%|\$\w+|.*\$[{(].*|.*\{\{.*\}\}.*|YOUR[_-].*|REDACTED",
    re.IGNORECASE | re.DOTALL,
)
"""Placeholders, and values that cannot be a secret: their names are not checked."""
_REFERENCE = re.compile(
    r"arn:aws[\w-]*:.*|(?:[.~]{0,2}(?:/[\w.@-]+)+|[A-Z]:\\.*)/?|[a-z][a-z0-9+.-]*://.*|projects/.*/secrets/.*"
    r"|(?:vault|ssm|secretsmanager|awssm|sops|env|file|secret|ref):[^\s]+"
    r"|/aws/reference/secretsmanager/[\w/+=.@!-]+|rds!(?:db|cluster)-[0-9a-f-]{36}",
    re.DOTALL,
)
_NAMES_WITH_SLASHES = re.compile(r"[a-z][a-z-]*(?:/[a-z][a-z0-9-]*)+")
_NUMBER = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]+)?\s?[a-z]{0,7}", re.IGNORECASE)
_PLAIN_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")

_HEX = re.compile(r"(?:0x)?[0-9a-f]{32,}|[0-9A-F]{32,}")
_HASH_LENGTHS = (32, 40, 56, 64, 96, 128)
_BASE64 = re.compile(r"(?:base64:)?([A-Za-z0-9+/_-]{32,}={0,2})")
_LONGEST_READ = 20_000


def reason(name: str, value: str) -> str | None:
    """Return why an environment variable seems to be a secret, None if it does not. The reason never has the value."""
    text = value.strip()[:_LONGEST_READ]
    return by_form(text, name) or (f"its name contains {word}" if (word := _by_name(name, text)) else None)


def by_form(text: str, name: str = "") -> str | None:
    """Return why a string seems to be or to contain a secret, None if it does not.

    Args:
        text: The string.
        name: Its name. Some names mean that a string is no secret even if it looks like one.
    """
    words = _split(name)
    formats = _FORMATS if _PUBLIC.intersection(words) else [*_FORMATS, *_ALSO_PUBLIC_FORMATS]
    match = next((what for what, form in formats if form.search(text)), None)
    if match:
        return f"it looks like {match}"
    if any(not _EMPTY.fullmatch(each[1]) for each in _CREDENTIALS_IN_AN_ADDRESS.finditer(text)):
        return "it is a URL with a password"
    if _sets_a_secret(text):
        return "it sets a password, a token or a key"
    return "it is a long random string" if _is_random(text, words) else None


def _sets_a_secret(text: str) -> bool:
    """Return whether a string sets a secret: in a command's option, a connection string, a query or JSON."""
    settings = (match.groups() for form in (_OPTION, _SETTING, _MEMBER) for match in form.finditer(text))
    return any(_by_name(name.rpartition(" ")[2], value.strip("\"'")) for name, value in settings)


def _by_name(name: str, value: str) -> str | None:
    """Return the words of a name that make its value a secret, None if there are none or the value is a placeholder."""
    words = _secret_words(_split(name))
    if words is None or _EMPTY.fullmatch(value) or _REFERENCE.fullmatch(value):
        return None
    password = words in _PASSWORDS or words in _AT_THE_END or words.endswith("PASSWORD")
    if not password and (_NUMBER.fullmatch(value) or _NAMES_WITH_SLASHES.fullmatch(value)):
        return None
    if words.startswith("CRED") and _PLAIN_WORD.fullmatch(value):
        return None
    return words


def _secret_words(words: list[str]) -> str | None:
    if _SWITCHES.intersection(words[:-1]) or _PUBLIC.intersection(words):
        return None
    for index, word in enumerate(words):
        before, after = words[:index], words[index + 1 :]
        if _ABOUT.intersection(after):
            continue
        if word in _PASSWORDS or word in _SECRETS or word.endswith(("PASSWORD", "PASSWD")):
            return word
        if word in _AT_THE_END and before and not after:
            return word
        if word in ("KEY", "KEYS") and before and before[-1] in _KEYS:
            return f"{before[-1]}_{word}"
    return None


def _split(name: str) -> list[str]:
    return [word.upper() for word in _WORD.findall(name)]


def _is_random(text: str, words: list[str]) -> bool:
    match = _BASE64.fullmatch(text)
    inside = _decoded(match[1]) if match else None
    if inside is not None:
        return by_form(inside) is not None
    if _NO_SECRET_AT_ALL.intersection(words):
        return False
    if _HEX.fullmatch(text):
        is_hash_length = len(text.removeprefix("0x")) in _HASH_LENGTHS
        return len(set(text)) > 6 and (not is_hash_length or bool(_MAYBE.intersection(words)))
    if not match or re.match(r"sha[0-9]{3}-", text) or (_REFERENCE.fullmatch(text) and text.count("/") > 1):
        return False
    kinds = [_kind(each) for each in match[1].rstrip("=")]
    changes = sum(one != other for one, other in pairwise(kinds)) / len(kinds)
    if {"upper", "lower"} <= set(kinds):
        return "digit" in kinds and changes >= 0.45 and len(set(text)) > 12
    return text.isalnum() and "digit" in kinds and changes >= 0.3 and len(set(text)) > 12


def _decoded(text: str) -> str | None:
    """Return the text that base64 encodes, None if it is not text."""
    try:
        inside = b64decode(text + "=" * (-len(text) % 4), altchars=b"-_" if {"-", "_"} & set(text) else None).decode()
    except (Error, ValueError):
        return None
    return inside if inside.replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable() else None


def _kind(letter: str) -> str:
    if letter.isdigit():
        return "digit"
    return "upper" if letter.isupper() else "lower" if letter.islower() else "other"
