"""Each role allows the calls that it was used for, and no others: IAM's own documents, evaluated call by call.

The tests share one stack: a service of a private image with secrets of every kind, tracing, a domain and a schedule.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed
from apprunner_local.schedules import fire
from engine import programs
from engine.stack import Stack
from local_aws.roles import TASKS, allow, role, trust

pytestmark = pytest.mark.xdist_group("least privilege")

REPOSITORY = "arn:aws:ecr:eu-west-1:123456789012:repository/storefront/api"
ENCRYPTED_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/prod/orders-db-mN4rYs"
VIA = "secretsmanager.eu-west-1.amazonaws.com"
SECRETS_KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0c9d8e7f-6a5b-4c3d-8e1f-9a0b1c2d3e4f"
FLAGS = "/storefront/staging/feature-flags"
FLAGS_ARN = f"arn:aws:ssm:eu-west-1:123456789012:parameter{FLAGS}"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:trial-api-hours-test-dead-letters"
ROLES = {
    name: f"arn:aws:iam::123456789012:role/trial-api-{name}"
    for name in ("test-access", "test-instance", "hours-test-schedule")
}
ACCESS, INSTANCE, HOURS = ROLES.values()
SERVICE, OTHER_SERVICE = "SERVICE", "arn:aws:apprunner:eu-west-1:123456789012:service/trial-admin-test/" + 32 * "0"
"""SERVICE is replaced by the service's ARN after its creation."""

ALLOWED = {
    ACCESS: {
        ("ecr:GetAuthorizationToken", "*"),
        ("ecr:BatchCheckLayerAvailability", REPOSITORY),
        ("ecr:BatchGetImage", REPOSITORY),
        ("ecr:DescribeImages", REPOSITORY),
        ("ecr:GetDownloadUrlForLayer", REPOSITORY),
    },
    INSTANCE: {
        ("secretsmanager:GetSecretValue", programs.SECRET_ARN),
        ("secretsmanager:GetSecretValue", ENCRYPTED_ARN),
        ("kms:Decrypt", SECRETS_KEY_ARN),
        ("ssm:GetParameters", FLAGS_ARN),
        ("xray:GetSamplingRules", "*"),
        ("xray:GetSamplingStatisticSummaries", "*"),
        ("xray:GetSamplingTargets", "*"),
        ("xray:PutTelemetryRecords", "*"),
        ("xray:PutTraceSegments", "*"),
    },
    HOURS: {
        ("apprunner:PauseService", SERVICE),
        ("apprunner:ResumeService", SERVICE),
        ("sqs:SendMessage", QUEUE_ARN),
    },
}
"""All that a role allows."""

DENIED = {
    ACCESS: [
        ("ecr:BatchGetImage", f"{REPOSITORY}-2"),
        ("ecr:BatchGetImage", REPOSITORY.replace("storefront/api", "storefront")),
        ("ecr:BatchGetImage", REPOSITORY.replace("123456789012", "210987654321")),
        ("ecr:BatchGetImage", "*"),
        ("ecr:PutImage", REPOSITORY),
        ("ecr:InitiateLayerUpload", REPOSITORY),
        ("ecr:BatchDeleteImage", REPOSITORY),
        ("ecr:DeleteRepository", REPOSITORY),
        ("ecr:SetRepositoryPolicy", REPOSITORY),
        ("secretsmanager:GetSecretValue", programs.SECRET_ARN),
    ],
    INSTANCE: [
        ("secretsmanager:GetSecretValue", programs.SECRET_ARN.replace("orders-db", "payment")),
        ("secretsmanager:GetSecretValue", f"{programs.SECRET_ARN}2"),
        ("secretsmanager:GetSecretValue", "*"),
        ("secretsmanager:PutSecretValue", programs.SECRET_ARN),
        ("secretsmanager:DeleteSecret", programs.SECRET_ARN),
        ("secretsmanager:ListSecrets", "*"),
        ("kms:Decrypt", programs.KMS_KEY_ARN),
        ("kms:Encrypt", SECRETS_KEY_ARN),
        ("kms:GenerateDataKey", SECRETS_KEY_ARN),
        ("ssm:GetParameters", f"{FLAGS_ARN}/more"),
        ("ssm:GetParametersByPath", FLAGS_ARN),
        ("ssm:PutParameter", FLAGS_ARN),
        ("xray:DeleteGroup", "*"),
        ("ecr:GetAuthorizationToken", "*"),
        ("ecr:BatchGetImage", REPOSITORY),
    ],
    HOURS: [
        ("apprunner:PauseService", OTHER_SERVICE),
        ("apprunner:ResumeService", OTHER_SERVICE),
        ("apprunner:StartDeployment", SERVICE),
        ("apprunner:UpdateService", SERVICE),
        ("sqs:SendMessage", f"{QUEUE_ARN}-2"),
        ("sqs:ReceiveMessage", QUEUE_ARN),
        ("sqs:PurgeQueue", QUEUE_ARN),
        ("secretsmanager:GetSecretValue", programs.SECRET_ARN),
    ],
}
"""Plausible calls that a role denies, besides those that every role denies."""

DENIED_TO_ALL = [
    ("apprunner:DeleteService", SERVICE),
    ("iam:PassRole", INSTANCE),
    ("iam:PutRolePolicy", INSTANCE),
    ("s3:GetObject", "arn:aws:s3:::any/thing"),
    ("s3:PutObject", "arn:aws:s3:::any/thing"),
    ("s3:ListAllMyBuckets", "*"),
    ("sts:AssumeRole", INSTANCE),
    ("logs:PutLogEvents", "*"),
    ("ec2:CreateNetworkInterface", "*"),
]

KNOWN_WITHOUT_RESOURCES = {"ecr:GetAuthorizationToken", *(action for action, on in ALLOWED[INSTANCE] if on == "*")}
"""Actions without resource-level permissions in AWS."""


def bound() -> str:
    """Return the lines that bind a secret of every kind."""
    secrets = {
        "PASSWORD": {"secret_arn": programs.SECRET_ARN, "json_key": "password"},
        "ENCRYPTED": {"secret_arn": ENCRYPTED_ARN, "json_key": "password", "kms_key_arn": SECRETS_KEY_ARN},
        "FLAGS": {"parameter_name": FLAGS},
    }
    return f"secrets = SecretsBinding('api-secrets', {{'secrets': {secrets!r}}})\n"


@pytest.fixture(scope="module")
def aws(lasting_aws: LocalAws, lasting_trial: Callable[[str], Stack]) -> LocalAws:
    """Return the account with the stack, after one pause and one resume of the service."""
    service = programs.service(
        image={"identifier": programs.PRIVATE_IMAGE}, secrets=["BOUND"], tracing=True, kms_key_arn=programs.KMS_KEY_ARN
    ).replace("'BOUND'", "secrets.bound")
    ran = lasting_trial(programs.program(bound(), service, programs.domain(), programs.schedule())).up()
    assert ran.ok, ran.output
    for name in ("pause", "resume"):
        assert fire(lasting_aws, "trial-api-hours-test", name).outcome == "done"
        lasting_aws.plane.clock.move(60)
    return lasting_aws


@pytest.fixture(scope="module")
def service(aws: LocalAws) -> str:
    """Return the service's ARN."""
    (summary,) = aws.client("apprunner").list_services()["ServiceSummaryList"]
    return summary["ServiceArn"]


def granted(aws: LocalAws, role: str) -> Iterator[tuple[str, str]]:
    """Yield each action in a role's policies, with each resource."""
    iam, name = aws.client("iam"), role.rpartition("/")[2]
    assert iam.list_attached_role_policies(RoleName=name)["AttachedPolicies"] == []
    for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
        for statement in document["Statement"]:
            yield from (
                (action, on) for action in as_list(statement["Action"]) for on in as_list(statement["Resource"])
            )


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


def at(resource: str, service: str) -> str:
    return service if resource == SERVICE else resource


def cases(of: Mapping[str, Any]) -> list[Any]:
    """Return the rows of each role in a table as named parameters."""
    return [
        pytest.param(role, *each, id=" ".join((role.rpartition("/")[2], *each)))
        for role in of
        for each in sorted(of[role])
    ]


def test_every_call_of_a_role_was_allowed(aws: LocalAws, service: str) -> None:
    assert {call.role for call in aws.role_calls} == set(ROLES.values())
    assert [call for call in aws.role_calls if not call.allowed] == []


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_a_role_has_the_required_permissions_only(aws: LocalAws, service: str, role: str) -> None:
    expected = {(action, at(on, service)) for action, on in ALLOWED[role]}
    assert set(granted(aws, role)) == expected
    # Every event was delivered, so that the queue is empty.
    assert expected - {(call.action, call.resource) for call in aws.role_calls} <= {("sqs:SendMessage", QUEUE_ARN)}


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_no_wildcard_where_aws_supports_resources(aws: LocalAws, role: str) -> None:
    grants = list(granted(aws, role))
    assert [action for action, _ in grants if "*" in action or "?" in action] == []
    assert {action for action, on in grants if "*" in on or "?" in on} <= KNOWN_WITHOUT_RESOURCES


@pytest.mark.parametrize(("role", "action", "resource"), cases(ALLOWED))
def test_required_calls_are_allowed(aws: LocalAws, service: str, role: str, action: str, resource: str) -> None:
    context = {"kms:ViaService": VIA} if action.startswith("kms:") else {}
    assert allowed(aws.client("iam"), role, action, at(resource, service), context)


@pytest.mark.parametrize("via", [{}, {"kms:ViaService": "ssm.eu-west-1.amazonaws.com"}], ids=["directly", "ssm"])
def test_a_key_decrypts_only_through_the_service_of_the_secret(aws: LocalAws, via: Mapping[str, str]) -> None:
    assert not allowed(aws.client("iam"), INSTANCE, "kms:Decrypt", SECRETS_KEY_ARN, via)


@pytest.mark.parametrize(
    ("role", "action", "resource"), cases({role: [*DENIED[role], *DENIED_TO_ALL] for role in ROLES.values()})
)
def test_other_calls_are_denied(aws: LocalAws, service: str, role: str, action: str, resource: str) -> None:
    assert not allowed(aws.client("iam"), role, action, at(resource, service))


def test_a_deployment_that_lacks_one_permission_fails_and_names_it(
    aws: LocalAws, lasting_trial: Callable[[str], Stack]
) -> None:
    needed = sorted(ALLOWED[INSTANCE] - {("ssm:GetParameters", FLAGS_ARN)})
    arn = role(aws, *(allow(action, on) for action, on in needed), name="without-parameters", trusts=trust(TASKS))
    service = programs.service("poor", secrets=["BOUND"], instance_role={"arn": arn})
    stack = lasting_trial(programs.program(bound(), service.replace("'BOUND'", "secrets.bound")))
    assert not stack.up().ok
    # pulumi-aws reports CREATE_FAILED only; the verification at the next update reports the reason.
    again = stack.up()
    assert not again.ok
    assert f"{arn} could not do ssm:GetParameters on {FLAGS_ARN}" in again.output
