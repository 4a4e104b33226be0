"""The rule no-plaintext-secrets: no secret in a variable, a command or a reference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apprunner_policies.plaintext import by_form, reason
from apprunner_policies.themes.secrets import no_plaintext_secrets
from policies.public_services import messages
from policies.secret_corpus import INNOCENT, SECRETS, hexa, mixed
from policies.secret_services import MANAGED, ODD, PARAMETER, SECRET, VARIABLES, image, service


def code(**values):
    return {"sourceConfiguration": {"codeRepository": {"codeConfiguration": {"codeConfigurationValues": values}}}}


def variables(**values):
    return image(runtimeEnvironmentVariables=values)


def bound(**values):
    return image(runtimeEnvironmentSecrets=values)


def test_the_corpus_is_large_enough():
    assert len(SECRETS) >= 60
    assert len(INNOCENT) >= 120


@pytest.mark.parametrize(("name", "value", "why"), SECRETS)
def test_a_secret_in_plain_text_is_reported_without_its_value(check_rule, name, value, why):
    (message,) = check_rule(no_plaintext_secrets, image(runtimeEnvironmentVariables={name: value})).messages

    assert f"{VARIABLES}.{name} must not be a secret in plain text" in message
    assert value not in message
    assert "tiger99" not in message


@pytest.mark.parametrize(("name", "value", "why"), INNOCENT)
def test_a_value_that_only_resembles_a_secret_passes(check_rule, name, value, why):
    assert check_rule(no_plaintext_secrets, image(runtimeEnvironmentVariables={name: value})).clean


def test_variables_of_code_are_checked_too(check_rule):
    (message,) = check_rule(no_plaintext_secrets, code(runtimeEnvironmentVariables={"DB_PASSWORD": "tiger99"})).messages

    configuration = "sourceConfiguration.codeRepository.codeConfiguration.codeConfigurationValues"
    assert f"{configuration}.runtimeEnvironmentVariables.DB_PASSWORD" in message
    assert f"{configuration}.runtimeEnvironmentSecrets.DB_PASSWORD" in message


def test_an_unknown_variable_does_not_hide_the_others(check_rule, unknown):
    result = check_rule(no_plaintext_secrets, variables(A_HOST=unknown, DB_PASSWORD="tiger99", Z_PASSWORD=unknown))

    assert len(result.messages) == 1
    assert "DB_PASSWORD" in result.messages[0]
    assert "A_HOST can't be known" in result.unknown


def test_unknown_variables_do_not_hide_invalid_secret_references(check_rule, unknown):
    props = image(runtimeEnvironmentVariables=unknown, runtimeEnvironmentSecrets={"DB_PASSWORD": "tiger 99"})

    (message,) = check_rule(no_plaintext_secrets, props).messages
    assert "runtimeEnvironmentSecrets.DB_PASSWORD must be the ARN of a secret" in message


@pytest.mark.parametrize("pattern", ["DB_PASSWORD", "DB_*"])
def test_allowed_names_are_not_checked(check_rule, pattern):
    config = {"allowedNames": [pattern]}

    assert check_rule(no_plaintext_secrets, variables(DB_PASSWORD="tiger99"), config=config).clean
    assert check_rule(no_plaintext_secrets, variables(MQ_PASSWORD="tiger99"), config=config).messages


@pytest.mark.parametrize(
    "reference",
    [SECRET, f"{SECRET}:password::", f"{SECRET}::AWSPREVIOUS:", PARAMETER, "/orders/flags", "orders-flags", "flags.v2"],
)
def test_references_pass(check_rule, reference):
    assert check_rule(no_plaintext_secrets, bound(DB_PASSWORD=reference)).clean


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
def test_an_invalid_reference_is_reported_without_its_value(check_rule, value):
    (message,) = check_rule(no_plaintext_secrets, bound(DB_PASSWORD=value)).messages

    assert "DB_PASSWORD must be the ARN of a secret" in message
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
def test_a_secret_in_a_command_is_reported_without_its_value(check_rule, of, key, command):
    (message,) = check_rule(no_plaintext_secrets, of(**{key: command})).messages

    assert f"{key} must not contain a secret in plain text" in message
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
def test_a_command_without_a_secret_passes(check_rule, command):
    assert check_rule(no_plaintext_secrets, image(startCommand=command)).clean
    assert check_rule(no_plaintext_secrets, code(buildCommand=command)).clean


@pytest.mark.parametrize("odd", ODD)
def test_unexpected_values_raise_nothing(check_rule, odd):
    for key in ("runtimeEnvironmentVariables", "runtimeEnvironmentSecrets", "startCommand"):
        check_rule(no_plaintext_secrets, image(**{key: odd}))
    check_rule(no_plaintext_secrets, {"sourceConfiguration": odd})
    check_rule(no_plaintext_secrets, variables(DB_PASSWORD="x"), config={"allowedNames": odd})


@given(st.text(), st.text() | st.text(alphabet="aZ0+/=:@-._\"' {}$"))
def test_any_name_and_value_can_be_checked(name, value):
    result = reason(name, value)

    assert result is None or isinstance(result, str)


@pytest.mark.parametrize(
    "text", ["a" * 20_000, "a=" * 10_000, '"a":' * 5_000, "a://" * 5_000, "--a " * 5_000, "a." * 9_999]
)
def test_a_long_string_is_checked_in_linear_time(text):
    by_form(text)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_program_with_a_plaintext_password_is_reported(report, unknown):
    (message,) = messages(
        report(lambda: service(variables={"DB_PASSWORD": "tiger99"}), no_plaintext_secrets, unknown=unknown)
    )

    assert message.startswith(
        f"api: {VARIABLES}.DB_PASSWORD must not be a secret in plain text: its name contains PASSWORD."
    )


@pytest.mark.parametrize(
    "value",
    [
        MANAGED,
        "rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "rds!cluster-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "/aws/reference/secretsmanager/rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
    ],
)
def test_the_name_of_an_rds_managed_secret_passes(report, value):
    result = report(lambda: service(variables={"DB_PASSWORD": value}), no_plaintext_secrets)

    assert not result.violations
