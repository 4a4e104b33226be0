"""Names of variables, options and settings that mean a secret."""

import re
from collections.abc import Sequence
from functools import lru_cache

from apprunner_policies.plaintext.values import is_number, is_placeholder, is_reference

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_PRINTABLE = re.compile(r"[A-Za-z_][\w.-]{0,63}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PASSWORDS = _words(
    "PASSWORD PASSWORDS PASSWD PASSPHRASE PASSCODE REQUIREPASS MASTERAUTH PASSWORT KENNWORT SENHA CONTRASENA "
    "WACHTWOORD MOTDEPASSE HASLO HESLO"
)
_SECRETS = _words("SECRET SECRETS TOKEN TOKENS CREDENTIAL CREDENTIALS CREDS ACCESSKEY AUTHKEY MNEMONIC PEPPER BEARER")
_ENDINGS = ("PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY")
_AT_THE_END = _words("PASS PWD PW PSW PSWD PASSWRD PAT MDP")
"""Secrets only as the last of several words: PASS_RATE is no secret, and PWD alone is the working directory."""
_OPENED = _words(
    "DB BDD DATABASE SMTP MAIL EMAIL REDIS MYSQL POSTGRES PG MONGO LDAP FTP SFTP ADMIN ROOT RABBIT RABBITMQ MQ"
)
"""Words after those that make them a secret at the start as well: PWD_DB."""
_ENVIRONMENTS = _words("PRIMARY SECONDARY OLD NEW PREVIOUS CURRENT PROD PRODUCTION STAGING DEV TEST LIVE")
"""Words after those at the end that do not change their meaning."""
_NOT_PASS = _words("BYPASS COMPASS TRESPASS SURPASS UNDERPASS OVERPASS ENCOMPASS")
_PIN_OF = _words("ADMIN ACCESS CARD HSM LOGIN SECURITY SIM UNLOCK USER")
"""Words that make a PIN a secret; others mean the pin of a device."""
_PHRASE_OF = _words("SEED RECOVERY PASS SECRET BACKUP")
_KEYS = _words(
    "API PRIVATE SECRET ENCRYPTION DECRYPTION SIGNING SIGNATURE MASTER ACCESS AUTH HMAC JWT SESSION COOKIE SHARED "
    "ACCOUNT APP APPLICATION CIPHER CRYPT CRYPTO ENC AES FERNET WEBHOOK LICENSE SUBSCRIPTION SSH RSA ADMIN INGESTION "
    "INGEST INTEGRATION SECURITY UNSEAL RECOVERY ROOT DEPLOYER WALLET VALIDATION TOTP OTP DJANGO FLASK"
)
"""Words that make a KEY a secret when they come directly before it."""
_QUALIFIERS = _ENVIRONMENTS | _words("KEY KEYS VALUE BASE A B V")
_KEYS_WITH_NAMES = _words(
    "SESSION COOKIE APP APPLICATION ACCOUNT ACCESS AUTH SUBSCRIPTION SHARED SIGNATURE RECOVERY ROOT SSH RSA"
)
"""Words before KEY whose value may be a plain word, the name of a cookie for example."""
_KEYS_OF_SECRETS = _KEYS - _KEYS_WITH_NAMES
_ABOUT = _words(
    "MIN MAX LENGTH LEN SIZE TTL EXPIRY EXPIRE EXPIRES EXPIRED EXPIRATION EXP LIFETIME LIFESPAN AGE DURATION SECONDS "
    "SECS MINUTES MINUTE HOURS HOUR DAYS DAY MS TIMEOUT INTERVAL PER NAME NAMES ARN ARNS ID IDS KID SID URL URLS URI "
    "ENDPOINT HOST HOSTNAME PORT PATH PATHS FILE FILES FILENAME DIR DIRECTORY LOCATION POLICY RULES REGEX PATTERN TYPE "
    "TYPES KIND FORMAT ALGORITHM ALG ALGO HASH HASHER HASHING ENCODER ENCODING ENCRYPTION ROUNDS COST ITERATIONS "
    "MANAGER STORE STORAGE PROVIDER BACKEND SOURCE REGION PREFIX SUFFIX HEADER HEADERS ISSUER ISS AUDIENCE AUD ENABLED "
    "DISABLED REQUIRED RESET LOGIN ROTATION VERSION STAGE LIMIT LIMITS COUNT COUNTER BUDGET QUOTA SCOPE SCOPES CLAIM "
    "CLAIMS FIELD FIELDS PARAM PARAMS PARAMETER ALIAS REF REFERENCE SERVICE SERVER CACHE RETRIES ATTEMPTS STRENGTH "
    "COMPLEXITY SYMBOL ADDRESS ADDRESSES CONTRACT NETWORK CHAIN DECIMALS SUPPLY PRICE TEMPLATE SUBJECT MODE HINT LABEL "
    "LABELS TITLE TEXT MESSAGE PLACEHOLDER DESCRIPTION ERROR FORM PAGE LINK DELIMITER SEPARATOR LEEWAY SKEW GRACE "
    "BUFFER USERNAME USER CHARS CHARSET WINDOW MODEL EMAIL STRATEGY ENGINE DRIVER TABLE COLUMN INDEX BUCKET QUEUE "
    "TOPIC RATE CLASS LEVEL METHOD SCHEME STDIN ENV VAR VARIABLE FROM PROMPT ROLE ROLES REALM AUTHORITY GRANT LOCKOUT "
    "HISTORY RETENTION THRESHOLD VALIDATION VALIDATOR VERIFICATION INTROSPECTION EXCHANGE REFRESH RENEWAL SCANNER "
    "SCANNING DETECTION NAMESPACE PROJECT TAG TAGS PERMISSIONS CHECK CHECKS BATCH BYTES CMD COMMAND SCRIPT ARGS "
    "OPTIONS OPTS JSON HELPER GENERATOR FUNCTION HANDLER HOOK CALLBACK PLUGIN MODULE "
    "AUTHENTICATION CHARACTERS ENTROPY DIGITS UPPERCASE LOWERCASE SYMBOLS REUSE PREVENTION PARALLELISM MINIMUM MAXIMUM "
    "WARNING UI POPUP DELAY BROKER ATTRIBUTE ATTR SELECTOR VAULT FOLDER DATE COOKIE JOB "
    "CRON SCHEDULE STANDARD PERMS IN QUESTION BLOCKLIST DENYLIST SCREEN RECOVERY SUPPORT "
    "EPOCH TIMESTAMP TIME BEFORE AFTER"
)
"""Words after a secret's word in names of what only concerns the secret: TOKEN_TTL, SECRET_ARN."""
_OWNERS = _words("SERVICE SERVER CACHE EMAIL USER QUEUE PROJECT STORE BACKEND STORAGE")
"""Those that may also be what a secret belongs to: REDIS_PASSWORD_CACHE. The value decides."""
_ABOUT_ALWAYS = _ABOUT - _OWNERS
_STRONG = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=\D*[0-9]\D*[0-9])[^\s/:.,_-]{8,100}")
_SWITCHES = _words(
    "ENABLE DISABLE REQUIRE REQUIRES USE ALLOW SHOW HIDE MASK IS HAS SKIP VALIDATE CHECK MAX MIN NUM FORGOT PAGE NEXT "
    "CONTINUATION CURSOR INPUT OUTPUT COMPLETION CONTEXT STOP BOS EOS PAD UNK SEP CLS ERC GOVERNANCE REWARD DAILY "
    "MONTHLY TOTAL REGEX PATTERN FORMAT GET FETCH ROTATE GENERATE INVALID WRONG EXPIRED MISSING INCORRECT UNKNOWN"
)
_PUBLIC = _words("PUBLIC PUBLISHABLE ANON SITE SITEKEY PUBKEY PUB VERIFY VERIFYING VERIFICATION")
_NO_SECRET_AT_ALL = _PUBLIC | _words(
    "ID IDS SID SIDS KID HASH HASHES DIGEST CHECKSUM SHA MD COMMIT REVISION REV ETAG FINGERPRINT INTEGRITY THUMBPRINT "
    "VERSION BUILD CERT CERTS CERTIFICATE CERTIFICATES CA TRACE CURSOR SELECTOR ADDRESS ADDRESSES CONTRACT MINT "
    "PROGRAM NAME NAMES ARN TABLE QUEUE TOPIC BUCKET FUNCTION LAMBDA STACK POOL CID TX ICON FAVICON LOGO FONT IMAGE "
    "NONCE PLAYLIST SHEET SPREADSHEET FOLDER DONATION DONATIONS TREASURY"
)
"""Words in names of random values that are no secrets."""
_MAYBE = _words("KEY KEYS PRIVATE SALT PEPPER SEED HMAC AUTH SESSION COOKIE SIGNATURE")
"""Words that make hexadecimal digits of a hash's length a key."""
_NAMING_KEYS = _words("PARTITION SORT PRIMARY FOREIGN OBJECT CACHE ROUTING ENV S IDEMPOTENCY DEDUPLICATION GROUP")
"""Words that make a KEY the name of something."""
_PUBLIC_TOGETHER = (
    {"SEARCH", "ONLY"},
    {"ALGOLIA", "SEARCH"},
    {"SENTRY", "KEY"},
    {"PUSHER", "KEY"},
    {"MIXPANEL", "TOKEN"},
)
_FOR_BROWSERS = ("NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "NUXT_PUBLIC_", "GATSBY_", "PUBLIC_")
"""Prefixes of variables that build tools copy into pages."""


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
    return bool(_PUBLIC & words) or any(each <= words for each in _PUBLIC_TOGETHER)


@lru_cache(maxsize=1024)
def is_for_browsers(name: str) -> bool:
    """Return whether a value reaches browsers anyway, such as Firebase's configuration."""
    return is_public(name) or name.startswith(_FOR_BROWSERS) or "FIREBASE" in split(name)


@lru_cache(maxsize=1024)
def may_be_random(name: str) -> bool:
    """Return whether a random value of this name is no secret."""
    return is_public(name) or bool(_NO_SECRET_AT_ALL.intersection(split(name)))


@lru_cache(maxsize=1024)
def is_key(name: str) -> bool:
    """Return whether hexadecimal digits of this name are rather a key than a hash."""
    words = split(name)
    return bool(_MAYBE.intersection(words)) and not _NAMING_KEYS.intersection(words)


def by_name(name: str, value: str, *, is_setting: bool = False) -> str | None:
    """Return the words of a name that make its value a secret, None if there are none or the value is a placeholder.

    Args:
        name: The name.
        value: The value.
        is_setting: Whether the name is that of a setting in a text, where PWD alone is a password.
    """
    words = _secret_words(name, is_setting, _ABOUT)
    if words is None and _STRONG.fullmatch(value):
        words = _secret_words(name, is_setting, _ABOUT_ALWAYS)
    if words and split(name)[-1] in ("KEY", "KEYS") and not words.endswith(("KEY", "KEYS", "SECRET")):
        # PASSWORD_KEY is rather the key of a password in a map.
        words = None if _PLAIN_WORD.fullmatch(value) else words
    if words is None or is_placeholder(value) or is_reference(value) or (is_setting and _COLUMN.fullmatch(value)):
        return None
    is_last = _ends_with(name, words)
    if _DATE.fullmatch(value) and not is_last:
        return None
    if _is_password(words):
        is_switch = split(name) == ("PASS",) and not is_setting and _PLAIN_WORD.fullmatch(value)
        return None if is_switch or _is_number_of_passwords(value) else words
    return None if _only_names(words, value, is_setting=is_setting, is_last=is_last) else words


def _is_number_of_passwords(value: str) -> bool:
    """Return whether a value is a number with a unit, or one too short for a password."""
    return is_number(value, with_unit=True) or (len(value) < 3 and value.isdecimal())


def _only_names(words: str, value: str, *, is_setting: bool, is_last: bool) -> bool:
    """Return whether a value only names a key or token, or is a number or date of some.

    Args:
        words: The words of the name that mean a secret.
        value: The value.
        is_setting: Whether the name is that of a setting in a text.
        is_last: Whether the words are the last ones of the name.
    """
    is_plain = bool(_PLAIN_WORD.fullmatch(value))
    if (is_setting and _FIELD.fullmatch(value)) or _DATE.fullmatch(value) or _PLAIN_PATH.fullmatch(value):
        return True
    if not is_last and (is_plain or (value.isalpha() and len(value) < 4)):
        return True
    if words in ("TOKEN", "TOKENS") and _CURRENCIES.fullmatch(value):
        return True
    if is_number(value) and (words.endswith("S") or len(value) < 4 or is_number(value, with_unit=True)):
        return True
    return is_plain and (words.startswith("CRED") or bool(_KEYS_WITH_NAMES.intersection(words.split("_"))))


_PLAIN_PATH = re.compile(r"[a-z][a-z-]*(?:/[a-z][a-z0-9-]*)+")
_FIELD = re.compile(r"password|username|token|secret|key|value|credentials|api-key|hidden")
_COLUMN = re.compile(r"[a-z]+(?:_[a-z]+)*_(?:id|hash|name|field|column|at)")
"""Names of fields and columns, such as those of a secret in JSON, as values of settings."""
_PLAIN_WORD = re.compile(r"[a-z]+(?:[-_.,][a-z]+)*")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.Z+-]{5,20})?")
_CURRENCIES = re.compile(r"[A-Z]{2,6}(?:,[A-Z]{2,6})*")
"""Symbols of currencies, such as ETH, which are tokens too."""


def _ends_with(name: str, words: str) -> bool:
    """Return whether a name ends with words, apart from a qualifier such as KEY or PROD."""
    last = split(name)[-1]
    return words.endswith(last) or last in _QUALIFIERS


def _is_password(words: str) -> bool:
    return words in _PASSWORDS or words in _AT_THE_END or words.endswith(("PASSWORD", "PASS", "PWD", "PIN"))


def _secret_words(name: str, is_setting: bool, about_words: frozenset[str]) -> str | None:
    words = split(name)
    if _SWITCHES.intersection(words[:-1]):
        return None
    public = is_public(name)
    for index, word in enumerate(words):
        before, after = words[:index] or (("A",) if is_setting else ()), words[index + 1 :]
        if word in _PASSWORDS and after[:1] == ("SECRET",):
            continue  # the secret that holds the password
        if any(about_words.intersection((each, each.removesuffix("S"), f"{each}S")) for each in after):
            continue
        found = _secret_word(word, before, after)
        if found and (not public or _is_password(found) or "SECRET" in found or "PRIVATE" in found):
            return found
    return None


def _secret_word(word: str, before: Sequence[str], after: Sequence[str]) -> str | None:
    last = before[-1] if before else ""
    if word in _PASSWORDS or word in _SECRETS or word.endswith(_ENDINGS):
        return word
    if word.endswith("KEY") and word[:-3] in _KEYS_OF_SECRETS:
        return word
    if not after and word.endswith(("PASS", "PWD")) and len(word) > 4 and word not in _NOT_PASS:
        return word
    if word in _AT_THE_END and before and _ENVIRONMENTS.issuperset(after):
        return word
    if word in _AT_THE_END and not before and after and after[0] in _OPENED:
        return word
    if word == "PASS" and not before and not after:
        return word
    pairs = (
        ("KEY", _KEYS),
        ("KEYS", _KEYS),
        ("PIN", _PIN_OF),
        ("PHRASE", _PHRASE_OF),
        ("TEAM", {"HONEYCOMB"}),
        ("AUTH", {"REDISCLI"}),
        ("COOKIE", {"ERLANG", "RELEASE"}),
    )
    return f"{last}_{word}" if any(word == second and last in first for second, first in pairs) else None
