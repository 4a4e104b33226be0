"""The rules of a web ACL, as pulumi-aws's inputs.

Each rule has a fixed name and priority, so that a rule that is added or removed changes no other.
"""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast

import pulumi
import pulumi_aws as aws
from pulumi import Output

from apprunner_facts import firewall
from pulumi_apprunner.args.firewall import (
    Action,
    CountryList,
    FirewallSettings,
    ManagedRuleGroup,
    Mode,
    RateLimit,
    RequiredHeader,
    enabled_groups,
)

REQUIRED_HEADER = "required-header"
COUNTRIES, RATE_LIMIT, EXCLUDED_PATHS = "countries", "rate-limit", "excluded-paths"
"""The names of the rules that are not groups."""

_PRIORITIES: Mapping[str, int] = {
    REQUIRED_HEADER: 5,
    COUNTRIES: 10,
    RATE_LIMIT: 20,
    "ip_reputation": 30,
    "anonymous_ip": 40,
    EXCLUDED_PATHS: 45,
    "known_bad_inputs": 50,
    "common": 60,
    "admin_pages": 70,
    "sql": 80,
    "linux": 90,
    "posix": 100,
    "php": 110,
    "word_press": 120,
}
_TOO_MANY_REQUESTS = 429

Rule: TypeAlias = "aws.wafv2.WebAclRuleArgsDict"
Statement: TypeAlias = "aws.wafv2.WebAclRuleStatementArgsDict"


def rules_of(settings: FirewallSettings) -> list[Rule]:
    """Return the rules of a web ACL in the order of their priorities."""
    visible = settings.sampled_requests
    rules: list[Rule] = []
    if settings.required_header is not None:
        rules.append(_required_header(settings.required_header, visible))
    if settings.countries is not None:
        rules.append(_countries(settings.countries, settings.mode, visible))
    if settings.rate_limit is not None:
        rules.append(_rate_limit(settings.rate_limit, settings.mode, visible))
    if settings.excluded_paths:
        rules.append(_excluded_paths(settings.excluded_paths, visible))
    for name, group in enabled_groups(settings.groups, private=settings.private).items():
        rules.append(_managed(name, group, settings.mode, visible))
    return sorted(rules, key=lambda rule: cast(int, rule["priority"]))


def capacity_of(settings: FirewallSettings) -> int:
    """Return the capacity of the rules in WCU."""
    limit = settings.rate_limit
    header = settings.required_header
    values = 0 if header is None else 1 if header.previous_value is None else 2
    paths = len(settings.excluded_paths) + (1 if limit and limit.path else 0)
    return (
        sum(firewall.RULE_GROUPS[name].capacity for name in enabled_groups(settings.groups, private=settings.private))
        + (firewall.RATE_CAPACITY if limit else 0)
        + (firewall.COUNTRIES_CAPACITY if settings.countries else 0)
        + paths * firewall.PATH_CAPACITY
        + values * firewall.EXACT_MATCH_CAPACITY
    )


def visibility(metric: str, sampled_requests: bool) -> "aws.wafv2.WebAclVisibilityConfigArgsDict":
    """Return the block visibility_config, which a web ACL and each of its rules require."""
    return {
        "cloudwatch_metrics_enabled": True,
        "metric_name": metric,
        "sampled_requests_enabled": sampled_requests,
    }


def _managed(name: str, group: ManagedRuleGroup, mode: Mode, sampled_requests: bool) -> Rule:
    known = firewall.RULE_GROUPS[name]
    statement: aws.wafv2.WebAclRuleStatementManagedRuleGroupStatementArgsDict = {
        "vendor_name": firewall.VENDOR,
        "name": known.name,
        "rule_action_overrides": _overrides(group.rules),
    }
    return {
        "name": known.name,
        "priority": _PRIORITIES[name],
        "override_action": {"count": {}} if (group.mode or mode) == "count" else {"none": {}},
        "statement": {"managed_rule_group_statement": statement},
        "visibility_config": visibility(known.name, sampled_requests),
    }


def _overrides(actions: Mapping[str, Action]) -> Any:
    """Return the list rule_action_overrides: sorted, since the order of a mapping has no meaning."""
    return [{"name": rule, "action_to_use": {action: {}}} for rule, action in sorted(actions.items())]


def _rate_limit(limit: RateLimit, mode: Mode, sampled_requests: bool) -> Rule:
    statement: aws.wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": "IP",
        "limit": limit.requests,
        "evaluation_window_sec": limit.window_seconds,
    }
    if limit.path:
        statement["scope_down_statement"] = _begins_with(limit.path)
    name = limit.action or mode
    action: Any = {name: {"custom_response": {"response_code": _TOO_MANY_REQUESTS}} if name == "block" else {}}
    return {
        "name": RATE_LIMIT,
        "priority": _PRIORITIES[RATE_LIMIT],
        "action": action,
        "statement": {"rate_based_statement": statement},
        "visibility_config": visibility(RATE_LIMIT, sampled_requests),
    }


def _countries(countries: CountryList, mode: Mode, sampled_requests: bool) -> Rule:
    codes = sorted(countries.allowed or countries.blocked or ())
    match: Statement = {"geo_match_statement": {"country_codes": codes}}
    action: Any = {countries.mode or mode: {}}
    return {
        "name": COUNTRIES,
        "priority": _PRIORITIES[COUNTRIES],
        "action": action,
        "statement": _negated(match) if countries.allowed else match,
        "visibility_config": visibility(COUNTRIES, sampled_requests),
    }


def _negated(statement: Statement) -> Statement:
    # The property is a list in pulumi-aws 7.0, and a block in 7.51 (the class of the installed SDK has one of them).
    is_block = "statement" in inspect.signature(aws.wafv2.WebAclRuleStatementNotStatementArgs).parameters
    negation: Any = {"statement": statement} if is_block else {"statements": [statement]}
    return {"not_statement": negation}


def _required_header(header: RequiredHeader, sampled_requests: bool) -> Rule:
    values = [header.value, *([] if header.previous_value is None else [header.previous_value])]
    statements = [_equals(header.name, value) for value in values]
    match: Any = statements[0] if len(statements) == 1 else {"or_statement": {"statements": statements}}
    action: Any = {header.mode: {}}
    return {
        "name": REQUIRED_HEADER,
        "priority": _PRIORITIES[REQUIRED_HEADER],
        "action": action,
        "statement": _negated(match),
        "visibility_config": visibility(REQUIRED_HEADER, sampled_requests),
    }


def _equals(header: str, value: pulumi.Input[str]) -> Any:
    return {
        "byte_match_statement": {
            "search_string": Output.secret(value),
            "positional_constraint": "EXACTLY",
            "field_to_match": {"single_header": {"name": header}},
            "text_transformations": [{"priority": 0, "type": "NONE"}],
        }
    }


def _excluded_paths(paths: Sequence[str], sampled_requests: bool) -> Rule:
    """Return the rule that allows requests before the groups after it inspect their content.

    A statement inside each group could exclude them too, but some versions of pulumi-aws 7 do not support NOT there
    (https://github.com/pulumi/pulumi-aws/issues/6546).
    """
    statements = [_begins_with(path) for path in paths]
    return {
        "name": EXCLUDED_PATHS,
        "priority": _PRIORITIES[EXCLUDED_PATHS],
        "action": {"allow": {}},
        "statement": statements[0] if len(statements) == 1 else {"or_statement": {"statements": statements}},
        "visibility_config": visibility(EXCLUDED_PATHS, sampled_requests),
    }


def _begins_with(path: str) -> Any:
    # Without the transformations, /uploads/../admin and /uploads/%2e%2e/admin would count as /uploads/.
    return {
        "byte_match_statement": {
            "search_string": path,
            "positional_constraint": "STARTS_WITH",
            "field_to_match": {"uri_path": {}},
            "text_transformations": [
                {"priority": 0, "type": "URL_DECODE"},
                {"priority": 1, "type": "NORMALIZE_PATH"},
            ],
        }
    }
