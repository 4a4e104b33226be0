import pytest

from apprunner_policies.environment import is_production


def urn(stack):
    return f"urn:pulumi:{stack}::shop::aws:apprunner/service:Service::api"


@pytest.mark.parametrize("stack", ["prod", "Production", "live", "prod-eu", "shop-prod"])
def test_the_stack_s_own_name_says_that_it_is_production(stack):
    assert is_production({}, urn(stack))


@pytest.mark.parametrize("stack", ["staging", "dev", "product", "preprod", "reproduction", "prod2"])
def test_other_names_are_not_production(stack):
    assert not is_production({}, urn(stack))


def test_a_rule_that_is_reported_with_the_environment_does_not_ask_the_stack():
    assert is_production({"environment": "prod"}, urn("blue"))
    assert not is_production({"environment": "test"}, urn("prod"))


def test_which_names_are_production_can_be_told():
    assert is_production({"production": ["customer-*"]}, urn("customer-7"))
    assert not is_production({"production": ["customer-*"]}, urn("prod"))


def test_a_configuration_of_another_shape_makes_nothing_production():
    assert not is_production({"production": 7}, urn("prod"))
