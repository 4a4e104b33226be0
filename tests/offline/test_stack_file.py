"""The keys of a stack's file. Pulumi's CLI ignores unknown ones, so that a misspelled `config` has no effect there."""

from pathlib import Path

import pytest

from pulumi_apprunner.offline.config.stack_file import StackFile, encrypted_paths
from pulumi_apprunner.testing import ProjectError


def read(tmp_path: Path, text: str) -> StackFile:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text(text)
    return StackFile.read(file)


@pytest.mark.parametrize("text", ["", "# nothing\n", "config:\n", "{}\n"])
def test_an_empty_file_has_no_configuration(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text).config == {}


def test_all_errors_are_reported_together(tmp_path: Path) -> None:
    with pytest.raises(ProjectError) as caught:
        read(tmp_path, "konfig: {a: 1}\nsecret: nope\nencryptionsalt: 5\nconfig: {'a:b:c': 1, 'a:config:c': 2}\n")
    assert str(caught.value).splitlines() == [
        f"{tmp_path}/Pulumi.dev.yaml: invalid stack file",
        "  konfig: unknown key. Did you mean config?",
        "  secret: unknown key. Did you mean secretsprovider?",
        "  encryptionsalt: must be a string, got 5",
        "  config.a:b:c: must be <name> or <namespace>:<name>",
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[a]\n", "must be a map with the key config, got a list"),
        ("config\n", "must be a map with the key config, got 'config'"),
        ("config: [a]\n", "config: must be a map of keys to values, such as `aws:region: eu-west-1`, got a list"),
    ],
)
def test_a_file_of_another_form_is_an_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProjectError) as caught:
        read(tmp_path, text)
    assert message in str(caught.value)


def test_a_key_that_resembles_no_valid_one_is_a_warning(tmp_path: Path) -> None:
    file = read(tmp_path, "x-tags: &tags {team: a}\nconfig: {tags: *tags}\n")
    assert file.config == {"tags": {"team": "a"}}
    assert file.messages == [
        "warning: Pulumi.dev.yaml: x-tags is not a key of a stack file, and is ignored. "
        "Valid keys: config, environment, secretsprovider, encryptedkey, encryptionsalt"
    ]


def test_encrypted_values_have_full_paths(tmp_path: Path) -> None:
    text = "config:\n  a:pw: {secure: x}\n  a:users: [{name: b, p.w: {secure: y}, x: {secure: z}}]\n"
    assert list(encrypted_paths(read(tmp_path, text).config)) == ["a:pw", 'a:users[0]["p.w"]', "a:users[0].x"]
