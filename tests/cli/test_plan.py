"""`apprunner plan`."""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from shop import Shop

DOCUMENT = Path(__file__).parents[2] / "docs" / "plan-json.md"

Program = Callable[[str], Shop]


# Exit statuses


def test_the_status_is_0_without_violations(program: Program) -> None:
    assert program("service('api')").plan().status == 0


def test_the_status_is_1_for_a_mandatory_violation(program: Program) -> None:
    shop = program("service('api', instance_configuration={'cpu': '1024', 'memory': '512'})")
    assert shop.plan().status == 1


def test_the_status_is_0_for_an_advisory_violation(program: Program) -> None:
    shop = program("service('api', network_configuration={})")
    assert {each["level"] for each in shop.plan("--json").json["violations"]} == {"advisory"}
    assert shop.plan().status == 0


@pytest.mark.parametrize(
    "text", ["raise ValueError('x')", "raise pulumi.RunError('x')", "import sys; sys.exit(3)", "x ="]
)
def test_the_status_is_2_and_there_is_no_output_if_the_program_fails(program: Program, text: str) -> None:
    result = program(text).plan("--json")
    assert (result.status, result.out) == (2, "")
    assert result.err.startswith("error: ")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--stack", "prod"], "shop has no stack 'prod'. Stacks: dev"),
        (["--active", "12x"], "must be a share such as 10% or 0.10, got '12x'"),
        (["--active", "350%"], "must be 0% to 100%, got '350%'"),
        (
            ["--active", "50", "--hours", "0"],
            "--hours: must be 1 to 744, got 0 --active: must be a share from 0 to 1, got 50. Did you mean 0.5 (50%)?",
        ),
        (["--instances", "0"], "error: --instances: must be 1 or more, got 0"),
        (["--stubs", "nowhere.yaml"], "nowhere.yaml: must be a file that can be read"),
        (["--policy-config", "nowhere.json"], "nowhere.json: must be a file that can be read"),
        (
            ["--policy-pack", "nowhere"],
            "nowhere: must be a policy pack's directory, which contains PulumiPolicy.yaml",
        ),
    ],
)
def test_the_status_is_2_for_an_invalid_option(program: Program, options: list[str], message: str) -> None:
    result = program("service('api')").plan(*options)
    assert result.status == 2
    assert message in " ".join(result.err.split())


def test_errors_of_several_options_are_reported_together(program: Program) -> None:
    shop = program("raise AssertionError('the program runs')")
    options = ("--stubs", "no.yaml", "--against", "no.json", "--policy-config", "none.json")
    result = shop.plan(*options)
    assert [line.partition(" must")[0] for line in result.err.splitlines()] == [
        "error: none.json:",
        "error: no.json:",
        "error: no.yaml:",
    ]


def test_errors_of_the_policy_configuration_are_reported_together_before_the_program_runs(program: Program) -> None:
    shop = program("raise AssertionError('the program runs')")
    config = shop.write("config.json", '{"monthly-budget": {"hours": 9000}, "prod-min-instances": "high"}')
    result = shop.plan("--policy-config", str(config))
    assert "monthly-budget.hours: must be 1 to 744, got 9000" in result.err
    assert "prod-min-instances: must be one of advisory, mandatory" in result.err
    assert "AssertionError" not in result.err


@pytest.mark.parametrize("ending", ["sys.exit(0)", "sys.exit(4)", "sys.exit('boo')"])
def test_the_status_is_2_if_a_policy_pack_exits(program: Program, ending: str) -> None:
    shop = program("service('api')")
    shop.write("pack/PulumiPolicy.yaml", "runtime: python\n")
    shop.write("pack/__main__.py", f"import sys\n{ending}\n")
    result = shop.plan("--policy-pack", str(shop.folder / "pack"))
    assert (result.status, result.out) == (2, "")
    assert "exited before it created a PolicyPack" in result.err


# Output for people

TREE = """
class Web(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("acme:index:Web", name)
        role = aws.iam.Role(f"{name}-role", assume_role_policy="{}", opts=pulumi.ResourceOptions(parent=self))
        opts = pulumi.ResourceOptions(parent=self, protect=True)
        env = {"TOKEN": pulumi.Output.secret("hunter2"), "URL": aws.ec2.get_vpc_output(default=True).id}
        source = {"image_repository": {"image_identifier": "x", "image_repository_type": "ECR",
                  "image_configuration": {"runtime_environment_variables": env}}}
        size = {"instance_role_arn": role.arn}
        service(f"{name}-service", source_configuration=source, instance_configuration=size, opts=opts)
Web("api")
"""


def test_the_tree_has_names_types_and_protection(program: Program) -> None:
    lines = program(TREE).plan().out.splitlines()
    assert lines[:4] == [
        "shop dev  3 resources in eu-west-1",
        "└── api  acme:index:Web",
        "    ├── api-role  aws:iam:Role",
        "    └── api-service  aws:apprunner:Service  protected",
    ]


SHARED = """\
    import pulumi_apprunner as library
    small = library.ScalingProfile("small", {"min_size": 2, "account_default": True})
    image = {"identifier": "public.ecr.aws/docker/library/httpd:2.4"}
    for name in ("orders", "billing"):
        library.AppRunnerService(name, {"image": image, "auto_scaling_configuration_arn": small.arn})
    library.AppRunnerService("admin", {"image": image, "scaling": {"max_size": 2}})
    service("legacy")
"""


@pytest.mark.parametrize("unknown", [[], ["--unknown"]])
def test_the_tree_has_the_users_of_a_scaling_profile_that_services_share(program: Program, unknown: list[str]) -> None:
    lines = [line for line in program(SHARED).plan(*unknown).out.splitlines() if "AutoScalingConfiguration" in line]
    assert [line.partition("── ")[2] for line in lines] == [
        "small-profile  aws:apprunner:AutoScalingConfigurationVersion  used by 3 services: orders-service, "
        "billing-service, legacy",
        "small-default  aws:apprunner:DefaultAutoScalingConfigurationVersion",
        "admin-scaling  aws:apprunner:AutoScalingConfigurationVersion",
    ]


def test_the_minimum_of_a_shared_scaling_profile_is_in_the_cost(program: Program) -> None:
    services = program(SHARED).plan("--json").json["cost"]["services"]
    assert {each["name"]: each["instances"] for each in services} == {
        "orders-service": 2,
        "billing-service": 2,
        "admin-service": 1,
        "legacy": 2,
    }


def test_no_secrets_escapes_or_trailing_spaces_are_printed(program: Program) -> None:
    result = program(TREE).plan()
    assert "hunter2" not in result.out + result.err
    assert "\x1b" not in result.out
    assert all(line == line.rstrip() for line in result.out.splitlines())


def test_a_long_line_is_not_wrapped_or_cut(program: Program) -> None:
    name = "n" * 150
    assert f"└── {name}  aws:apprunner:Service\n" in program(f"service('{name}')").plan().out


def test_a_name_in_brackets_is_printed_unchanged(program: Program) -> None:
    assert "[bold]api[/]" in program("aws.sqs.Queue('[bold]api[/]')").plan().out


def test_a_violation_is_printed_with_level_rule_resource_and_message(program: Program) -> None:
    out = program("service('api', instance_configuration={'cpu': '1024', 'memory': '512'})").plan().out
    assert "Policy violations: 1 mandatory" in out
    assert "  mandatory  instance-size-pairing  api\n    instanceConfiguration.memory must be " in out


def test_a_plan_without_violations_has_a_line_about_it(program: Program) -> None:
    assert "No policy violations." in program("service('api')").plan().out


def test_a_skipped_rule_is_printed(program: Program) -> None:
    memory = "aws.ec2.get_vpc_output(default=True).id"
    out = program(f"service('api', instance_configuration={{'cpu': '1024', 'memory': {memory}}})").plan().out
    assert "Skipped because of unknown values:\n  instance-size-pairing  api" in out


def test_the_cost_is_a_table_with_its_assumptions(program: Program) -> None:
    out = program("service('api')\nservice('admin')").plan("--hours", "720").out
    rows = [line.split() for line in out.splitlines()]
    assert ["api", "1", "x", "1", "vCPU,", "2", "GB", "720", "10.08", "4.61", "-", "14.69"] in rows
    assert ["total", "29.38"] in rows
    assert "- A month has 720 hours. A service runs while no schedule pauses it." in out


def test_a_program_without_services_has_no_cost(program: Program) -> None:
    assert "cost" not in program("aws.sqs.Queue('q')").plan().out.lower()


def test_output_of_child_processes_and_of_the_file_descriptor_is_not_in_the_plan(program: Program) -> None:
    shop = program("""
        import os, subprocess, sys
        subprocess.run(["echo", "child"])
        os.write(1, b"raw")
        sys.__stdout__.write("own")
    """)
    command = [sys.executable, "-c", "import pulumi_apprunner.cli as c; c.main()", "plan", "--json"]
    ended = subprocess.run(command, cwd=shop.folder, capture_output=True, text=True, check=True)
    assert json.loads(ended.stdout)["stack"] == "dev"
    assert all(word in ended.stderr for word in ("child", "raw", "own"))


def test_output_and_logs_of_the_program_go_to_stderr(program: Program) -> None:
    result = program("print('printed')\npulumi.log.warn('logged')").plan("--json")
    assert result.json["messages"] == ["warning: logged"]
    assert "printed" in result.err
    assert "warning: logged" in result.err


# JSON


def test_json_has_the_documented_form(program: Program) -> None:
    shop = program(
        TREE
        + "pulumi.log.warn('w')\npulumi.export('a', 'b')\n"
        + "memory = aws.ec2.get_vpc_output(default=True).id\n"
        + "service('x', instance_configuration={'cpu': '1024', 'memory': '512'})\n"
        + "service('y', instance_configuration={'cpu': '1024', 'memory': memory})\n"
    )
    example = re.search("```json\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    assert example is not None
    assert shape(json.loads(example[1])) == shape(shop.plan("--json").json)


def shape(value: Any, key: str = "") -> Any:
    """Return a value with the names of types instead of strings and numbers, without inputs and exports."""
    if key in ("inputs", "exports"):
        return key
    if isinstance(value, dict):
        return {name: shape(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return max(([shape(item, key)] for item in value), key=lambda each: len(str(each)), default=[])
    return "number" if type(value) in (int, float) else "text" if key == "parent" else type(value).__name__


def test_resources_have_urns_and_the_providers_names_of_inputs(program: Program) -> None:
    resources = {each["name"]: each for each in program(TREE).plan("--json").json["resources"]}
    service = resources["api-service"]
    assert service["urn"] == "urn:pulumi:dev::shop::acme:index:Web$aws:apprunner/service:Service::api-service"
    assert service["parent"] == resources["api"]["urn"]
    assert service["protect"] is True
    variables = {"TOKEN": "[secret]", "URL": "[unknown]"}
    image = service["inputs"]["sourceConfiguration"]["imageRepository"]
    assert image["imageConfiguration"] == {"runtimeEnvironmentVariables": variables}


def test_with_unknown_values_of_aws_are_unknown(program: Program) -> None:
    shop = program(
        "role = aws.iam.Role('r', assume_role_policy='{}')\naws.iam.RolePolicy('p', role=role.name, policy='{}')"
    )
    policy = [shop.plan("--json", *more).json["resources"][-1]["inputs"]["role"] for more in ([], ["--unknown"])]
    assert policy[0].startswith("r-")
    assert policy[1] == "[unknown]"


def test_stub_values_are_the_results_of_functions(program: Program) -> None:
    shop = program("aws.sqs.Queue('q', name=aws.ec2.get_vpc(default=True).id)")
    result = shop.plan()
    assert result.status == 2
    assert "aws:ec2/getVpc:getVpc calls AWS and has no stub value" in result.err
    file = shop.write("stubs.yaml", "invokes: {'aws:ec2/getVpc:getVpc': {id: vpc-1}}")
    assert shop.plan("--json", "--stubs", str(file)).json["resources"][0]["inputs"] == {"name": "vpc-1"}


# Policies


def test_another_pack_replaces_the_included_one(program: Program) -> None:
    shop = program("service('api', instance_configuration={'cpu': '1024', 'memory': '512'})")
    shop.write("pack/PulumiPolicy.yaml", "runtime: python\n")
    shop.write(
        "pack/__main__.py",
        """\
        from pulumi_policy import PolicyPack, ResourceValidationPolicy
        def validate(args, report):
            if args.resource_type.endswith(":Service"):
                report(f"{args.get_config()['word']}", None)
        PolicyPack("mine", [ResourceValidationPolicy("mine", "d", validate)])
        """,
    )
    config = shop.write("config.json", '{"mine": {"enforcementLevel": "mandatory", "word": "no"}}')
    result = shop.plan("--json", "--policy-pack", str(shop.folder / "pack"), "--policy-config", str(config))
    assert [(each["policy"], each["level"], each["message"]) for each in result.json["violations"]] == [
        ("mine", "mandatory", "no")
    ]
    assert result.status == 1


def test_the_included_pack_can_be_configured(program: Program) -> None:
    shop = program("service('api', instance_configuration={'cpu': '1024', 'memory': '512'})")
    config = shop.write("config.json", '{"instance-size-pairing": "disabled"}')
    assert shop.plan("--policy-config", str(config)).status == 0


def test_an_invalid_policy_configuration_names_its_file_and_all_errors(program: Program) -> None:
    shop = program("service('api')")
    config = shop.write("rules.json", '{"all": {"enviroment": "prod"}, "monthly-budget": {"dollars": "2"}}')
    result = shop.plan("--policy-config", str(config))
    assert result.status == 2
    message = " ".join(result.err.split())
    assert "rules.json: invalid policy configuration" in message
    assert 'monthly-budget.dollars: must be a number, got "2". Write a number.' in message
    assert 'all: unknown key "enviroment". Did you mean "environment"?' in message


def test_the_error_for_a_failing_rule_has_its_name(program: Program) -> None:
    shop = program("service('api')")
    shop.write("pack/PulumiPolicy.yaml", "runtime: python\n")
    shop.write(
        "pack/__main__.py",
        """\
        from pulumi_policy import PolicyPack, ResourceValidationPolicy
        PolicyPack("mine", [ResourceValidationPolicy("broken-rule", "d", lambda args, report: args.props["nope"])])
        """,
    )
    result = shop.plan("--policy-pack", str(shop.folder / "pack"))
    assert result.status == 2
    assert "rule broken-rule failed on urn:pulumi:dev::shop" in result.err
