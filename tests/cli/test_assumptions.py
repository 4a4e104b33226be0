"""The assumptions of the cost table and of the rule `monthly-budget`: options, policy configuration, defaults."""

from pathlib import Path
from typing import Any

import pulumi
import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

from apprunner_facts.bill import Assumptions
from apprunner_policies import POLICIES
from pulumi_apprunner.cli.assumptions import CostAssumptions, resolve_assumptions
from pulumi_apprunner.offline.policies.packs import Pack

PACK = Pack("included", POLICIES)
FILE = Path("prod.json")


def resolve(config: Any = None, *, pack: Pack = PACK, **options: float | None) -> CostAssumptions:
    unset = {"hours": None, "active": None, "instances": None}
    return resolve_assumptions({**unset, **options}, pack, config or {}, FILE)


def test_without_options_and_configuration_the_defaults_apply() -> None:
    assert resolve() == CostAssumptions(Assumptions(), {})


def test_the_configuration_of_the_rule_applies_to_the_table() -> None:
    config = {"monthly-budget": {"dollars": 100, "active": 0.3}}
    result = resolve(config)
    assert result.values == Assumptions(active=0.3)
    assert result.policy_config == config
    assert result.origins == ("active is 0.3, from monthly-budget in prod.json. --active overrides it.",)


def test_an_option_overrides_the_configuration_for_table_and_rule() -> None:
    result = resolve({"monthly-budget": {"dollars": 100, "active": 0.3}}, active=0.5, hours=100)
    assert result.values == Assumptions(active=0.5, hours=100)
    assert result.policy_config == {"monthly-budget": {"dollars": 100, "active": 0.5, "hours": 100}}
    assert result.origins == ()


@pytest.mark.parametrize("level", ["mandatory", EnforcementLevel.MANDATORY])
def test_an_option_keeps_the_level_of_the_rule(level: str | EnforcementLevel) -> None:
    result = resolve({"monthly-budget": level}, active=0.5)
    assert result.policy_config == {"monthly-budget": {"enforcementLevel": level, "active": 0.5}}


def test_a_pack_without_the_rule_gets_its_configuration_unchanged() -> None:
    other = Pack("mine", [ResourceValidationPolicy("mine", "d", lambda args, report: None)])
    result = resolve({"mine": {"active": 1}}, pack=other, active=0.5)
    assert (result.values, result.policy_config) == (Assumptions(active=0.5), {"mine": {"active": 1}})


def test_the_packs_own_configuration_applies_before_the_users() -> None:
    pack = Pack("mine", POLICIES, initial_config={"monthly-budget": {"active": 0.2, "hours": 700}})
    result = resolve({"monthly-budget": {"active": 0.4}}, pack=pack)
    assert result.values == Assumptions(active=0.4, hours=700)
    assert result.origins == (
        "active is 0.4, from monthly-budget in prod.json. --active overrides it.",
        "hours is 700, from monthly-budget in policy pack mine. --hours overrides it.",
    )


@pytest.mark.parametrize("value", ["much", None, True, [0.3]])
def test_values_of_other_types_are_left_to_the_policy_engine(value: Any) -> None:
    config = {"monthly-budget": {"active": value}}
    assert resolve(config) == CostAssumptions(Assumptions(), config)


def test_an_error_has_the_origin_of_the_value() -> None:
    with pytest.raises(pulumi.RunError) as error:
        resolve({"monthly-budget": {"hours": 800}}, active=2)
    assert str(error.value).splitlines() == [
        "prod.json: monthly-budget.hours: must be 1 to 744, got 800",
        "--active: must be a share from 0 to 1, got 2. Did you mean 0.02 (2%)?",
    ]
