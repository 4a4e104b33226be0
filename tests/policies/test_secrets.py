import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pulumi_policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy.proxy import unknown_checking_proxy

from apprunner_policies.plaintext import by_form, reason
from apprunner_policies.secrets import no_plaintext_secrets, secrets_grant_matches
from apprunner_policies.types import SERVICE
from policies.secret_corpus import INNOCENT, SECRETS, hexa, mixed

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
IMAGE = "sourceConfiguration.imageRepository.imageConfiguration"
VARIABLES = f"{IMAGE}.runtimeEnvironmentVariables"
TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)
PREFIX = "arn:aws:secretsmanager:eu-west-1:123456789012:secret"
SECRET = f"{PREFIX}:orders/db-AbCdEf"
PARAMETER = "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"
READ, READ_PARAMETER = "secretsmanager:GetSecretValue", "ssm:GetParameters"


def image(**configuration):
    return {"sourceConfiguration": {"imageRepository": {"imageConfiguration": configuration}}}


def code(**values):
    return {"sourceConfiguration": {"codeRepository": {"codeConfiguration": {"codeConfigurationValues": values}}}}


def variables(**given):
    return image(runtimeEnvironmentVariables=given)


def bound(**given):
    return image(runtimeEnvironmentSecrets=given)


def service(*, role=None, name="api", variables=None, secrets=None):
    return aws.apprunner.Service(
        name,
        service_name=name,
        source_configuration={
            "image_repository": {
                "image_identifier": "public.ecr.aws/acme/shop:1.2.3",
                "image_repository_type": "ECR_PUBLIC",
                "image_configuration": {
                    "runtime_environment_variables": variables,
                    "runtime_environment_secrets": secrets,
                },
            },
        },
        instance_configuration={"instance_role_arn": role} if role is not None else {"cpu": "1024"},
    )


def allowed(actions, resources, **more):
    return {"Effect": "Allow", "Action": actions, "Resource": resources, **more}


def granted(*statements, managed=None, **secrets):
    """A program of a service to which secrets are bound, and whose role may do what the statements say."""

    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        if statements:
            aws.iam.RolePolicy("own", role=role.name, policy=json.dumps({"Statement": list(statements)}))
        if managed:
            aws.iam.RolePolicyAttachment("managed", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{managed}")
        service(role=role.arn, secrets=secrets)

    return program


def said(verdict):
    return [each.message for each in verdict.violations]


def test_the_corpus_is_large_enough():
    assert len(SECRETS) >= 60
    assert len(INNOCENT) >= 120


@pytest.mark.parametrize(("name", "value", "why"), SECRETS)
def test_a_secret_in_plain_sight_is_found_and_never_shown(judge, name, value, why):
    (message,) = judge(no_plaintext_secrets, image(runtimeEnvironmentVariables={name: value})).messages

    assert f"{VARIABLES}.{name} seems to hold a secret" in message
    assert value not in message
    assert "tiger99" not in message


@pytest.mark.parametrize(("name", "value", "why"), INNOCENT)
def test_what_only_looks_like_a_secret_passes(judge, name, value, why):
    assert judge(no_plaintext_secrets, image(runtimeEnvironmentVariables={name: value})).clean


def test_variables_of_code_are_judged_too(judge):
    (message,) = judge(no_plaintext_secrets, code(runtimeEnvironmentVariables={"DB_PASSWORD": "tiger99"})).messages

    configuration = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"
    assert f"{configuration}.runtimeEnvironmentVariables.DB_PASSWORD" in message
    assert f"{configuration}.runtimeEnvironmentSecrets.DB_PASSWORD" in message


def test_an_unknown_variable_does_not_hide_the_others(judge, unknown):
    verdict = judge(no_plaintext_secrets, variables(A_HOST=unknown, DB_PASSWORD="tiger99", Z_PASSWORD=unknown))

    assert len(verdict.messages) == 1
    assert "DB_PASSWORD" in verdict.messages[0]
    assert "A_HOST can't be known" in verdict.unknown


def test_unknown_variables_do_not_hide_secrets_that_are_no_references(judge, unknown):
    props = image(runtimeEnvironmentVariables=unknown, runtimeEnvironmentSecrets={"DB_PASSWORD": "tiger 99"})

    (message,) = judge(no_plaintext_secrets, props).messages
    assert "runtimeEnvironmentSecrets.DB_PASSWORD is no reference" in message


@pytest.mark.parametrize("pattern", ["DB_PASSWORD", "DB_*"])
def test_names_that_are_allowed_are_not_judged(judge, pattern):
    config = {"allowedNames": [pattern]}

    assert judge(no_plaintext_secrets, variables(DB_PASSWORD="tiger99"), config=config).clean
    assert judge(no_plaintext_secrets, variables(MQ_PASSWORD="tiger99"), config=config).messages


@pytest.mark.parametrize(
    "reference",
    [SECRET, f"{SECRET}:password::", f"{SECRET}::AWSPREVIOUS:", PARAMETER, "/orders/flags", "orders-flags", "flags.v2"],
)
def test_references_pass(judge, reference):
    assert judge(no_plaintext_secrets, bound(DB_PASSWORD=reference)).clean


@pytest.mark.parametrize(
    "value",
    [
        "tiger 99!",
        "postgres://orders:" + "tiger99@db.example.com/orders",
        "gh" + "p_" + mixed(36),
        mixed(48),
        hexa(48),
        "arn:aws:s3:::orders",
        "arn:aws:secretsmanager:eu-west-1",
        "{}",
    ],
)
def test_what_is_bound_and_no_reference_is_a_violation_that_does_not_show_it(judge, value):
    (message,) = judge(no_plaintext_secrets, bound(DB_PASSWORD=value)).messages

    assert "DB_PASSWORD is no reference" in message
    assert value not in message.replace("{}", "", 0 if value == "{}" else 1)


@pytest.mark.parametrize(
    "command",
    [
        "serve --db-password=" + "tiger99",
        "serve --db-password " + "tiger99",
        "DB_PASSWORD=" + "tiger99 serve",
        "migrate postgres://orders:" + "tiger99@db.example.com/orders && serve",
        "curl -H 'Authorization: Bearer " + mixed(32) + "' https://example.com",
    ],
)
@pytest.mark.parametrize(("of", "key"), [(image, "startCommand"), (code, "startCommand"), (code, "buildCommand")])
def test_a_secret_in_a_command_is_found_and_not_shown(judge, of, key, command):
    (message,) = judge(no_plaintext_secrets, of(**{key: command})).messages

    assert f"{key} seems to hold a secret" in message
    assert "tiger99" not in message
    assert mixed(32) not in message


@pytest.mark.parametrize(
    "command",
    [
        "node server.js --port 8000",
        "serve --db-password=$DB_PASSWORD",
        'serve --db-password "${DB_PASSWORD}"',
        "serve --password-file /run/secrets/db --token-ttl 15m",
        "pip install -r requirements.txt && python manage.py collectstatic --no-input",
        "npm ci && npm run build",
        "java -Xmx1g -jar /app/orders.jar",
    ],
)
def test_a_command_without_a_secret_passes(judge, command):
    assert judge(no_plaintext_secrets, image(startCommand=command)).clean
    assert judge(no_plaintext_secrets, code(buildCommand=command)).clean


ODD: list[Any] = [None, 3, True, [], ["x"], {}, {"a": {"b": []}}, "text", {"DB_PASSWORD": 3}, {"DB_PASSWORD": [1]}]


@pytest.mark.parametrize("odd", ODD)
def test_odd_values_break_no_rule(judge, odd):
    for key in ("runtimeEnvironmentVariables", "runtimeEnvironmentSecrets", "startCommand"):
        judge(no_plaintext_secrets, image(**{key: odd}))
    judge(no_plaintext_secrets, {"sourceConfiguration": odd})
    judge(no_plaintext_secrets, variables(DB_PASSWORD="x"), config={"allowedNames": odd})


@given(st.text(), st.text() | st.text(alphabet="aZ0+/=:@-._\"' {}$"))
def test_any_name_and_value_can_be_judged(name, value):
    found = reason(name, value)

    assert found is None or isinstance(found, str)


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "a=" * 10_000, '"a":' * 5_000, "a://" * 5_000, "--a " * 5_000, "a." * 9_999]
)
def test_a_long_text_is_judged_at_once(text):
    by_form(text)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_program_with_a_plain_password_is_caught(report, unknown):
    (message,) = said(
        report(lambda: service(variables={"DB_PASSWORD": "tiger99"}), no_plaintext_secrets, unknown=unknown)
    )

    assert message.startswith(f"api: {VARIABLES}.DB_PASSWORD seems to hold a secret: its name says PASSWORD.")


@pytest.mark.parametrize("unknown", [True, False])
def test_a_role_that_may_not_read_what_is_bound_is_told_what_it_lacks(report, unknown):
    program = granted(allowed(READ, f"{PREFIX}:other-AbCdEf"), DB_PASSWORD=f"{SECRET}:password::", FLAGS=PARAMETER)

    password, flags = said(report(program, secrets_grant_matches, unknown=unknown))
    assert f"{IMAGE}.runtimeEnvironmentSecrets.DB_PASSWORD is read from {SECRET}, but the role of" in password
    assert f"instanceConfiguration.instanceRoleArn, tasks, may not do {READ} on it" in password
    assert f"may not do {READ_PARAMETER} on it" in flags


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(
    "statement",
    [
        allowed([READ, READ_PARAMETER], [SECRET, PARAMETER]),
        allowed(["secretsmanager:Get*", "ssm:*"], [f"{PREFIX}:orders/*", "arn:aws:ssm:*:*:parameter/orders/*"]),
        allowed([READ, READ_PARAMETER], "*"),
        allowed([READ, READ_PARAMETER], [f"{PREFIX}:orders/db-??????", PARAMETER]),
    ],
)
def test_a_role_that_may_read_what_is_bound_passes(report, statement, unknown):
    program = granted(statement, DB_PASSWORD=f"{SECRET}:password::", FLAGS=PARAMETER, MORE="/orders/flags")
    verdict = report(program, secrets_grant_matches, unknown=unknown)

    assert not verdict.violations
    assert not verdict.skipped


@pytest.mark.parametrize("action", ["ssm:GetParameter", "ssm:GetParametersByPath", "ssm:DescribeParameters"])
def test_an_action_that_sounds_alike_is_not_enough(report, action):
    assert (
        f"may not do {READ_PARAMETER}"
        in said(report(granted(allowed(action, PARAMETER), FLAGS=PARAMETER), secrets_grant_matches))[0]
    )


def test_a_parameter_s_name_is_not_shown_since_it_may_be_the_secret_itself(report):
    (message,) = said(report(granted(allowed(READ, SECRET), FLAGS="tiger99"), secrets_grant_matches))

    assert "FLAGS is read from the parameter of that name" in message
    assert "tiger99" not in message


def test_what_is_denied_is_not_allowed(report):
    denied = {"Effect": "Deny", "Action": "secretsmanager:*", "Resource": SECRET}

    assert said(report(granted(allowed(READ, SECRET), denied, DB_PASSWORD=SECRET), secrets_grant_matches))


@pytest.mark.parametrize(
    ("managed", "judged"), [("SecretsManagerReadWrite", False), ("AWSXRayDaemonWriteAccess", True)]
)
def test_a_policy_from_outside_may_allow_it_but_that_for_tracing_does_not(report, managed, judged):
    assert bool(said(report(granted(managed=managed, DB_PASSWORD=SECRET), secrets_grant_matches))) is judged


@pytest.mark.parametrize(
    "wide", ["arn:aws:secretsmanager:*:*:secret:*", "arn:aws:secretsmanager:eu-west-1:123456789012:*"]
)
def test_a_grant_of_every_secret_is_a_violation(report, wide):
    (message,) = said(report(granted(allowed(READ, wide), DB_PASSWORD=SECRET), secrets_grant_matches))

    assert f'may do {READ} on "{wide}" (policy of own: Statement[0].Resource)' in message


def test_a_grant_of_every_parameter_is_a_violation(report):
    program = granted(allowed(READ_PARAMETER, "arn:aws:ssm:eu-west-1:123456789012:parameter/*"), FLAGS=PARAMETER)

    assert "can read every one of the account" in said(report(program, secrets_grant_matches))[0]


def test_a_wide_grant_with_a_condition_passes(report):
    condition = {"StringEquals": {"aws:ResourceTag/service": "orders"}}
    statement = allowed(READ, "arn:aws:secretsmanager:*:*:secret:*", Condition=condition)

    assert not report(granted(statement, DB_PASSWORD=SECRET), secrets_grant_matches).violations


def test_secrets_need_a_role(report):
    (message,) = said(report(lambda: service(secrets={"DB_PASSWORD": SECRET}), secrets_grant_matches))

    assert "DB_PASSWORD is bound to a secret, and instanceConfiguration.instanceRoleArn is not set" in message


@pytest.mark.parametrize("secrets", [None, {}])
def test_a_service_without_secrets_needs_no_role(report, secrets):
    assert not report(lambda: service(secrets=secrets), secrets_grant_matches).violations


def test_a_role_of_another_stack_is_not_judged(report):
    elsewhere = "arn:aws:iam::123456789012:role/elsewhere"
    verdict = report(lambda: service(role=elsewhere, secrets={"DB_PASSWORD": SECRET}), secrets_grant_matches)

    assert not verdict.violations
    assert not verdict.skipped


@pytest.mark.parametrize("unknown", [True, False])
def test_secrets_of_the_stack_that_are_granted_by_reference_pass(report, unknown):
    def program():
        secret = aws.secretsmanager.Secret("db", name="orders/db")
        flags = aws.ssm.Parameter("flags", name="/orders/flags", type="String", value="a")
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        document = {"Statement": [allowed(READ, secret.arn), allowed(READ_PARAMETER, flags.arn)]}
        aws.iam.RolePolicy("own", role=role.name, policy=pulumi.Output.json_dumps(document))
        service(
            role=role.arn, secrets={"DB": secret.arn.apply("{}:password::".format), "A": flags.arn, "B": flags.name}
        )

    verdict = report(program, secrets_grant_matches, unknown=unknown)

    assert not verdict.violations
    assert bool(verdict.skipped) is unknown


def test_a_secret_of_the_stack_that_is_not_granted_is_a_violation(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        service(role=role.arn, secrets={"DB": aws.secretsmanager.Secret("db", name="orders/db").arn})

    assert f"may not do {READ} on it" in said(report(program, secrets_grant_matches))[0]


def test_an_unknown_policy_does_not_hide_another_that_is_too_wide(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        secret = aws.secretsmanager.Secret("db", name="orders/db")
        aws.iam.RolePolicy(
            "own", role=role.name, policy=pulumi.Output.json_dumps({"Statement": allowed(READ, secret.arn)})
        )
        wide = allowed(READ, "arn:aws:secretsmanager:*:*:secret:*")
        aws.iam.RolePolicy("wide", role=role.name, policy=json.dumps({"Statement": wide}))
        service(role=role.arn, secrets={"DB": secret.arn})

    verdict = report(program, secrets_grant_matches, unknown=True)

    assert "policy of wide: Statement[0]" in said(verdict)[0]
    assert verdict.skipped


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("props", [lambda odd: image(runtimeEnvironmentSecrets=odd), lambda odd: {"x": odd, **image()}])
def test_odd_bindings_break_nothing(props, odd):
    given = unknown_checking_proxy({**props(odd), "instanceConfiguration": odd})
    api = PolicyResource(SERVICE, given, "urn:api", "api", OPTIONS, None, None, [], {})

    secrets_grant_matches.validate(StackValidationArgs([api]), lambda message, urn=None: None)


MANAGED = f"{PREFIX}:rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-AbCdEf"


@pytest.mark.parametrize("resource", [MANAGED, f"{PREFIX}:rds!db-*", f"{PREFIX}:rds!db-0a1b2c3d-*-??????"])
def test_a_secret_that_rds_manages_is_read_by_a_role_that_may(report, resource):
    verdict = report(granted(allowed(READ, resource), DB_PASSWORD=f"{MANAGED}:password::"), secrets_grant_matches)

    assert not verdict.violations
    assert not verdict.skipped


def test_a_secret_that_rds_manages_needs_a_role_that_may_read_it(report):
    (message,) = said(
        report(granted(allowed(READ, SECRET), DB_PASSWORD=f"{MANAGED}:password::"), secrets_grant_matches)
    )

    assert f"DB_PASSWORD is read from {MANAGED}, but the role of" in message


@pytest.mark.parametrize(
    "value",
    [
        MANAGED,
        "rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "rds!cluster-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "/aws/reference/secretsmanager/rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    ],
)
def test_the_name_of_a_secret_that_rds_manages_is_no_secret(report, value):
    verdict = report(lambda: service(variables={"DB_PASSWORD": value}), no_plaintext_secrets)

    assert not verdict.violations
