"""Permissions of roles, by their policies in moto's IAM."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.permissions import allowed, trusts, trusts_token
from local_aws.roles import allow, deny, document, role, trust

READ = "secretsmanager:GetSecretValue"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"
SCHEDULER = "scheduler.amazonaws.com"
GROUP = "arn:aws:scheduler:eu-west-1:123456789012:schedule-group/orders"


def may(aws: LocalAws, *statements: Any, action: str = READ, resource: str = SECRET, **context: str) -> bool:
    """Return whether a role with these statements allows an action."""
    context = {key.replace("_", ":"): value for key, value in context.items()}
    return allowed(aws.client("iam"), role(aws, *statements), action, resource, context)


def test_a_role_without_policies_allows_nothing(account: LocalAws) -> None:
    assert not may(account)


@pytest.mark.parametrize(
    ("action", "resource", "yes"),
    [
        (READ, SECRET, True),
        ("secretsmanager:getsecretvalue", SECRET, True),
        ("secretsmanager:*", "*", True),
        ("secretsmanager:Get*", "arn:aws:secretsmanager:*:*:secret:orders/db-??????", True),
        (["ssm:GetParameters", READ], ["arn:aws:ssm:*:*:parameter/*", SECRET], True),
        ("secretsmanager:PutSecretValue", SECRET, False),
        (READ, SECRET.removesuffix("-AbCdEf"), False),
        (READ, SECRET.replace("orders", "Orders"), False),
        (READ, SECRET.replace("orders", "[o]rders"), False),
    ],
)
def test_an_action_is_allowed_if_it_and_its_resource_match(
    account: LocalAws, action: Any, resource: Any, yes: bool
) -> None:
    assert may(account, allow(action, resource)) is yes


def test_a_denial_takes_precedence(account: LocalAws) -> None:
    assert not may(account, allow("*"), deny(READ, SECRET))


def test_a_denial_of_something_else_changes_nothing(account: LocalAws) -> None:
    assert may(account, allow("*"), deny(READ, SECRET.replace("orders", "billing")))


def test_an_action_without_resources_is_not_allowed_by_one_resource(account: LocalAws) -> None:
    assert not may(
        account, allow("ecr:GetAuthorizationToken", SECRET), action="ecr:GetAuthorizationToken", resource="*"
    )


def test_an_attached_customer_managed_policy_applies(account: LocalAws) -> None:
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="read", PolicyDocument=document(allow(READ, SECRET)))["Policy"]["Arn"]
    reader = role(account)
    iam.attach_role_policy(RoleName="orders", PolicyArn=arn)
    assert allowed(iam, reader, READ, SECRET)


def test_an_attached_policy_applies_in_its_default_version(account: LocalAws) -> None:
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="read", PolicyDocument=document(allow(READ, SECRET)))["Policy"]["Arn"]
    reader = role(account)
    iam.attach_role_policy(RoleName="orders", PolicyArn=arn)
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=document(allow("ssm:*")), SetAsDefault=True)
    assert not allowed(iam, reader, READ, SECRET)


def test_an_aws_managed_policy_applies(account: LocalAws) -> None:
    iam = account.client("iam")
    tracer = role(account)
    iam.attach_role_policy(RoleName="orders", PolicyArn="arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess")
    assert allowed(iam, tracer, "xray:PutTraceSegments", "*")


@pytest.mark.parametrize(("within", "yes"), [(allow(READ), True), (allow("ssm:*"), False), (deny(READ), False)])
def test_a_boundary_must_allow_it_too(account: LocalAws, within: Any, yes: bool) -> None:
    iam = account.client("iam")
    arn = iam.create_policy(PolicyName="boundary", PolicyDocument=document(within))["Policy"]["Arn"]
    bounded = role(account, allow("*"), PermissionsBoundary=arn)
    assert allowed(iam, bounded, READ, SECRET) is yes


@pytest.mark.parametrize(
    ("operator", "wanted", "yes"),
    [
        ("StringEquals", GROUP, True),
        ("StringEquals", [SECRET, GROUP], True),
        ("StringEquals", "arn:*", False),
        ("StringLike", "arn:*:schedule-group/*", True),
        ("StringLike", "*/billing", False),
        ("ArnLike", "arn:aws:scheduler:*:*:schedule-group/*", True),
        ("ArnEquals", "arn:aws:scheduler:*:*:schedule-group/orders", True),
        ("ArnLike", "arn:*:schedule-group/orders", False),  # each part of an ARN is compared by itself
    ],
)
def test_a_condition_holds_by_one_of_its_values(account: LocalAws, operator: str, wanted: Any, yes: bool) -> None:
    statement = allow(READ, Condition={operator: {"aws:SourceArn": wanted}})
    assert may(account, statement, aws_SourceArn=GROUP) is yes


@pytest.mark.parametrize("context", [{}, {"aws_SourceArn": GROUP}, {"aws_SourceAccount": "123456789012"}])
def test_every_key_of_a_condition_must_match(account: LocalAws, context: dict[str, str]) -> None:
    both = {"StringEquals": {"aws:SourceArn": GROUP, "aws:SourceAccount": "123456789012"}}
    assert not may(account, allow(READ, Condition=both), **context)


def test_keys_of_conditions_ignore_case(account: LocalAws) -> None:
    assert may(account, allow(READ, Condition={"StringEquals": {"AWS:sourceARN": GROUP}}), aws_SourceArn=GROUP)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ({"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}, "a statement must have"),
        ({"Effect": "Allow", "Action": "*", "NotResource": SECRET}, "a statement must have"),
        (allow("*", Condition={"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}), "got IpAddress"),
        (allow("*", "arn:aws:s3:::${aws:username}"), "variables"),
    ],
)
def test_an_unsupported_statement_is_an_error(account: LocalAws, statement: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        may(account, statement)


def test_a_trusted_service_can_assume_the_role(account: LocalAws) -> None:
    assert trusts(account.client("iam"), role(account, trusts=trust(SCHEDULER)), SCHEDULER)


def test_another_service_cannot_assume_the_role(account: LocalAws) -> None:
    assert not trusts(account.client("iam"), role(account, trusts=trust("events.amazonaws.com")), SCHEDULER)


@pytest.mark.parametrize(("source", "yes"), [(GROUP, True), (f"{GROUP}-2", False), (None, False)])
def test_trust_depends_on_its_conditions(account: LocalAws, source: str | None, yes: bool) -> None:
    bound = trust(SCHEDULER, Condition={"StringEquals": {"aws:SourceArn": GROUP}})
    context = {"aws:SourceArn": source} if source else {}
    assert trusts(account.client("iam"), role(account, trusts=bound), SCHEDULER, context) is yes


def test_a_trust_of_all_principals_is_an_error(account: LocalAws) -> None:
    everybody = document({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"})
    with pytest.raises(ValueError, match="a principal must be AWS, Federated or Service"):
        trusts(account.client("iam"), role(account, trusts=everybody), SCHEDULER)


ISSUER = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::123456789012:oidc-provider/{ISSUER}"
CLAIMS = {"aud": "sts.amazonaws.com", "sub": "repo:acme/orders:ref:refs/heads/main"}


@pytest.mark.parametrize(
    ("provider", "claims", "yes"),
    [
        (PROVIDER, CLAIMS, True),
        (PROVIDER, {**CLAIMS, "sub": "repo:acme/orders:ref:refs/heads/main2"}, False),
        (PROVIDER, {**CLAIMS, "aud": "https://github.com/acme"}, False),
        (PROVIDER, {"aud": CLAIMS["aud"]}, False),
        (f"{PROVIDER}/acme", CLAIMS, False),
        (PROVIDER.replace("123456789012", "210987654321"), CLAIMS, False),
    ],
)
def test_a_token_is_trusted_if_its_provider_and_claims_match(
    account: LocalAws, provider: str, claims: dict[str, str], yes: bool
) -> None:
    statement = {
        "Effect": "Allow",
        "Principal": {"Federated": PROVIDER},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {f"{ISSUER}:{claim}": value for claim, value in CLAIMS.items()}},
    }
    arn = role(account, trusts=document(statement))
    assert trusts_token(account.client("iam"), arn, provider, claims) is yes
    assert not trusts(account.client("iam"), arn, PROVIDER)
