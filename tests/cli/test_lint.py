"""`apprunner lint`: the file, and what a service contradicts in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deployed import Output, invoke
from shop import Shop

Program = Callable[[str], Shop]

FILE = """\
version: 1.0
runtime: python311
build:
  commands:
    build: [make]
run:
  command: python3 app.py
  secrets:
    - name: TOKEN
      value-from: /shop/token
"""
CODE = """
from pulumi_apprunner import AppRunnerService
code = {
    "connection_arn": "arn:aws:apprunner:eu-west-1:123456789012:connection/github/0123456789abcdef0123456789abcdef",
    "repository_url": "https://github.com/example/shop",
}
"""
REPOSITORY = CODE + 'code["configuration_source"] = "REPOSITORY"\n'


def lint(shop: Shop, *words: str, file: str = FILE) -> Output:
    shop.write("application/apprunner.yaml", file)
    return invoke("lint", str(shop.folder / "application"), *words)


def with_service(shop: Shop, *words: str) -> Output:
    return lint(shop, "--service", "api", "--cwd", str(shop.folder), *words)


def messages(result: Output) -> list[str]:
    """Return the lines without the path of the file."""
    return [line.partition("apprunner.yaml:")[2] for line in result.out.splitlines()]


def test_a_valid_file_has_status_0(program: Program) -> None:
    result = lint(program(""))
    assert (result.status, messages(result)) == (0, [" no problems"])


def test_a_warning_has_status_0(program: Program) -> None:
    result = lint(program(""), file=FILE.replace("python311", "python3"))
    assert (result.status, messages(result)[0][:13]) == (0, "2:1: warning:")


def test_an_error_has_status_1(program: Program) -> None:
    result = lint(program(""), file=FILE.replace("runtime", "runtme"))
    assert (result.status, messages(result)) == (
        1,
        ["2:1: error: runtme: unknown key. Did you mean runtime?"],
    )


def test_a_folder_with_a_file_of_another_name_has_a_hint(tmp_path: Path) -> None:
    for name in ("apprunner.yml", "AppRunner.yaml"):
        (tmp_path / name).write_text(FILE)
        result = invoke("lint", str(tmp_path))
        assert (result.status, result.err) == (
            2,
            f"error: {tmp_path}: must have a file apprunner.yaml, got {name}. App Runner reads only apprunner.yaml: "
            "rename the file\n",
        )
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("file", "message"), [("a: [", "a closing bracket is required at the end"), ("- a", "must be a map with the keys")]
)
def test_a_file_that_is_not_yaml_has_status_2(program: Program, file: str, message: str) -> None:
    result = lint(program(""), file=file)
    assert (result.status, result.out) == (2, "")
    assert message in result.err


def test_a_missing_file_has_status_2(tmp_path: Path) -> None:
    result = invoke("lint", str(tmp_path))
    assert (result.status, result.err) == (
        2,
        f"error: {tmp_path}: must be a file or a folder with apprunner.yaml, got: No such file or directory\n",
    )


def test_a_service_that_the_file_configures_agrees(program: Program) -> None:
    role = "{'arn': 'arn:aws:iam::123456789012:role/app'}"
    shop = program(f"{REPOSITORY}AppRunnerService('api', {{'code': code, 'instance_role': {role}}})\n")
    result = with_service(shop)
    assert (result.status, messages(result)) == (0, [" no problems"]), result.err


def test_a_service_without_a_role_cannot_read_the_secrets(program: Program) -> None:
    code = "{**service_code, 'code_configuration': {'configuration_source': 'REPOSITORY'}}"
    shop = program(plain(code))
    assert messages(with_service(shop)) == [
        "8:3: error: run.secrets: api has no instance role, with which App Runner reads the secrets. Set instance_role"
    ]


READABLE = """
from pulumi_apprunner import SecretsBinding
secrets = SecretsBinding("secrets", {"secrets": {"TOKEN": {"parameter_name": "/shop/token"}}})
AppRunnerService("api", {"code": code, "instance_role": {"policy_documents": [secrets.policy_document]}})
"""


def test_secrets_that_the_role_of_the_program_may_not_read_are_an_error(program: Program) -> None:
    file = FILE.replace("runtime: python311", "runtime: python311  # newest") + (
        "    - name: DATABASE\n      value-from: arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-AbCdEf\n"
    )
    result = lint(
        program(REPOSITORY + READABLE),
        "--service",
        "api",
        "--cwd",
        str(program(REPOSITORY + READABLE).folder),
        file=file,
    )
    assert (result.status, messages(result)) == (
        1,
        [
            "11:7: error: run.secrets[1]: DATABASE must be readable by api-instance-role, the role of "
            "instanceConfiguration.instanceRoleArn, got no policy that allows secretsmanager:GetSecretValue on "
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:database-AbCdEf. The deployment fails. Allow "
            "secretsmanager:GetSecretValue on this ARN (without a JSON key or version) in a policy of the role. "
            "SecretsBinding(...).policy_document does: add it to instance_role.policy_documents"
        ],
    )


def test_a_component_that_grants_no_secret_is_an_error_for_each_secret(program: Program) -> None:
    result = with_service(program(REPOSITORY + "AppRunnerService('api', {'code': code})\n"))
    assert result.status == 1
    assert [line.partition(" must be")[0] for line in messages(result)] == ["9:7: error: run.secrets[0]: TOKEN"]


def test_a_service_that_uses_the_api_ignores_the_file(program: Program) -> None:
    shop = program(
        CODE + "code['runtime'] = 'PYTHON_311'\nAppRunnerService('api', {'code': code, 'start_command': 'x'})\n"
    )
    result = with_service(shop)
    assert result.status == 1
    assert messages(result) == [
        "1:1: error: api ignores the file: its code.configuration_source is API. "
        'Set it to "REPOSITORY", or remove the file'
    ]


def test_a_service_with_an_image_never_reads_the_file(program: Program) -> None:
    assert messages(with_service(program("service('api')"))) == [
        "1:1: error: api runs an image. App Runner reads the file only for source code"
    ]


def test_values_that_the_file_overrides_are_an_error(program: Program) -> None:
    values = "{'runtime': 'PYTHON_311', 'build_command': 'x', 'start_command': 'y'}"
    configuration = f"{{'configuration_source': 'REPOSITORY', 'code_configuration_values': {values}}}"
    code = f"{{**service_code, 'code_configuration': {configuration}}}"
    shop = program(plain(code, role=True))
    assert messages(with_service(shop)) == [
        "1:1: error: api sets values that the file overrides: codeConfigurationValues. Remove them"
    ]


def test_tracing_requires_variables_in_the_file(program: Program) -> None:
    shop = program(REPOSITORY + READABLE.replace('"code": code', '"code": code, "tracing": True'))
    result = with_service(shop)
    assert result.status == 0
    assert messages(result)[0].startswith(
        "6:1: warning: run: api has tracing, which requires these variables in run.env: OTEL_PROPAGATORS, "
    )


def test_an_unknown_service_has_a_suggestion(program: Program) -> None:
    result = with_service(program(REPOSITORY + "AppRunnerService('apis', {'code': code})\n"))
    assert result.status == 2
    assert "no service has the name api in the stack dev. Did you mean apis?\nServices:\n  apis" in result.err


def plain(code: str, role: bool = False) -> str:
    """Return a program with a service that no component creates."""
    instance = "instance_configuration={'instance_role_arn': 'arn:aws:iam::123456789012:role/app'}" if role else ""
    return (
        "service_code = {'repository_url': 'https://github.com/example/shop', "
        "'source_code_version': {'type': 'BRANCH', 'value': 'main'}}\n"
        f"source = {{'code_repository': {code}, 'auto_deployments_enabled': False}}\n"
        f"service('api', source_configuration=source, {instance})\n"
    )
