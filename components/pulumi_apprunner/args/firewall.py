"""The arguments of WebFirewall."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import field, fields
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import firewall
from pulumi_apprunner.args.annotations import Bounds, Described
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.retention import RetentionDays
from pulumi_apprunner.args.values import ORIGIN_HEADER, AnyKmsKeyArn, HeaderName, HeaderSecret, Tags, distinct

Mode = Literal["block", "count"]
Action = Literal["block", "count", "captcha", "challenge"]

ENABLED = ("ip_reputation", "known_bad_inputs", "common")
"""The groups that are enabled by default, by the names of their arguments."""
ALWAYS_REDACTED = ("authorization", "cookie")
"""The headers that are redacted in every log."""
_PATHS = 10
"""The maximum number of excluded paths. It is this library's own: each path uses capacity."""


def _country(code: str) -> str:
    if code not in firewall.COUNTRY_CODES:
        fix = {"UK": "Use GB for the United Kingdom", "EL": "Use GR for Greece"}.get(code.upper(), "")
        raise invalid("must be a country code of ISO 3166 in capitals, such as DE", fix_of_value=fix)
    return code


def _short(path: str) -> str:
    if len(path.encode()) > firewall.SEARCH_STRING_BYTES:
        raise invalid(f"must have at most {firewall.SEARCH_STRING_BYTES} bytes")
    if re.search(r"[%?#]|//|/\.{1,2}(/|$)", path):
        fix = "AWS WAF compares the path of a request after it was decoded and normalized, without its query"
        raise invalid("must have no %, ?, #, // and no segment . or .., since no request matches it", fix_of_value=fix)
    return path


Countries = Annotated[Sequence[Annotated[str, AfterValidator(_country)]], Field(min_length=1), distinct("country")]
PathPrefix = Annotated[
    str,
    StringConstraints(pattern=r"^/[!-~]*$"),
    Described("a path of printable ASCII characters that begins with /"),
    AfterValidator(_short),
]
RuleName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,128}$"),
    Described("the name of a rule, such as SizeRestrictions_BODY"),
]


@args_type
class ManagedRuleGroup:
    """The settings of one of AWS's managed groups of rules."""

    enabled: StrictBool | None = None
    """Whether the group inspects requests. Default: as ManagedRules lists it."""

    mode: Mode | None = None
    """`block`: the rules have the actions that AWS set, almost always block. `count`: the group blocks nothing, and the
    log shows what it would block. Default: the firewall's."""

    rules: Mapping[RuleName, Action] = field(default_factory=dict[str, Action])
    """Actions of single rules that replace AWS's, such as {SizeRestrictions_BODY: count} against false positives. AWS
    WAF ignores a name that does not exist, so an unknown one is a warning. Default: none."""


@args_type
class ManagedRules:
    """AWS's managed groups of rules, all without an additional fee."""

    ip_reputation: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesAmazonIpReputationList: addresses of bots and attackers. Default: enabled for public services."""

    anonymous_ip: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesAnonymousIpList: addresses of VPNs, proxies, Tor and hosting providers. Default: disabled."""

    known_bad_inputs: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesKnownBadInputsRuleSet: requests that exploit known vulnerabilities. Default: enabled."""

    common: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesCommonRuleSet: common attacks, and requests of unusual size. SizeRestrictions_BODY blocks bodies
    of more than 8 KB. Default: enabled."""

    admin_pages: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesAdminProtectionRuleSet: paths that are usually for administration. Default: disabled."""

    sql: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesSQLiRuleSet: SQL injection. Default: disabled."""

    linux: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesLinuxRuleSet: attacks on Linux. AWS recommends it together with `posix`. Default: disabled."""

    posix: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesUnixRuleSet: attacks on POSIX systems, such as shell commands. Default: disabled."""

    php: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesPHPRuleSet: attacks on PHP. Default: disabled."""

    word_press: ManagedRuleGroup = field(default_factory=ManagedRuleGroup)
    """AWSManagedRulesWordPressRuleSet: attacks on WordPress. AWS recommends it together with `sql` and `php`. Default:
    disabled."""


@args_type
class RateLimit:
    """A limit on the requests of each source address."""

    requests: Annotated[int, Bounds(firewall.RATE_LIMIT)]
    """Requests of one address within the window, 10 to 2,000,000,000, beyond which the action applies to it."""

    window_seconds: Literal[60, 120, 300, 600] = 300
    """The window in seconds: 60, 120, 300 or 600. Default: 300."""

    path: PathPrefix | None = None
    """Only requests whose path begins with this count and are limited, such as /login. Default: all requests."""

    action: Action | None = None
    """The action beyond the limit; a blocked request gets the status 429. Default: the firewall's mode."""


@args_type
class CountryList:
    """The countries from which the services may be called. Exactly one of `allowed` and `blocked` is required."""

    allowed: Countries | None = None
    """The only countries that may call the services: codes of ISO 3166 such as DE. AWS WAF derives the country from the
    source address."""

    blocked: Countries | None = None
    """Countries that must not call the services."""

    mode: Mode | None = None
    """Whether requests from other countries are blocked or only counted. Default: the firewall's."""

    @field_validator("blocked")
    @classmethod
    def _exactly_one(cls, blocked: Sequence[str] | None, info: ValidationInfo) -> Sequence[str] | None:
        if "allowed" not in info.data:  # invalid, so reported already
            return blocked
        present = [name for name, value in (("allowed", info.data["allowed"]), ("blocked", blocked)) if value]
        if len(present) != 1:
            got = " and ".join(present) or "none"
            raise invalid_paths(
                {(): f"must have one of allowed and blocked, got {got}. Set exactly one"},
                missing=[] if present else ["allowed", "blocked"],
            )
        return blocked


@args_type
class RequiredHeader:
    """A secret header that each request must have, so that the services are reachable only through what sends it."""

    value: In[HeaderSecret]
    """The value, 16 to 200 printable ASCII characters without spaces, usually an output. Pulumi encrypts it in the
    state. Whoever may read the web ACL in AWS (wafv2:GetWebACL) can read it."""

    previous_value: In[HeaderSecret] | None = None
    """Another value that is accepted too, while the sender changes from one to the other. Default: none."""

    name: HeaderName = ORIGIN_HEADER
    """The header's name in lower case. Default: x-origin-verify, which a TrafficSplit sends."""

    mode: Mode = "block"
    """Whether requests without the header are blocked or only counted; independent of the firewall's mode. Default:
    block."""


@args_type
class FirewallLog:
    """The log of requests. It contains addresses, paths, query strings and headers, which may be personal data."""

    enabled: StrictBool = True
    """Whether requests are logged. Default: true."""

    retention_days: RetentionDays = 30
    """Days for which CloudWatch keeps the log, the same as in LogRetentionArgs.days. Default: 30."""

    kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The KMS key that encrypts the log. Its policy must allow logs.REGION.amazonaws.com to use it. Default: none;
    CloudWatch encrypts the log with a key of its own."""

    redacted_headers: Annotated[Sequence[HeaderName], Field(max_length=firewall.REDACTED_FIELDS - 4)] = ()
    """More headers whose values the log must not contain, in lower case, such as x-api-key. The headers authorization
    and cookie, and a required header, are always redacted. Default: none."""

    redact_query_string: StrictBool = False
    """Whether the log must not contain query strings, in which clients may send tokens. Default: false."""


@args_type
class FirewallSettings:
    """The rules and the log of a web ACL."""

    private: StrictBool = False
    """Whether the services are private. Rules on source addresses do not work for them: `ip_reputation` is disabled by
    default, and anonymous_ip, rate_limit and countries are errors. Default: false."""

    mode: Mode = "block"
    """What happens to requests that match a rule. `count`: nothing is blocked, and the log shows what would be; use it
    first, and switch to `block` when the log contains no requests of your users. Default: block."""

    groups: ManagedRules = field(default_factory=ManagedRules)
    """AWS's managed groups of rules. Default: known bad inputs and common attacks, and the reputation of addresses for
    public services."""

    excluded_paths: Annotated[Sequence[PathPrefix], Field(max_length=_PATHS), distinct("path")] = ()
    """Groups that inspect the content of requests, all but ip_reputation and anonymous_ip, do not inspect those whose
    path begins with one of these, such as /uploads/, at most 10. The path is decoded and normalized first. Default:
    none."""

    required_header: RequiredHeader | None = None
    """A secret header without which requests are blocked, before all other rules. Default: none."""

    rate_limit: RateLimit | None = None
    """A limit on the requests of each source address. Default: none."""

    countries: CountryList | None = None
    """The countries from which the services may be called. Default: all."""

    log: FirewallLog = field(default_factory=FirewallLog)
    """The log of requests, in CloudWatch. Default: enabled, kept for 30 days."""

    sampled_requests: StrictBool = False
    """Whether AWS WAF keeps samples of requests for its console. They contain all headers, also authorization and
    cookie: the redaction of the log does not apply. Default: false."""

    @field_validator("groups")
    @classmethod
    def _have_an_effect(cls, groups: ManagedRules, info: ValidationInfo) -> ManagedRules:
        if "private" not in info.data:  # invalid, so reported already
            return groups
        enabled = enabled_groups(groups, private=info.data["private"])
        problems: dict[Path, str] = {}
        for name, known in firewall.RULE_GROUPS.items():
            group: ManagedRuleGroup = getattr(groups, name)
            if name in enabled and known.by_address and info.data["private"]:
                problems["groups", name, "enabled"] = (
                    "must not be true for private services, for which rules on source addresses do not work. "
                    "Remove it, and limit the clients in the endpoint's security group"
                )
            if name not in enabled and (group.mode or group.rules):
                problems["groups", name] = (
                    "has no effect, since the group is disabled. Set its enabled to true, or remove its other settings"
                )
        if problems:
            raise invalid_paths(problems)
        return groups

    @field_validator("rate_limit", "countries")
    @classmethod
    def _is_for_public_services(
        cls, rule: RateLimit | CountryList | None, info: ValidationInfo
    ) -> RateLimit | CountryList | None:
        if rule is not None and info.data.get("private"):
            raise invalid(
                "must not be set for private services, for which rules on source addresses do not work",
                "Remove it, and limit the clients in the endpoint's security group",
            )
        return rule

    @field_validator("countries")
    @classmethod
    def _have_a_rule(cls, countries: CountryList | None, info: ValidationInfo) -> CountryList | None:
        if not {"private", "groups", "required_header", "rate_limit"} <= info.data.keys():
            return countries
        enabled = enabled_groups(info.data["groups"], private=info.data["private"])
        others = (info.data["required_header"], info.data["rate_limit"], countries)
        if not enabled and all(each is None for each in others):
            raise invalid_paths(
                {
                    ("groups",): "must have an enabled group, since none of required_header, rate_limit and countries "
                    "is set. Enable one"
                }
            )
        return countries


def enabled_groups(groups: ManagedRules, *, private: bool) -> Mapping[str, ManagedRuleGroup]:
    """Return the settings of the enabled groups by their names, in the order of evaluation."""
    every = {each.name: getattr(groups, each.name) for each in fields(groups)}
    return {
        name: every[name]
        for name, group in firewall.RULE_GROUPS.items()
        if (
            name in ENABLED and not (private and group.by_address)
            if every[name].enabled is None
            else every[name].enabled
        )
    }


@args_type
class WebFirewallArgs(FirewallSettings):
    """The arguments of a WebFirewall."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the web ACL and its log group. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""
