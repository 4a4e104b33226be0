"""AWS WAF's web ACLs: AWS's managed groups of rules, their capacity, and the rules that match the caller's address."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from apprunner_facts import source
from apprunner_facts.limits import Range

REGIONAL_SCOPE, GLOBAL_SCOPE = "REGIONAL", "CLOUDFRONT"
"""The scopes of a web ACL. AWS WAF associates only a regional one with a service (source.ASSOCIATE_WEB_ACL)."""
GLOBAL_ARN = ":global/webacl/"
"""Part of the ARN of a web ACL with the global scope (source.ASSOCIATE_WEB_ACL)."""
VENDOR = "AWS"
"""The vendor of AWS's managed groups."""
LOG_GROUP_PREFIX = "aws-waf-logs-"
"""The start of the name of a log group for a web ACL (source.WAF_LOGGING)."""
REDACTED_FIELDS = 100
"""The maximum number of redacted fields (source.WAF_LOGGING)."""


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """A managed group of AWS.

    Args:
        name: Its name.
        capacity: The capacity that it uses, in WCU.
        rules: The names of its rules; AWS adds rules in new versions.
        by_address: Whether its rules match the caller's address.
    """

    name: str
    capacity: int
    rules: frozenset[str]
    by_address: bool = False


def _group(name: str, capacity: int, rules: str, *, by_address: bool = False) -> RuleGroup:
    return RuleGroup(f"AWSManagedRules{name}", capacity, frozenset(rules.split()), by_address)


RULE_GROUPS: Mapping[str, RuleGroup] = MappingProxyType(
    {
        "ip_reputation": _group(
            "AmazonIpReputationList",
            25,
            "AWSManagedIPReputationList AWSManagedReconnaissanceList AWSManagedIPDDoSList",
            by_address=True,
        ),
        "anonymous_ip": _group("AnonymousIpList", 50, "AnonymousIPList HostingProviderIPList", by_address=True),
        "known_bad_inputs": _group(
            "KnownBadInputsRuleSet",
            200,
            "JavaDeserializationRCE_HEADER JavaDeserializationRCE_BODY JavaDeserializationRCE_URIPATH "
            "JavaDeserializationRCE_QUERYSTRING Host_localhost_HEADER PROPFIND_METHOD ExploitablePaths_URIPATH "
            "Log4JRCE_HEADER Log4JRCE_QUERYSTRING Log4JRCE_BODY Log4JRCE_URIPATH",
        ),
        "common": _group(
            "CommonRuleSet",
            700,
            "NoUserAgent_HEADER UserAgent_BadBots_HEADER SizeRestrictions_QUERYSTRING SizeRestrictions_Cookie_HEADER "
            "SizeRestrictions_BODY SizeRestrictions_URIPATH EC2MetaDataSSRF_BODY EC2MetaDataSSRF_COOKIE "
            "EC2MetaDataSSRF_URIPATH EC2MetaDataSSRF_QUERYARGUMENTS GenericLFI_QUERYARGUMENTS GenericLFI_URIPATH "
            "GenericLFI_BODY RestrictedExtensions_URIPATH RestrictedExtensions_QUERYARGUMENTS "
            "GenericRFI_QUERYARGUMENTS GenericRFI_BODY GenericRFI_URIPATH CrossSiteScripting_COOKIE "
            "CrossSiteScripting_QUERYARGUMENTS CrossSiteScripting_BODY CrossSiteScripting_URIPATH",
        ),
        "admin_pages": _group("AdminProtectionRuleSet", 100, "AdminProtection_URIPATH"),
        "sql": _group(
            "SQLiRuleSet",
            200,
            "SQLi_QUERYARGUMENTS SQLiExtendedPatterns_QUERYARGUMENTS SQLi_BODY SQLiExtendedPatterns_BODY SQLi_COOKIE",
        ),
        "linux": _group("LinuxRuleSet", 200, "LFI_URIPATH LFI_QUERYSTRING LFI_HEADER"),
        "posix": _group(
            "UnixRuleSet", 100, "UNIXShellCommandsVariables_QUERYARGUMENTS UNIXShellCommandsVariables_BODY"
        ),
        "php": _group(
            "PHPRuleSet",
            100,
            "PHPHighRiskMethodsVariables_HEADER PHPHighRiskMethodsVariables_QUERYSTRING "
            "PHPHighRiskMethodsVariables_BODY",
        ),
        "word_press": _group(
            "WordPressRuleSet", 100, "WordPressExploitableCommands_QUERYSTRING WordPressExploitablePaths_URIPATH"
        ),
    }
)
"""AWS's managed groups without an additional fee, by our names of them, in the order of evaluation.

Sources: source.BASELINE_RULE_GROUPS, source.IP_RULE_GROUPS, source.USE_CASE_RULE_GROUPS.
"""

RATE_LIMIT = Range(10, 2_000_000_000, 2_000, "requests", source.RATE_BASED_RULE)
"""The requests of one address in a window. The default is this library's."""
RATE_WINDOWS = (60, 120, 300, 600)
"""The windows of a rate-based rule in seconds (source.RATE_BASED_RULE)."""
SEARCH_STRING_BYTES = 200
"""Maximum length of a searched string (botocore's documentation of ByteMatchStatement)."""

RATE_CAPACITY, COUNTRIES_CAPACITY = 2, 1
"""The capacity in WCU of a rate-based rule and of a match of countries (source.RATE_BASED_RULE, source.WCU)."""
PATH_CAPACITY = 2 + 2 * 10
"""The capacity in WCU of a match of a path's start, 2, with two transformations, each 10 (source.STRING_MATCH)."""
EXACT_MATCH_CAPACITY = 2
"""The capacity in WCU of an exact match of a header, without a transformation (source.STRING_MATCH)."""
INCLUDED_CAPACITY = 1_500
"""The capacity in WCU beyond which AWS charges more for each request (source.WCU)."""
MAX_CAPACITY = 5_000
"""Maximum capacity of a web ACL in WCU (source.WCU)."""

_COUNTRIES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY "
    "BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK "
    "FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR "
    "IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK "
    "ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM "
    "PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF "
    "TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW "
)
COUNTRY_CODES = frozenset(_COUNTRIES.split())
"""The codes of ISO 3166 that AWS WAF accepts (botocore's model, CountryCode)."""

_ADDRESS_STATEMENTS = frozenset({"geomatchstatement", "ipsetreferencestatement", "asnmatchstatement"})
_HEADERS = frozenset({"forwardedipconfig", "ipsetforwardedipconfig"})
_ADDRESS_GROUPS = frozenset(group.name for group in RULE_GROUPS.values() if group.by_address)


def address_rules(rules: Sequence[Any]) -> Iterator[str]:
    """Yield the names of a web ACL's rules that match the caller's address, which do not work for private services.

    A rule that takes the address from a header does not count. Source: source.WAF_PRIVATE_SERVICES.

    Args:
        rules: The rules as mappings, with keys in the spelling of any language. Unknown values are ignored.
    """
    for rule in map(_normalized, rules):
        if _matches_address(rule.get("statement")):
            yield str(rule.get("name"))


def _matches_address(value: Any) -> bool:
    """Return whether a statement, or one inside it, matches the caller's address."""
    if isinstance(value, list | tuple):
        return any(map(_matches_address, cast(Sequence[Any], value)))
    for key, item in _normalized(value).items():
        members = _normalized(item)
        if key in _ADDRESS_STATEMENTS and not members.keys() & _HEADERS:
            return True
        if key == "ratebasedstatement" and members.get("aggregatekeytype") in (None, "IP"):
            return True
        if key == "managedrulegroupstatement" and members.get("name") in _ADDRESS_GROUPS:
            return True
        if _matches_address(item):
            return True
    return False


def _normalized(value: Any) -> Mapping[str, Any]:
    """Return a mapping's members that are set, with keys in one spelling; an empty mapping for other values."""
    members: Mapping[Any, Any] = cast(Mapping[Any, Any], value) if isinstance(value, Mapping) else {}
    return {str(key).replace("_", "").lower(): item for key, item in members.items() if item is not None}
