"""What the services of a Fleet share, on the Pulumi engine: created, updated and deleted."""

from contextlib import suppress
from typing import Any

from apprunner_local.aws import LocalAws
from apprunner_local.schedules import fire
from engine import programs
from engine.conftest import Make

PRIVATE: dict[str, Any] = {
    "is_publicly_accessible": False,
    "ingress": "internal",
    "scaling_profile": "small",
    "log_retention_days": 30,
}


def program(services: dict[str, Any], max_size: int = 3, offices: str = "10.20.0.0/16") -> str:
    """Return a program with a Fleet that has an endpoint and a scaling profile."""
    endpoint = {
        "vpc_id": programs.VPC_ID,
        "subnet_ids": programs.SUBNET_IDS[:2],
        "clients": {"offices": {"cidr": offices}},
    }
    shared: dict[str, Any] = {
        "endpoints": {"internal": endpoint},
        "scaling_profiles": {"small": {"max_size": max_size}},
    }
    return programs.program(programs.fleet(services, **shared))


def test_shared_sections_are_created_updated_and_deleted(aws: LocalAws, trial: Make) -> None:
    before = aws.created_resources()
    stack = trial(program({"admin": PRIVATE, "reports": PRIVATE}))
    created = stack.up()
    assert created.ok, created.output
    for name in ("admin", "reports"):
        service, connection = (
            stack.resource(f"{name}-{role}")["outputs"] for role in ("service", "ingress-connection")
        )
        assert service["autoScalingConfigurationArn"] == stack.resource("small-profile")["outputs"]["arn"]
        assert connection["serviceArn"] == service["arn"]
        assert connection["ingressVpcConfiguration"]["vpcEndpointId"] == stack.resource("internal-endpoint")["id"]
    assert stack.up().changes == []

    stack.program(program({"admin": {**PRIVATE, "log_retention_days": 90}, "reports": PRIVATE}, 5, "10.30.0.0/16"))
    updated = stack.up()
    assert updated.ok, updated.output
    assert sorted(step for step in updated.changes if "service" not in step[1]) == [
        ("create-replacement", "small-profile"),
        ("delete-replaced", "small-profile"),
        ("replace", "small-profile"),
        ("update", "admin-retention-application"),
        ("update", "internal-client-offices"),
    ]
    assert {name for kind, name in updated.changes if kind == "update" and "service" in name} == {
        "admin-service",
        "reports-service",
        "admin-retention-service",
    }

    stack.program(program({"admin": {"is_publicly_accessible": False}}))
    reduced = stack.up()
    assert reduced.ok, reduced.output
    deleted = [name for kind, name in reduced.ordered_changes if kind == "delete"]
    assert deleted.index("reports-ingress-connection") < deleted.index("reports-service")
    assert {"admin-ingress-connection", "admin-retention-schedules"} <= set(deleted)
    assert stack.destroy().ok
    assert aws.created_resources() == before


def test_a_retention_reaches_both_log_groups_of_the_service(aws: LocalAws, trial: Make) -> None:
    stack = trial(programs.program(programs.fleet({"api": {"log_retention_days": 30}})))
    assert stack.up().ok
    service = stack.resource("api-service")["outputs"]
    for kind in ("application", "service"):
        name = f"/aws/apprunner/{service['serviceName']}/{service['serviceId']}/{kind}"
        with suppress(aws.client("logs").exceptions.ResourceAlreadyExistsException):
            aws.client("logs").create_log_group(logGroupName=name)  # the fake creates only the service's
        assert fire(aws, "trial-api-retention-test", kind).outcome == "done"
        (found,) = aws.client("logs").describe_log_groups(logGroupNamePrefix=name)["logGroups"]
        assert found["retentionInDays"] == 30
