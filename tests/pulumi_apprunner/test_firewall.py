"""WebFirewall: a web ACL with AWS's managed rules, and its log."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_facts import firewall as facts
from apprunner_facts.changes import DELETED_FIRST_IF_NAMED
from plans import children, plan, problems
from pulumi_apprunner import (
    CountryList,
    FirewallLog,
    ManagedRuleGroup,
    ManagedRules,
    RateLimit,
    WebFirewall,
    WebFirewallArgs,
)
from pulumi_apprunner.testing import Graph, run
from samples import KMS_KEY_ARN

ACL = "aws:wafv2/webAcl:WebAcl"
LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"

IP_REPUTATION = "AWSManagedRulesAmazonIpReputationList"
BAD_INPUTS = "AWSManagedRulesKnownBadInputsRuleSet"
COMMON = "AWSManagedRulesCommonRuleSet"


def firewall(**args: Any) -> Callable[[], None]:
    """Return a program that creates a WebFirewall named edge."""
    return lambda: WebFirewall("edge", WebFirewallArgs(**args)) and None


def rules(**args: Any) -> dict[str, dict[str, Any]]:
    """Return the rules of a web ACL by their names."""
    return {rule["name"]: rule for rule in plan(firewall(**args)).one(ACL)["rules"]}


def group(name: str, priority: int, action: str = "none", **statement: Any) -> dict[str, Any]:
    """Return the rule of a managed group."""
    return {
        "name": name,
        "priority": priority,
        "overrideAction": {action: {}},
        "statement": {
            "managedRuleGroupStatement": {"vendorName": "AWS", "name": name, "ruleActionOverrides": [], **statement}
        },
        "visibilityConfig": visibility(name),
    }


def visibility(metric: str) -> dict[str, Any]:
    return {"cloudwatchMetricsEnabled": True, "metricName": metric, "sampledRequestsEnabled": False}


def begins_with(path: str) -> dict[str, Any]:
    """Return the statement that matches a decoded and normalized path."""
    return {
        "byteMatchStatement": {
            "searchString": path,
            "positionalConstraint": "STARTS_WITH",
            "fieldToMatch": {"uriPath": {}},
            "textTransformations": [{"priority": 0, "type": "URL_DECODE"}, {"priority": 1, "type": "NORMALIZE_PATH"}],
        }
    }


def warnings(graph: Graph) -> list[str]:
    """Return the warnings of a program."""
    return [each.removeprefix("warning: ") for each in graph.messages]


def test_it_creates_a_regional_web_acl_and_its_log() -> None:
    graph = plan(firewall(tags={"team": "edge"}))
    assert children(graph, "edge") == [
        (LOG_GROUP, "edge-log-group"),
        (QUERY, "edge-query-matches"),
        (ACL, "edge-acl"),
        (LOGGING, "edge-logging"),
    ]
    assert graph.one(ACL).inputs == {
        "name": "project-edge-stack",
        "description": "Web ACL for App Runner services",
        "scope": "REGIONAL",
        "defaultAction": {"allow": {}},
        "rules": [group(IP_REPUTATION, 30), group(BAD_INPUTS, 50), group(COMMON, 60)],
        "visibilityConfig": visibility("project-edge-stack"),
        "tags": {"team": "edge"},
    }
    log = graph.one(LOG_GROUP)
    assert log.inputs == {
        "name": "aws-waf-logs-project-edge-stack",
        "retentionInDays": 30,
        "tags": {"team": "edge"},
    }
    assert graph.one(LOGGING).inputs == {
        "resourceArn": graph.one(ACL).outputs["arn"],
        "logDestinationConfigs": [log.outputs["arn"]],
        "redactedFields": [{"singleHeader": {"name": "authorization"}}, {"singleHeader": {"name": "cookie"}}],
    }
    query = graph.one(QUERY)
    assert (query["name"], query["logGroupNames"]) == ("project-edge-stack/matches", [log["name"]])
    assert warnings(graph) == []


def test_outputs_are_registered() -> None:
    graph = plan(firewall())
    acl = graph.one(ACL)
    outputs = graph.named("edge").outputs
    assert (outputs["arn"], outputs["webAclName"]) == (acl.outputs["arn"], "project-edge-stack")
    assert outputs["logGroupName"] == "aws-waf-logs-project-edge-stack"


def test_count_mode_blocks_nothing() -> None:
    counted = rules(mode="count", rate_limit=RateLimit(requests=100), countries=CountryList(blocked=["KP"]))
    assert [rule["overrideAction"] for rule in counted.values() if "overrideAction" in rule] == [{"count": {}}] * 3
    assert (counted["rate-limit"]["action"], counted["countries"]["action"]) == ({"count": {}}, {"count": {}})


def test_a_group_and_a_rule_may_have_another_mode_than_the_firewall() -> None:
    groups = ManagedRules(common=ManagedRuleGroup(mode="block"), sql=ManagedRuleGroup(enabled=True))
    counted = rules(
        mode="count",
        groups=groups,
        rate_limit=RateLimit(requests=100, action="challenge"),
        countries=CountryList(blocked=["KP"], mode="block"),
    )
    assert counted[COMMON]["overrideAction"] == {"none": {}}
    assert counted["AWSManagedRulesSQLiRuleSet"]["overrideAction"] == {"count": {}}
    assert counted["rate-limit"]["action"] == {"challenge": {}}
    assert counted["countries"]["action"] == {"block": {}}


def test_every_group_can_be_enabled_with_a_priority_of_its_own() -> None:
    enabled = ManagedRules(**{name: ManagedRuleGroup(enabled=True) for name in facts.RULE_GROUPS})
    every = rules(groups=enabled, rate_limit=RateLimit(requests=100), countries=CountryList(allowed=["DE"]))
    assert list(every) == ["countries", "rate-limit", *(each.name for each in facts.RULE_GROUPS.values())]
    assert [rule["priority"] for rule in every.values()] == list(range(10, 130, 10))


def test_a_rule_that_is_added_or_removed_changes_no_other() -> None:
    before = rules()
    after = rules(
        groups=ManagedRules(known_bad_inputs=ManagedRuleGroup(enabled=False), sql=ManagedRuleGroup(enabled=True)),
        rate_limit=RateLimit(requests=100),
    )
    assert {name: rule for name, rule in after.items() if name in before} == {
        name: rule for name, rule in before.items() if name != BAD_INPUTS
    }


def test_single_rules_have_other_actions_in_one_order() -> None:
    actions: dict[str, Any] = {"SizeRestrictions_BODY": "count", "NoUserAgent_HEADER": "captcha"}
    common = rules(groups=ManagedRules(common=ManagedRuleGroup(rules=actions)))[COMMON]
    assert common == group(
        COMMON,
        60,
        ruleActionOverrides=[
            {"name": "NoUserAgent_HEADER", "actionToUse": {"captcha": {}}},
            {"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}},
        ],
    )


def test_excluded_paths_are_allowed_before_the_groups_that_inspect_content() -> None:
    one = rules(excluded_paths=["/uploads/"])
    assert list(one) == [IP_REPUTATION, "excluded-paths", BAD_INPUTS, COMMON]
    assert one["excluded-paths"] == {
        "name": "excluded-paths",
        "priority": 45,
        "action": {"allow": {}},
        "statement": begins_with("/uploads/"),
        "visibilityConfig": visibility("excluded-paths"),
    }
    two = rules(excluded_paths=["/uploads/", "/api/import"])["excluded-paths"]["statement"]
    assert two == {"orStatement": {"statements": [begins_with("/uploads/"), begins_with("/api/import")]}}


def test_a_rate_limit_answers_with_429() -> None:
    assert rules(rate_limit=RateLimit(requests=100, window_seconds=60, path="/login"))["rate-limit"] == {
        "name": "rate-limit",
        "priority": 20,
        "action": {"block": {"customResponse": {"responseCode": 429}}},
        "statement": {
            "rateBasedStatement": {
                "aggregateKeyType": "IP",
                "limit": 100,
                "evaluationWindowSec": 60,
                "scopeDownStatement": begins_with("/login"),
            }
        },
        "visibilityConfig": visibility("rate-limit"),
    }
    every = rules(rate_limit=RateLimit(requests=100))["rate-limit"]["statement"]["rateBasedStatement"]
    assert every == {"aggregateKeyType": "IP", "limit": 100, "evaluationWindowSec": 300}


def test_countries_are_allowed_or_blocked_and_sorted() -> None:
    match = {"geoMatchStatement": {"countryCodes": ["AT", "DE"]}}
    blocked = rules(countries=CountryList(blocked=["DE", "AT"]))["countries"]
    assert (blocked["statement"], blocked["action"], blocked["priority"]) == (match, {"block": {}}, 10)
    allowed = rules(countries=CountryList(allowed=["DE", "AT"]))["countries"]
    assert allowed["statement"] in ({"notStatement": {"statement": match}}, {"notStatement": {"statements": [match]}})


def test_the_private_variant_matches_no_source_addresses() -> None:
    private = rules(private=True)
    assert list(private) == [BAD_INPUTS, COMMON]
    assert list(facts.address_rules([*private.values()])) == []
    assert list(facts.address_rules([*rules(rate_limit=RateLimit(requests=10)).values()])) == [
        "rate-limit",
        IP_REPUTATION,
    ]


def test_rules_on_source_addresses_are_errors_for_private_services() -> None:
    groups = ManagedRules(
        ip_reputation=ManagedRuleGroup(enabled=True),
        anonymous_ip=ManagedRuleGroup(enabled=True),
    )
    rule = "must not be set for private services, for which rules on source addresses do not work. Remove it, and "
    switch = "must not be true for private services, for which rules on source addresses do not work. Remove it, and "
    clients = "limit the clients in the endpoint's security group"
    assert problems(
        firewall(private=True, groups=groups, rate_limit={"requests": 100}, countries={"blocked": ["KP"]})
    ) == {
        "groups.ip_reputation.enabled": switch + clients,
        "groups.anonymous_ip.enabled": switch + clients,
        "rate_limit": rule + clients,
        "countries": rule + clients,
    }


def test_settings_of_a_disabled_group_are_errors() -> None:
    actions: dict[str, Any] = {"SQLi_BODY": "count"}
    message = "has no effect, since the group is disabled. Set its enabled to true, or remove its other settings"
    groups = ManagedRules(sql=ManagedRuleGroup(rules=actions), common=ManagedRuleGroup(enabled=False, mode="count"))
    assert problems(firewall(groups=groups)) == {"groups.sql": message, "groups.common": message}
    private = ManagedRules(ip_reputation=ManagedRuleGroup(mode="count"))
    assert problems(firewall(private=True, groups=private)) == {"groups.ip_reputation": message}


def test_a_firewall_without_rules_is_an_error() -> None:
    none = {name: ManagedRuleGroup(enabled=False) for name in ("ip_reputation", "known_bad_inputs", "common")}
    assert problems(firewall(groups=ManagedRules(**none))) == {
        "groups": "must have an enabled group, since none of required_header, rate_limit and countries is set. "
        "Enable one"
    }
    assert list(rules(groups=ManagedRules(**none), rate_limit=RateLimit(requests=100))) == ["rate-limit"]


def test_all_problems_are_reported_together() -> None:
    args: Any = {
        "mode": "monitor",
        "rateLimit": {"requests": 9, "windowSeconds": 90, "path": "login"},
        "countries": {"allowed": ["UK", "Germany", "DE", "DE"], "blocked": ["KP"]},
        "groups": {"common": {"rules": {"Size Restrictions": "allow"}}},
        "excludedPaths": ["/" + "a" * 200],
        "log": {"retentionDays": 10, "redactedHeaders": ["X-Api-Key"], "kmsKeyArn": "alias/logs"},
    }
    found = problems(lambda: WebFirewall("edge", args) and None)
    assert found == {
        "mode": 'must be "block" or "count", got "monitor"',
        "groups.common.rules.Size Restrictions": "must be the name of a rule, such as SizeRestrictions_BODY; must be "
        '"block", "count", "captcha" or "challenge", got "allow"',
        "excludedPaths[0]": f'must have at most 200 bytes, got "/{"a" * 196}..."',
        "rateLimit.requests": "must be 10 to 2000000000, got 9",
        "rateLimit.windowSeconds": "must be 60, 120, 300 or 600, got 90",
        "rateLimit.path": 'must be a path of printable ASCII characters that begins with /, got "login"',
        "countries.allowed[0]": 'must be a country code of ISO 3166 in capitals, such as DE, got "UK". Use GB for the '
        "United Kingdom",
        "countries.allowed[1]": 'must be a country code of ISO 3166 in capitals, such as DE, got "Germany"',
        "log.retentionDays": found["log.retentionDays"],
        "log.kmsKeyArn": "must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias",
        "log.redactedHeaders[0]": 'must be a header\'s name in lower case, such as x-api-key, got "X-Api-Key"',
    }


@pytest.mark.parametrize(
    ("countries", "got"),
    [({}, "none"), ({"allowed": ["DE"], "blocked": ["KP"]}, "allowed and blocked")],
)
def test_exactly_one_list_of_countries_is_required(countries: Any, got: str) -> None:
    assert problems(firewall(countries=countries)) == {
        "countries": f"must have one of allowed and blocked, got {got}. Set exactly one"
    }


def test_duplicates_and_empty_lists_are_errors() -> None:
    args: Any = {"countries": {"blocked": []}, "excluded_paths": ["/a", "/a"]}
    assert problems(firewall(**args)) == {
        "countries.blocked": "must not be empty",
        "excluded_paths": "must contain each path once, got /a more than once",
    }


def test_an_unknown_rule_is_a_warning_since_aws_ignores_it() -> None:
    actions: dict[str, Any] = {"SizeRestriction_BODY": "count", "Ours": "count"}
    assert warnings(run(firewall(groups=ManagedRules(common=ManagedRuleGroup(rules=actions))))) == [
        "groups.common.rules.Ours: must be the name of a rule of AWSManagedRulesCommonRuleSet, and AWS does not "
        "document Ours. AWS WAF ignores unknown names. Verify its name in the console",
        "groups.common.rules.SizeRestriction_BODY: must be the name of a rule of AWSManagedRulesCommonRuleSet, and AWS "
        "does not document SizeRestriction_BODY. AWS WAF ignores unknown names. Did you mean SizeRestrictions_BODY?",
    ]


def test_rules_beyond_the_included_capacity_are_a_warning() -> None:
    names = ("sql", "linux", "posix", "php", "word_press")
    groups = ManagedRules(**{name: ManagedRuleGroup(enabled=True) for name in names})
    (message,) = warnings(run(firewall(groups=groups)))
    assert message.startswith("groups: the rules use 1,625 WCU. Beyond 1,500 AWS charges more for each request.")
    assert warnings(run(firewall(groups=ManagedRules(sql=ManagedRuleGroup(enabled=True))))) == []


def test_the_log_may_be_disabled_encrypted_and_redacted_further() -> None:
    graph = plan(firewall(log=FirewallLog(enabled=False)))
    assert children(graph, "edge") == [(ACL, "edge-acl")]
    assert graph.named("edge").outputs.get("logGroupName") is None
    log = FirewallLog(
        retention_days=365, kms_key_arn=KMS_KEY_ARN, redacted_headers=["x-api-key", "cookie"], redact_query_string=True
    )
    graph = plan(firewall(log=log))
    assert (graph.one(LOG_GROUP)["retentionInDays"], graph.one(LOG_GROUP)["kmsKeyId"]) == (365, KMS_KEY_ARN)
    assert graph.one(LOGGING)["redactedFields"] == [
        {"singleHeader": {"name": "authorization"}},
        {"singleHeader": {"name": "cookie"}},
        {"singleHeader": {"name": "x-api-key"}},
        {"queryString": {}},
    ]


def test_samples_contain_secrets_so_that_they_are_disabled_by_default() -> None:
    acl = plan(firewall(sampled_requests=True)).one(ACL)
    blocks = [acl["visibilityConfig"], *(rule["visibilityConfig"] for rule in acl["rules"])]
    assert {each["sampledRequestsEnabled"] for each in blocks} == {True}


def test_a_replaced_web_acl_is_created_first_and_its_logging_is_deleted_first() -> None:
    graph = plan(firewall())
    assert {ACL, LOG_GROUP} <= DELETED_FIRST_IF_NAMED
    assert graph.one(ACL).delete_before_replace is False
    assert graph.one(LOG_GROUP).delete_before_replace is False
    assert graph.one(LOGGING).delete_before_replace is True


def test_names_are_cut_to_the_limits_of_aws() -> None:
    graph = plan(lambda: WebFirewall("e" * 200, {}) and None)
    name = graph.one(ACL)["name"]
    assert len(name) == 128
    assert graph.one(LOG_GROUP)["name"] == f"aws-waf-logs-{name}"


def test_the_key_of_the_log_may_be_an_output() -> None:
    key = pulumi.Output.from_input(KMS_KEY_ARN)
    assert plan(firewall(log=FirewallLog(kms_key_arn=key))).one(LOG_GROUP)["kmsKeyId"] == KMS_KEY_ARN


@pytest.mark.parametrize("path", ["/my%20files/", "/search?q=", "/a#b", "/a//b", "/a/../b", "/a/."])
def test_a_path_that_no_request_has_after_normalization_is_an_error(path: str) -> None:
    expected = (
        f'must have no %, ?, #, // and no segment . or .., since no request matches it, got "{path}". AWS WAF compares '
        "the path of a request after it was decoded and normalized, without its query"
    )
    assert problems(firewall(excluded_paths=[path])) == {"excluded_paths[0]": expected}
    assert problems(firewall(rate_limit={"path": path, "requests": 100})) == {"rate_limit.path": expected}
