"""A deployment in the local AWS: its calls under the roles, and its end if one is denied."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from local_aws.orders import create, log, public_image, role_requests, source
from local_aws.requests import history, status
from local_aws.roles import BUILD, allow, deny, role, trust
from local_aws.stack_files import ENCRYPTED, FLAGS, KEY, PASSWORD

PULL_ROLE = "arn:aws:iam::123456789012:role/pull"
REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository/orders-api"


def test_a_deployment_pulls_the_image_under_the_access_role(account: LocalAws) -> None:
    pulls = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]
    statements = allow("ecr:GetAuthorizationToken"), allow([f"ecr:{pull}" for pull in pulls], REPOSITORY)
    access = role(account, *statements, trusts=trust(BUILD))
    service = create(account, source_configuration=source(account, access))
    assert status(account.client("apprunner"), service) == "RUNNING"  # the image may exist outside of the local AWS
    assert role_requests(account, access) == [
        ("ecr:GetAuthorizationToken", "*"),
        *((f"ecr:{pull}", REPOSITORY) for pull in pulls),
    ]


def test_a_public_image_needs_no_permission(account: LocalAws) -> None:
    service = create(account, source_configuration={"ImageRepository": public_image()})
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert account.role_calls == []


def test_a_pull_that_is_denied_fails_the_first_deployment(account: LocalAws) -> None:
    access = role(account, allow("ecr:*"), deny("ecr:BatchGetImage", REPOSITORY), trusts=trust(BUILD))
    service = create(account, source_configuration=source(account, access))
    assert status(account.client("apprunner"), service) == "CREATE_FAILED"
    assert f"{access} could not do ecr:BatchGetImage on {REPOSITORY}: AccessDeniedException" in log(account, service)
    assert [call.action for call in account.role_calls if not call.allowed] == ["ecr:BatchGetImage"]


def test_a_deployment_reads_secrets_under_the_instance_role(account: LocalAws) -> None:
    statements = allow("secretsmanager:GetSecretValue", PASSWORD), allow("ssm:GetParameters", FLAGS)
    instance = role(account, *statements)
    secrets = {"PASSWORD": f"{PASSWORD}:password::", "FLAGS": "/storefront/staging/feature-flags"}
    service = create(account, instance, source(account, **secrets))
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert role_requests(account, instance) == [
        ("ssm:GetParameters", FLAGS),
        ("secretsmanager:GetSecretValue", PASSWORD),
    ]


def test_a_denied_secret_rolls_an_update_back(account: LocalAws) -> None:
    instance = role(account, allow("ssm:GetParameters", FLAGS))
    service = create(account, instance)
    apprunner = account.client("apprunner")
    apprunner.update_service(ServiceArn=service, SourceConfiguration=source(account, PULL_ROLE, PASSWORD=PASSWORD))
    account.plane.clock.move(60)
    assert history(apprunner, service)[0] == ("UPDATE_SERVICE", "ROLLBACK_SUCCEEDED")
    assert f"{instance} could not do secretsmanager:GetSecretValue on {PASSWORD}" in log(account, service)


@pytest.mark.parametrize("missing", [PASSWORD.replace("Jq3kTz", "zZzZzZ"), FLAGS + "-2"])
def test_a_missing_secret_fails_the_deployment(account: LocalAws, missing: str) -> None:
    service = create(account, role(account, allow("*")), source(account, SECRET=missing))
    assert status(account.client("apprunner"), service) == "CREATE_FAILED"
    assert f"on {missing}: ResourceNotFoundException" in log(account, service)


def test_an_image_that_its_repository_does_not_have_fails_the_deployment(account: LocalAws) -> None:
    ecr = account.client("ecr")
    ecr.create_repository(repositoryName="orders-api")
    service = create(account)
    assert status(account.client("apprunner"), service) == "CREATE_FAILED"
    assert "Failed to pull your application image." in log(account, service)
    manifest = '{"schemaVersion": 2, "mediaType": "application/vnd.docker.distribution.manifest.v2+json"}'
    ecr.put_image(repositoryName="orders-api", imageManifest=manifest, imageTag="1.4.2")
    account.client("apprunner").update_service(ServiceArn=service, SourceConfiguration=source(account, PULL_ROLE))
    account.plane.clock.move(60)
    assert status(account.client("apprunner"), service) == "RUNNING"


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
def test_a_customer_managed_key_decrypts_for_the_instance_role(account: LocalAws, more: list[Any], ends: str) -> None:
    instance = role(account, allow("secretsmanager:GetSecretValue", ENCRYPTED), *more)
    service = create(account, instance, source(account, PASSWORD=f"{ENCRYPTED}:password::"))
    assert status(account.client("apprunner"), service) == ends
    assert role_requests(account, instance)[-1] == ("kms:Decrypt", KEY)


def test_a_secure_parameter_is_decrypted_with_its_key(account: LocalAws) -> None:
    account.client("ssm").put_parameter(Name="/orders/token", Value="x", Type="SecureString", KeyId=KEY)
    instance = role(account, allow("ssm:*"), through("ssm.eu-west-1"))
    service = create(account, instance, source(account, TOKEN="/orders/token"))
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert role_requests(account, instance)[-1] == ("kms:Decrypt", KEY)


def test_a_deployment_under_a_deleted_role_is_rolled_back(account: LocalAws) -> None:
    instance = role(account, allow("ssm:GetParameters", FLAGS))
    service = create(account, instance, source(account, FLAGS=FLAGS))
    account.client("iam").delete_role_policy(RoleName="orders", PolicyName="inline")
    account.client("iam").delete_role(RoleName="orders")
    account.client("apprunner").start_deployment(ServiceArn=service)
    account.plane.clock.move(60)
    assert history(account.client("apprunner"), service)[0] == ("START_DEPLOYMENT", "ROLLBACK_SUCCEEDED")


def test_trace_permissions_are_checked_and_a_service_runs_without_them(account: LocalAws) -> None:
    on = {
        "ObservabilityEnabled": True,
        "ObservabilityConfigurationArn": "arn:aws:apprunner:eu-west-1:123456789012:observabilityconfiguration/"
        "DefaultConfiguration",
    }
    instance = role(account)
    service = create(account, instance, ObservabilityConfiguration=on)
    assert status(account.client("apprunner"), service) == "RUNNING"
    assert ("xray:PutTraceSegments", "*") in role_requests(account, instance)


def test_each_deployment_has_its_own_log(account: LocalAws) -> None:
    service = create(account)
    (operation,) = account.client("apprunner").list_operations(ServiceArn=service)["OperationSummaryList"]
    group = f"/aws/apprunner/orders/{service.rpartition('/')[2]}/service"
    events = account.client("logs").get_log_events(logGroupName=group, logStreamName=f"deployment/{operation['Id']}")
    lines = ["[AppRunner] CREATE_SERVICE started", "[AppRunner] CREATE_SERVICE SUCCEEDED"]
    assert [event["message"] for event in events["events"]] == lines
