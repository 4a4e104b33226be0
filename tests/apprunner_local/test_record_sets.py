"""Route 53's rules for records of one name, which are in front of moto."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from apprunner_local.aws import LocalAws

ZONE = "Z04STAGING1EXAMPLE0"
NAME = "shop.staging.example.com."
MISSING = "00000000-0000-0000-0000-000000000000"

EU = {"SetIdentifier": "eu", "Weight": 1}
US = {"SetIdentifier": "us", "Weight": 1}


def record(value: str = "eu.example.com", **more: Any) -> dict[str, Any]:
    return {"Name": NAME, "Type": "CNAME", "TTL": 60, "ResourceRecords": [{"Value": value}], **more}


def change(account: LocalAws, *changes: tuple[str, dict[str, Any]]) -> None:
    listed = [{"Action": action, "ResourceRecordSet": each} for action, each in changes]
    account.client("route53").change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": listed})


def rejected(account: LocalAws, *changes: tuple[str, dict[str, Any]]) -> str:
    """Return the message with which Route 53 rejects changes, which then have no effect."""
    before = records(account)
    with pytest.raises(ClientError) as caught:
        change(account, *changes)
    assert records(account) == before
    return str(caught.value)


def records(account: LocalAws, name: str = NAME) -> list[dict[str, Any]]:
    listed = account.client("route53").list_resource_record_sets(HostedZoneId=ZONE)["ResourceRecordSets"]
    return [each for each in listed if each["Name"] == name]


def test_records_of_one_policy_with_two_identifiers_exist_beside_each_other(account: LocalAws) -> None:
    change(account, ("CREATE", record(**EU)), ("CREATE", record("us.example.com", **US)))
    assert records(account) == [record(**EU), record("us.example.com", **US)]


def test_a_deletion_by_identifier_affects_one_name_only(account: LocalAws) -> None:
    www = {**record(**EU), "Name": f"www.{NAME}"}
    change(account, ("CREATE", record(**EU)), ("CREATE", www))
    change(account, ("DELETE", record(**EU)))
    assert (records(account), records(account, f"www.{NAME}")) == ([], [www])


def test_an_upsert_replaces_the_record_of_the_same_identifier(account: LocalAws) -> None:
    change(account, ("CREATE", record(**EU)))
    change(account, ("UPSERT", record(**{**EU, "Weight": 9})))
    assert [each["Weight"] for each in records(account)] == [9]


def test_a_record_without_a_policy_becomes_one_with_a_policy_in_one_batch(account: LocalAws) -> None:
    change(account, ("CREATE", record()))
    change(account, ("DELETE", record()), ("UPSERT", record(**EU)))
    assert records(account) == [record(**EU)]


def test_a_batch_whose_last_change_is_rejected_changes_nothing(account: LocalAws) -> None:
    change(account, ("CREATE", record(**EU)))
    assert "already exists" in rejected(account, ("CREATE", record(**US)), ("CREATE", record(**EU)))


@pytest.mark.parametrize(
    ("existing", "new", "message"),
    [
        ({}, EU, "cannot be created as a non-weighted set exists with the same name and type"),
        (EU, {}, "cannot be created as a non-simple set exists with the same name and type"),
        (
            EU,
            {"SetIdentifier": "us", "Region": "us-east-1"},
            "cannot be created as a non-latency set exists with the same name and type",
        ),
        (
            EU,
            {"SetIdentifier": "eu", "Region": "us-east-1"},
            "cannot be created as a non-latency set exists with the same name and type",
        ),
        (EU, {**US, "TTL": 300}, "SetIdentifier us cannot be created as weighted sets must contain the same TTL"),
        (
            {"SetIdentifier": "eu", "Region": "eu-west-1"},
            {"SetIdentifier": "us", "Region": "eu-west-1"},
            "a set with the same region eu-west-1 exists",
        ),
        (
            {"SetIdentifier": "eu", "Failover": "SECONDARY"},
            {"SetIdentifier": "us", "Failover": "SECONDARY"},
            "a set with the same failover SECONDARY exists",
        ),
        ({}, {"SetIdentifier": "eu"}, "Expected exactly one of [Weight, Region,"),
        ({}, {"SetIdentifier": "eu", "Weight": 1, "Region": "eu-west-1"}, "found more than one: [Weight, Region]"),
        ({}, {"Weight": 1}, "Missing field 'SetIdentifier'"),
        ({}, {"HealthCheckId": MISSING}, f"no health check exists with the specified ID {MISSING}"),
        ({}, {"Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]}, "a conflicting RRSet with the same DNS name"),
        (
            {"SetIdentifier": "eu", "Weight": 1, "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]},
            {
                **US,
                "Type": "A",
                "ResourceRecords": [{"Value": "192.0.2.1"}, {"Value": "192.0.2.2"}],
            },
            "must contain one value",
        ),
    ],
)
def test_what_route_53_rejects(account: LocalAws, existing: Any, new: Any, message: str) -> None:
    change(account, ("CREATE", record(**existing)))
    assert message in rejected(account, ("UPSERT", record("us.example.com", **new)))


def test_a_deletion_needs_all_values(account: LocalAws) -> None:
    change(account, ("CREATE", record(**EU)))
    assert "values provided do not match" in rejected(account, ("DELETE", record("other.example.com", **EU)))
    assert "but it was not found" in rejected(account, ("DELETE", record(**US)))


def test_a_cname_at_the_apex_or_outside_of_the_zone_is_rejected(account: LocalAws) -> None:
    assert "not permitted at apex" in rejected(account, ("CREATE", {**record(), "Name": "staging.example.com"}))
    assert "not permitted in zone" in rejected(account, ("CREATE", {**record(), "Name": "shop.example.org"}))


def test_an_alias_keeps_its_target(account: LocalAws) -> None:
    target = {"DNSName": "eu.example.com.", "HostedZoneId": "Z087551914Z2PCAU0QHMW", "EvaluateTargetHealth": True}
    alias = {"Name": NAME, "Type": "A", "AliasTarget": target, **EU}
    change(account, ("CREATE", alias))
    assert records(account) == [alias]


def test_a_record_with_an_existing_health_check_is_accepted(account: LocalAws) -> None:
    route53 = account.client("route53")
    config = {"Type": "HTTPS", "FullyQualifiedDomainName": "eu.example.com"}
    check = route53.create_health_check(CallerReference="1", HealthCheckConfig=config)["HealthCheck"]["Id"]
    change(account, ("CREATE", record(**EU, HealthCheckId=check)))
    assert records(account)[0]["HealthCheckId"] == check


def test_a_zone_that_does_not_exist_is_an_error(account: LocalAws) -> None:
    changes = {"Changes": [{"Action": "CREATE", "ResourceRecordSet": record()}]}
    with pytest.raises(ClientError, match="NoSuchHostedZone"):
        account.client("route53").change_resource_record_sets(HostedZoneId="ZMISSING", ChangeBatch=changes)
