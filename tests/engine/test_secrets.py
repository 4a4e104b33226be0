"""No run leaves a secret in plain text: in the state, the plan, the console or the output of policies."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.seed import secret_value
from engine import programs
from engine.conftest import Make
from engine.stack import PACK, Stack

pytestmark = pytest.mark.xdist_group("secrets")

FLAGS = "/storefront/staging/feature-flags"
ORDINARY = "canary-ordinary-4c1f"
"""A value that is not secret. A search that does not find it is broken."""
CANARIES = [
    ORDINARY,
    *(
        f"canary-{place}-4c1f"
        for place in ("variable", "changed", "part", "mapping", "policy", "export", "configured", "credential", "log")
    ),
    secret_value("storefront/staging/orders-db"),
    secret_value(FLAGS),
]

PROGRAM = f"""\
import json
import pulumi
from pulumi_apprunner import AppRunnerService, PauseSchedule, SecretsBinding

def secret(place):
    return pulumi.Output.secret(f"canary-{{place}}-4c1f")

config = pulumi.Config()
image = {{"identifier": {programs.PUBLIC_IMAGE!r}}}
document = secret("policy").apply(lambda known: json.dumps({{"Version": "2012-10-17", "Statement": [
    {{"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{{known}}/*"}}
]}}))
binding = SecretsBinding("api-secrets", {{"secrets": {{
    "DATABASE_PASSWORD": {{"secret_arn": {programs.SECRET_ARN!r}, "json_key": "password"}},
    "FEATURE_FLAGS": {{"parameter_name": {FLAGS!r}}},
}}}})
api = AppRunnerService("api", {{
    "image": image,
    "port": 80,
    "environment": {{
        "ORDINARY": "canary-ordinary-4c1f",
        "TOKEN": secret("variable"),
        "CONFIGURED": config.require_secret("token"),
        "DATABASE": pulumi.Output.concat("postgres://shop:", secret("part"), "@db.example.com"),
        "VERSION": "1",
    }},
    "secrets": [binding.bound],
    "instance_role": {{"policy_documents": [document]}},
}})
AppRunnerService("admin", {{"image": image, "environment": secret("mapping").apply(lambda known: {{"TOKEN": known}})}})
PauseSchedule("api-hours", {{
    "service_arn": api.arn,
    "timezone": "Europe/Berlin",
    "running": {{"days": "Mon-Fri", "start": "08:00", "end": "20:00"}},
}})
pulumi.export("token", secret("export"))
pulumi.export("policy", binding.policy_document)
"""


@pytest.fixture(scope="module")
def texts(lasting_aws: LocalAws, lasting_trial: Callable[[str], Stack]) -> Mapping[str, bytes]:
    """Return the files and the output of a preview, an update, and an update that App Runner rolls back."""
    stack = lasting_trial(PROGRAM)
    secure = ["--secret", "trial:token=canary-configured-4c1f", "--secret", "aws:secretKey=canary-credential-4c1f"]
    completed = stack.command("config", "set-all", "--plaintext", "aws:accessKey=AKIAIOSFODNN7EXAMPLE", *secure)
    assert completed.returncode == 0, completed.stderr
    plan, advice = stack.folder / "plan.json", stack.folder / "advice.json"
    advice.write_text('{"no-plaintext-secrets": "advisory"}')  # the rule reads the canaries, and must not print them
    policies = {"policy_packs": [PACK], "policy_pack_configs": [str(advice)]}
    preview = stack.preview(diff=True, plan=str(plan), **policies)
    as_json = stack.command("preview", "--json")
    up = stack.up(diff=True, **policies)
    stack.program(
        PROGRAM.replace('"VERSION": "1"', '"VERSION": "2"').replace('secret("variable")', 'secret("changed")')
    )
    lasting_aws.plane.faults.inject(Fault.roll_back("canary-log-4c1f, and canary-configured-4c1f"))
    rolled_back = stack.up(diff=True)
    assert (preview.ok, as_json.returncode, up.ok, rolled_back.ok) == (True, 0, True, False), up.output
    home = Path(stack.environment["PULUMI_HOME"]).parent
    return {
        "stack file": (stack.folder / "Pulumi.test.yaml").read_bytes(),
        "plan": plan.read_bytes(),
        "preview": preview.output.encode(),
        "preview as JSON": (as_json.stdout + as_json.stderr).encode(),
        "preview's events": repr(preview.events).encode(),
        "update": up.output.encode(),
        "update's events": repr(up.events).encode(),
        "rollback": rolled_back.output.encode(),
        "state, with its history and its backups": contents(home),
    }


def contents(folder: Path) -> bytes:
    return b"\n".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def canaries_in(text: bytes) -> set[str]:
    """Return the canaries that a text contains, in plain text or in base64."""
    return {canary for canary in CANARIES if any(form in text for form in forms(canary.encode()))}


def forms(canary: bytes) -> list[bytes]:
    """Return the forms of a value in a text: as it is, and in base64 at each of the three offsets."""
    encoded = [base64.b64encode(bytes(offset) + canary) for offset in range(3)]
    return [canary, *(each[4 if offset else 0 : len(each) // 4 * 4 - 4] for offset, each in enumerate(encoded))]


@pytest.mark.parametrize("before", ["", "a", "ab"])
def test_the_search_finds_a_value_in_base64(before: str) -> None:
    assert canaries_in(base64.b64encode(f"{before}{ORDINARY} and more".encode())) == {ORDINARY}


@pytest.mark.parametrize(
    "where",
    [
        "plan",
        "preview",
        "preview as JSON",
        "preview's events",
        "update",
        "update's events",
        "state, with its history and its backups",
    ],
)
def test_no_secret_is_in_plain_text_where_ordinary_values_are(texts: Mapping[str, bytes], where: str) -> None:
    assert canaries_in(texts[where]) == {ORDINARY}


def test_the_stack_file_contains_secrets_encrypted(texts: Mapping[str, bytes]) -> None:
    assert b"secure:" in texts["stack file"]
    assert canaries_in(texts["stack file"]) == set()


def test_after_a_rollback_the_log_is_shown_with_encrypted_config_values_masked(
    texts: Mapping[str, bytes],
) -> None:
    """The log is App Runner's deployment log, not the application's. The engine masks the secrets that it knows."""
    assert b"canary-log-4c1f, and [secret]" in texts["rollback"]
    assert canaries_in(texts["rollback"]) == {"canary-log-4c1f"}


RAW = f"""\
import pulumi
import pulumi_aws as aws

aws.apprunner.Service("orders", service_name="orders", source_configuration={{
    "auto_deployments_enabled": False,
    "image_repository": {{
        "image_identifier": {programs.PUBLIC_IMAGE!r},
        "image_repository_type": "ECR_PUBLIC",
        "image_configuration": {{"runtime_environment_variables": {{
            "PORT": pulumi.Output.secret("canary-variable-4c1f"),
            "AWSAPPRUNNER_{ORDINARY}": pulumi.Output.secret("canary-part-4c1f"),
        }}}},
    }},
}})
"""


def test_a_violation_contains_the_variables_name_and_not_its_value(lasting_trial: Callable[[str], Stack]) -> None:
    ran = lasting_trial(RAW).preview(policy_packs=[PACK])
    assert ("reserved-environment-names", "orders") in ran.violations
    assert canaries_in(ran.output.encode() + repr(ran.events).encode()) == {ORDINARY}


BROKEN = f"""\
import pulumi
from pulumi_apprunner import AppRunnerService

AppRunnerService("api", {{
    "image": {{"identifier": {programs.PUBLIC_IMAGE!r}}},
    "environment": {{"TOKEN": "canary-variable-4c1f" * 3000}},
    "start_command": pulumi.Output.secret("canary-part-4c1f"),
    "redeploy_trigger": pulumi.Output.secret("canary-changed-4c1f"),
    "service_name": "{ORDINARY} breaks the rule",
}})
"""


def test_an_invalid_secret_is_not_shown(lasting_trial: Callable[[str], Stack]) -> None:
    ran = lasting_trial(BROKEN).preview()
    for path in ("environment.TOKEN", "start_command", "redeploy_trigger"):
        assert f"{path}: " in ran.output
    assert canaries_in(ran.output.encode()) == {ORDINARY}


LATE = """\
import pulumi
from pulumi_apprunner import AppRunnerService, SecretsBinding

def secret(value):
    return pulumi.Output.secret(value)

AppRunnerService("api", {{"image": {{"identifier": {image!r}}}, {argument}}})
"""


@pytest.mark.parametrize(
    ("argument", "path"),
    [
        ('"environment": secret({"PORT": "canary-mapping-4c1f"})', "environment.PORT: PORT is reserved"),
        ('"environment": {"TOKEN": secret("canary-variable-4c1f" * 3000)}', "environment.TOKEN: "),
        ('"tags": {"owner": secret("canary-part-4c1f!")}', "tags.owner: "),
        ('"instance_role": {"policy_documents": [secret("canary-policy-4c1f")]}', "policy_documents[0]: "),
    ],
    ids=["mapping", "variable", "tag", "policy"],
)
def test_a_secret_that_resolves_to_an_invalid_value_is_not_shown(
    lasting_trial: Callable[[str], Stack], argument: str, path: str
) -> None:
    ran = lasting_trial(LATE.format(image=programs.PUBLIC_IMAGE, argument=argument)).preview()
    assert not ran.ok
    assert path in ran.output
    assert canaries_in(ran.output.encode()) == set()


def test_a_secret_in_the_stack_file_is_an_error_and_not_shown(storefront: Make) -> None:
    stack = storefront("staging")
    key, canary = "storefront:services.api.environment.TOKEN", "canary-configured-4c1f"
    assert stack.command("config", "set", "--path", "--secret", key, canary).returncode == 0
    ran = stack.preview()
    assert not ran.ok
    assert f"{key}: must not contain an encrypted value" in ran.output
    assert canaries_in(ran.output.encode() + (stack.folder / "Pulumi.staging.yaml").read_bytes()) == set()
