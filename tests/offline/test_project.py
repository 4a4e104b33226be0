"""Running a project from its files. Error messages are those of CLI 3.255 where it has one."""

import os
import sys
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from pulumi_apprunner.testing import UNKNOWN, Graph, ProjectError, Secret, run_project

SHOW = """
import json, os, sys, pulumi
pulumi.export("config", json.loads(os.environ["PULUMI_CONFIG"]))
pulumi.export("secret", json.loads(os.environ["PULUMI_CONFIG_SECRET_KEYS"]))
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, "Pulumi.yaml", "name: shop\nruntime: python\n")
    write(tmp_path, "Pulumi.dev.yaml", "config: {}\n")
    write(tmp_path, "__main__.py", SHOW)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(dedent(text))


def config(graph: Graph) -> Any:
    return graph.exports["config"]


# Configuration


def test_the_program_reads_values_as_strings_and_json(project: Path) -> None:
    write(
        project,
        "Pulumi.dev.yaml",
        """\
        config:
          aws:region: eu-west-1
          shop:start: 20:00
          bare: on
          shop:port: 8080
          shop:share: 1.50
          shop:nothing:
          shop:hours: {start: 20:00, days: [1, 2.0], on: on}
        """,
    )
    assert config(run_project(project)) == {
        "aws:region": "eu-west-1",
        "shop:start": "20:00",
        "shop:bare": "on",
        "shop:port": "8080",
        "shop:share": "1.5",
        "shop:nothing": "",
        "shop:hours": '{"days":[1,2],"on":"on","start":"20:00"}',
    }


def test_defaults_and_project_wide_values_are_applied(project: Path) -> None:
    write(
        project,
        "Pulumi.yaml",
        """\
        name: shop
        runtime: {name: python, options: {virtualenv: .venv}}
        config:
          aws:region: {value: eu-west-1}
          aws:profile: short
          size: {type: string, default: small}
          tags: {type: object, default: {team: shop}}
          zones: {type: array, items: {type: string}, default: [a, b]}
          port: 80
          stack_value: {default: no}
        """,
    )
    write(project, "Pulumi.dev.yaml", "config:\n  shop:stack_value: mine\n")
    assert config(run_project(project)) == {
        "aws:region": "eu-west-1",
        "aws:profile": "short",
        "shop:size": "small",
        "shop:tags": '{"team":"shop"}',
        "shop:zones": '["a","b"]',
        "shop:port": "80",
        "shop:stack_value": "mine",
    }


def test_an_encrypted_value_is_an_unknown_secret_alone_and_within_an_object(project: Path) -> None:
    write(project, "Pulumi.dev.yaml", "config:\n  shop:pw: {secure: v1:x}\n  shop:db: {user: a, pw: {secure: v1:y}}\n")
    write(
        project,
        "__main__.py",
        """\
        import pulumi
        config = pulumi.Config()
        pulumi.export("sdk", pulumi.Output.secret(pulumi.output.UNKNOWN))
        pulumi.export("pw", config.require_secret("pw"))
        pulumi.export("db", config.require_secret_object("db"))
        pulumi.export("user", config.require_object("db")["user"])
        """,
    )
    exports = run_project(project).exports
    assert exports == {"pw": exports["sdk"], "db": exports["sdk"], "user": "a", "sdk": exports["sdk"]}
    assert exports["sdk"] in (Secret(UNKNOWN), UNKNOWN), "SDKs up to 3.260 drop that an unknown value is secret"


def test_values_override_those_in_the_files(project: Path) -> None:
    write(project, "Pulumi.dev.yaml", "config:\n  shop:a: file\n")
    assert config(run_project(project, config={"a": "mine"})) == {"shop:a": "mine"}


DECLARED = """\
name: shop
runtime: python
config:
  name: {type: string}
  port: {type: integer}
  on: {type: boolean}
  zones: {type: array, items: {type: string}}
  tags: {type: object}
  pw: {type: string, secret: true}
"""


def test_missing_keys_are_reported_together(project: Path) -> None:
    write(project, "Pulumi.yaml", DECLARED)
    with pytest.raises(ProjectError) as caught:
        run_project(project)
    assert str(caught.value).splitlines() == [
        "Pulumi.dev.yaml: invalid configuration",
        "  config.shop:name: is required. Set it: `pulumi config set name VALUE --stack dev`",
        "  config.shop:on: is required. Set it: `pulumi config set on VALUE --stack dev`",
        "  config.shop:port: is required. Set it: `pulumi config set port VALUE --stack dev`",
        "  config.shop:pw: is required. Set it: `pulumi config set --secret pw VALUE --stack dev`",
        "  config.shop:tags: is required. Add it to the file",
        "  config.shop:zones: is required. Add it to the file",
    ]


def test_wrong_types_are_reported_together(project: Path) -> None:
    write(project, "Pulumi.yaml", DECLARED)
    values = {"name": {"a": 1}, "port": "80x", "on": "on", "zones": [1], "tags": "t", "pw": "plain"}
    with pytest.raises(ProjectError) as caught:
        run_project(project, config=values)
    assert str(caught.value).splitlines() == [
        "Pulumi.dev.yaml: invalid configuration",
        "  config.shop:name: must be of type string, got a map with a",
        "  config.shop:on: must be of type boolean, got 'on'",
        "  config.shop:port: must be of type integer, got '80x'",
        "  config.shop:pw: must be encrypted, because Pulumi.yaml declares it secret. "
        "Set it: `pulumi config set --secret pw VALUE --stack dev`",
        "  config.shop:tags: must be of type object, got 't'",
        "  config.shop:zones: must be of type array<string>, got a list",
    ]


def test_an_integer_may_be_a_quoted_number_and_a_string_an_unquoted_one(project: Path) -> None:
    write(
        project, "Pulumi.yaml", "name: shop\nruntime: python\nconfig: {port: {type: integer}, name: {type: string}}\n"
    )
    assert config(run_project(project, config={"port": "80", "name": 5})) == {"shop:port": "80", "shop:name": "5"}


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        ("a: {default: 1, value: 2}", "config.a: default and value must not be used together"),
        ("aws:r: {type: string, value: x}", "config.aws:r.type: is supported only in the project's namespace"),
        ("aws:r: {default: x}", "config.aws:r.default: is supported only in the project's namespace. Use value"),
        ("aws:r: {}", "config.aws:r.value: is required, because the key is not in the project's namespace"),
        ("a: {type: array}", "config.a.items: must be the type of the items, such as {type: string}, got nothing"),
        ("a: {type: array, items: text}", "config.a.items: must be the type of the items"),
        ("a: {type: array, items: {type: array}}", "config.a.items: must be the type of the items"),
        ("a: {type: integer, default: x}", "config.a.default: must be of type integer, got 'x'"),
        ("a: {type: number}", "config.a.type: must be one of string, integer, boolean, array, object, got 'number'"),
    ],
)
def test_an_invalid_declaration_is_an_error(project: Path, declaration: str, message: str) -> None:
    write(project, "Pulumi.yaml", f"name: shop\nruntime: python\nconfig:\n  {declaration}\n")
    with pytest.raises(ProjectError) as caught:
        run_project(project)
    assert message in str(caught.value)


def test_an_esc_environment_is_a_warning(project: Path) -> None:
    write(project, "Pulumi.dev.yaml", "config: {'aws:region': eu-west-1}\nenvironment: [shared]\n")
    assert run_project(project).messages == ("warning: Pulumi.dev.yaml: its ESC environment is not read offline",)


def test_an_error_about_a_missing_value_mentions_the_esc_environment(project: Path) -> None:
    write(project, "Pulumi.yaml", "name: shop\nruntime: python\nconfig: {a: {type: string}}\n")
    write(project, "Pulumi.dev.yaml", "environment: [shared]\n")
    with pytest.raises(ProjectError, match=r"config\.shop:a: is required .*its ESC environment is not read offline"):
        run_project(project)


# Projects and stacks


def test_the_only_stack_is_the_default(project: Path) -> None:
    assert run_project(project).stack == "dev"


def test_a_project_with_several_stacks_requires_a_name(project: Path) -> None:
    write(project, "Pulumi.prod.yaml", "config: {}\n")
    with pytest.raises(ProjectError, match=r"shop: a stack is required. Name one \(--stack\): dev, prod"):
        run_project(project)


def test_a_stack_may_be_named_with_its_organization(project: Path) -> None:
    assert run_project(project, "acme/shop/dev").stack == "dev"


def test_an_unknown_stack_is_an_error_that_lists_the_stacks(project: Path) -> None:
    with pytest.raises(ProjectError, match=r"shop has no stack 'test'. Stacks: dev"):
        run_project(project, "test")


def test_a_project_without_a_stack_file_is_an_error_with_the_command_that_creates_one(project: Path) -> None:
    (project / "Pulumi.dev.yaml").unlink()
    with pytest.raises(ProjectError, match=r"shop has no stack: .* Create one, .*`pulumi config set .* --stack test`"):
        run_project(project, "test")


@pytest.mark.parametrize("key", ["stackConfigDir", "config"])
def test_stack_files_may_be_in_another_directory(project: Path, key: str) -> None:
    write(project, "Pulumi.yaml", f"name: shop\nruntime: python\n{key}: stacks\n")
    write(project, "stacks/Pulumi.eu.yaml", "config: {a: b}\n")
    assert config(run_project(project)) == {"shop:a": "b"}


def test_a_directory_below_the_project_is_accepted(project: Path) -> None:
    write(project, "deep/down/README.md", "")
    assert run_project(project / "deep" / "down").project == "shop"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name: shop\nruntime: nodejs\n", "runtime: must be python, got 'nodejs'"),
        ("name: shop\nruntime: {name: go}\n", "runtime: must be python, got 'go'"),
        ("runtime: python\n", "name: must be letters, digits, hyphens, underscores and periods, got nothing"),
        ("name: a b\nruntime: python\n", "name: must be letters, digits, .*, got 'a b'"),
        ("name: shop\nruntime: python\nconfigs: {}\n", r"configs: unknown key. Did you mean config\?"),
        ("name: shop\nruntime: python\nmain: nowhere\n", "main: must be a folder or file that exists, got 'nowhere'"),
        ("name: [\n", r"Pulumi\.yaml:2:1: a value or a closing bracket is required"),
        ("just a text\n", "must be a map with the keys name and runtime, got 'just a text'"),
    ],
)
def test_an_unsupported_project_is_an_error(project: Path, text: str, message: str) -> None:
    write(project, "Pulumi.yaml", text)
    with pytest.raises(ProjectError, match=message):
        run_project(project)


def test_all_errors_of_the_project_file_are_reported_together(project: Path) -> None:
    write(project, "Pulumi.yaml", "name: 1\nruntime: go\nmain: nowhere\nconfig: {a: {type: text}, b: {type: array}}\n")
    with pytest.raises(ProjectError) as caught:
        run_project(project)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()[1:]] == [
        "  name", "  runtime", "  main", "  config.a.type", "  config.b.items",
    ]  # fmt: skip


def test_a_missing_project_is_an_error_with_the_directory(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"no Pulumi.yaml in .* or a parent directory"):
        run_project(tmp_path)
    with pytest.raises(ProjectError, match=r"must be a folder that exists"):
        run_project(tmp_path / "nowhere")


def test_a_directory_without_a_program_is_an_error(project: Path) -> None:
    (project / "__main__.py").unlink()
    with pytest.raises(ProjectError, match=r"unable to find main python program `__main__\.py`"):
        run_project(project)


# The working directory and modules of the program

WHERE = """
import os, sys, pulumi
import helper
pulumi.export("argv", sys.argv)
pulumi.export("cwd", os.getcwd())
pulumi.export("name", __name__)
pulumi.export("helper", helper.COLOUR)
"""


def test_a_program_runs_in_its_directory_as_the_main_module(project: Path) -> None:
    write(project, "Pulumi.yaml", "name: shop\nruntime: python\nmain: prog\n")
    write(project, "prog/__main__.py", WHERE)
    write(project, "prog/helper.py", "COLOUR = 'blue'\n")
    directory = str((project / "prog").resolve())
    exports = run_project(project).exports
    assert exports == {"argv": ["."], "cwd": directory, "name": "__main__", "helper": "blue"}


def test_a_main_file_cannot_import_modules_in_its_directory(project: Path) -> None:
    write(project, "Pulumi.yaml", "name: shop\nruntime: python\nmain: prog/app.py\n")
    write(
        project,
        "prog/app.py",
        "import os, sys, pulumi\npulumi.export('at', [sys.argv, os.path.basename(os.getcwd())])\n",
    )
    assert run_project(project).exports == {"at": [["app.py"], "prog"]}


def test_a_run_restores_the_working_directory(project: Path) -> None:
    before = os.getcwd(), sys.argv[:], sys.path[:], sys.modules["__main__"]
    run_project(project)
    assert before == (os.getcwd(), sys.argv[:], sys.path[:], sys.modules["__main__"])


def test_a_failed_run_restores_the_working_directory(project: Path) -> None:
    write(project, "__main__.py", "import sys\nsys.path.insert(0, 'x')\nraise ValueError('x')\n")
    before = os.getcwd(), sys.path[:]
    with pytest.raises(ValueError, match=r"x"):
        run_project(project)
    assert before == (os.getcwd(), sys.path[:])


def test_every_run_imports_the_programs_modules_again(tmp_path: Path) -> None:
    for shop, colour in (("one", "red"), ("two", "blue")):
        write(tmp_path, f"{shop}/Pulumi.yaml", f"name: {shop}\nruntime: python\n")
        write(tmp_path, f"{shop}/Pulumi.dev.yaml", "config: {}\n")
        write(
            tmp_path, f"{shop}/__main__.py", "import pulumi\nfrom parts import colour\npulumi.export('c', colour.C)\n"
        )
        write(tmp_path, f"{shop}/parts/__init__.py", "")
        write(tmp_path, f"{shop}/parts/colour.py", f"C = {colour!r}\n")
    seen = [run_project(tmp_path / shop).exports["c"] for shop in ("one", "two", "one")]
    assert seen == ["red", "blue", "red"]
    assert "parts" not in sys.modules


def test_modules_from_a_path_that_the_program_adds_are_unloaded_too(project: Path) -> None:
    write(
        project,
        "__main__.py",
        "import sys, pulumi\nsys.path.insert(0, 'lib')\nimport inner\npulumi.export('n', inner.N)\n",
    )
    for number in (1, 2):
        write(project, "lib/inner.py", f"N = {number}{' ' * number}\n")
        assert run_project(project).exports == {"n": number}


def test_a_loaded_module_with_the_same_name_is_hidden_and_restored(project: Path, monkeypatch: Any) -> None:
    other = type(sys)("helper")
    monkeypatch.setitem(sys.modules, "helper", other)
    write(project, "__main__.py", WHERE)
    write(project, "helper.py", "COLOUR = 'green'\n")
    assert run_project(project).exports["helper"] == "green"
    assert sys.modules["helper"] is other


def test_an_apply_runs_while_the_program_is_still_in_its_directory(project: Path) -> None:
    write(
        project,
        "__main__.py",
        """\
        import os, pulumi
        pulumi.export("cwd", pulumi.Output.from_input(1).apply(lambda _: os.getcwd()))
        """,
    )
    assert run_project(project).exports == {"cwd": str(project.resolve())}


def test_another_stack_can_begin_with_a_copy_of_a_stacks_file(project: Path) -> None:
    write(
        project, "__main__.py", "import pulumi\npulumi.export('seen', [pulumi.get_stack(), pulumi.Config().get('x')])"
    )
    write(project, "Pulumi.preview.yaml", "config: {'shop:x': y}\n")
    graph = run_project(project, "preview", as_stack="pr-7")
    assert graph.exports["seen"] == ["pr-7", "y"]
    assert graph.stack == "pr-7"
