"""The work of each rule grows with the stack, and not faster."""

from typing import Any

import pytest

from apprunner_policies import POLICIES
from apprunner_policies.rule import StackRule
from policies.growing import PROGRAMS
from policies.growth import growth

RULES = [each for each in POLICIES if isinstance(each, StackRule)]
CONFIG: dict[str, dict[str, Any]] = {
    "connector-subnets-route-out": {"internetRequired": True},
    "monthly-budget": {"dollars": 1.0, "active": 0.5, "hours": 730},
    "pause-required-outside-prod": {"environment": "dev"},
}


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.__name__)
def test_no_rule_does_more_for_a_service_of_a_larger_stack(program, unknown):
    by_rule = growth(RULES, program, CONFIG, unknown=unknown)

    assert {name: each for name, each in by_rule.items() if each > 1.02} == {}
    assert len(by_rule) > len(RULES) / 2
