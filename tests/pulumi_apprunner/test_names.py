"""Default physical names: distinct for each project, component and stack, and accepted by AWS."""

from itertools import product

import pulumi
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from apprunner_facts import names
from apprunner_facts.names import NameRule
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.testing import run

SCALING, SERVICE, ROLE = names.AUTO_SCALING_CONFIGURATION, names.SERVICE, names.ROLE
RULES = [SCALING, names.OBSERVABILITY_CONFIGURATION, SERVICE, names.VPC_CONNECTOR, ROLE, names.SCHEDULE, names.QUEUE]


def name_of(
    rule: NameRule, component: str, role: str = "", *, project: str = "shop", stack: str = "prod", suffix: str = ""
) -> str:
    """Return the name of a resource in a project and stack."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pulumi, "get_project", lambda: project)
        patch.setattr(pulumi, "get_stack", lambda: stack)
        return physical_name(rule, component, role, suffix=suffix)


def test_a_name_consists_of_project_component_stack_and_role() -> None:
    assert name_of(SERVICE, "orders-api") == "shop-orders-api-prod"
    assert name_of(ROLE, "orders-api", "access") == "shop-orders-api-prod-access"
    assert name_of(names.VPC_CONNECTOR, "private", suffix="3f2a1b0") == "shop-private-prod-3f2a1b0"


def test_project_and_stack_are_those_of_the_program() -> None:
    results: list[str] = []
    run(lambda: results.append(physical_name(SERVICE, "api")), project="shop", stack="dev")
    assert results == ["shop-api-dev"]


def test_the_project_is_shortened_first_and_the_component_never_if_it_fits() -> None:
    assert name_of(SCALING, "checkout", project="storefront-platform") == "storefront-checkout-prod-51ee1d6"
    assert name_of(SCALING, "checkout-backends", project="storefront") == "s-checkout-backends-prod-b3248db"
    assert name_of(SCALING, "checkout-backend-jobs", project="storefront") == "checkout-backend-jobs-pr-c0906c5"
    assert name_of(SCALING, "c" * 60) == "c" * 24 + "-b8e102b"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("a-b", "c", "prod"), ("a", "b-c", "prod")),
        (("a", "b-c", "prod"), ("a", "b", "c-prod")),
        (("a", "api", "prod"), ("a", "Api", "prod")),
        (("a", "api", "prod"), ("b", "api", "prod")),
        (("a", "b.c", "prod"), ("a", "b-c", "prod")),
    ],
)
@pytest.mark.parametrize("rule", RULES)
def test_names_that_would_be_equal_end_with_a_hash(
    rule: NameRule, one: tuple[str, str, str], other: tuple[str, str, str]
) -> None:
    pair = [name_of(rule, component, project=project, stack=stack) for project, component, stack in (one, other)]
    assert pair[0].lower() != pair[1].lower()


_part = st.from_regex(r"[A-Za-z0-9._-]{1,50}", fullmatch=True) | st.sampled_from(["a", "a-b", "b", "prod", "a-prod"])
_parts = st.tuples(_part, st.text(min_size=1, max_size=80) | _part, _part)


@given(_parts, _parts, st.sampled_from(RULES), st.sampled_from(["", "access"]), st.sampled_from(["", "3f2a1b0"]))
@example(("a", "b", "c"), ("a-b", "c", "c"), SERVICE, "", "")
def test_every_name_is_accepted_by_aws_and_distinct(
    one: tuple[str, str, str], other: tuple[str, str, str], rule: NameRule, role: str, suffix: str
) -> None:
    first, second = (
        name_of(rule, component, role, project=project, stack=stack, suffix=suffix)
        for project, component, stack in (one, other)
    )
    assert rule.allows(first)
    assert rule.allows(second)
    assert first.endswith(suffix)
    assert (first.lower() == second.lower()) == (one == other)


def test_a_name_with_a_hash_never_equals_a_name_without_one() -> None:
    hashed = name_of(SERVICE, "api", project="shop", stack="eu-prod")
    project, component, stack = hashed.split("-", 1)[0], "-".join(hashed.split("-")[1:-1]), hashed.split("-")[-1]
    assert name_of(SERVICE, component, project=project, stack=stack) != hashed


def test_short_parts_result_in_distinct_names() -> None:
    parts = ["a", "b", "a-b", "b-a", "A", "a_", "-a", "a.b"]
    results = {
        name_of(SERVICE, component, project=project, stack=stack).lower()
        for project, component, stack in product(parts, parts, parts)
    }
    assert len(results) == len(parts) ** 3
