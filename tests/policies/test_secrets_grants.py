"""The rule secrets-grant-matches: the instance role may read the bound secrets only."""

import json

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import PolicyResource, StackValidationArgs
from pulumi_policy.proxy import unknown_checking_proxy

from apprunner_facts.tokens import SERVICE
from apprunner_policies.themes.secret_grants import secrets_grant_matches
from policies.conftest import OPTIONS
from policies.public_services import messages
from policies.secret_services import IMAGE, MANAGED, ODD, PARAMETER, PREFIX, SECRET, image, service

TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)
READ, READ_PARAMETER = "secretsmanager:GetSecretValue", "ssm:GetParameters"


def allowed(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def granted(*statements, managed=None, **secrets):
    """Return a program with a service, its bound secrets, and a role with the policy statements."""

    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        if statements:
            aws.iam.RolePolicy("own", role=role.name, policy=json.dumps({"Statement": list(statements)}))
        if managed:
            aws.iam.RolePolicyAttachment("managed", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{managed}")
        service(role=role.arn, secrets=secrets)

    return program


@pytest.mark.parametrize("unknown", [True, False])
def test_a_role_without_access_to_the_bound_secrets_is_reported_with_the_missing_actions(report, unknown):
    program = granted(allowed(READ, f"{PREFIX}:other-AbCdEf"), DB_PASSWORD=f"{SECRET}:password::", FLAGS=PARAMETER)

    password, flags = messages(report(program, secrets_grant_matches, unknown=unknown))
    assert f"{IMAGE}.runtimeEnvironmentSecrets.DB_PASSWORD must be readable by tasks, the role of" in password
    assert f"instanceConfiguration.instanceRoleArn, got no policy that allows {READ} on {SECRET}." in password
    assert f"no policy that allows {READ_PARAMETER} on " in flags


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(
    "statement",
    [
        allowed([READ, READ_PARAMETER], [SECRET, PARAMETER]),
        allowed(["secretsmanager:Get*", "ssm:*"], [f"{PREFIX}:orders/*", "arn:aws:ssm:*:*:parameter/orders/*"]),
        allowed([READ, READ_PARAMETER], [f"{PREFIX}:orders/db-??????", PARAMETER]),
    ],
)
def test_a_role_with_access_to_the_bound_secrets_passes(report, statement, unknown):
    program = granted(statement, DB_PASSWORD=f"{SECRET}:password::", FLAGS=PARAMETER, MORE="/orders/flags")
    result = report(program, secrets_grant_matches, unknown=unknown)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("action", ["ssm:GetParameter", "ssm:GetParametersByPath", "ssm:DescribeParameters"])
def test_a_similar_action_does_not_count(report, action):
    assert (
        f"no policy that allows {READ_PARAMETER} on "
        in messages(report(granted(allowed(action, PARAMETER), FLAGS=PARAMETER), secrets_grant_matches))[0]
    )


def test_the_name_of_a_parameter_is_not_shown_because_it_may_be_a_secret(report):
    (message,) = messages(report(granted(allowed(READ, SECRET), FLAGS="tiger99"), secrets_grant_matches))

    assert "on arn:aws:ssm:<region>:<account id>:parameter/<name>." in message
    assert "tiger99" not in message


def test_a_denied_action_is_not_allowed(report):
    denied = {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": SECRET}

    assert messages(report(granted(allowed(READ, SECRET), denied, DB_PASSWORD=SECRET), secrets_grant_matches))


@pytest.mark.parametrize("managed", ["AWSXRayDaemonWriteAccess", "AmazonS3ReadOnlyAccess"])
def test_an_unrelated_policy_of_aws_allows_no_access(report, managed):
    (message,) = messages(report(granted(managed=managed, DB_PASSWORD=SECRET), secrets_grant_matches))

    assert f"no policy that allows {READ} on {SECRET}" in message


@pytest.mark.parametrize(
    ("managed", "secrets"),
    [("SecretsManagerReadWrite", {"DB_PASSWORD": SECRET}), ("AmazonSSMReadOnlyAccess", {"FLAGS": "/orders/flags"})],
)
def test_a_policy_of_aws_that_reads_everything_is_a_violation(report, managed, secrets):
    (message,) = messages(report(granted(managed=managed, **secrets), secrets_grant_matches))

    assert f"must not read all secrets, got arn:aws:iam::aws:policy/{managed}, which allows" in message


def test_a_managed_policy_of_an_account_may_allow_access(report):
    def program():
        arn = "arn:aws:iam::123456789012:policy/orders-secrets"
        role = aws.iam.Role("tasks", assume_role_policy=TRUST, managed_policy_arns=[arn])
        service(role=role.arn, secrets={"DB_PASSWORD": SECRET})

    assert not report(program, secrets_grant_matches).violations


@pytest.mark.parametrize(("principal", "is_reported"), [("{role}", False), ("*", False), (f"{PREFIX}:x", True)])
def test_a_policy_of_the_secret_allows_access(report, principal, is_reported):
    def program():
        secret = aws.secretsmanager.Secret("db")
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        document = role.arn.apply(
            lambda arn: json.dumps({"Statement": allowed(READ, "*", Principal={"AWS": principal.format(role=arn)})})
        )
        aws.secretsmanager.SecretPolicy("db", secret_arn=secret.arn, policy=document)
        service(role=role.arn, secrets={"DB_PASSWORD": secret.arn})

    assert bool(report(program, secrets_grant_matches).violations) is is_reported
    assert not report(program, secrets_grant_matches, unknown=True).violations


def test_all_attachments_of_a_role_count(report):
    def program():
        policy = aws.iam.Policy("own", policy=json.dumps({"Statement": allowed(READ, SECRET)}))
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        aws.iam.RolePolicyAttachmentsExclusive("all", role_name=role.name, policy_arns=[policy.arn])
        service(role=role.arn, secrets={"DB_PASSWORD": SECRET})

    assert not report(program, secrets_grant_matches).violations
    assert not report(program, secrets_grant_matches, unknown=True).violations


def test_the_arn_of_a_secret_may_lack_its_suffix(report):
    program = granted(allowed(READ, f"{PREFIX}:orders/db-??????"), DB_PASSWORD=f"{PREFIX}:orders/db")

    assert not report(program, secrets_grant_matches).violations


@pytest.mark.parametrize(
    "wide",
    [
        "*",
        "arn:aws:secretsmanager:*:*:secret:*",
        "arn:aws:secretsmanager:eu-west-1:123456789012:*",
        "arn:aws:secretsmanager:*",
    ],
)
def test_access_to_every_secret_is_a_violation(report, wide):
    (message,) = messages(report(granted(allowed(READ, wide), DB_PASSWORD=SECRET), secrets_grant_matches))

    assert f'must not read all secrets, got {READ} on "{wide}" (policy of own: Statement[0].Resource)' in message


def test_access_to_every_secret_but_some_is_a_violation(report):
    statement = {"Effect": "Allow", "Action": READ, "NotResource": f"{PREFIX}:payroll/*"}
    (message,) = messages(report(granted(statement, DB_PASSWORD=SECRET), secrets_grant_matches))

    assert f'got {READ} on all but "{PREFIX}:payroll/*" (policy of own: Statement[0].NotResource)' in message


def test_access_to_every_parameter_is_a_violation(report):
    program = granted(allowed(READ_PARAMETER, "arn:aws:ssm:eu-west-1:123456789012:parameter/*"), FLAGS=PARAMETER)

    assert "must not read all secrets" in messages(report(program, secrets_grant_matches))[0]


def test_wide_access_with_a_condition_passes(report):
    condition = {"StringEquals": {"aws:ResourceTag/service": "orders"}}
    statement = allowed(READ, "arn:aws:secretsmanager:*:*:secret:*", Condition=condition)

    assert not report(granted(statement, DB_PASSWORD=SECRET), secrets_grant_matches).violations


def test_secrets_without_an_instance_role_are_a_violation(report):
    (message,) = messages(report(lambda: service(secrets={"DB_PASSWORD": SECRET}), secrets_grant_matches))

    assert "instanceConfiguration.instanceRoleArn must be set, since " in message
    assert "DB_PASSWORD is bound to a secret" in message


@pytest.mark.parametrize("secrets", [None, {}])
def test_a_service_without_secrets_needs_no_role(report, secrets):
    assert not report(lambda: service(secrets=secrets), secrets_grant_matches).violations


def test_a_role_from_outside_the_stack_is_not_checked(report):
    elsewhere = "arn:aws:iam::123456789012:role/elsewhere"
    result = report(lambda: service(role=elsewhere, secrets={"DB_PASSWORD": SECRET}), secrets_grant_matches)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("unknown", [True, False])
def test_secrets_of_the_stack_with_access_by_reference_pass(report, unknown):
    def program():
        secret = aws.secretsmanager.Secret("db", name="orders/db")
        flags = aws.ssm.Parameter("flags", name="/orders/flags", type="String", value="a")
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        document = {"Statement": [allowed(READ, secret.arn), allowed(READ_PARAMETER, flags.arn)]}
        aws.iam.RolePolicy("own", role=role.name, policy=pulumi.Output.json_dumps(document))
        service(
            role=role.arn, secrets={"DB": secret.arn.apply("{}:password::".format), "A": flags.arn, "B": flags.name}
        )

    result = report(program, secrets_grant_matches, unknown=unknown)

    assert not result.violations
    assert bool(result.skipped) is unknown


def test_a_secret_of_the_stack_without_access_is_a_violation(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        service(role=role.arn, secrets={"DB": aws.secretsmanager.Secret("db", name="orders/db").arn})

    assert f"no policy that allows {READ} on " in messages(report(program, secrets_grant_matches))[0]


def test_an_unknown_policy_does_not_hide_one_that_is_too_wide(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        secret = aws.secretsmanager.Secret("db", name="orders/db")
        aws.iam.RolePolicy(
            "own", role=role.name, policy=pulumi.Output.json_dumps({"Statement": allowed(READ, secret.arn)})
        )
        wide = allowed(READ, "arn:aws:secretsmanager:*:*:secret:*")
        aws.iam.RolePolicy("wide", role=role.name, policy=json.dumps({"Statement": wide}))
        service(role=role.arn, secrets={"DB": secret.arn})

    result = report(program, secrets_grant_matches, unknown=True)

    assert "policy of wide: Statement[0]" in messages(result)[0]
    assert result.skipped


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("props", [lambda odd: image(runtimeEnvironmentSecrets=odd), lambda odd: {"x": odd, **image()}])
def test_invalid_bindings_raise_nothing(props, odd):
    wrapped = unknown_checking_proxy({**props(odd), "instanceConfiguration": odd})
    api = PolicyResource(SERVICE, wrapped, "urn:api", "api", OPTIONS, None, None, [], {})

    secrets_grant_matches.validate(StackValidationArgs([api]), lambda message, urn=None: None)


@pytest.mark.parametrize("resource", [MANAGED, f"{PREFIX}:rds!db-*", f"{PREFIX}:rds!db-0a1b2c3d-*-??????"])
def test_a_role_with_access_to_an_rds_managed_secret_passes(report, resource):
    result = report(granted(allowed(READ, resource), DB_PASSWORD=f"{MANAGED}:password::"), secrets_grant_matches)

    assert not result.violations
    assert not result.skipped


def test_a_role_without_access_to_an_rds_managed_secret_is_a_violation(report):
    (message,) = messages(
        report(granted(allowed(READ, SECRET), DB_PASSWORD=f"{MANAGED}:password::"), secrets_grant_matches)
    )

    assert f"no policy that allows {READ} on {MANAGED}." in message
