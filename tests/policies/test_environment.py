import pytest

from apprunner_policies.environment import is_production


def urn(stack):
    return f"urn:pulumi:{stack}::shop::aws:apprunner/service:Service::api"


@pytest.mark.parametrize(
    "stack", ["prod", "Production", "live", "prod-eu", "shop-prod", "orders_prod", "eu-prod-1", "prd"]
)
def test_a_stack_name_that_means_production(stack):
    assert is_production({}, urn(stack))


@pytest.mark.parametrize("stack", ["staging", "dev", "product", "preprod", "pre-production", "prod-test"])
def test_other_names_are_not_production(stack):
    assert not is_production({}, urn(stack))


def test_a_configured_environment_overrides_the_stack_name():
    assert is_production({"environment": "prod"}, urn("blue"))
    assert not is_production({"environment": "test"}, urn("prod"))


def test_the_names_of_production_are_configurable():
    assert is_production({"production": ["customer-*"]}, urn("customer-7"))
    assert not is_production({"production": ["customer-*"]}, urn("prod"))
    assert is_production({"production": ["Pre-Prod"]}, urn("pre-prod"))


def test_an_invalid_configuration_matches_no_environment():
    assert not is_production({"production": 7}, urn("prod"))
