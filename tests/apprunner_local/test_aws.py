"""The local AWS: its reset, its clock, the connections between its parts, and access from other processes."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from apprunner_local.apprunner import Control, Durations, World
from apprunner_local.aws import LocalAws
from local_aws.orders import create, source
from local_aws.requests import INVALID_REQUEST, rejection
from local_aws.roles import BUILD, TASKS, role, trust
from local_aws.stack_files import ZONE


def test_a_reset_deletes_everything(account: LocalAws) -> None:
    create(account)
    account.role_delay = 5
    account.reset(World())
    assert (account.created_resources(), account.role_calls, account.plane.calls, account.role_delay) == ([], [], [], 0)


def test_the_default_world_has_a_ticking_clock_and_short_operations(account: LocalAws) -> None:
    account.reset()
    clock, durations = account.plane.clock, account.plane.world.durations
    assert clock.now() < clock.now() + durations.create_service < clock.now() + 1
    assert clock.now() > World().clock.now()


def test_an_explicit_world_keeps_its_settings(account: LocalAws) -> None:
    account.reset(World(durations=Durations(create_service=7), role_ready=lambda arn, principal: False))
    assert account.plane.world.durations.create_service == 7
    with pytest.raises(Exception, match="Error in assuming access role"):
        create(account)


def test_a_missing_role_is_never_ready(account: LocalAws) -> None:
    missing = "arn:aws:iam::123456789012:role/missing"
    message = rejection(
        account.client("apprunner").create_service, ServiceName="orders", SourceConfiguration=source(account, missing)
    )
    assert message == f"{INVALID_REQUEST}Error in assuming access role {missing}"


@pytest.mark.parametrize("kind", ["access", "instance"])
def test_a_role_that_trusts_another_service_is_never_ready(account: LocalAws, kind: str) -> None:
    wrong = role(account, name="wrong", trusts=trust(TASKS if kind == "access" else BUILD))
    access, instance = (wrong, None) if kind == "access" else (None, wrong)
    with pytest.raises(Exception, match=f"Error in assuming {kind} role {wrong}"):
        create(account, instance, source(account, access))


def test_a_role_is_ready_some_time_after_its_creation(account: LocalAws) -> None:
    account.reset()
    account.role_delay = 1000
    source_configuration = source(account)
    apprunner = account.client("apprunner")
    wanted = {"ServiceName": "orders", "SourceConfiguration": source_configuration}
    assert "Error in assuming access role" in rejection(apprunner.create_service, **wanted)
    account.plane.clock.move(1000)
    assert apprunner.create_service(**wanted)


def test_a_domain_is_active_once_its_records_are_in_route_53(account: LocalAws) -> None:
    apprunner, route53 = account.client("apprunner"), account.client("route53")
    service = create(account)
    name = {"ServiceArn": service, "DomainName": "api.staging.example.com", "EnableWWWSubdomain": False}
    apprunner.associate_custom_domain(**name)
    account.plane.clock.move(5)

    def domain() -> dict[str, Any]:
        first: dict[str, Any] = apprunner.describe_custom_domains(ServiceArn=service)["CustomDomains"][0]
        return first

    assert domain()["Status"] == "pending_certificate_dns_validation"
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": record["Name"],
                "Type": "CNAME",
                "TTL": 300,
                "ResourceRecords": [{"Value": record["Value"]}],
            },
        }
        for record in domain()["CertificateValidationRecords"]
    ]
    route53.change_resource_record_sets(HostedZoneId=ZONE, ChangeBatch={"Changes": changes})
    assert domain()["Status"] == "binding_certificate"
    account.plane.clock.move(10)
    assert domain()["Status"] == "active"


_MANY = """
import boto3, threading
def make(number):
    boto3.session.Session().client("sqs").create_queue(QueueName=f"queue-{number}")
threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
boto3.client("apprunner").create_auto_scaling_configuration(AutoScalingConfigurationName="small")
"""


def test_other_processes_use_it_with_several_threads(account: LocalAws) -> None:
    subprocess.run([sys.executable, "-c", _MANY], env={**os.environ, **account.environment}, check=True)
    queues = [f"sqs queue queue-{number}" for number in range(8)]
    assert account.created_resources() == ["apprunner auto scaling configuration small/1", *queues]


def test_its_environment_has_no_real_endpoint(account: LocalAws) -> None:
    outside = {name for name, value in account.environment.items() if "amazonaws" in value}
    assert outside == set()
    assert account.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_no_thread_is_left_when_it_ends() -> None:
    before = set(threading.enumerate())
    with LocalAws.start() as aws:
        aws.client("sqs").list_queues()
        assert {thread.name for thread in set(threading.enumerate()) - before} >= {"moto", "fake App Runner"}
    left = {thread for thread in set(threading.enumerate()) - before if not thread.daemon}
    assert left == set()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_is_served_until_a_signal(tmp_path: Path, stop: signal.Signals) -> None:
    file = tmp_path / "aws" / "environment"
    file.parent.mkdir()
    command = [sys.executable, "-m", "apprunner_local", str(file)]
    with subprocess.Popen(command) as server:
        while not file.exists():
            assert server.poll() is None, "it ended before it was ready"
            threading.Event().wait(0.05)
        try:
            shell = subprocess.run(
                ["sh", "-c", f". '{file}'; '{sys.executable}' -c \"$1\"; echo $AWS_ENDPOINT_URL_APPRUNNER", "", _MANY],
                check=True,
                capture_output=True,
                text=True,
            )
            calls = Control(shell.stdout.strip()).calls()
        finally:
            server.send_signal(stop)
        assert [call.operation for call in calls] == ["CreateAutoScalingConfiguration"]
        assert server.wait() == 0
