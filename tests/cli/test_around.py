"""What `apprunner cost` and `apprunner plan` print about the resources around the services."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pulumi_apprunner.cli.alternatives.rates import RATE_NAMES
from shop import Result, Shop

Program = Callable[[str], Shop]

LOAD = ("--requests-per-second", "5", "--seconds-per-request", "0.08", "--busy-hours", "12")
REQUESTS = 5 * 365 * 3600
NETWORK = """
address = aws.ec2.Eip("nat", domain="vpc")
aws.ec2.NatGateway("nat", subnet_id="subnet-1", allocation_id=address.id)
aws.ec2.VpcEndpoint("requests", vpc_id="vpc-1", service_name="com.amazonaws.us-east-1.apprunner.requests",
                    vpc_endpoint_type="Interface", subnet_ids=["subnet-1", "subnet-2"])
aws.ec2.VpcEndpoint("s3", vpc_id="vpc-1", service_name="com.amazonaws.us-east-1.s3")
"""
FIREWALL = """
web = aws.wafv2.WebAcl("web", scope="REGIONAL", default_action={"allow": {}}, rules=[
    {"name": name, "priority": index, "override_action": {"none": {}},
     "statement": {"managed_rule_group_statement": {"name": name, "vendor_name": "AWS"}},
     "visibility_config": {"metric_name": name, "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": False}}
    for index, name in enumerate(["AWSManagedRulesCommonRuleSet", "AWSManagedRulesKnownBadInputsRuleSet"])],
    visibility_config={"metric_name": "web", "cloudwatch_metrics_enabled": True, "sampled_requests_enabled": False})
api = service("api")
service("admin")
aws.wafv2.WebAclAssociation("api", web_acl_arn=web.arn, resource_arn=api.arn)
"""
PRIVATE = """
service("api", network_configuration={"ingress_configuration": {"is_publicly_accessible": False}})
"""
ALARMS = """
service("api")
for name in ("one", "two"):
    aws.cloudwatch.MetricAlarm(name, comparison_operator="LessThanThreshold", evaluation_periods=1, threshold=1,
                               metric_name="Requests", namespace="AWS/AppRunner", period=60, statistic="Sum")
aws.cloudwatch.Dashboard("api", dashboard_name="api", dashboard_body="{}")
"""
DISTRIBUTION = """
service("api")
aws.cloudfront.Distribution("edge", enabled=True, origins=[{"domain_name": "api.example.com", "origin_id": "api"}],
    default_cache_behavior={"allowed_methods": ["GET", "HEAD"], "cached_methods": ["GET", "HEAD"],
                            "target_origin_id": "api", "viewer_protocol_policy": "https-only"},
    restrictions={"geo_restriction": {"restriction_type": "none"}},
    viewer_certificate={"cloudfront_default_certificate": True})
"""


@pytest.fixture
def virginia(program: Program) -> Program:
    """Return a function that writes a project in us-east-1."""

    def write_project(text: str) -> Shop:
        shop = program(text)
        shop.write("Pulumi.dev.yaml", "config: {'aws:region': us-east-1}\n")
        return shop

    return write_project


def lines(result: Result) -> dict[str, Any]:
    assert result.status == 0, result.err
    return {each["label"]: each for each in result.json["around"]["lines"]}


def amounts(result: Result) -> dict[str, float | None]:
    return {label: each["monthly_usd"] for label, each in lines(result).items()}


def text(output: str) -> str:
    return " ".join(output.split())


def test_the_network_is_charged_by_the_hour(virginia: Program) -> None:
    found = amounts(virginia(f"service('api')\n{NETWORK}").run("cost", "--json"))
    assert found["NAT gateways"] == round(730 * 0.045, 2)
    assert found["public IPv4 addresses"] == round(730 * 0.005, 2)
    assert found["VPC endpoints"] == round(2 * 730 * 0.01, 2)
    assert found["data through NAT gateways"] is None


def test_a_quantity_completes_the_bill(virginia: Program) -> None:
    result = virginia(f"service('api')\n{NETWORK}").run("cost", "--json", "--quantity", "nat-gb=100")
    assert lines(result)["data through NAT gateways"]["monthly_usd"] == 4.5


def test_logs_and_transfer_follow_from_the_load_of_all_services(virginia: Program) -> None:
    found = lines(virginia("service('api')\nservice('admin')").run("cost", *LOAD, "--response-kb", "20", "--json"))
    assert found["ingested logs"]["quantity"] == pytest.approx(2 * REQUESTS / 1e6)
    assert found["data to the internet"]["quantity"] == pytest.approx(2 * REQUESTS * 20 / 1e6)


def test_without_a_load_they_are_unknown(virginia: Program) -> None:
    result = virginia("service('api')").run("cost")
    assert "ingested logs ? unknown GB at $0.50: --quantity log_gb=NUMBER" in text(result.out)


def test_a_private_service_sends_nothing_to_the_internet(virginia: Program) -> None:
    assert amounts(virginia(PRIVATE).run("cost", *LOAD, "--json"))["data to the internet"] == 0


def test_a_web_acl_inspects_the_requests_to_its_services(virginia: Program) -> None:
    found = lines(virginia(FIREWALL).run("cost", *LOAD, "--json"))
    assert (found["web ACLs"]["monthly_usd"], found["rules of web ACLs"]["monthly_usd"]) == (5, 2)
    assert found["requests to web ACLs"]["quantity"] == REQUESTS


def test_requests_through_cloudfront_are_a_quantity(virginia: Program) -> None:
    shop = virginia(DISTRIBUTION)
    assert amounts(shop.run("cost", "--json"))["CloudFront distributions"] is None
    found = amounts(
        shop.run("cost", "--json", "--quantity", "cloudfront_requests=1e6", "--quantity", "cloudfront_gb=10")
    )
    assert (found["CloudFront distributions"], found["data from CloudFront"]) == (1.0, 0.85)


def test_data_to_cloudfront_may_be_counted_twice(virginia: Program) -> None:
    note = "set --quantity transfer_gb=0 if all requests come through it"
    assert note in text(virginia(DISTRIBUTION).run("cost").out)
    assert note not in text(virginia("service('api')").run("cost").out)


def test_a_line_without_price_and_quantity_names_both_options(program: Program) -> None:
    shop = program("service('api')\naws.ec2.NatGateway('out', subnet_id='subnet-0a1b2c3d4e5f60718')")
    shop.write("Pulumi.dev.yaml", "config: {'aws:region': ap-south-1}\n")
    compared = RATE_NAMES[: RATE_NAMES.index("nat_gateway_hour")]
    out = text(shop.run("cost", *(f"--rate={name}=1" for name in compared)).out)
    assert "no known price for ap-south-1: --rate nat_gateway_gb=PRICE --quantity nat_gb=NUMBER" in out


def test_an_existing_resource_that_the_program_reads_is_not_charged(virginia: Program) -> None:
    shop = virginia("service('api')\naws.ec2.NatGateway.get('shared', 'nat-0123456789abcdef0')")
    assert "NAT gateways" not in amounts(shop.run("cost", "--json"))


def test_what_is_not_in_the_stack_is_listed(virginia: Program) -> None:
    result = virginia("service('api')").run("cost")
    assert "Not in the stack: NAT gateways, public IPv4 addresses, VPC endpoints, alarms" in text(result.out)


def test_the_output_shows_quantity_price_and_confidence(virginia: Program) -> None:
    out = text(virginia(ALARMS).run("cost").out)
    assert "Around the services 3.20, in addition to each option" in out
    assert "alarms 0.20 2 metrics at $0.10, reported" in out
    assert "dashboards 3.00 1 dashboard at $3.00, reported" in out


def test_a_price_of_a_region_that_nobody_states_must_be_set(program: Program) -> None:
    shop = program("service('api')\naws.cloudwatch.CompositeAlarm('all', alarm_name='all', alarm_rule='TRUE')")
    out = text(shop.run("cost").out)
    assert "1 alarm; no known price for eu-west-1: --rate composite_alarm_month=PRICE" in out
    result = shop.run("cost", "--rate", "composite_alarm_month=0.5")
    assert "composite alarms 0.50 1 alarm at $0.50, set by --rate" in text(result.out)


def test_the_page_shows_them_in_a_table(virginia: Program, tmp_path: Path) -> None:
    page = tmp_path / "cost.html"
    virginia(ALARMS).run("cost", "--html", str(page))
    html = page.read_text()
    assert '<th scope="row">alarms</th><td>2 metrics at $0.10, reported</td><td class="number">0.20</td>' in html
    assert "Not in the stack: NAT gateways" in html


def test_the_plan_has_the_same_amounts(virginia: Program) -> None:
    shop = virginia(ALARMS)
    assumptions = shop.plan("--json").json["cost"]["assumptions"]
    found = amounts(shop.run("cost", "--json"))
    sentence = (
        f"Not included, but in this stack: alarms ${found['alarms']:.2f} and dashboards ${found['dashboards']:.2f}, "
        "together $3.20 per month. Not all of these prices were read on AWS's own pages."
    )
    assert sentence in assumptions


def test_the_plan_lists_what_is_charged_by_use(virginia: Program) -> None:
    assumptions = virginia(FIREWALL).plan("--json").json["cost"]["assumptions"]
    assert "In this stack, and charged by use: requests to web ACLs. `apprunner cost` prices them." in assumptions


def test_the_plan_of_a_stack_with_services_only_says_nothing_about_others(virginia: Program) -> None:
    assert not any(
        "in this stack" in each for each in virginia("service('api')").plan("--json").json["cost"]["assumptions"]
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--quantity", "nat_gbs=1"], "--quantity: must be NAME=NUMBER, got 'nat_gbs=1'. Did you mean nat_gb?"),
        (["--quantity", "nat_gb=x"], "--quantity nat_gb: must be a number, got 'x'"),
        (["--quantity", "nat_gb=-1"], "--quantity nat_gb: must be 0 or more, got -1.0"),
        (["--rate", "alarm_month=-1"], "--rate alarm_month: must be 0 or more, got -1.0"),
    ],
)
def test_an_invalid_option_is_an_error(virginia: Program, words: list[str], message: str) -> None:
    result = virginia("service('api')").run("cost", *words)
    assert (result.status, result.out) == (2, "")
    assert message in text(result.err)
