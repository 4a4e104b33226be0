"""apprunner.yaml: reading, checking and writing it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from apprunner_facts.runtimes import END_OF_SUPPORT, FILE_NAMES
from pages import ROOT, blocks
from pulumi_apprunner.cli.source_file import SourceFile
from pulumi_apprunner.offline.config.yaml import YamlError

DAY = date(2026, 11, 27)
GUIDE = ROOT / "docs" / "guides" / "source.md"
VALID = """\
version: 1.0
runtime: python311  # the newest
build:
  commands:
    pre-build:
      - yum install -y openssl
    build:
      - pip3 install -r requirements.txt
    post-build:
      - python3 manage.py test
  env:
    - name: STAGE
      value: 'build'
run:
  runtime-version: "3.11"
  pre-run:
    - pip3 install -r requirements.txt
  command: python3 app.py

  network:
    port: 8000
    env: APP_PORT
  # At run time
  env:
    - name: LEVEL
      value: "info"
  secrets:
    - name: TOKEN
      value-from: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-AbCdEf:key::"
    - name: FLAGS
      value-from: /shop/flags
"""

UNKNOWN_RUNTIME = "2:1: error: runtime: must be a managed runtime, got"
OLD_RUNTIME = "2:1: warning: runtime: must be a runtime that AWS supports, got"

Read = Callable[[str], SourceFile]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read_text(text: str) -> SourceFile:
        (tmp_path / "apprunner.yaml").write_text(dedent(text))
        return SourceFile.read(tmp_path)

    return read_text


def texts(file: SourceFile) -> list[str]:
    return [str(each) for each in file.problems(DAY)]


def changed(old: str, new: str) -> str:
    """Return the valid file with one change."""
    assert VALID.count(old) == 1
    return VALID.replace(old, new)


def test_a_file_with_every_key_has_no_problem(read: Read) -> None:
    assert texts(read(VALID)) == []


def test_the_example_of_the_guide_has_no_problem(read: Read) -> None:
    assert texts(read(blocks(GUIDE, "yaml")[0])) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 1.0", "version: 2.0", "1:1: error: version: must be 1.0, got 2.0"),
        ("version: 1.0\n", "", "1:1: error: version: is required: a string"),
        (
            "python311",
            "PYTHON_311",
            "2:1: error: runtime: must be a managed runtime, got PYTHON_311. Did you mean python311?",
        ),
        (
            "python311",
            "corretto17",
            "2:1: error: runtime: must be a managed runtime, got corretto17. Did you mean corretto11?",
        ),
        (
            "python311",
            "nodejs18",
            f"{OLD_RUNTIME} nodejs18, whose support ended on 2025-12-01. Use nodejs22",
        ),
        (
            "python311",
            "go1",
            f"{OLD_RUNTIME} go1, whose support ended on 2025-12-01. "
            "App Runner supports no other of its language: build an image",
        ),
        ("pre-build", "pre_build", "5:5: error: build.commands.pre_build: unknown key. Did you mean pre-build?"),
        (
            "  command: python3 app.py",
            "  command: python3 app.py\n  entrypoint: x",
            "19:3: error: run.entrypoint: unknown key. Keys of run: runtime-version, pre-run, command, network, env, "
            "secrets",
        ),
        (
            "  command: python3 app.py",
            "  command: python3 app.py\n  healthcheck: {path: /health}",
            "19:3: error: run.healthcheck: is not a key of the file. Set health_check of AppRunnerService",
        ),
        (
            "  command: python3 app.py",
            "  command: python3 app.py\n  max-concurrency: 10",
            "19:3: error: run.max-concurrency: is not a key of the file. "
            "Set scaling.max_concurrency of AppRunnerService",
        ),
        ("  command: python3 app.py\n", "", "14:1: error: run.command: is required: a string"),
        (
            "python3 app.py",
            "python3 migrate.py && python3 app.py",
            "18:3: warning: run.command: must be one command, got the shell operator &&. App Runner is reported to "
            "pass it to the command as an argument (https://github.com/aws/apprunner-roadmap/issues/180). Start a "
            "script, or a shell: sh -c '...'",
        ),
        ("  command: python3 app.py", '  command: ""', "18:3: error: run.command: must not be empty"),
        (
            '"3.11"',
            "3.10",
            "15:3: warning: run.runtime-version: must be quoted, got 3.10, which YAML reads as the number 3.1. "
            'Write "3.10"',
        ),
        (
            'value: "info"',
            "value: 1.50",
            "26:7: warning: run.env[0].value: must be quoted, got a number that YAML changes. Quote the value",
        ),
        ("python3 app.py", "!Ref x", "18:3: error: run.command: must be a string, got the tag !Ref"),
        ("python3 app.py", "{{ x }}", "18:3: error: run.command: must be a string, got a map"),
        (
            "  command: python3 app.py",
            "  command: python3 app.py\n  port: 80",
            "19:3: error: run.port: is not a key of run. Move it to run.network.port",
        ),
        (
            "  command: python3 app.py",
            "  command: python3 app.py\n  environment: []",
            "19:3: error: run.environment: unknown key. Did you mean env?",
        ),
        (
            "value-from: /shop/flags",
            "valueFrom: /shop/flags",
            "31:7: error: run.secrets[1].valueFrom: unknown key. Did you mean value-from?",
        ),
        (
            "      - python3 manage.py test",
            "      -",
            "10:8: error: build.commands.post-build[0]: must be a command, got nothing",
        ),
        ("port: 8000", "port: web", "21:5: error: run.network.port: must be a port, 1 to 65535, got a string"),
        ("port: 8000", "port: 70000", "21:5: error: run.network.port: must be a port, 1 to 65535, got 70000"),
        (
            "env: APP_PORT",
            "env: PORT",
            "22:5: warning: run.network.env: App Runner always sets PORT. env names a variable that has the port in "
            "addition. Remove it",
        ),
        (
            "name: LEVEL",
            "name: PORT",
            "25:7: error: run.env[0].name: PORT is reserved. App Runner sets PORT to run.network.port",
        ),
        ("name: LEVEL", "name: TOKEN", "27:3: error: run.secrets: TOKEN is also in run.env. Remove one of them"),
        ("name: FLAGS", "name: TOKEN", "30:7: error: run.secrets[1].name: must be unique in the list, got TOKEN twice"),
        (
            'value: "info"',
            "value-from: /shop/level",
            "26:7: error: run.env[0].value-from: is not valid here. Use value, or move the item to run.secrets",
        ),
        (
            "value-from: /shop/flags",
            "value: hunter2",
            "31:7: error: run.secrets[1].value: is not valid here. Use value-from, or move the item to run.env",
        ),
        (
            "value-from: /shop/flags",
            "value-from: hunter2 is a password",
            "31:7: error: run.secrets[1].value-from: must be the ARN of a secret, or the name or ARN of an SSM "
            "parameter",
        ),
        ("      value-from: /shop/flags\n", "", "30:7: error: run.secrets[1].value-from: is required"),
        ('value: "info"', "value: [a]", "26:7: error: run.env[0].value: must be a string, got a list"),
        (
            "      - pip3 install -r requirements.txt\n    post",
            "    post",
            "7:5: error: build.commands.build: must be a list of commands, got nothing",
        ),
        (
            "      - pip3 install -r requirements.txt\n    post",
            "      []\n    post",
            "7:5: error: build.commands.build: must not be empty",
        ),
        (
            "      - python3 manage.py test",
            "      - echo: a",
            "10:9: error: build.commands.post-build[0]: must be a command, got a map with echo. Quote a command that "
            "contains a colon and a space",
        ),
    ],
)
def test_a_mistake_has_its_line_and_its_fix(read: Read, old: str, new: str, expected: str) -> None:
    assert texts(read(changed(old, new))) == [expected]


def test_all_problems_are_reported_in_the_order_of_the_lines(read: Read) -> None:
    lines = [each.line for each in read("runtime: rust\nbuild: []\nrun: {command: '', env: {}}\n").problems(DAY)]
    assert lines == sorted(lines)
    assert len(lines) == 5


def test_no_message_contains_a_value_of_a_variable_or_secret(read: Read) -> None:
    text = VALID.replace('"info"', '["hunter2"]').replace("/shop/flags", "hunter2 x").replace("8000", "hunter2")
    assert len(texts(read(text))) == 3
    assert "hunter2" not in "\n".join(texts(read(text)))


def test_a_duplicate_key_does_not_show_its_values(read: Read) -> None:
    with pytest.raises(YamlError) as error:
        read(changed('value: "info"', 'value: "hunter2"\n      value: "hunter3"'))
    assert "hunter" not in str(error.value)


def test_a_key_in_the_wrong_map_names_the_right_one(read: Read) -> None:
    text = VALID[VALID.index("version") : VALID.index("run:")] + "  run:\n    command: x\n"
    assert texts(read(text)) == [
        "1:1: error: run: is required: a map",
        "14:3: error: build.run: is not a key of build. Move it to run",
    ]


def test_another_name_is_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "apprunner.yml"
    file.write_text(VALID)
    assert texts(SourceFile.read(file)) == [
        "1:1: warning: App Runner reads only apprunner.yaml, in the source directory. Rename the file"
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\n", ":2:1: the list that starts in line 1, column 4 must end with ]"),
        ("a: 1\na: 2\n", ":2:1: a is a duplicate key. Remove one of the two"),
        ("version: 1.0\nruntime python311\nbuild: {}\n", ":2:1: a key must be followed by a colon and a space"),
        ("version: 1.0\nruntime:python311\nbuild: {}\n", ":2:1: a key must be followed by a colon and a space"),
        ("version 1.0\nruntime: python311\n", ":2:8: a colon is not allowed here. Quote the value, correct the "),
        ("a: 1\n---\nb: 1\n", ":2:1: must have one document. Remove this line and what follows"),
        ("- a\n", ": must be a map with the keys version, runtime, build and run, got a list"),
        ("", ": must be a map with the keys version, runtime, build and run, got nothing"),
    ],
)
def test_a_file_that_is_no_map_is_an_error(read: Read, text: str, message: str) -> None:
    with pytest.raises(YamlError, match=re.escape(f"apprunner.yaml{message}")):
        read(text)


# Writing


def test_an_unchanged_file_is_written_unchanged(read: Read) -> None:
    odd = "version:   1.0\nruntime: 'python311'\n\n\nbuild: {commands: {build: [make]}}\nrun:\n    command:  run\n"
    for text in (VALID, odd):
        file = read(text)
        file.write()
        assert file.path.read_text() == text


def test_a_change_keeps_comments_quotation_marks_and_order(read: Read) -> None:
    file = read(VALID)
    file.content["run"]["network"]["port"] = 9000
    file.content["run"]["env"].append({"name": "ADDED", "value": "1"})
    file.write()
    expected = VALID.replace("port: 8000", "port: 9000").replace(
        '      value: "info"\n', "      value: \"info\"\n    - name: ADDED\n      value: '1'\n"
    )
    assert file.path.read_text() == expected
    assert texts(SourceFile.read(file.path)) == []


def test_variables_and_secrets_are_by_name(read: Read) -> None:
    file = read(VALID)
    assert file.variables == {"LEVEL": "info"}
    assert list(file.secrets) == ["TOKEN", "FLAGS"]
    assert read("run: {env: [1, {name: A}]}").variables == {}


def test_a_key_that_a_merge_adds_has_the_place_of_its_map(read: Read) -> None:
    merged = "build: &shared\n  pre-run: 3\nrun:\n  <<: *shared\n  command: python app.py\n"
    found = texts(read(f"version: 1.0\nruntime: python311\n{merged}"))
    assert "5:1: error: run.pre-run: must be a list of commands, got 3" in found


# Runtimes


def test_the_guide_lists_every_runtime() -> None:
    rows = re.findall(r"^\| `([A-Z0-9_]+)` \| `([a-z0-9]+)` \| ?([0-9-]*) ?\|", GUIDE.read_text(), re.MULTILINE)
    assert [(name, end or None) for name, _, end in rows] == [
        (name, end and end.isoformat()) for name, end in END_OF_SUPPORT.items()
    ]
    assert {file_name: name for name, file_name, _ in rows} == dict(FILE_NAMES)


def test_each_runtime_of_the_file_is_known(read: Read) -> None:
    for name in FILE_NAMES:
        found: list[Any] = read(changed("python311", name)).problems(DAY)
        assert [each.level for each in found] in ([], ["warning"])
