"""The local AWS as a whole: what is in it from the start, how its parts know of each other, how it is reached."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from localaws.apprunner import Control, Durations, World
from localaws.aws import LocalAws
from localaws.seed import STACK_FILES, Given, value_of
from localaws_tests.asking import INVALID_REQUEST, history, image, refusal, status
from localaws_tests.roles import BUILD, TASKS, allow, deny, pulling_role, role, trust
from samples import PUBLIC_IMAGE

ZONE = "Z04STAGING1EXAMPLE0"
REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository/orders-api"
PASSWORD = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/staging/orders-db-Jq3kTz"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/0c9d8e7f-6a5b-4c3d-8e1f-9a0b1c2d3e4f"
ENCRYPTED = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/prod/orders-db-mN4rYs"
FLAGS = "arn:aws:ssm:eu-west-1:123456789012:parameter/storefront/staging/feature-flags"


def named(pattern: str) -> set[str]:
    """Return what the stack files name that looks like this."""
    return {found for file in STACK_FILES for found in re.findall(pattern, file.read_text())}


def source(aws: LocalAws, access: str | None = None, **secrets: str) -> dict[str, Any]:
    """Return a source that is pulled under a role, which reads secrets."""
    given = image(AuthenticationConfiguration={"AccessRoleArn": access or pulling_role(aws)})
    given["ImageRepository"]["ImageConfiguration"] = {"RuntimeEnvironmentSecrets": secrets}
    return given


def create(aws: LocalAws, instance: str | None = None, given: dict[str, Any] | None = None, **more: Any) -> str:
    """Create a service, let its first deployment end, and return its ARN."""
    under = {"InstanceConfiguration": {"InstanceRoleArn": instance}} if instance else {}
    made = aws.client("apprunner").create_service(
        ServiceName="orders", SourceConfiguration=given or source(aws), **under, **more
    )
    aws.plane.clock.move(60)
    arn: str = made["Service"]["ServiceArn"]
    return arn


def log(aws: LocalAws, service: str) -> str:
    """Return what the service's log says."""
    group = f"/aws/apprunner/orders/{service.rpartition('/')[2]}/service"
    aws.client("apprunner").describe_service(ServiceArn=service)
    events = aws.client("logs").get_log_events(logGroupName=group, logStreamName="events", startFromHead=True)["events"]
    return "\n".join(event["message"] for event in events)


def asked(aws: LocalAws, role: str) -> list[tuple[str, str]]:
    return [(call.action, call.resource) for call in aws.role_calls if call.role == role]


def test_the_networks_of_the_stack_files_are_there(account: LocalAws) -> None:
    ec2 = account.client("ec2")
    vpcs = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    subnets = {subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]}
    groups = {group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    assert named(r"\bvpc-\w+") <= vpcs
    assert named(r"\bsubnet-\w+") <= subnets
    assert named(r"\bsg-\w+") <= groups


def test_what_belongs_to_a_vpc_is_in_it(account: LocalAws) -> None:
    ec2 = account.client("ec2")
    where = {subnet["SubnetId"]: subnet["VpcId"] for subnet in ec2.describe_subnets()["Subnets"]}
    where |= {group["GroupId"]: group["VpcId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    for file in STACK_FILES:
        for vpc, members in Given.in_file(file).vpcs.items():
            assert {where[member] for member in members} == {vpc}


def test_a_region_has_its_own_vpc_as_well(account: LocalAws) -> None:
    assert [vpc["IsDefault"] for vpc in account.client("ec2").describe_vpcs()["Vpcs"]].count(True) == 1


def test_the_zones_of_the_stack_files_are_there(account: LocalAws) -> None:
    zones = account.client("route53").list_hosted_zones()["HostedZones"]
    found = {(zone["Id"].removeprefix("/hostedzone/"), zone["Name"]) for zone in zones}
    assert found == {(id, f"{name}.") for id, name in named(r"id: (Z\w+), name: ([\w.]+)")}


def test_the_keys_of_the_stack_files_are_there(account: LocalAws) -> None:
    keys = {key["KeyArn"] for key in account.client("kms").list_keys()["Keys"]}
    assert named(r"arn:aws:kms:\S+") <= keys


def test_the_secrets_and_parameters_of_the_stack_files_are_there(account: LocalAws) -> None:
    secrets = {secret["ARN"] for secret in account.client("secretsmanager").list_secrets()["SecretList"]}
    parameters = {one["Name"] for one in account.client("ssm").describe_parameters()["Parameters"]}
    assert secrets == named(r"arn:aws:secretsmanager:\S+")
    assert parameters == named(r"parameterName: ([^\s}]+)")


def test_a_seeded_value_can_be_recognised(account: LocalAws) -> None:
    read = account.client("secretsmanager").get_secret_value(SecretId=PASSWORD)["SecretString"]
    assert read == f'{{"password": "{value_of("storefront/staging/orders-db")}"}}'
    parameter = account.client("ssm").get_parameter(Name="/storefront/staging/feature-flags")["Parameter"]
    assert parameter["Value"] == value_of("/storefront/staging/feature-flags")


def test_what_the_stack_files_take_as_given_was_not_made(account: LocalAws) -> None:
    assert account.made() == []


def test_everything_that_was_made_is_told(account: LocalAws) -> None:
    group, *_ = sorted(named(r"\bsg-\w+"))
    rule = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    account.client("ec2").authorize_security_group_ingress(GroupId=group, IpPermissions=[rule])
    account.client("sqs").create_queue(QueueName="failed")
    account.client("scheduler").create_schedule_group(Name="orders")
    scaling = account.client("apprunner").create_auto_scaling_configuration
    scaling(AutoScalingConfigurationName="small", MaxSize=1)
    scaling(AutoScalingConfigurationName="small", MaxSize=2)
    reader = role(account, allow("ssm:GetParameters"), name="reader")
    create(account, reader)
    assert account.made() == [
        "apprunner auto scaling configuration small/1",
        "apprunner auto scaling configuration small/2",
        "apprunner service orders RUNNING",
        f"ec2 security group rule {group} ingress from 10.0.0.0/8 tcp 5432-5432",
        "iam attachment arn:aws:iam::aws:policy/service-role/AWSAppRunnerServicePolicyForECRAccess of pull",
        "iam role policy inline of reader",
        "iam role pull",
        "iam role reader",
        "scheduler group orders",
        "sqs queue failed",
    ]


def test_what_was_deleted_is_told_no_more(account: LocalAws) -> None:
    apprunner = account.client("apprunner")
    connector = apprunner.create_vpc_connector(VpcConnectorName="private", Subnets=["subnet-0b1c2d3e4f5061728"])
    apprunner.delete_vpc_connector(VpcConnectorArn=connector["VpcConnector"]["VpcConnectorArn"])
    service = create(account, given={"ImageRepository": _public()})
    apprunner.delete_service(ServiceArn=service)
    account.plane.clock.move(30)
    assert account.made() == []


def test_a_reset_begins_again(account: LocalAws) -> None:
    create(account)
    account.role_delay = 5
    account.reset(World())
    assert (account.made(), account.role_calls, account.plane.calls, account.role_delay) == ([], [], [], 0)


def test_without_a_world_of_ones_own_time_flows_and_nothing_takes_long(account: LocalAws) -> None:
    account.reset()
    clock, durations = account.plane.clock, account.plane.world.durations
    assert clock.now() < clock.now() + durations.create_service < clock.now() + 1
    assert clock.now() > World().clock.now()


def test_a_world_of_ones_own_keeps_what_it_says(account: LocalAws) -> None:
    account.reset(World(durations=Durations(create_service=7), role_ready=lambda arn, principal: False))
    assert account.plane.world.durations.create_service == 7
    with pytest.raises(Exception, match="Error in assuming access role"):
        create(account)


def test_a_role_that_is_not_there_is_never_ready(account: LocalAws) -> None:
    missing = "arn:aws:iam::123456789012:role/missing"
    said = refusal(
        account.client("apprunner").create_service, ServiceName="orders", SourceConfiguration=source(account, missing)
    )
    assert said == f"{INVALID_REQUEST}Error in assuming access role {missing}"


@pytest.mark.parametrize("kind", ["access", "instance"])
def test_a_role_that_trusts_another_service_is_never_ready(account: LocalAws, kind: str) -> None:
    wrong = role(account, name="wrong", trusts=trust(TASKS if kind == "access" else BUILD))
    access, instance = (wrong, None) if kind == "access" else (None, wrong)
    with pytest.raises(Exception, match=f"Error in assuming {kind} role {wrong}"):
        create(account, instance, source(account, access))


def test_a_role_is_ready_some_time_after_it_was_made(account: LocalAws) -> None:
    account.reset()
    account.role_delay = 1000
    given = source(account)
    apprunner = account.client("apprunner")
    wanted = {"ServiceName": "orders", "SourceConfiguration": given}
    assert "Error in assuming access role" in refusal(apprunner.create_service, **wanted)
    account.plane.clock.move(1000)
    assert apprunner.create_service(**wanted)


def test_a_deployment_pulls_the_image_under_the_access_role(account: LocalAws) -> None:
    pulls = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]
    statements = allow("ecr:GetAuthorizationToken"), allow([f"ecr:{pull}" for pull in pulls], REPOSITORY)
    access = role(account, *statements, trusts=trust(BUILD))
    service = create(account, given=source(account, access))
    assert status(account.client("apprunner"), service) == "RUNNING"  # though there is no such image anywhere
    assert asked(account, access) == [
        ("ecr:GetAuthorizationToken", "*"),
        *((f"ecr:{pull}", REPOSITORY) for pull in pulls),
    ]


def test_a_public_image_needs_nobodys_leave(account: LocalAws) -> None:
    service = create(account, given={"ImageRepository": _public()})
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert account.role_calls == []


def test_a_pull_that_is_denied_fails_the_first_deployment(account: LocalAws) -> None:
    access = role(account, allow("ecr:*"), deny("ecr:BatchGetImage", REPOSITORY), trusts=trust(BUILD))
    service = create(account, given=source(account, access))
    assert status(account.client("apprunner"), service) == "CREATE_FAILED"
    assert f"{access} could not do ecr:BatchGetImage on {REPOSITORY}: AccessDeniedException" in log(account, service)
    assert [call.action for call in account.role_calls if not call.allowed] == ["ecr:BatchGetImage"]


def test_a_deployment_reads_secrets_under_the_instance_role(account: LocalAws) -> None:
    statements = allow("secretsmanager:GetSecretValue", PASSWORD), allow("ssm:GetParameters", FLAGS)
    instance = role(account, *statements)
    secrets = {"PASSWORD": f"{PASSWORD}:password::", "FLAGS": "/storefront/staging/feature-flags"}
    service = create(account, instance, source(account, **secrets))
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert asked(account, instance) == [("ssm:GetParameters", FLAGS), ("secretsmanager:GetSecretValue", PASSWORD)]


def test_a_secret_that_may_not_be_read_rolls_an_update_back(account: LocalAws) -> None:
    instance = role(account, allow("ssm:GetParameters", FLAGS))
    service = create(account, instance)
    apprunner = account.client("apprunner")
    access = "arn:aws:iam::123456789012:role/pull"
    apprunner.update_service(ServiceArn=service, SourceConfiguration=source(account, access, PASSWORD=PASSWORD))
    account.plane.clock.move(60)
    assert history(apprunner, service)[0] == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")
    assert f"{instance} could not do secretsmanager:GetSecretValue on {PASSWORD}" in log(account, service)


@pytest.mark.parametrize("missing", [PASSWORD.replace("Jq3kTz", "zZzZzZ"), FLAGS + "-2"])
def test_a_secret_that_is_not_there_fails_the_deployment(account: LocalAws, missing: str) -> None:
    service = create(account, role(account, allow("*")), source(account, SECRET=missing))
    assert status(account.client("apprunner"), service) == "CREATE_FAILED"
    assert f"on {missing}: ResourceNotFoundException" in log(account, service)


def test_secrets_without_an_instance_role_fail_the_deployment(account: LocalAws) -> None:
    service = create(account, given=source(account, PASSWORD=PASSWORD))
    assert "there is no instance role" in log(account, service)


def through(service: str) -> Any:
    return allow("kms:Decrypt", KEY, Condition={"StringEquals": {"kms:ViaService": f"{service}.amazonaws.com"}})


@pytest.mark.parametrize(
    ("more", "ends"),
    [
        ([allow("kms:Decrypt", KEY)], "RUNNING"),
        ([through("secretsmanager.eu-west-1")], "RUNNING"),
        ([through("ssm.eu-west-1")], "CREATE_FAILED"),
        ([through("secretsmanager.us-east-1")], "CREATE_FAILED"),
        ([], "CREATE_FAILED"),
    ],
)
def test_a_key_of_the_accounts_own_decrypts_for_the_instance_role(
    account: LocalAws, more: list[Any], ends: str
) -> None:
    instance = role(account, allow("secretsmanager:GetSecretValue", ENCRYPTED), *more)
    service = create(account, instance, source(account, PASSWORD=f"{ENCRYPTED}:password::"))
    assert status(account.client("apprunner"), service) == ends
    assert asked(account, instance)[-1] == ("kms:Decrypt", KEY)


def test_a_secure_parameter_is_decrypted_with_its_key(account: LocalAws) -> None:
    account.client("ssm").put_parameter(Name="/orders/token", Value="x", Type="SecureString", KeyId=KEY)
    instance = role(account, allow("ssm:*"), through("ssm.eu-west-1"))
    service = create(account, instance, source(account, TOKEN="/orders/token"))
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert asked(account, instance)[-1] == ("kms:Decrypt", KEY)


def test_a_deployment_under_a_role_that_is_gone_is_rolled_back(account: LocalAws) -> None:
    instance = role(account, allow("ssm:GetParameters", FLAGS))
    service = create(account, instance, source(account, FLAGS=FLAGS))
    account.client("iam").delete_role_policy(RoleName="orders", PolicyName="inline")
    account.client("iam").delete_role(RoleName="orders")
    account.client("apprunner").start_deployment(ServiceArn=service)
    account.plane.clock.move(60)
    assert history(account.client("apprunner"), service)[0] == ("START_DEPLOYMENT", "ROLLBACK_SUCCEEDED")


def test_traces_are_asked_for_and_a_service_runs_without_them(account: LocalAws) -> None:
    on = {
        "ObservabilityEnabled": True,
        "ObservabilityConfigurationArn": "arn:aws:apprunner:eu-west-1:123456789012:observabilityconfiguration/"
        "DefaultConfiguration",
    }
    instance = role(account)
    service = create(account, instance, ObservabilityConfiguration=on)
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert ("xray:PutTraceSegments", "*") in asked(account, instance)


def test_a_domain_is_active_once_its_records_are_in_route_53(account: LocalAws) -> None:
    apprunner, route53 = account.client("apprunner"), account.client("route53")
    service = create(account)
    name = {"ServiceArn": service, "DomainName": "api.staging.example.com", "EnableWWWSubdomain": False}
    apprunner.associate_custom_domain(**name)
    account.plane.clock.move(5)

    def domain() -> dict[str, Any]:
        found: dict[str, Any] = apprunner.describe_custom_domains(ServiceArn=service)["CustomDomains"][0]
        return found

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


def test_each_deployment_has_a_log_of_its_own(account: LocalAws) -> None:
    service = create(account)
    (operation,) = account.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"]
    group = f"/aws/apprunner/orders/{service.rpartition('/')[2]}/service"
    events = account.client("logs").get_log_events(logGroupName=group, logStreamName=f"deployment/{operation['Id']}")
    lines = ["[AppRunner] CREATE_SERVICE started", "[AppRunner] CREATE_SERVICE SUCCEEDED"]
    assert [event["message"] for event in events["events"]] == lines


_MANY = """
import boto3, threading
def make(number):
    boto3.session.Session().client("sqs").create_queue(QueueName=f"queue-{number}")
threads = [threading.Thread(target=make, args=(number,)) for number in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
boto3.client("apprunner").create_auto_scaling_configuration(AutoScalingConfigurationName="small")
"""


def test_other_processes_reach_it_with_several_threads(account: LocalAws) -> None:
    subprocess.run([sys.executable, "-c", _MANY], env={**os.environ, **account.environment}, check=True)
    queues = [f"sqs queue queue-{number}" for number in range(8)]
    assert account.made() == ["apprunner auto scaling configuration small/1", *queues]


def test_nothing_of_it_leads_to_a_real_account(account: LocalAws) -> None:
    outside = {name for name, value in account.environment.items() if "amazonaws" in value}
    assert outside == set()
    assert account.client("sts").get_caller_identity()["Account"] == "123456789012"


def test_nothing_is_left_of_it_when_it_ends() -> None:
    before = set(threading.enumerate())
    with LocalAws.start() as aws:
        aws.client("sqs").list_queues()
        assert {thread.name for thread in set(threading.enumerate()) - before} >= {"moto", "fake App Runner"}
    left = {thread for thread in set(threading.enumerate()) - before if not thread.daemon}
    assert left == set()


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_is_served_until_it_is_told_to_stop(tmp_path: Path, stop: signal.Signals) -> None:
    tests = str(Path(__file__).parents[1])
    file = tmp_path / "aws" / "environment"
    command = [sys.executable, "-m", "localaws", "serve", "--folder", str(file.parent)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": tests}) as server:
        while not file.exists():
            assert server.poll() is None, "it ended before it was ready"
            threading.Event().wait(0.05)
        try:
            told = subprocess.run(
                ["sh", "-c", f". '{file}'; '{sys.executable}' -c \"$1\"; echo $AWS_ENDPOINT_URL_APPRUNNER", "", _MANY],
                check=True,
                capture_output=True,
                text=True,
            )
            calls = Control(told.stdout.strip()).calls()
        finally:
            server.send_signal(stop)
        assert [call.operation for call in calls] == ["CreateAutoScalingConfiguration"]
        assert server.wait() == 0
    assert not file.exists()


def _public() -> dict[str, Any]:
    return {"ImageIdentifier": PUBLIC_IMAGE, "ImageRepositoryType": "ECR_PUBLIC"}
