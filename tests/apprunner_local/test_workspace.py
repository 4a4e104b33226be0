"""The folder in which `apprunner local` runs a project."""

from pathlib import Path

import pytest

from apprunner_local.errors import LocalError
from apprunner_local.workspace import PLACEHOLDER, Workspace
from pulumi_apprunner.offline.config.yaml import read_yaml

STACK_FILE = """\
# The team's stack.
secretsprovider: awskms://alias/shop
encryptedkey: abc
environment: [shop/dev]
config:
  aws:region: eu-central-1  # Frankfurt
  aws:profile: shop
  shop:time: "20:00"
  shop:password:
    secure: v1:abc:def
  shop:nested: {users: [{name: a, password: {secure: v1:ghi}}]}
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "app").mkdir(parents=True)
    (folder / "app" / "__main__.py").write_text("print('hello')\n")
    (folder / ".git").mkdir()
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: {name: python, options: {virtualenv: venv}}\nmain: app\n")
    (folder / "Pulumi.dev.yaml").write_text("config:\n  aws:region: eu-central-1\n")
    return folder


def test_it_links_the_project_and_copies_its_stack_files(project: Path) -> None:
    workspace = Workspace.of(project / "app")
    workspace.create()
    assert workspace.link() == []
    assert workspace.folder == project / ".local"
    assert sorted(each.name for each in workspace.links.iterdir()) == ["Pulumi.dev.yaml", "Pulumi.yaml", "app", "venv"]
    assert (workspace.links / "app").readlink() == project / "app"
    assert not (workspace.links / "Pulumi.dev.yaml").is_symlink()
    assert (workspace.folder / ".gitignore").read_text() == "*\n"


def test_the_copy_of_the_project_file_names_the_emulated_provider(project: Path) -> None:
    original = (project / "Pulumi.yaml").read_text()
    workspace = Workspace.of(project)
    workspace.link()
    copy = read_yaml(workspace.links / "Pulumi.yaml")
    assert copy.pop("plugins") == {"providers": [{"name": "aws", "path": "../plugins"}]}
    assert copy == read_yaml(project / "Pulumi.yaml")
    assert (project / "Pulumi.yaml").read_text() == original


@pytest.mark.parametrize(
    "text", ["name: shop\nruntime: python\nplugins: {providers: []}\n", "{name: shop, runtime: python}\n"]
)
def test_a_project_file_with_plugins_or_in_braces_is_copied_unchanged(project: Path, text: str) -> None:
    (project / "Pulumi.yaml").write_text(text)
    workspace = Workspace.of(project)
    workspace.link()
    assert (workspace.links / "Pulumi.yaml").read_text() == text


def test_the_copy_of_a_stack_file_omits_keys_for_its_backend(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(STACK_FILE)
    workspace = Workspace.of(project)
    warnings = workspace.link()
    assert warnings == [
        "Pulumi.dev.yaml: its ESC environment is not read",
        "Pulumi.dev.yaml: aws:profile is left out",
        f"Pulumi.dev.yaml: shop:password is encrypted; its value here is '{PLACEHOLDER}'",
        f"Pulumi.dev.yaml: shop:nested.users[0].password is encrypted; its value here is '{PLACEHOLDER}'",
    ]
    assert (workspace.links / "Pulumi.dev.yaml").read_text() == (
        "# The team's stack.\n"
        "config:\n"
        "  aws:region: eu-central-1  # Frankfurt\n"
        '  shop:time: "20:00"\n'
        f"  shop:password: {PLACEHOLDER}\n"
        f"  shop:nested: {{users: [{{name: a, password: {PLACEHOLDER}}}]}}\n"
    )
    assert (project / "Pulumi.dev.yaml").read_text() == STACK_FILE


def test_placeholders_are_encrypted_at_their_paths(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text(
        f"{STACK_FILE}  shop:a.b: {{secure: v1:j}}\n  shop:c.d: {{e: {{secure: v1:k}}}}\n"
        "  shop:list: [{f.g: {secure: v1:l}}]\n"
    )
    command = ["config", "set-all", "--stack", "dev"]
    assert Workspace.of(project).placeholders("dev") == [
        [*command, "--secret", f"shop:password={PLACEHOLDER}", "--secret", f"shop:a.b={PLACEHOLDER}"],
        [
            *(*command, "--path", "--secret", f"shop:nested.users[0].password={PLACEHOLDER}"),
            *("--secret", f'shop:list[0]["f.g"]={PLACEHOLDER}'),
        ],
    ]


def test_a_stack_without_encrypted_values_needs_no_command(project: Path) -> None:
    assert Workspace.of(project).placeholders("dev") == []


def test_an_edit_of_a_stack_file_keeps_the_salt_of_the_local_state(project: Path) -> None:
    workspace = Workspace.of(project)
    workspace.link()
    copy = workspace.links / "Pulumi.dev.yaml"
    copy.write_text(copy.read_text() + "encryptionsalt: v1:local\n")
    (project / "Pulumi.dev.yaml").write_text("encryptionsalt: v1:theirs\nconfig:\n  shop:size: 2")
    workspace.link()
    assert copy.read_text() == "config:\n  shop:size: 2\nencryptionsalt: v1:local\n"


def test_an_empty_stack_file_stays_empty(project: Path) -> None:
    (project / "Pulumi.dev.yaml").write_text("")
    workspace = Workspace.of(project)
    workspace.link()
    assert (workspace.links / "Pulumi.dev.yaml").read_text() == ""


def test_stack_files_in_a_separate_folder_are_copied_there(project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: app\nstackConfigDir: deploy/stacks\n")
    (project / "deploy" / "stacks").mkdir(parents=True)
    (project / "deploy" / "notes.txt").write_text("")
    (project / "Pulumi.dev.yaml").rename(project / "deploy" / "stacks" / "Pulumi.dev.yaml")
    workspace = Workspace.of(project)
    workspace.link()
    assert (workspace.links / "deploy" / "notes.txt").is_symlink()
    copy = workspace.links / "deploy" / "stacks" / "Pulumi.dev.yaml"
    assert (copy.exists(), copy.is_symlink()) == (True, False)


def test_stack_files_outside_of_the_project_are_an_error(project: Path) -> None:
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: app\nstackConfigDir: ../stacks\n")
    with pytest.raises(LocalError, match=r"stackConfigDir: must be a folder in .*shop, got .*stacks"):
        Workspace.of(project).link()


def test_a_folder_that_cannot_be_written_to_is_an_error_that_names_the_option(project: Path) -> None:
    (project / ".local").write_text("a file")
    with pytest.raises(LocalError, match=r"\.local: must be a folder that can be written to, got: .*--folder"):
        Workspace.of(project).create()


def test_another_folder_leaves_the_project_unchanged(project: Path, tmp_path: Path) -> None:
    before = sorted(project.rglob("*"))
    workspace = Workspace.of(project, tmp_path / "elsewhere")
    workspace.create()
    workspace.link()
    workspace.write_exports({"A": "it's"})
    assert sorted(project.rglob("*")) == before
    assert workspace.exports.read_text() == "export A='it'\"'\"'s'\n"
    workspace.delete()
    assert not workspace.folder.exists()


def test_installed_plugins_are_found(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_HOME", str(tmp_path / "pulumi"))
    workspace = Workspace.of(project)
    workspace.link_plugins()  # without plugins nothing happens
    assert not (workspace.folder / "pulumi").exists()
    (tmp_path / "pulumi" / "plugins" / "resource-random-v4.0.0").mkdir(parents=True)
    for _ in range(2):
        workspace.link_plugins()
    assert (workspace.folder / "pulumi" / "plugins" / "resource-random-v4.0.0").is_dir()
    workspace.delete()
    assert (tmp_path / "pulumi" / "plugins" / "resource-random-v4.0.0").is_dir()
