"""One domain on services in two regions, on the Pulumi engine: create, change, and remove one region or all."""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from engine.stack import Stack
from samples import PUBLIC_IMAGE

Make = Callable[..., Stack]

ZONE = "Z04STAGING1EXAMPLE0"
HOST = "shop.staging.example.com"

PROGRAM = """\
import pulumi
import pulumi_aws as aws
from pulumi_apprunner import AppRunnerService, CustomDomain

ZONE = {{"id": "{zone}", "name": "staging.example.com"}}
routing = {routing}

for region in routing:
    there = pulumi.ResourceOptions(provider=aws.Provider(region, region=region))
    service = AppRunnerService(f"shop-{{region}}", {{"image": {{"identifier": "{image}"}}, "port": 80}}, there)
    policy = dict(routing[region] or {{}})
    if policy.pop("checked", False):
        host = service.url.apply(lambda url: url.removeprefix("https://"))
        endpoint = {{"type": "HTTPS", "fqdn": host, "port": 443, "resource_path": "/"}}
        check = aws.route53.HealthCheck(f"shop-{{region}}", **endpoint, request_interval=30, failure_threshold=3)
        policy["health_check_id"] = check.id
    args = {{"domain_name": "{host}", "service_arn": service.arn, "zone": ZONE, "routing": policy or None}}
    CustomDomain(f"domain-{{region}}", args, there)
"""

EU, US = "eu-west-1", "us-east-1"
WEIGHTED = {EU: {"set_identifier": "eu", "weight": 90}, US: {"set_identifier": "us", "weight": 10}}
LATENCY = {region: {"set_identifier": region, "latency": True} for region in (EU, US)}
FAILOVER = {
    EU: {"set_identifier": "primary", "failover": "primary", "checked": True},
    US: {"set_identifier": "secondary", "failover": "secondary"},
}


def program(routing: dict[str, Any], host: str = HOST) -> str:
    return PROGRAM.format(zone=ZONE, routing=routing, image=PUBLIC_IMAGE, host=host)


def records(aws: LocalAws, host: str = HOST) -> dict[str | None, dict[str, Any]]:
    """Return the traffic records of a host, by their identifier."""
    listed = aws.client("route53").list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    kinds = ("A", "CNAME")
    return {each.get("SetIdentifier"): each for each in listed if each["Name"] == f"{host}." and each["Type"] in kinds}


def validation_records(aws: LocalAws) -> set[str]:
    listed = aws.client("route53").list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    return {each["Name"] for each in listed if each["Name"].startswith("_")}


def statuses(aws: LocalAws) -> dict[str, str]:
    """Return the status of the domain in each region, after AWS had time to find the records."""
    _described(aws)
    aws.plane.clock.move(5)
    return _described(aws)


def _described(aws: LocalAws) -> dict[str, str]:
    result: dict[str, str] = {}
    for region in (EU, US):
        client = aws.client("apprunner", region)
        for service in client.list_services()["ServiceSummaryList"]:
            for domain in client.describe_custom_domains(ServiceArn=service["ServiceArn"])["CustomDomains"]:
                result[region] = domain["Status"]
    return result


@pytest.mark.parametrize("regional", [False, True], ids=["shared validation records", "regional validation records"])
def test_one_domain_of_two_regions_loses_one_of_them(trial: Make, aws: LocalAws, regional: bool) -> None:
    aws.plane.world.regional_validation_names = regional
    stack = trial(program(WEIGHTED), "")
    up = stack.up()
    assert up.ok, up.output
    assert {key: each["Weight"] for key, each in records(aws).items()} == {"eu": 90, "us": 10}
    assert records(aws)["eu"]["ResourceRecords"][0]["Value"].endswith("eu-west-1.awsapprunner.com")
    assert records(aws)["us"]["ResourceRecords"][0]["Value"].endswith("us-east-1.awsapprunner.com")
    assert statuses(aws) == {EU: "active", US: "active"}
    assert stack.up(refresh=True).changes == []

    validation = validation_records(aws)
    assert len(validation) == (4 if regional else 3)
    stack.program(program({EU: WEIGHTED[EU]}))
    down = stack.up()
    assert down.ok, down.output
    assert list(records(aws)) == ["eu"]
    assert validation_records(aws) == validation  # also those that the other region needs
    assert statuses(aws) == {EU: "active"}

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert records(aws) == {}
    assert validation_records(aws) == validation  # Pulumi keeps them: docs/guides/regions.md says how to delete them


def test_failover_uses_a_health_check_of_the_primary_region(trial: Make, aws: LocalAws) -> None:
    stack = trial(program(FAILOVER, "staging.example.com"), "")
    up = stack.up()
    assert up.ok, up.output
    primary, secondary = (records(aws, "staging.example.com")[key] for key in ("primary", "secondary"))
    (check,) = aws.client("route53").list_health_checks()["HealthChecks"]
    assert primary["HealthCheckId"] == check["Id"]
    assert check["HealthCheckConfig"]["FullyQualifiedDomainName"] == primary["AliasTarget"]["DNSName"].rstrip(".")
    assert (primary["Failover"], secondary["Failover"]) == ("PRIMARY", "SECONDARY")
    assert primary["AliasTarget"]["EvaluateTargetHealth"] is True
    assert stack.up(refresh=True).changes == []
    assert stack.destroy().ok
    assert records(aws, "staging.example.com") == {}


def test_a_changed_identifier_or_weight_is_an_update_of_the_record_only(trial: Make, aws: LocalAws) -> None:
    stack = trial(program(WEIGHTED), "")
    assert stack.up().ok
    renamed = {**WEIGHTED, EU: {"set_identifier": EU, "weight": 50}}
    stack.program(program(renamed))
    up = stack.up()
    assert up.ok, up.output
    assert up.changes == [("update", f"domain-{EU}-traffic")]
    assert {key: each["Weight"] for key, each in records(aws).items()} == {EU: 50, "us": 10}
    assert stack.up(refresh=True).changes == []


def test_a_domain_gets_a_second_region_after_its_policy(trial: Make, aws: LocalAws) -> None:
    stack = trial(program({EU: None}), "")
    assert stack.up().ok
    assert list(records(aws)) == [None]
    stack.program(program({EU: LATENCY[EU]}))
    first = stack.up()
    assert first.ok, first.output
    changed = [(op, name) for op, name in first.changes if "validation" not in name]
    assert changed == [("update", f"domain-{EU}-traffic")]
    stack.program(program(LATENCY))
    second = stack.up()
    assert second.ok, second.output
    assert {key: each["Region"] for key, each in records(aws).items()} == {EU: EU, US: US}
    assert statuses(aws) == {EU: "active", US: "active"}


def test_the_policy_changes_while_only_one_region_has_records(trial: Make, aws: LocalAws) -> None:
    def without_records_of_the_second(routing: dict[str, Any]) -> str:
        first = f'region == "{EU}"'
        text = program(routing).replace('"zone": ZONE', f'"zone": ZONE if {first} else None')
        return text.replace("policy or None", f"policy if {first} else None")

    stack = trial(program(WEIGHTED), "")
    assert stack.up().ok
    for routing, identifier in ((WEIGHTED, "eu"), (LATENCY, EU)):
        stack.program(without_records_of_the_second(routing))
        up = stack.up()
        assert up.ok, up.output
        assert list(records(aws)) == [identifier]
        assert statuses(aws) == {EU: "active", US: "active"}
    stack.program(program(LATENCY))
    both = stack.up()
    assert both.ok, both.output
    assert {key: each["Region"] for key, each in records(aws).items()} == {EU: EU, US: US}
    assert stack.up(refresh=True).changes == []


def test_a_policy_that_changes_on_both_at_once_is_rejected_by_route_53(trial: Make, aws: LocalAws) -> None:
    stack = trial(program(WEIGHTED), "")
    assert stack.up().ok
    stack.program(program(LATENCY))
    rejected = stack.up()
    assert not rejected.ok
    assert "cannot be created as a non-latency set exists with the same name and type" in rejected.output
    assert {each["Weight"] for each in records(aws).values()} == {90, 10}
    stack.program(program(WEIGHTED))
    assert stack.up(refresh=True).ok
    assert {key: each["Weight"] for key, each in records(aws).items()} == {"eu": 90, "us": 10}
