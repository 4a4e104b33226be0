"""Names of environments that mean production, and names that do not."""

import pytest

from apprunner_facts.environments import is_production

PRODUCTION = (
    "prod Production PROD live prd PRD-EU orders_prod eu-prod-1 acme-prd prod-eu production2 prd2 1prod prod_v2 "
    "us.prod prod/eu euprod customer-prod-a shopProd prodEU ProdEU PRODEu liveEU prod-blue prod-dr prod-no "
    "orders-live"
)


@pytest.mark.parametrize("name", PRODUCTION.split())
def test_a_word_that_means_production(name: str) -> None:
    assert is_production(name)


DENIED = (
    "non-prod non_production nonprod nonprod-eu nonProd NonPROD NONPROD not-prod no-prod noprod pre-prod preprod "
    "preProd2 pre-production preproduction pre-live prelive non-prd preprd prod-test prodtest test-prod live-test "
    "prod-copy prodcopy prod-clone prod-like prod-sandbox prod-staging stage-prod prod_dev uat-prod perf-prod "
    "prod-e2e prod-demo pr-12-prod subprod"
)


@pytest.mark.parametrize("name", DENIED.split())
def test_a_word_that_denies_production(name: str) -> None:
    assert not is_production(name)


@pytest.mark.parametrize(
    "name", ["", "staging", "dev", "main", "product", "producer", "reproduction", "delivery", "alive", "olive", "42"]
)
def test_names_without_a_word_that_means_production(name: str) -> None:
    assert not is_production(name)
