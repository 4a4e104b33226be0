"""The facts about AWS WAF, compared with AWS's model of the API."""

from typing import Any

import pytest

from apprunner_facts import arns, firewall, names
from apprunner_facts.firewall import address_rules
from apprunner_local.api_model import matches, shape

PREFIX = "arn:aws:wafv2:eu-west-1:123456789012"


def rule(**statement: Any) -> dict[str, Any]:
    return {"name": "rule", "priority": 1, "statement": statement}


def test_the_countries_are_those_of_the_api() -> None:
    assert set(shape("wafv2", "CountryCode")["enum"]) == firewall.COUNTRY_CODES


def test_the_bounds_of_a_rate_limit_are_those_of_the_api() -> None:
    limit = shape("wafv2", "RateLimit")
    assert (firewall.RATE_LIMIT.minimum, firewall.RATE_LIMIT.maximum) == (limit["min"], limit["max"])


def test_the_names_of_web_acls_groups_and_rules_are_valid() -> None:
    name = shape("wafv2", "EntityName")
    assert (names.WEB_ACL.shortest, names.WEB_ACL.longest) == (name["min"], name["max"])
    for group in firewall.RULE_GROUPS.values():
        assert all(matches("wafv2", "EntityName", each) for each in (group.name, *group.rules))


@pytest.mark.parametrize(
    ("arn", "valid"),
    [
        (f"{PREFIX}:regional/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162", True),
        (f"{PREFIX}:global/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162", False),
        (f"{PREFIX}:regional/rulegroup/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162", False),
        (f"{PREFIX}:regional/webacl/shop", False),
        ("arn:aws:waf-regional:eu-west-1:123456789012:webacl/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162", False),
    ],
)
def test_an_arn_of_a_regional_web_acl_is_recognized(arn: str, valid: bool) -> None:
    assert bool(arns.WEB_ACL.fullmatch(arn)) is valid


@pytest.mark.parametrize(
    "statement",
    [
        {"geoMatchStatement": {"countryCodes": ["DE"]}},
        {"geo_match_statement": {"country_codes": ["DE"]}},
        {"GeoMatchStatement": {"CountryCodes": ["DE"]}},
        {"ipSetReferenceStatement": {"arn": "arn"}},
        {"asnMatchStatement": {"asnLists": [1]}},
        {"rateBasedStatement": {"limit": 10, "aggregateKeyType": "IP"}},
        {"rateBasedStatement": {"limit": 10}},
        {"managedRuleGroupStatement": {"name": "AWSManagedRulesAnonymousIpList", "vendorName": "AWS"}},
        {"notStatement": {"statements": [{"geoMatchStatement": {"countryCodes": ["DE"]}}]}},
        {"managedRuleGroupStatement": {"name": "x", "scopeDownStatement": {"ipSetReferenceStatement": {"arn": "a"}}}},
    ],
)
def test_a_rule_on_the_source_address_is_found_at_any_depth(statement: dict[str, Any]) -> None:
    assert list(address_rules([rule(**statement)])) == ["rule"]


@pytest.mark.parametrize(
    "statement",
    [
        {"managedRuleGroupStatement": {"name": "AWSManagedRulesCommonRuleSet", "vendorName": "AWS"}},
        {"byteMatchStatement": {"searchString": "geoMatchStatement"}},
        {"geoMatchStatement": {"countryCodes": ["DE"], "forwardedIpConfig": {"headerName": "x-forwarded-for"}}},
        {"ipSetReferenceStatement": {"arn": "arn", "ipSetForwardedIpConfig": {"headerName": "x-forwarded-for"}}},
        {"rateBasedStatement": {"limit": 10, "aggregateKeyType": "FORWARDED_IP"}},
        {"geoMatchStatement": None},
    ],
)
def test_other_rules_and_rules_on_a_header_do_not_count(statement: dict[str, Any]) -> None:
    assert list(address_rules([rule(**statement), "unknown"])) == []
