"""Forms of text that are a secret under any name: tokens of vendors, private keys, signed and secret addresses.

A form is what it finds, lower-case words of which every match contains one, and a pattern. Every repetition in a
pattern is bounded, so that a search takes linear time.
"""

import re
from collections.abc import Iterator

from apprunner_policies.plaintext.gitleaks import RULES
from apprunner_policies.plaintext.lookup import Forms
from apprunner_policies.plaintext.randomness import is_mixed
from apprunner_policies.plaintext.values import is_example, is_placeholder

FORMS = (
    ("an AWS access key", "akia asia", r"(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("a GitHub token", "gho_ ghp_ ghr_ ghs_ ghu_ github_pat_", r"(?:gh[oprsu]_[A-Za-z0-9]{30}|github_pat_\w{22})"),
    (
        "a GitLab token",
        "glpat- gldt- glrt- glptt- glsoat- glcbt- glft- glagent- gloas- glimt- glffct-",
        r"gl(?:pat|dt|rt|ptt|soat|cbt|ft|agent|oas|imt|ffct)-[\w-]{20}",
    ),
    ("a Slack token", "xox xapp-", r"(?:xox[abeoprs]|xapp)-[0-9][\w-]{9}"),
    ("a Stripe key", "sk_ rk_ whsec_", r"(?:[rs]k_(?:live|test)_[A-Za-z0-9]{16}|whsec_[A-Za-z0-9+/]{24})"),
    ("a Google credential", "gocspx- ya29. 1//0", r"(?:GOCSPX-[\w-]{20}|ya29\.[\w-]{20}|1//0[\w-]{30})"),
    ("a SendGrid key", "sg.", r"SG\.[\w-]{16,32}\.[\w-]{16}"),
    ("an npm token", "npm_", r"npm_[A-Za-z0-9]{36}"),
    ("a PyPI token", "pypi-", r"pypi-[\w-]{50}"),
    ("an OpenAI or Anthropic key", "sk-", r"sk-(?=[a-zA-Z_-]{0,60}[0-9])[\w-]{24}"),
    ("a Hugging Face token", "hf_", r"hf_[A-Za-z0-9]{30}"),
    ("a Shopify token", "shpat_ shpca_ shppa_ shpss_", r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    ("a DigitalOcean token", "doo_v1_ dop_v1_ dor_v1_", r"do[opr]_v1_[0-9a-f]{64}"),
    ("a Mailgun key", "key-", r"key-[0-9a-f]{32}(?![0-9a-zA-Z])"),
    ("a Mailchimp key", "-us", r"[0-9a-f]{32}-us[0-9]{1,2}(?![0-9a-zA-Z])"),
    ("a Square key", "sq0", r"sq0(?:atp|csp)-[\w-]{22}"),
    ("a New Relic key", "nrak- nral", r"(?:NRAK-[A-Z0-9]{27}|[0-9a-f]{36}NRAL)(?![0-9a-zA-Z])"),
    ("a Grafana token", "glsa_ glc_", r"gl(?:sa|c)_[\w+/=]{32}"),
    ("a Databricks token", "dapi", r"dapi[0-9a-f]{32}"),
    ("a Docker Hub token", "dckr_", r"dckr_[po]at_[\w-]{20}"),
    ("a Vault token", "hvb. hvs. hvr.", r"hv[bsr]\.[\w-]{24}"),
    ("a Terraform Cloud token", ".atlasv1.", r"[A-Za-z0-9]{14}\.atlasv1\.[\w-]{20}"),
    ("a Pulumi token", "pul-", r"pul-[0-9a-f]{40}"),
    ("a Doppler token", "dp.", r"dp\.(?:pt|st|ct|sa|scim|audit)\.[\w.-]{20}"),
    ("a Linear key", "lin_", r"lin_(?:api|oauth)_[A-Za-z0-9]{32}"),
    ("a Notion token", "ntn_ secret_", r"(?:ntn_[A-Za-z0-9]{40}|secret_[A-Za-z0-9]{43})"),
    ("an Atlassian token", "atatt3", r"ATATT3[\w=-]{20}"),
    ("a PlanetScale credential", "pscale_", r"pscale_(?:tkn|pw|oauth)_[\w-]{20}"),
    ("a Postman key", "pmak-", r"PMAK-[0-9a-f]{24}-[0-9a-f]{20}"),
    ("a LaunchDarkly key", "sdk-", r"sdk-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    ("a Supabase key", "sb_secret_ sbp_", r"(?:sb_secret_|sbp_)[\w-]{20}"),
    ("a Langfuse key", "sk-lf-", r"sk-lf-[0-9a-f]{8}-"),
    (
        "a token with a prefix",
        "sk_ tok_ secret_ apikey_ api_key_",
        r"(?:sk|tok|secret|api_?key)_(?:live_|test_|prod_)?(?=[A-Za-z]{0,40}[0-9])[A-Za-z0-9]{24}",
    ),
    ("a Dropbox token", "sl.", r"sl\.(?:u\.)?[\w-]{60}"),
    ("a key of Firebase Cloud Messaging", ":apa91b", r"[\w-]{8,20}:APA91b[\w-]{60}"),
    ("an age key", "age-secret-key-", r"AGE-SECRET-KEY-1[A-Z0-9]{50}"),
    ("a Telegram bot's token", ":aa", r"(?:bot)?[0-9]{8,10}:AA[\w-]{33}"),
    ("a Discord bot's token", ".", r"[MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27}"),
    ("a Buildkite token", "bkua_ bkct_", r"bk(?:ua|ct)_[0-9a-f]{40}"),
    ("a HubSpot token", "pat-", r"pat-[a-z]{2}[0-9]-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    ("a Flagsmith key", "ser.", r"ser\.[A-Za-z0-9]{22}(?![\w.-])"),
    ("an Axiom token", "xaat- xapt-", r"xa[ap]t-[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
    (
        "an Apollo key",
        "service: user:",
        r"(?:service|user):[\w.-]{1,64}:(?=[\w-]{0,21}[0-9])(?=[\w-]{0,21}[A-Z])[\w-]{22}(?![\w-])",
    ),
    ("a DeepL key", ":fx", r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}:fx"),
    ("a Figma token", "figd_ figo_ figr_", r"fig[dor]_[\w-]{36}"),
    ("a Sentry token", "sntrys_ sntryu_", r"sntry[su]_[\w=/+-]{40}"),
    ("an Azure client secret", "q~", r"[\w.~-]{3}[0-9]Q~[\w.~-]{31}"),
    (
        "a Netlify, Vercel or Render token",
        "nfp_ vcp_ vck_ vca_ vci_ vcc_ rnd_",
        r"(?:nfp_[A-Za-z0-9]{36}|vc[pkaic]_[A-Za-z0-9]{40}|rnd_[A-Za-z0-9]{28})",
    ),
    (
        "credentials for HTTP",
        "basic bearer token apikey geniekey ssws splunk",
        r"(?:[Bb]asic|[Bb]earer|Token|ApiKey|GenieKey|SSWS|Splunk)(?: |%20|\+){1,3}"
        r"(?=[\w.~+/-]{0,60}[0-9A-Z])[\w.~+/:-]{16}",
    ),
    ("credentials for HTTP", "basic bearer token apikey geniekey ssws splunk", r"Basic(?: |%20){1,3}[A-Za-z0-9+/]{10}"),
    ("a private key", "private putty-", r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    ("a private key", "private putty-", r"PuTTY-User-Key-File-[0-9]"),
    ("a private JSON Web Key", '"kty"', r'"(?:d|k|dp|dq|qi)"\s{0,3}:\s{0,3}"[\w-]{16}'),
    (
        "a password hash with its user",
        "$apr1$ $2a$ $2b$ $2x$ $2y$ $5$ $6$ $y$ $argon2 :{ss",
        r"[\w.@-]{1,64}(?::| ) ?(?:\$(?:apr1|2[abxy]|5|6|y|argon2id?)\$|\{SSHA?\})",
    ),
    (
        "a login in a .netrc file",
        "login",
        r"(?:machine\s{1,3}\S{1,255}|default)\s{1,9}login\s{1,3}\S{1,100}\s{1,9}password\s{1,3}\S",
    ),
    (
        "a line of a .pgpass file",
        ":",
        r"(?!(?:[0-9a-f]{1,4}:){4})[\w.*-]{1,255}:(?:[0-9]{2,5}|\*):[\w*-]{1,64}:[\w*-]{1,64}:"
        r"(?=[a-z]{0,64}[^a-z\s:])[^\s:]{3}",
    ),
    ("a user of PgBouncer", "md5 scram-sha", r"\"[^\"\s]{1,64}\" {1,3}\"(?:md5[0-9a-f]{32}|SCRAM-SHA-256\$)"),
    (
        "a token of Composer",
        "gitlab-token gitlab-oauth github-oauth bearer",
        r"(?:git(?:lab|hub)-(?:token|oauth)|bearer)\"\s{0,9}:\s{0,9}\{\s{0,9}\"[\w.-]{1,255}\"\s{0,9}:\s{0,9}\"[\w-]{10}",
    ),
)
OFTEN_PUBLIC = (
    ("a Google API key", "aiza", r"AIza[\w-]{35}"),
    ("a JSON Web Token", "eyj", r"(?<![\w-])eyJ[\w-]{8,4000}\.eyJ[\w-]{8,4000}\.[\w-]{16}"),
)
"""Forms of keys that are often public; the name decides."""

ADDRESSES = tuple(
    ("a secret URL, of a webhook for example", keyword, f"(?i)https://{form}")
    for keyword, form in (
        ("hooks.slack", r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/\w{1,40}/\w{1,40}/\w"),
        ("discord", r"(?:[\w-]{1,40}\.)?discord(?:app)?\.com/api/(?:v[0-9]{1,2}/)?webhooks/[0-9]{5,25}/[\w-]{20}"),
        ("webhook.office.com", r"[\w-]{1,63}\.webhook\.office\.com/webhookb2/[\w-]{36}"),
        ("outlook.office", r"outlook\.office(?:365)?\.com/webhook/[\w-]{36}"),
        ("chat.googleapis.com", r"chat\.googleapis\.com/v1/spaces/[\w-]{1,64}/messages\?"),
        ("hooks.zapier.com", r"hooks\.zapier\.com/hooks/catch/[0-9]{1,12}/\w"),
        (".make.com", r"hook\.[a-z0-9]{2,4}\.make\.com/\w{20}"),
        ("maker.ifttt.com", r"maker\.ifttt\.com/(?:use|trigger/[\w-]{1,100}(?:/json)?/with/key)/[\w-]{10}"),
        ("pagerduty.com", r"events\.(?:eu\.)?pagerduty\.com/(?:integration/\w{20}|x-ere/\w{10})"),
        ("hc-ping.com", r"hc-ping\.com/[\w-]{20}"),
        ("uptime.better", r"uptime\.better(?:stack|uptime)\.com/api/v1/heartbeat/\w{10}"),
        ("/bot/v2/hook/", r"open\.(?:feishu\.cn|larksuite\.com)/open-apis/bot/v2/hook/[\w-]{20}"),
        ("qyapi.weixin", r"qyapi\.weixin\.qq\.com/cgi-bin/webhook/send\?key=[\w-]{20}"),
        ("api.vercel.com", r"api\.vercel\.com/v1/integrations/deploy/\w{5,40}/\w"),
        ("api.netlify.com", r"api\.netlify\.com/build_hooks/\w{20}"),
        ("api.render.com", r"api\.render\.com/deploy/[\w-]{5,40}\?key=\w"),
        ("deploy_hooks", r"api\.cloudflare\.com/client/v4/pages/webhooks/deploy_hooks/[\w-]{20}"),
        ("calendar.google.com", r"calendar\.google\.com/calendar/ical/[^/\s]{1,200}/private-\w{20}"),
        ("infura.io", r"[\w-]{1,63}\.infura\.io/(?:ws/)?v3/\w{20}"),
        ("alchemy.com", r"[\w-]{1,63}\.g\.alchemy\.com/v2/[\w-]{20}"),
        ("quiknode.pro", r"[\w.-]{1,200}\.quiknode\.pro/\w{20}"),
        ("nosnch.in", r"nosnch\.in/\w{8}"),
        ("cronitor.link", r"cronitor\.link/p/\w{20}"),
        ("heartbeat.uptimerobot", r"heartbeat\.uptimerobot\.com/m[0-9]{5,12}-\w{20}"),
        ("/api/push/", r"[\w.-]{1,200}(?::[0-9]{1,5})?/api/push/\w{10,40}\?"),
        ("smee.io", r"smee\.io/\w{14}"),
        ("webhook.site", r"webhook\.site/[\w-]{36}"),
        ("pipedream.net", r"[\w-]{1,40}\.m\.pipedream\.net"),
        (
            "hook",
            r"[\w.-]{1,200}(?::[0-9]{1,5})?/(?:[\w-]{1,40}/){0,4}(?:web)?hooks?/(?:[\w-]{1,40}/){0,3}"
            r"(?=[a-zA-Z_-]{0,40}[0-9])[A-Za-z0-9_-]{20}",
        ),
    )
)

_NEVER_PUBLIC = Forms(*FORMS, *ADDRESSES, *RULES)
_ALL = Forms(*FORMS, *OFTEN_PUBLIC, *ADDRESSES, *RULES)

_PASSWORD_IN_ADDRESS = re.compile(
    r"(?:\b[a-z][a-z0-9+.-]{0,30}://[^\s/?#:@]{0,200}::?|\bjdbc:oracle:thin:\w{1,64}/"
    r"|(?<![\w:/.-])\w{1,64}/(?=[^\s/@]{1,100}@(?://)?[\w.-]{1,255}:[0-9]{2,5}[/:])"
    r"|(?<![\w:/.-])[\w.-]{1,64}:(?=[^\s:@]{1,200}@(?:tcp|unix)\())"
    r"([^\s/@]{1,500})@",
    re.IGNORECASE,
)
_LITERAL_PASSWORD = re.compile(r"\[?(?:DB_?)?(?:USER|PASS(?:WORD)?|SECRET|TOKEN|PWD)\]?")
_TOKEN_IN_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{0,30}://([A-Za-z0-9_-]{20,200})@([\w.-]{1,200})")
_QUERY = re.compile(
    r"[?&;](?:amp;)?(sig|signature|sign|hmac|code|key|auth|x-amz-signature|x-amz-security-token|x-goog-signature)="
    r"([\w%+/=~.-]{16,2000})",
    re.IGNORECASE,
)
_BUILD_STEP = re.compile(r"\b(?:collectstatic|compilemessages|assets:precompile|assets:clobber)\b")
_WORDS_ONLY = re.compile(r"[A-Za-z]+(?:[ _-][A-Za-z]+)*")


def formats_of(text: str, name: str, *, is_public: bool) -> Iterator[tuple[str, int]]:
    """Yield what a text contains, and where.

    Args:
        text: The text.
        name: Its name.
        is_public: Whether its name says that a key is public.
    """
    for what, form in (_NEVER_PUBLIC if is_public else _ALL).matching(text, name):
        if match := next((each for each in form.finditer(text) if not is_example(each[0])), None):
            yield what, match.start()
    for match in _QUERY.finditer(text) if "://" in text or text.startswith("?") else ():
        if is_mixed(match[2]):
            yield "a signed URL", match.start()


def password_in_address(text: str) -> int | None:
    """Return where a text has an address with a password or a token, None if it has none."""
    if "@" not in text:
        return None
    for match in _PASSWORD_IN_ADDRESS.finditer(text):
        if not (is_placeholder(match[1]) or _LITERAL_PASSWORD.fullmatch(match[1]) or is_for_build_step(text, match[1])):
            return match.start()
    for match in _TOKEN_IN_ADDRESS.finditer(text):
        if is_mixed(match[1]) and any(each.isupper() for each in match[1]) and "sentry" not in match[2]:
            return match.start()
    return None


def is_for_build_step(text: str, value: str) -> bool:
    """Return whether a value is words for a build step that only requires the variable to be set."""
    return bool(_BUILD_STEP.search(text) and _WORDS_ONLY.fullmatch(value))
