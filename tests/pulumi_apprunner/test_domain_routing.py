"""CustomDomain with a routing policy: the traffic records, the validation records that stay, and the errors."""

from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts.regions import HOSTED_ZONE_IDS
from plans import children, plan, problems
from pulumi_apprunner import CustomDomain, CustomDomainArgs, HostedZone, Routing
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import SERVICE_ARN, ZONE_ID

ASSOCIATION = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
ZONE = HostedZone(id=ZONE_ID, name="example.com")
HEALTH_CHECK = "abcdef11-2222-3333-4444-555555fedcba"


def create(domain_name: str = "shop.example.com", service_arn: Any = SERVICE_ARN, **args: Any) -> None:
    CustomDomain("shop", CustomDomainArgs(domain_name=domain_name, service_arn=service_arn, zone=ZONE, **args))


def plan_of(domain_name: str = "shop.example.com", **args: Any) -> Graph:
    return plan(lambda: create(domain_name, **args))


def traffic(graph: Graph, name: str = "shop-traffic") -> dict[str, Any]:
    """Return the inputs of a traffic record without those of a record without a policy."""
    return {key: value for key, value in graph.named(name).inputs.items() if key not in ("zoneId", "allowOverwrite")}


@pytest.mark.parametrize(
    ("routing", "policy"),
    [
        ({"weight": 0}, {"weightedRoutingPolicies": [{"weight": 0}]}),
        ({"latency": True}, {"latencyRoutingPolicies": [{"region": "eu-west-1"}]}),
        (
            {"failover": "primary", "health_check_id": HEALTH_CHECK},
            {"failoverRoutingPolicies": [{"type": "PRIMARY"}], "healthCheckId": HEALTH_CHECK},
        ),
        ({"failover": "secondary"}, {"failoverRoutingPolicies": [{"type": "SECONDARY"}]}),
    ],
)
def test_a_policy_is_on_the_traffic_records_only(routing: dict[str, Any], policy: dict[str, Any]) -> None:
    graph = plan_of(routing=Routing(set_identifier="eu", **routing), enable_www_subdomain=True)
    target = graph.one(ASSOCIATION).outputs["dnsTarget"]
    for name, host in (("shop-traffic", "shop.example.com"), ("shop-traffic-www", "www.shop.example.com")):
        record = {"name": host, "type": "CNAME", "ttl": 60, "records": [target]}
        assert traffic(graph, name) == {**record, "setIdentifier": "eu", **policy}
    for purpose in ("1", "2", "www"):
        inputs = graph.named(f"shop-validation-{purpose}").inputs
        assert sorted(inputs) == ["allowOverwrite", "name", "records", "ttl", "type", "zoneId"]
        assert inputs["ttl"] == 300


@pytest.mark.parametrize("routing", [{"weight": 1}, {"latency": True}, {"failover": "secondary"}])
def test_the_alias_of_an_apex_has_the_policy_too(routing: dict[str, Any]) -> None:
    graph = plan_of("example.com", routing=Routing(set_identifier="eu", **routing))
    record = traffic(graph)
    target = graph.one(ASSOCIATION).outputs["dnsTarget"]
    assert record["aliases"] == [
        {
            "name": target,
            "zoneId": HOSTED_ZONE_IDS["eu-west-1"],
            "evaluateTargetHealth": "failover" in routing,  # required by Route 53's API reference
        }
    ]
    assert record["type"] == "A"
    assert record["setIdentifier"] == "eu"
    assert "ttl" not in record


def test_a_policy_changes_no_child() -> None:
    assert children(plan_of(routing=Routing(set_identifier="eu", weight=1)), "shop") == children(plan_of(), "shop")


def test_a_ttl_applies_to_all_records() -> None:
    graph = plan_of(routing=Routing(set_identifier="eu", weight=1), ttl=30)
    assert {record["ttl"] for record in graph.all("aws:route53/record:Record")} == {30}


def test_validation_records_stay_when_one_of_the_domains_is_deleted() -> None:
    routed, simple = plan_of(routing=Routing(set_identifier="eu", weight=1)), plan_of()
    for name in ("shop-validation-1", "shop-validation-2"):
        assert routed.named(name).retain_on_delete is True
        assert simple.named(name).retain_on_delete is False
    assert routed.named("shop-traffic").retain_on_delete is False


def test_the_region_of_a_new_service_is_unknown_in_a_first_preview() -> None:
    def program() -> None:
        service = aws.apprunner.Service("api", service_name="api", source_configuration={})
        create(service_arn=service.arn, routing=Routing(set_identifier="us", latency=True))

    config = {"aws:region": "us-east-1"}
    assert run(program, config=config).named("shop-traffic")["latencyRoutingPolicies"] == [{"region": "us-east-1"}]
    assert run(program, unknown=True).named("shop-traffic")["latencyRoutingPolicies"] == [{"region": UNKNOWN}]


def test_a_health_check_of_the_same_program_is_an_output() -> None:
    def program() -> None:
        check = aws.route53.HealthCheck("orders", type="HTTPS", fqdn="orders.eu-west-1.awsapprunner.com", port=443)
        routing = Routing(set_identifier="eu", failover="primary", health_check_id=check.id)
        create(routing=routing)

    graph = run(program)
    assert graph.named("shop-traffic")["healthCheckId"] == graph.named("orders").id


# Errors


@pytest.mark.parametrize(
    ("routing", "expected"),
    [
        ({}, {"routing": "must have one of weight, latency and failover, got none. Set exactly one"}),
        (
            {"weight": 1, "latency": True, "failover": "secondary"},
            {
                "routing": "must have one of weight, latency and failover, got weight and latency and failover. "
                "Set exactly one"
            },
        ),
        (
            {"failover": "primary"},
            {
                "routing.health_check_id": "is required for failover: primary. Without it Route 53 never routes to the "
                "secondary domain. Create an aws.route53.HealthCheck of the service's own address"
            },
        ),
        ({"weight": 256}, {"routing.weight": "must be 0 to 255, got 256"}),
        ({"set_identifier": "", "weight": 1}, {"routing.set_identifier": 'must not be empty, got ""'}),
        ({"failover": "third"}, {"routing.failover": 'must be "primary" or "secondary", got "third"'}),
        (
            {"wieght": 1},
            {
                "routing.wieght": 'unknown argument "wieght". Did you mean "weight"? Valid arguments: failover, '
                "health_check_id, latency, set_identifier, weight"
            },
        ),
    ],
)
def test_invalid_policies_are_errors(routing: dict[str, Any], expected: dict[str, str]) -> None:
    args: Any = {"set_identifier": "eu", **routing}
    assert problems(lambda: create(routing=args)) == expected


def without_zone(**more: Any) -> None:
    routing = {"set_identifier": "eu", "weight": 1}
    args: Any = {"domain_name": "shop.example.com", "service_arn": SERVICE_ARN, "routing": routing, **more}
    CustomDomain("shop", args)


def test_a_policy_requires_a_zone() -> None:
    assert problems(without_zone) == {
        "zone": "is required for routing, which is a property of records in Route 53. Set it, or remove routing and "
        "set the policy in your DNS"
    }


def test_a_misspelled_zone_is_not_also_a_missing_one() -> None:
    assert list(problems(lambda: without_zone(zoen={}))) == ["zoen"]


@pytest.mark.parametrize(("ttl", "warned"), [(None, False), (60, False), (61, True)])
def test_a_long_ttl_with_a_health_check_is_a_warning(
    ttl: int | None, warned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    warnings: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, *rest: warnings.append(text))
    run(lambda: create(routing=Routing(set_identifier="eu", weight=1, health_check_id=HEALTH_CHECK), ttl=ttl))
    assert warnings == (
        [
            "ttl: should be 60 seconds or less with routing.health_check_id, got 61. Clients use an unhealthy region "
            "for as long as they cache its record. Remove ttl"
        ]
        if warned
        else []
    )


def test_a_long_ttl_without_a_health_check_is_no_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulumi.log, "warn", pytest.fail)
    plan_of(routing=Routing(set_identifier="eu", weight=1), ttl=300)
