"""The text at the end of `apprunner local up`."""

from pathlib import Path

import pytest

from apprunner_facts.tokens import SERVICE
from apprunner_local.summary import summary
from apprunner_local.workspace import Workspace


def service(name: str) -> dict[str, object]:
    outputs = {"serviceName": name, "serviceUrl": f"{name}.eu-west-1.awsapprunner.com"}
    return {"type": SERVICE, "custom": True, "outputs": outputs}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.chdir(tmp_path)
    Path("Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    Path("Pulumi.dev.yaml").write_text("config: {}\n")
    return Workspace.of(tmp_path)


def test_it_fits_a_screen_however_much_was_created(workspace: Workspace) -> None:
    many = [{"type": f"aws:x/resourceOfAKind{n}:ResourceOfAKind{n}", "custom": True} for n in range(40)]
    text = summary(workspace, "dev", [*map(service, map(str, range(10))), *many], ".venv/bin/apprunner")
    lines = text.splitlines()
    assert len(lines) < 24
    assert max(map(len, lines)) <= 80


def test_it_lists_the_resources_the_addresses_and_the_next_steps(workspace: Workspace) -> None:
    component = {"type": "apprunner:index:AppRunnerService"}
    provider = {"type": "pulumi:providers:aws", "custom": True}
    text = summary(workspace, "dev", [component, provider, service("orders")], "apprunner")
    assert "The stack dev is deployed to a local AWS: 1 resources\n  1 Service\n" in text
    assert "  https://orders.eu-west-1.awsapprunner.com  orders\n" in text
    assert "apprunner local up --stack dev\n" in text
    assert ". .local/environment\n" in text
    assert "pulumi -C .local/project stack output --stack dev\n" in text
    assert text.endswith("Stop it: apprunner local down")


def test_from_another_directory_the_commands_name_the_project(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    text = summary(workspace, "dev", [], "apprunner")
    assert f"apprunner local down --cwd {str(workspace.project.root).lstrip('/')}" in text
