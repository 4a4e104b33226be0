"""The services in an exported state, and how a user names them."""

import json
import os
from pathlib import Path
from typing import Any

import pulumi
import pytest

from apprunner_facts import tokens
from deployed import SECRET, Stack, invoke
from pulumi_apprunner.cli.operations.state import State, export_state, load_state, parse_state

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/shop-{}/0123456789abcdef0123456789abcdef"
OTHER = "arn:aws:apprunner:us-east-1:123456789012:service/other/fedcba9876543210fedcba9876543210"


@pytest.fixture
def shop(tmp_path: Path) -> Stack:
    """Return a stack with two services, which needs no AWS."""
    unused: object = None
    stack = Stack(unused, tmp_path)  # type: ignore[arg-type]
    stack.record("api", ARN.format("api"))
    stack.record("web", ARN.format("web"))
    return stack


def names(state: State, *selected: str) -> list[str]:
    return [each.name for each in state.select(selected)]


def error(state: State, *selected: str) -> str:
    with pytest.raises(pulumi.RunError) as caught:
        state.select(selected)
    return str(caught.value)


def test_a_service_has_the_name_of_its_component(shop: Stack) -> None:
    state = parse_state(shop.exported)
    assert (state.project, state.stack, names(state)) == ("shop", "dev", ["api", "web"])


def test_a_service_without_a_component_has_its_own_name(shop: Stack) -> None:
    shop.add(tokens.SERVICE, "plain")
    shop.resources[-1]["id"] = ARN.format("plain")
    assert names(parse_state(shop.exported)) == ["api", "plain", "web"]


@pytest.mark.parametrize("name", ["web", "web-service", "shop-web", ARN.format("web")])
def test_a_service_is_found_by_each_of_its_names(shop: Stack, name: str) -> None:
    assert names(parse_state(shop.exported), name) == ["web"]


def test_a_service_named_twice_is_read_once(shop: Stack) -> None:
    assert names(parse_state(shop.exported), "web", "api", "web-service") == ["web", "api"]


def test_an_arn_need_not_be_in_the_state(shop: Stack) -> None:
    (other,) = parse_state(shop.exported).select([OTHER])
    assert (other.name, other.arn, other.inputs) == ("other", OTHER, None)


def test_an_unknown_name_has_a_suggestion(shop: Stack) -> None:
    assert error(parse_state(shop.exported), "wep") == (
        'shop dev: the state has no service "wep". Did you mean web?\nServices:\n  api\n  web'
    )


def test_a_state_without_services_is_an_error(shop: Stack) -> None:
    shop.resources.clear()
    shop.add("pulumi:pulumi:Stack", "shop-dev", custom=False)
    assert error(parse_state(shop.exported)) == "shop dev: the state has no App Runner service. Run `pulumi up`"


def test_a_state_without_resources_is_an_error() -> None:
    assert error(parse_state({"deployment": {}}, stack="dev")).endswith(
        "dev: the state has no App Runner service. Run `pulumi up`"
    )


def test_an_ambiguous_name_is_an_error(shop: Stack) -> None:
    shop.record("api", ARN.format("second"))
    assert '"api" must name one service, got 2: ' in error(parse_state(shop.exported), "api")


def test_a_replaced_service_that_waits_for_its_deletion_is_ignored(shop: Stack) -> None:
    shop.resources.append({**shop.resources[1], "delete": True, "id": ARN.format("old")})
    assert names(parse_state(shop.exported)) == ["api", "web"]


def test_a_service_whose_creation_failed_has_no_id_and_is_ignored(shop: Stack) -> None:
    del shop.resources[1]["id"]
    assert names(parse_state(shop.exported)) == ["web"]


def test_inputs_are_without_the_marks_of_the_provider(shop: Stack) -> None:
    shop.resources[1]["inputs"] = {"serviceName": "x", "tags": {"__defaults": []}, "__defaults": ["tags"]}
    assert parse_state(shop.exported).services[0].inputs == {"serviceName": "x", "tags": {}}


def test_inputs_with_a_secret_are_unknown(shop: Stack) -> None:
    shop.resources[1]["inputs"] = {"sourceConfiguration": {"imageRepository": [SECRET]}}
    assert parse_state(shop.exported).services[0].inputs is None


def test_a_secret_target_makes_the_pauses_unknown(shop: Stack) -> None:
    shop.schedule("night", "pauseService", ARN.format("api"), "cron(0 20 * * ? *)")
    shop.resources[-1]["inputs"]["target"] = SECRET
    pauses = parse_state(shop.exported).pauses
    assert [each.path for each in pauses.unknown] == ["target.arn"]


def test_a_schedule_belongs_to_the_service_in_its_target(shop: Stack) -> None:
    shop.schedule("night", "pauseService", ARN.format("web"), "cron(0 20 * * ? *)")
    state = parse_state(shop.exported)
    assert [len(state.pauses.of(each.urn)) for each in state.services] == [0, 1]


@pytest.mark.parametrize("content", ["[]", "{}", '{"deployment": []}'])
def test_a_file_that_is_not_a_state_is_an_error(tmp_path: Path, content: str) -> None:
    file = tmp_path / "state.json"
    file.write_text(content)
    with pytest.raises(pulumi.RunError, match="must be a state with the key deployment"):
        load_state(file)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"urn": None}, "resources[1].urn: must be a URN"),
        ({"urn": "api"}, "resources[1].urn: must be a URN"),
        ({"type": None}, "resources[1].type: must be a string"),
        ({"id": "api"}, "resources[1].id: must be the ARN of an App Runner service"),
        ({"inputs": []}, "resources[1].inputs: must be an object"),
    ],
)
def test_a_resource_that_is_not_one_of_a_state_is_an_error(shop: Stack, change: Any, message: str) -> None:
    shop.resources[1].update(change)
    file = shop.folder / "state.json"
    file.write_text(json.dumps(shop.exported))
    result = invoke("status", "--state", str(file))
    assert (result.status, result.err) == (
        2,
        f"error: {file}: must be a state. Create the file: `pulumi stack export --file FILE`\n  {message}\n",
    )


def test_all_problems_of_a_state_are_listed(shop: Stack) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        parse_state({"deployment": {"resources": [{"urn": "x"}, "x"]}})
    assert str(caught.value).splitlines()[1:] == [
        "  resources[0].type: must be a string",
        "  resources[0].urn: must be a URN",
        "  resources[1]: must be an object",
    ]


# The Pulumi CLI


def fake_cli(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a script in front of every Pulumi CLI."""
    cli = folder / "bin" / "pulumi"
    cli.parent.mkdir(exist_ok=True)
    cli.write_text(f"#!/bin/sh\n{script}\n")
    cli.chmod(0o755)
    monkeypatch.setenv("PATH", f"{cli.parent}:{os.environ['PATH']}")


def test_the_cli_exports_the_state_without_secrets(shop: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    (shop.folder / "exported.json").write_text(json.dumps(shop.exported))
    fake_cli(shop.folder, monkeypatch, 'echo "$@" > arguments; cat exported.json')
    assert names(export_state(shop.folder, "acme/shop/dev")) == ["api", "web"]
    assert (shop.folder / "arguments").read_text() == "stack export --stack acme/shop/dev --non-interactive\n"


def test_the_error_of_the_cli_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_cli(tmp_path, monkeypatch, "echo \"error: no stack named 'dev' found\" >&2; exit 255")
    with pytest.raises(pulumi.RunError) as caught:
        export_state(tmp_path, "dev")
    assert str(caught.value) == "`pulumi stack export --stack dev` failed: no stack named 'dev' found"


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("warning: please log in", "`pulumi stack export --stack dev` must print JSON, but did not. Run it"),
        ("", "`pulumi stack export --stack dev` must print JSON, but did not. Run it"),
        ("[]", "`pulumi stack export --stack dev`: must be a state with the key deployment"),
        ("{}", "`pulumi stack export --stack dev`: must be a state with the key deployment"),
        ('{"deployment": null}', "`pulumi stack export --stack dev`: must be a state with the key deployment"),
    ],
)
def test_an_export_that_is_not_a_state_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, message: str
) -> None:
    fake_cli(tmp_path, monkeypatch, f"echo '{output}'")
    with pytest.raises(pulumi.RunError) as caught:
        export_state(tmp_path, "dev")
    assert str(caught.value).startswith(message)


def test_without_a_cli_the_error_names_the_alternatives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(pulumi.RunError, match="use --state FILE or a service's ARN"):
        export_state(tmp_path, "dev")


def test_a_command_without_a_project_proposes_an_arn(tmp_path: Path) -> None:
    result = invoke("status", "--cwd", str(tmp_path))
    assert result.status == 2
    assert result.err.endswith("or name one (--cwd), or name a service by its ARN\n")


def test_an_arn_of_something_else_is_an_error(tmp_path: Path) -> None:
    arn = "arn:aws:apprunner:eu-west-1:123456789012:service/api"
    result = invoke("status", arn, "--cwd", str(tmp_path))
    assert (result.status, result.err) == (
        2,
        "error: must be the ARN of an App Runner service, arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID, "
        f"got {arn}\n",
    )


def test_an_unknown_stack_lists_the_stacks(tmp_path: Path) -> None:
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (tmp_path / "Pulumi.dev.yaml").write_text("config: {}\n")
    result = invoke("status", "--cwd", str(tmp_path), "--stack", "prod")
    assert (result.status, result.err) == (2, "error: shop has no stack 'prod'. Stacks: dev\n")
