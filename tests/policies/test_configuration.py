"""The configuration of the whole pack: settings for all rules, unknown rules and keys."""

from collections.abc import Mapping
from typing import Any

import grpc
import pulumi_aws as aws
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import proto
from pulumi_policy import policy as sdk

from apprunner_facts.tokens import AUTO_SCALING
from apprunner_policies import POLICIES
from policies.analyzers import as_a_folder
from pulumi_apprunner.testing import PolicyConfigError

WAIVER = {"resource": "small", "reason": "a back office", "until": "2026-12-31"}
FOR_ALL = {"environment": "prod", "today": "2026-11-24"}


def one_instance() -> None:
    aws.apprunner.AutoScalingConfigurationVersion(
        "small", auto_scaling_configuration_name="small", min_size=1, max_size=2
    )


@pytest.fixture
def violations(report):
    """Return a function that returns the rules that a scaling profile in a stack violates."""

    def violations(config: Mapping[str, Any], stack: str = "blue") -> set[str]:
        return {each.policy for each in report(one_instance, *POLICIES, stack=stack, config=config).violations}

    return violations


def test_the_environment_is_set_once_for_all_rules(violations):
    assert "prod-min-instances" not in violations({})
    assert "prod-min-instances" in violations({"all": FOR_ALL})
    assert "prod-min-instances" in violations({"all": {"production": ["bl*"]}})


def test_a_setting_of_a_rule_overrides_that_of_all(violations):
    assert "prod-min-instances" not in violations({"all": FOR_ALL, "prod-min-instances": {"environment": "staging"}})


def test_a_waiver_for_all_rules_is_added_to_those_of_a_rule(violations):
    other = {"waivers": [{**WAIVER, "resource": "large"}]}

    assert violations({"all": {**FOR_ALL, "waivers": [WAIVER]}, "prod-min-instances": other}) == {"waivers"}


def test_a_waiver_for_all_rules_that_matches_nothing_is_reported_once(report):
    config = {"all": {"waivers": [{**WAIVER, "resource": "smal"}], "today": "2026-11-24"}}

    result = report(one_instance, *POLICIES, config=config)

    (message,) = [each.message for each in result.violations if each.policy == "waivers"]
    assert message.startswith("all.waivers[0]: resource must be the name or URN of a resource")
    assert 'got "smal". Did you mean "small"?' in message


@pytest.mark.parametrize("level", ["mandatory", "remediate"])
def test_a_waived_violation_is_advisory_at_every_level_of_all_rules(report, level):
    config = {"all": {"enforcementLevel": level, **FOR_ALL, "waivers": [WAIVER]}}

    assert {each.level for each in report(one_instance, *POLICIES, config=config).violations} == {"advisory"}


@pytest.mark.parametrize("level", ["mandatory", "remediate"])
def test_a_level_of_the_waivers_that_has_no_effect_is_a_warning(report, level):
    result = report(one_instance, *POLICIES, config={"waivers": level})

    assert result.levels["waivers"] == "advisory"
    assert list(result.messages) == [
        f'warning: waivers: must be "advisory" or "disabled", got "{level}", which has no effect'
    ]
    for allowed in ("advisory", "disabled"):
        assert not report(one_instance, *POLICIES, config={"waivers": allowed}).messages


def test_the_entry_for_all_rules_changes_no_level_unless_it_has_one(report):
    def levels(for_all: Mapping[str, Any]) -> Mapping[str, str]:
        return report(one_instance, *POLICIES, config={"all": for_all}).levels

    assert levels(FOR_ALL) == levels({})
    assert set(levels({**FOR_ALL, "enforcementLevel": "disabled"}).values()) == {"disabled"}


ERRORS = [
    ({"prod-min-instance": {"minInstances": 3}}, 'prod-min-instance: unknown rule. Did you mean "prod-min-instances"?'),
    (
        {"prod-min-instances": {"minInstance": 3}},
        'prod-min-instances: unknown key "minInstance". Did you mean "minInstances"? Valid keys: def',
    ),
    ({"waivers": {"resource": "small"}}, 'waivers: unknown key "resource". It has no configuration.'),
    ({"all": {"enviroment": "prod"}}, 'all: unknown key "enviroment". Did you mean "environment"?'),
    ({"all": {"minInstances": 3}}, 'all: unknown key "minInstances". Valid keys for all rules: environment, prod'),
    ({"all": {"environment": 3}}, "all.environment: must be a string, got 3"),
    ({"all": {"production": "prod"}}, 'all.production: must be a list, got "prod". Write a list.'),
    ({"all": {"production": [True]}}, "all.production[0]: must be a string, got true. Write a string."),
    (
        {"all": {"waivers": [WAIVER | {"until": "2027-02-30"}]}},
        "all.waivers[0].until: must be a date such as 2027",
    ),
    ({"all": {"today": "2027-02-30"}}, 'all.today: must be a date such as 2027-03-31, got "2027-02-30".'),
    (
        {"regions-allowed": {"waivers": [{}]}},
        "regions-allowed.waivers[0].resource: must be a string that is not",
    ),
]


@pytest.mark.parametrize(("config", "error"), ERRORS)
def test_an_invalid_configuration_is_an_error_offline(violations, config, error):
    with pytest.raises(PolicyConfigError) as caught:
        violations(config)

    assert f"invalid policy configuration\n  {error}" in str(caught.value)


def test_all_errors_are_reported_together(violations):
    with pytest.raises(PolicyConfigError) as caught:
        violations({"no-such-rule": "mandatory", "all": {"x": 1}, "monthly-budget": {"dollars": "2", "dollar": 3}})

    assert len(str(caught.value).splitlines()) == 5


def configure(analyzer: Any, config: Mapping[str, Any], level: Any = None) -> None:
    """Configure a pack's process as the Pulumi CLI does, with each rule at its own level, or all of them at one."""
    info = analyzer.GetAnalyzerInfo(empty_pb2.Empty(), timeout=30)
    sent = {each.name: proto.PolicyConfig(enforcementLevel=level or each.enforcementLevel) for each in info.policies}
    for name, properties in config.items():
        entry = sent.setdefault(name, proto.PolicyConfig(enforcementLevel=info.initialConfig["all"].enforcementLevel))
        entry.properties.CopyFrom(json_format.ParseDict(properties, struct_pb2.Struct()))
    analyzer.Configure(proto.ConfigureAnalyzerRequest(policyConfig=sent), timeout=30)


def violations_of_profile(analyzer: Any) -> list[Any]:
    """Return what a pack's process reports about a stack with a profile of one instance."""
    resource = proto.AnalyzerResource(
        type=AUTO_SCALING,
        name="small",
        urn=f"urn:pulumi:blue::shop::{AUTO_SCALING}::small",
        properties=json_format.ParseDict({"minSize": 1, "maxSize": 2}, struct_pb2.Struct()),
    )
    return list(analyzer.AnalyzeStack(proto.AnalyzeStackRequest(resources=[resource]), timeout=30).diagnostics)


def test_the_engine_sets_the_environment_once_for_all_rules():
    with as_a_folder() as analyzer:
        before = violations_of_profile(analyzer)
        configure(analyzer, {"all": FOR_ALL})
        after = violations_of_profile(analyzer)

    assert "prod-min-instances" not in {each.policyName for each in before}
    assert "prod-min-instances" in {each.policyName for each in after}


def test_a_waived_violation_is_advisory_on_the_engine_at_every_level():
    with as_a_folder() as analyzer:
        configure(analyzer, {"all": {**FOR_ALL, "waivers": [WAIVER]}}, proto.MANDATORY)
        violations = violations_of_profile(analyzer)

    (waived,) = [each for each in violations if each.policyName == "waivers"]
    assert "prod-min-instances is waived: small: " in waived.message
    assert waived.enforcementLevel == proto.ADVISORY


def test_an_invalid_configuration_is_an_error_on_the_engine():
    with as_a_folder() as analyzer:
        for config, error in ERRORS:
            with pytest.raises(grpc.RpcError) as caught:
                configure(analyzer, config)
            assert f"invalid policy configuration\n  {error}" in (caught.value.details() or "")


def test_the_sdk_has_the_private_parts_that_the_pack_replaces():
    """A new SDK that changes them would ignore the settings of all rules, with a warning."""
    assert callable(sdk._PolicyAnalyzerServicer.Configure)  # pyright: ignore[reportPrivateUsage]
