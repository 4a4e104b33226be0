"""Changes succeed in the order of docs/changes.md, also those that need several steps."""

from collections.abc import Sequence
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make
from engine.stack import RunResult, Stack


def changed(trial: Make, before: str, after: str) -> RunResult:
    """Run `up` of one program and then of another; verify that no change is left, and return the second run."""
    stack: Stack = trial(before)
    first = stack.up()
    assert first.ok, first.output
    stack.program(after)
    ran = stack.up()
    assert ran.ok, ran.output
    again = stack.preview()
    assert (again.ok, again.changes) == (True, []), again.output
    return ran


def one(*lines: str) -> str:
    return programs.program(programs.service(), *lines)


def of_service(**args: Any) -> str:
    return programs.program(programs.service(**args))


def steps(ran: RunResult, *names: str) -> Sequence[tuple[str, str]]:
    """Return the steps that changed the resources with these names, in order."""
    return [step for step in ran.ordered_changes if step[1] in names and step[0] != "replace"]


def test_scaling_numbers_of_a_profile_in_use(trial: Make, aws: LocalAws) -> None:
    ran = changed(trial, of_service(), of_service(scaling={"min_size": 2, "max_size": 4}))
    assert steps(ran, "api-scaling", "api-service") == [
        ("create-replacement", "api-scaling"),
        ("update", "api-service"),
        ("delete-replaced", "api-scaling"),
    ]
    assert [each for each in aws.created_resources() if "scaling" in each] == [
        each for each in aws.created_resources() if "scaling" in each and "trial-api-test" in each
    ]


def test_a_removed_health_check_is_reset_to_the_default(trial: Make, aws: LocalAws) -> None:
    ran = changed(trial, of_service(health_check={"protocol": "HTTP", "path": "/healthz"}), of_service())
    assert ran.changes == [("update", "api-service")]
    [summary] = aws.client("apprunner").list_services()["ServiceSummaryList"]
    service = aws.client("apprunner").describe_service(ServiceArn=summary["ServiceArn"])["Service"]
    assert (service["HealthCheckConfiguration"]["Protocol"], service["HealthCheckConfiguration"]["Interval"]) == (
        "TCP",
        5,
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({}, {"service_name": "another-name"}),
        ({}, {"kms_key_arn": programs.KMS_KEY_ARN}),
        (
            {},
            {
                "image": None,
                "code": {
                    "repository_url": "https://github.com/example/api",
                    "branch": "main",
                    "runtime": "PYTHON_311",
                    "connection_arn": "CONNECTION",
                },
                "start_command": "python app.py",
            },
        ),
    ],
    ids=["name", "KMS key", "image to code"],
)
def test_a_change_that_app_runner_cannot_update_deletes_the_service_first(
    trial: Make, aws: LocalAws, before: dict[str, Any], after: dict[str, Any]
) -> None:
    connection = aws.client("apprunner").create_connection(ConnectionName="github", ProviderType="GITHUB")
    arn = connection["Connection"]["ConnectionArn"]
    aws.plane.complete_handshake(arn)
    ran = changed(trial, of_service(**before), of_service(**after).replace("CONNECTION", arn))
    assert steps(ran, "api-service") == [("delete-replaced", "api-service"), ("create-replacement", "api-service")]


def test_an_added_secret_is_readable_before_the_deployment(trial: Make, aws: LocalAws) -> None:
    bound = (
        "secrets = SecretsBinding('api-secrets', {'secrets': {'DATABASE_PASSWORD': {"
        f"'secret_arn': {programs.SECRET_ARN!r}, 'json_key': 'password'}}}}}})\n"
    )
    after = programs.service(secrets=["BOUND"]).replace("'BOUND'", "secrets.bound")
    ran = changed(trial, of_service(), programs.program(bound, after))
    assert steps(ran, "api-instance-policy", "api-service") == [
        ("create", "api-instance-policy"),
        ("update", "api-service"),
    ]


def test_an_added_service_changes_no_other_service(trial: Make) -> None:
    ran = changed(trial, one(), one(programs.service("admin")))
    assert {name.split("-")[0] for _, name in ran.changes} == {"admin"}


def test_a_service_is_removed_with_its_domain_and_its_schedule(trial: Make, aws: LocalAws) -> None:
    more = [programs.service("admin"), programs.domain(of="admin"), programs.schedule(of="admin")]
    ran = changed(trial, one(*more), one())
    order = [name for _, name in ran.ordered_changes]
    assert {op for op, _ in ran.ordered_changes} == {"delete"}
    for earlier in ("admin-hours-pause", "api.staging.example.com-association"):
        assert order.index(earlier) < order.index("admin-service")
    assert [each for each in aws.created_resources() if "admin" in each or "staging.example.com" in each] == []


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_www_changes_no_validation_record_that_is_still_needed(trial: Make, on: bool) -> None:
    plain = one(programs.domain("staging.example.com"))
    www = one(programs.domain("staging.example.com", enable_www_subdomain=True))
    ran = changed(trial, plain, www) if on else changed(trial, www, plain)
    name = "staging.example.com"
    assert steps(ran, f"{name}-association") == [
        ("delete-replaced", f"{name}-association"),
        ("create-replacement", f"{name}-association"),
    ]
    assert steps(ran, f"{name}-validation-1", f"{name}-validation-2") == []
    assert steps(ran, f"{name}-validation-www") == [("create" if on else "delete", f"{name}-validation-www")]


def test_other_subnets_admit_the_new_connector_before_the_old_one_is_deleted(trial: Make, aws: LocalAws) -> None:
    def with_subnets(subnet_ids: Sequence[str]) -> str:
        egress = {
            "vpc_id": programs.VPC_ID,
            "subnet_ids": list(subnet_ids),
            "destinations": {"orders-db": {"security_group_id": programs.DATABASE_GROUP_ID, "port": 5432}},
        }
        connector = f"private = VpcEgress('private', {egress!r})\n"
        service = programs.service(vpc_connector_arn="ARN").replace("'ARN'", "private.vpc_connector_arn")
        return programs.program(connector, service)

    ran = changed(trial, with_subnets(programs.SUBNET_IDS[:2]), with_subnets(programs.SUBNET_IDS))
    order = steps(ran, "private-group", "private-ingress-orders-db", "private-connector", "api-service")
    assert order[:4] == [
        ("create-replacement", "private-group"),
        ("create-replacement", "private-ingress-orders-db"),
        ("create-replacement", "private-connector"),
        ("update", "api-service"),
    ]
    assert sorted(order[4:]) == sorted(
        ("delete-replaced", name) for name in ("private-group", "private-ingress-orders-db", "private-connector")
    )
    assert len([each for each in aws.created_resources() if "connector" in each]) == 1


def test_a_renamed_stack_deletes_its_service_before_creating_the_new_one(trial: Make, aws: LocalAws) -> None:
    stack = trial(one(programs.domain()))
    assert stack.up().ok
    stack.rename("renamed")
    ran = stack.up()
    assert ran.ok, ran.output
    names = ("api-service", "api.staging.example.com-association")
    assert steps(ran, *names) == [
        ("delete-replaced", "api.staging.example.com-association"),
        ("delete-replaced", "api-service"),
        ("create-replacement", "api-service"),
        ("create-replacement", "api.staging.example.com-association"),
    ]
    assert steps(ran, "api-instance-role") == [
        ("delete-replaced", "api-instance-role"),
        ("create-replacement", "api-instance-role"),
    ]
    created = [each for each in aws.created_resources() if "service" in each]
    assert created == ["apprunner service trial-api-renamed RUNNING"]


def test_a_renamed_stack_keeps_a_service_with_an_explicit_name(trial: Make, aws: LocalAws) -> None:
    stack = trial(one(programs.domain()))
    assert stack.up().ok
    stack.program(programs.program(programs.service(service_name="trial-api-test"), programs.domain()))
    assert stack.up().changes == []
    before = stack.resource("api-service")["id"]
    stack.rename("renamed")
    ran = stack.up()
    assert ran.ok, ran.output
    assert stack.resource("api-service")["id"] == before
    assert steps(ran, "api-service", "api.staging.example.com-association") == [("update", "api-service")]
    # Resources without a name argument are replaced: the role before the service is updated.
    order = steps(ran, "api-instance-role", "api-service", "api-scaling")
    assert order.index(("delete-replaced", "api-instance-role")) < order.index(("update", "api-service"))
    assert order.index(("update", "api-service")) < order.index(("delete-replaced", "api-scaling"))


def test_a_stack_that_is_renamed_and_renamed_back_changes_nothing(trial: Make) -> None:
    stack = trial(one())
    assert stack.up().ok
    stack.rename("renamed")
    stack.rename("test")
    assert stack.preview().changes == []


def of_policy(key: str, name: str) -> str:
    return of_service(instance_role={"policy_arns": {key: f"arn:aws:iam::aws:policy/{name}"}})


def policies(aws: LocalAws) -> list[str]:
    attached = aws.client("iam").list_attached_role_policies(RoleName="trial-api-test-instance")["AttachedPolicies"]
    return [each["PolicyName"] for each in attached]


def test_another_managed_policy_under_one_key_is_attached_after_the_old_one_is_detached(
    trial: Make, aws: LocalAws
) -> None:
    ran = changed(trial, of_policy("data", "ReadOnlyAccess"), of_policy("data", "AmazonS3ReadOnlyAccess"))
    assert steps(ran, "api-instance-policy-data") == [
        ("delete-replaced", "api-instance-policy-data"),
        ("create-replacement", "api-instance-policy-data"),
    ]
    assert policies(aws) == ["AmazonS3ReadOnlyAccess"]


def test_a_managed_policy_that_moves_to_another_key_ends_detached(trial: Make, aws: LocalAws) -> None:
    stack = trial(of_policy("read", "ReadOnlyAccess"), "")
    assert stack.up().ok
    assert policies(aws) == ["ReadOnlyAccess"]
    stack.program(of_policy("reads", "ReadOnlyAccess"))
    ran = stack.up()
    assert steps(ran, "api-instance-policy-read", "api-instance-policy-reads") == [
        ("create", "api-instance-policy-reads"),
        ("delete", "api-instance-policy-read"),
    ]
    assert policies(aws) == []
