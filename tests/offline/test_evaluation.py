"""Evaluating a policy pack on a resource graph."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions
from pulumi_policy import (
    EnforcementLevel,
    PolicyConfigSchema,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.configuration import load_config
from pulumi_apprunner.offline.policies.errors import PolicyConfigError, RuleError
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.policies.report import Report
from pulumi_apprunner.testing import Graph, ProjectError, run

QUEUE = "aws:sqs/queue:Queue"


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        tags = {"secret": pulumi.Output.secret("hunter2"), "unknown": aws.ec2.get_vpc_output(default=True).id}
        queue = aws.sqs.Queue("jobs", delay_seconds=5, tags=tags, opts=ResourceOptions(protect=True))
        aws.sqs.Queue("plain", redrive_policy=queue.arn)

    return run(program, project="p", stack="s")


def on_queues(check: Any, **settings: Any) -> ResourceValidationPolicy:
    def validate(args: Any, report: Any) -> Any:
        return check(args, report) if args.resource_type == QUEUE else None

    return ResourceValidationPolicy("rule", "A description.", validate, **settings)


def violations(result: Report) -> list[tuple[str, str, str]]:
    return [(each.level, each.resource.rpartition("::")[2], each.message) for each in result.violations]


def test_a_rule_is_evaluated_on_every_resource_and_its_violations_are_reported(graph: Graph) -> None:
    result = evaluate(
        graph, [on_queues(lambda args, report: report(f"{args.name} of {args.urn.split('::')[0]}", None))]
    )
    assert violations(result) == [
        ("advisory", "jobs", "jobs of urn:pulumi:s"),
        ("advisory", "plain", "plain of urn:pulumi:s"),
    ]


def test_a_violation_without_a_message_has_the_rules_description(graph: Graph) -> None:
    assert evaluate(graph, [on_queues(lambda args, report: report("", None))]).violations[0].message == "A description."


def test_properties_are_those_that_the_pulumi_engine_passes(graph: Graph) -> None:
    seen: list[Any] = []

    def check(args: Any, report: Any) -> None:
        if args.name == "jobs":
            seen.extend(
                [args.props["delaySeconds"], args.props["tags"]["secret"], isinstance(args.props["tags"], Mapping)]
            )
            seen.extend([type(args.props["delaySeconds"]), isinstance(args.props["tags"], dict), args.opts.protect])
            seen.extend([args.provider.resource_type, args.provider.props["region"]])

    evaluate(graph, [on_queues(check)])
    assert seen == [5.0, "hunter2", True, float, False, True, "pulumi:providers:aws", "us-east-1"]


def test_a_rule_that_reads_an_unknown_value_is_skipped_with_the_reason(graph: Graph) -> None:
    def check(args: Any, report: Any) -> None:
        report("before", None)
        if args.name == "jobs":
            report(args.props["tags"]["unknown"], None)

    result = evaluate(graph, [on_queues(check)])
    assert [(each.policy, each.resource.rpartition("::")[2]) for each in result.skipped] == [("rule", "jobs")]
    assert result.skipped[0].reason == "string value at .tags.unknown can't be known during preview"
    assert [each.message for each in result.violations] == ["before", "before"]


def test_a_rule_that_is_not_applicable_reports_nothing(graph: Graph) -> None:
    assert evaluate(graph, [on_queues(lambda args, report: args.not_applicable("not here"))]).violations == ()


def test_an_error_of_a_rule_has_the_rule_and_the_resource(graph: Graph) -> None:
    with pytest.raises(RuleError, match=r"rule rule failed on urn:.*::jobs: KeyError: 'nope'"):
        evaluate(graph, [on_queues(lambda args, report: args.props["nope"])])


def test_a_rule_may_be_a_coroutine_function(graph: Graph) -> None:
    async def check(args: Any, report: Any) -> None:
        report("later", None)

    assert len(evaluate(graph, [on_queues(check)]).violations) == 2


def test_a_rule_with_resource_types_is_evaluated_only_on_those(graph: Graph) -> None:
    types: list[str] = []
    rule = ResourceValidationPolicy("rule", "d", lambda args, report: types.append(args.resource_type))
    evaluate(graph, [rule])
    assert types == ["pulumi:pulumi:Stack", QUEUE, QUEUE]
    rule.resource_types = frozenset({QUEUE})  # type: ignore[attr-defined]
    types.clear()
    evaluate(graph, [rule])
    assert types == [QUEUE, QUEUE]


def test_a_secret_in_a_violation_is_redacted(graph: Graph) -> None:
    def check(args: Any, report: Any) -> None:
        if args.name == "jobs":
            report(f"bad password {args.props['tags']['secret']}", None)

    assert [each.message for each in evaluate(graph, [on_queues(check)]).violations] == ["bad password [secret]"]


def test_a_resource_that_is_read_is_not_evaluated() -> None:
    graph = run(lambda: aws.sqs.Queue.get("q", "https://sqs.us-east-1.amazonaws.com/123456789012/q") and None)
    assert evaluate(graph, [on_queues(lambda args, report: report("x", None))]).violations == ()


def test_rules_know_the_project_and_the_stack(graph: Graph) -> None:
    seen: set[tuple[str, str, bool]] = set()

    def check(args: Any, report: Any) -> None:
        seen.add((pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()))

    evaluate(graph, [on_queues(check)])
    assert seen == {("p", "s", True)}


# Rules over the whole stack


def stack_rule(validate: Any) -> StackValidationPolicy:
    return StackValidationPolicy("stack-rule", "A description.", validate)


def test_a_stack_rule_gets_all_resources_with_links_and_outputs(graph: Graph) -> None:
    seen: dict[str, Any] = {}

    def validate(args: Any, report: Any) -> None:
        by_name = {each.name: each for each in args.resources}
        seen["names"] = list(by_name)
        seen["arn"] = by_name["jobs"].props["arn"]
        seen["parent"] = by_name["jobs"].parent.name
        seen["dependency"] = by_name["plain"].property_dependencies["redrivePolicy"][0] is by_name["jobs"]

    evaluate(graph, [stack_rule(validate)])
    arn = graph.named("jobs").outputs["arn"]
    assert seen == {"names": ["p-s", "jobs", "plain"], "arn": arn, "parent": "p-s", "dependency": True}


def test_a_stack_rule_may_report_a_resource_or_the_stack(graph: Graph) -> None:
    def validate(args: Any, report: Any) -> None:
        report("everything", None)
        report("this one", next(each.urn for each in args.resources if each.name == "plain"))

    assert violations(evaluate(graph, [stack_rule(validate)])) == [
        ("advisory", "p-s", "everything"),
        ("advisory", "plain", "this one"),
    ]


def test_a_stack_rule_that_reads_an_unknown_output_is_skipped() -> None:
    graph = run(lambda: aws.sqs.Queue("q") and None, unknown=True)
    result = evaluate(graph, [stack_rule(lambda args, report: [each.props["arn"] for each in args.resources[1:]])])
    assert [each.reason for each in result.skipped] == ["string value at .arn can't be known during preview"]


# Levels and configuration


def level(graph: Graph, pack: Any, config: Mapping[str, Any] | None = None) -> set[str]:
    return {each.level for each in evaluate(graph, pack, config).violations}


def test_levels_of_the_configuration_override_those_of_rule_and_pack(graph: Graph) -> None:
    plain = on_queues(lambda args, report: report("x", None))
    own = on_queues(lambda args, report: report("x", None), enforcement_level=EnforcementLevel.MANDATORY)
    assert level(graph, [plain]) == {"advisory"}
    assert level(graph, Pack("p", [plain], EnforcementLevel.MANDATORY)) == {"mandatory"}
    assert level(graph, [own]) == {"mandatory"}
    assert level(graph, Pack("p", [own], initial_config={"rule": EnforcementLevel.ADVISORY})) == {"advisory"}
    assert level(graph, [own], {"all": "advisory"}) == {"advisory"}
    assert level(graph, [own], {"all": "advisory", "rule": {"enforcementLevel": "mandatory"}}) == {"mandatory"}
    assert level(graph, [own], {"rule": "disabled"}) == set()


def test_only_a_mandatory_violation_counts_as_mandatory(graph: Graph) -> None:
    rule = on_queues(lambda args, report: report("x", None))
    assert not evaluate(graph, [rule]).has_mandatory_violations
    assert evaluate(graph, [rule], {"rule": "mandatory"}).has_mandatory_violations


def test_a_remediation_is_reported_and_the_rule_is_then_mandatory() -> None:
    def remediate(args: Any) -> Any:
        if args.resource_type == QUEUE:
            args.props["delaySeconds"] = 1
            return args.props
        return None

    def validate(args: Any, report: Any) -> None:
        if args.resource_type == QUEUE:
            report(f"{args.props['delaySeconds']:g}, {args.props['tags']['pw']}", None)

    graph = run(lambda: aws.sqs.Queue("q", delay_seconds=5, tags={"pw": pulumi.Output.secret("abc")}) and None)
    rule = ResourceValidationPolicy(
        "rule", "Delays are 1.", validate, enforcement_level=EnforcementLevel.REMEDIATE, remediate=remediate
    )
    assert violations(evaluate(graph, [rule])) == [
        ("remediate", "q", "Delays are 1. It would change delaySeconds."),
        ("mandatory", "q", "1, abc"),
    ]


SCHEMA = PolicyConfigSchema(
    {
        "most": {"type": "integer", "default": 3, "minimum": 1},
        "names": {"type": "array", "items": {"enum": ["a", "b"]}},
    },
    required=["names"],
)


def test_a_rule_reads_its_configuration_with_the_schemas_defaults(graph: Graph) -> None:
    seen: list[Any] = []
    rule = on_queues(lambda args, report: seen.append(dict(args.get_config())), config_schema=SCHEMA)
    evaluate(graph, [rule], {"rule": {"names": ["a"]}})
    assert seen[0] == {"most": 3, "names": ["a"]}


def test_all_errors_of_the_configuration_are_reported_together(graph: Graph) -> None:
    rule = on_queues(lambda args, report: None, config_schema=SCHEMA)
    with pytest.raises(PolicyConfigError) as caught:
        evaluate(graph, [rule], {"all": "loud", "rule": {"most": 0, "names": ["c", "a"], "enforcementLevel": 3}})
    assert str(caught.value).splitlines() == [
        "invalid policy configuration",
        '  all: must be one of advisory, mandatory, remediate, disabled, got "loud". Set it to one of them.',
        "  rule.enforcementLevel: must be one of advisory, mandatory, remediate, disabled, got 3. "
        "Set it to one of them.",
        "  rule.most: must be at least 1, got 0. Increase it.",
        '  rule.names[0]: must be one of "a", "b", got "c". Set it to one of them.',
    ]


@pytest.mark.parametrize(
    ("schema", "value", "error"),
    [
        ({"type": "number"}, "2", 'must be a number, got "2". Write a number.'),
        ({"type": ["integer", "null"]}, [], "must be a whole number or null, got []. Write a whole number or null."),
        ({"maximum": 3}, 4, "must be at most 3, got 4. Decrease it."),
        ({"minLength": 1}, "", 'must have at least 1 characters, got "". Lengthen it.'),
        ({"pattern": "^a"}, "b", 'must match the pattern ^a, got "b". Write it in this form.'),
        (
            {"properties": {"a": {}}, "additionalProperties": False},
            {"b": 1},
            'unknown key "b". Valid keys: a.',
        ),
        ({"minLength": 201}, "x" * 200, f'must have at least 201 characters, got "{"x" * 99}… (202 characters). Leng'),
        ({"not": {}}, 1, "1 should not be valid under {}. Correct it."),
    ],
)
def test_errors_of_a_schema_are_in_plain_words(graph: Graph, schema: Any, value: Any, error: str) -> None:
    rule = on_queues(lambda args, report: None, config_schema=PolicyConfigSchema({"key": schema}))
    with pytest.raises(PolicyConfigError, match=re.escape(f"rule.key: {error}")):
        evaluate(graph, [rule], {"rule": {"key": value}})


def test_errors_name_the_file_of_the_configuration(graph: Graph, tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text('{"rule": {"most": 0, "names": []}}')
    rule = on_queues(lambda args, report: None, config_schema=SCHEMA)
    with pytest.raises(PolicyConfigError, match=re.escape(f"{file}: invalid policy configuration\n  rule.most: ")):
        evaluate(graph, [rule], file)


def test_properties_of_all_have_no_effect_as_on_the_engine(graph: Graph) -> None:
    seen: list[Any] = []
    rule = on_queues(lambda args, report: seen.append(dict(args.get_config())), config_schema=SCHEMA)
    messages = evaluate(graph, [rule], {"all": {"most": 5}, "rule": {"names": ["a"]}}).messages
    assert seen[0]["most"] == 3
    assert messages == ('warning: the policy configuration has properties in "all", but only its level has an effect',)


def test_a_missing_required_property_is_an_error(graph: Graph) -> None:
    with pytest.raises(PolicyConfigError, match=r"rule\.names: is required\. Add it\."):
        evaluate(graph, [on_queues(lambda args, report: None, config_schema=SCHEMA)])


def test_configuration_of_a_rule_that_the_pack_does_not_have_is_a_warning(graph: Graph) -> None:
    messages = evaluate(graph, [on_queues(lambda args, report: None)], {"other": "mandatory"}).messages
    assert messages == ("warning: the policy configuration contains 'other', but the pack has no such rule",)


def test_the_configuration_file_has_the_clis_format(tmp_path: Path) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"all": "mandatory", "rule": {"most": 2}}')
    assert load_config(file) == {"all": "mandatory", "rule": {"most": 2}}
    file.write_text(" ")
    assert load_config(file) == {}


@pytest.mark.parametrize("text", ["[]", "{", "3"])
def test_a_configuration_file_in_another_format_is_an_error(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.json"
    file.write_text(text)
    with pytest.raises(PolicyConfigError, match=r"config\.json.*: must be (JSON|an object)"):
        load_config(file)


# Packs on disk


def test_a_python_pack_is_loaded_from_its_directory(tmp_path: Path, graph: Graph) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (tmp_path / "mine.py").write_text("def validate(args, report):\n    report('from disk', None)\n")
    (tmp_path / "__main__.py").write_text(
        "from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy\n"
        "from mine import validate\n"
        "PolicyPack('mine', [ResourceValidationPolicy('r', 'd', validate)], EnforcementLevel.MANDATORY)\n"
        "raise AssertionError('a PolicyPack never returns')\n"
    )
    pack = Pack.load(tmp_path)
    assert (pack.name, pack.level) == ("mine", EnforcementLevel.MANDATORY)
    assert {each.message for each in evaluate(graph, pack).violations} == {"from disk"}
    assert Pack.load(tmp_path / "mine.py").name == "mine", "the CLI also takes an executable in the directory"


@pytest.mark.parametrize(
    ("program", "error", "message"),
    [
        (None, ProjectError, "must contain __main__.py"),
        ("x = 1\n", ProjectError, "creates no PolicyPack"),
        ("import sys; sys.exit(0)", ProjectError, "exited before it created a PolicyPack"),
        ("import pulumi; raise pulumi.RunError('no')", ProjectError, "failed before it created a PolicyPack: no"),
        ("from pulumi_policy import PolicyPack\nPolicyPack('a b', [1])\n", TypeError, "Invalid policy pack name"),
        ("raise ValueError('mine')\n", ValueError, "mine"),
    ],
)
def test_a_directory_without_a_pack_is_an_error(
    tmp_path: Path, program: str | None, error: type[Exception], message: str
) -> None:
    (tmp_path / "PulumiPolicy.yaml").write_text("runtime: {name: python}\n")
    if program is not None:
        (tmp_path / "__main__.py").write_text(program)
    with pytest.raises(error, match=message):
        Pack.load(tmp_path)


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({}, "contains PulumiPolicy.yaml, got a directory without one"),
        ({"Pulumi.yaml": "name: a\nruntime: python\n"}, "contains PulumiPolicy.yaml, got a Pulumi project"),
        ({"PulumiPolicy.yaml": "runtime: nodejs\n"}, "runtime: must be python, got 'nodejs'"),
        ({"PulumiPolicy.yaml": ""}, "runtime: must be python, got nothing"),
    ],
)
def test_a_program_that_is_not_of_a_pack_does_not_run(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, text in {**files, "__main__.py": "raise AssertionError('runs')"}.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ProjectError, match=message):
        Pack.load(tmp_path)


def test_a_rule_that_exits_is_an_error() -> None:
    def exit_with_0(args: Any, report: Any) -> None:
        raise SystemExit(0)

    graph = run(lambda: aws.sqs.Queue("queue") and None)
    with pytest.raises(RuleError, match="exits"):
        evaluate(graph, [ResourceValidationPolicy("exits", "exits", exit_with_0)])
