"""What AWS charges for the resources around the services of a stack."""

from collections.abc import Mapping
from types import MappingProxyType

import pytest

from apprunner_facts import tokens
from apprunner_facts.prices import RATES
from apprunner_facts.surrounding_prices import PRICES
from apprunner_facts.surroundings import (
    CHARGES,
    QUANTITIES,
    Line,
    Surrounding,
    absent,
    bill_surroundings,
    quantities_of_load,
)

ONE = dict.fromkeys(QUANTITIES, 1.0)


def resource(type: str, region: str | None = "us-east-1", **properties: object) -> Surrounding:
    return Surrounding(type=type, region=region, properties=properties)


def lines(
    *resources: Surrounding,
    hours: float = 730,
    quantities: Mapping[str, float] = MappingProxyType({}),
    overrides: Mapping[str, float] = MappingProxyType({}),
) -> dict[str, Line]:
    return {each.charge.label: each for each in bill_surroundings(resources, hours, quantities, overrides)}


def totals(*resources: Surrounding, quantities: Mapping[str, float] = MappingProxyType({})) -> dict[str, float | None]:
    billed = lines(*resources, quantities=quantities)
    return {label: None if each.total is None else round(each.total, 4) for label, each in billed.items()}


def test_a_gateway_is_charged_by_the_hour_and_its_data_by_the_gb() -> None:
    gateways = (resource(tokens.NAT_GATEWAY), resource(tokens.NAT_GATEWAY))
    assert totals(*gateways) == {"NAT gateways": 65.7, "data through NAT gateways": None}
    assert totals(*gateways, quantities={"nat_gb": 100})["data through NAT gateways"] == 4.5


def test_an_interface_endpoint_is_charged_in_each_zone_and_a_gateway_endpoint_not_at_all() -> None:
    interface = resource(tokens.VPC_ENDPOINT, vpcEndpointType="Interface", subnetIds=["subnet-1", "subnet-2"])
    assert totals(interface)["VPC endpoints"] == round(2 * 730 * 0.01, 4)
    assert totals(resource(tokens.VPC_ENDPOINT, vpcEndpointType="Gateway")) == {}
    assert totals(resource(tokens.VPC_ENDPOINT)) == {}


def test_an_endpoint_with_unknown_subnets_counts_in_one_zone() -> None:
    assert totals(resource(tokens.VPC_ENDPOINT, vpcEndpointType="Interface"))["VPC endpoints"] == 7.3


def test_an_alarm_is_charged_for_each_metric() -> None:
    rate = [{"id": "rate", "expression": "100 * errors / all"}, {"id": "errors", "metric": {}}]
    both = [{"id": "errors", "metric": {"namespace": "n"}}, {"id": "all", "metric": {"namespace": "n"}}]
    assert totals(resource(tokens.METRIC_ALARM)) == {"alarms": 0.1}
    assert totals(resource(tokens.METRIC_ALARM, metricQueries=rate)) == {"alarms": 0.1}
    assert totals(resource(tokens.METRIC_ALARM, metricQueries=both)) == {"alarms": 0.2}


def test_a_web_acl_is_charged_with_its_rules_and_requests() -> None:
    web_acl = resource(tokens.WEB_ACL, rules=[{}, {}, {}])
    assert totals(web_acl, quantities={"web_acl_requests": 2_000_000}) == {
        "web ACLs": 5,
        "rules of web ACLs": 3,
        "requests to web ACLs": 1.2,
    }


def test_a_schedule_without_a_quantity_runs_once_a_day() -> None:
    billed = lines(resource(tokens.SCHEDULE), resource(tokens.SCHEDULE), hours=720)
    assert billed["schedules"].quantity == 60
    assert billed["schedules"].total == pytest.approx(60 / 1_000_000)


def test_a_service_sends_data_and_writes_logs_whose_quantities_follow_from_its_load() -> None:
    service = resource(tokens.SERVICE)
    assert totals(service) == {"data to the internet": None, "ingested logs": None, "stored logs": None}
    load = quantities_of_load(requests=10_000_000, public=5_000_000, inspected=0, response_kb=20)
    billed = lines(service, quantities=load)
    assert {label: each.quantity for label, each in billed.items()} == {
        "data to the internet": 100,
        "ingested logs": 10,
        "stored logs": 10,
    }


def test_each_region_has_its_own_line_and_price() -> None:
    billed = bill_surroundings([resource(tokens.NAT_GATEWAY), resource(tokens.NAT_GATEWAY, "eu-west-1")], 730)
    assert [(each.charge.label, each.region, each.usd) for each in billed] == [
        ("NAT gateways", "us-east-1", 0.045),
        ("NAT gateways", "eu-west-1", 0.048),
        ("data through NAT gateways", "us-east-1", 0.045),
    ]


@pytest.mark.parametrize("region", ["ap-south-1", None])
def test_a_region_without_a_known_price_has_none(region: str | None) -> None:
    alarm = lines(resource(tokens.METRIC_ALARM, region))["alarms"]
    assert (alarm.usd, alarm.total, alarm.quantity) == (None, None, 1)


@pytest.mark.parametrize(
    "type", [tokens.WEB_ACL, tokens.HOSTED_ZONE, tokens.HEALTH_CHECK, tokens.DISTRIBUTION, tokens.EDGE_FUNCTION]
)
@pytest.mark.parametrize("region", ["ap-south-1", None])
def test_the_price_of_a_global_service_does_not_depend_on_the_region(type: str, region: str | None) -> None:
    here, there = lines(resource(type), quantities=ONE), lines(resource(type, region), quantities=ONE)
    assert {label: each.usd for label, each in there.items()} == {label: each.usd for label, each in here.items()}


def test_an_override_is_the_price_in_all_regions() -> None:
    alarm = lines(resource(tokens.METRIC_ALARM, "ap-south-1"), overrides={"alarm_month": 0.2})["alarms"]
    assert (alarm.total, alarm.confidence) == (0.2, "custom")
    million = lines(resource(tokens.SCHEDULE), overrides={"schedule_million_invocations": 2})["schedules"]
    assert million.usd == pytest.approx(2 / 1_000_000)


def test_only_the_regions_for_which_aws_states_a_price_are_verified() -> None:
    assert lines(resource(tokens.NAT_GATEWAY))["NAT gateways"].confidence == "verified"
    assert lines(resource(tokens.NAT_GATEWAY, "eu-west-1"))["NAT gateways"].confidence == "reported"
    assert lines(resource(tokens.STATE_MACHINE, "eu-west-1"))["state machines"].confidence == "verified"


def test_the_price_of_a_global_service_is_verified_in_all_regions_or_in_none() -> None:
    confidence = {
        type: {
            lines(resource(type, region), quantities=ONE)[label].confidence for region in ("us-east-1", "ap-south-1")
        }
        for type, label in ((tokens.EDGE_FUNCTION, "CloudFront functions"), (tokens.HOSTED_ZONE, "hosted zones"))
    }
    assert confidence == {tokens.EDGE_FUNCTION: {"verified"}, tokens.HOSTED_ZONE: {"reported"}}


def test_a_price_that_nobody_states_is_unknown_everywhere() -> None:
    assert PRICES["composite_alarm_month"].usd == {}
    assert totals(resource(tokens.COMPOSITE_ALARM)) == {"composite alarms": None}


def test_what_a_stack_does_not_have_is_listed_once() -> None:
    missing = absent([resource(tokens.SERVICE), resource(tokens.NAT_GATEWAY), resource(tokens.WEB_ACL)])
    assert "NAT gateways" not in missing
    assert not any("web ACL" in label for label in missing)
    assert missing[:3] == ["public IPv4 addresses", "VPC endpoints", "alarms"]


def test_each_charge_has_a_price_and_each_quantity_a_charge() -> None:
    assert {each.price for each in CHARGES} == PRICES.keys()
    assert len(set(QUANTITIES)) == len(QUANTITIES)


def test_prices_are_known_only_in_the_regions_of_a_comparison() -> None:
    for price in PRICES.values():
        assert price.usd.keys() <= RATES.keys()
        assert set(price.verified) <= (price.usd.keys() if price.everywhere is None else RATES.keys())
        assert all(usd > 0 for usd in price.usd.values())
        assert price.everywhere is None or (price.everywhere > 0 and not price.usd)
