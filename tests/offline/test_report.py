"""Assertions on a policy report, and what they print when they fail."""

import subprocess
import sys
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi_policy import EnforcementLevel, ResourceValidationPolicy

from pulumi_apprunner.testing import Graph, GraphError, Report, ReportError, evaluate, run

QUEUE = "aws:sqs/queue:Queue"


def requires(key: str, name: str, level: EnforcementLevel = EnforcementLevel.MANDATORY) -> ResourceValidationPolicy:
    def validate(args: Any, report: Any) -> None:
        if args.resource_type == QUEUE and (key not in args.props or not args.props[key]):
            report(f"{args.name} has no {key}")

    return ResourceValidationPolicy(name, f"A queue has {key}.", validate, level)


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        jobs = aws.sqs.Queue("jobs", name="jobs", tags={"team": "shop"})
        aws.sqs.Queue("events", policy=jobs.arn)

    return run(program, unknown=True)


@pytest.fixture(scope="module")
def report(graph: Graph) -> Report:
    off = requires("kmsMasterKeyId", "encrypted", EnforcementLevel.DISABLED)
    return evaluate(graph, [requires("name", "named"), requires("tags", "tagged"), requires("policy", "open"), off])


def test_has_is_true_for_a_violated_rule_on_any_resource_or_on_one(report: Report, graph: Graph) -> None:
    assert report.has("tagged")
    for resource in ("events", graph.named("events"), graph.named("events").urn):
        assert report.has("tagged", resource)
    assert not report.has("tagged", "jobs")
    assert not report.has("tagged", graph.urn)


def test_assert_violation_returns_the_violation(report: Report) -> None:
    assert report.assert_violation("tagged", "events", message="no tags").message == "events has no tags"


def test_a_missing_violation_is_an_error_that_lists_the_others(report: Report) -> None:
    with pytest.raises(AssertionError) as caught:
        report.assert_violation("tagged", "jobs")
    assert str(caught.value).splitlines() == [
        "tagged is not violated by aws:sqs/queue:Queue 'jobs'",
        "Violations of this rule:",
        "  tagged (mandatory) by aws:sqs/queue:Queue 'events': events has no tags",
        "Skipped: none",
        "Violations of other rules:",
        "  open (mandatory) by aws:sqs/queue:Queue 'jobs': jobs has no policy",
        "  named (mandatory) by aws:sqs/queue:Queue 'events': events has no name",
    ]


def test_a_violation_with_another_message_is_an_error(report: Report) -> None:
    with pytest.raises(AssertionError, match=r"tagged is not violated by .*'events' with a message that contains 'x'"):
        report.assert_violation("tagged", "events", "x")


def test_a_missing_violation_of_a_skipped_rule_has_the_reason(report: Report) -> None:
    with pytest.raises(AssertionError, match=r"Skipped:\n  open on aws:sqs/queue:Queue 'events': .*can't be known"):
        report.assert_violation("open", "events")


def test_assert_no_violation_passes_for_a_rule_that_is_not_violated(report: Report) -> None:
    report.assert_no_violation("tagged", "jobs")


def test_assert_no_violation_fails_with_every_violation(report: Report) -> None:
    with pytest.raises(AssertionError) as caught:
        report.assert_no_violation(resource="jobs")
    assert str(caught.value).splitlines() == [
        "any rule by aws:sqs/queue:Queue 'jobs': 1 violations",
        "Violations:",
        "  open (mandatory) by aws:sqs/queue:Queue 'jobs': jobs has no policy",
        "Skipped: none",
    ]


def test_assert_no_violation_fails_for_a_skipped_rule_unless_it_is_allowed(report: Report) -> None:
    with pytest.raises(AssertionError, match=r"open by .*'events': 1 skipped \(pass stubs, or allow_skipped=True\)"):
        report.assert_no_violation("open", "events")
    report.assert_no_violation("open", "events", allow_skipped=True)


@pytest.mark.parametrize("check", [Report.has, Report.assert_violation, Report.assert_no_violation])
def test_an_unknown_rule_is_an_error_that_lists_the_rules(report: Report, check: Any) -> None:
    with pytest.raises(ReportError, match=r"no rule taged. Did you mean tagged. Rules: encrypted, named, open, tagged"):
        check(report, "taged")


def test_a_disabled_rule_is_an_error(report: Report) -> None:
    with pytest.raises(
        ReportError, match=r'rule encrypted is disabled. Enable it in config: {"encrypted": "mandatory"}'
    ):
        report.has("encrypted")


def test_an_unknown_resource_is_an_error(report: Report) -> None:
    with pytest.raises(GraphError, match=r"no resource is named 'job'. Did you mean jobs\?"):
        report.has("tagged", "job")


def test_a_resource_class_is_a_type(graph: Graph) -> None:
    assert graph.all(aws.sqs.Queue) == graph.all(QUEUE)
    assert graph.named("jobs", aws.sqs.Queue).type == QUEUE
    with pytest.raises(GraphError, match="no resource is of type aws:sns/topic:Topic"):
        graph.one(aws.sns.Topic)


def test_the_configuration_of_a_pack_may_be_a_file(graph: Graph, tmp_path: Any) -> None:
    file = tmp_path / "config.json"
    file.write_text('{"tagged": "disabled"}')
    assert evaluate(graph, [requires("tags", "tagged")], file).levels == {"tagged": "disabled"}


def test_the_default_pack_is_that_of_the_library(graph: Graph) -> None:
    assert "prod-min-instances" in evaluate(graph).levels


def test_without_pulumi_policy_the_error_names_the_extra() -> None:
    code = """
import sys
sys.modules["pulumi_policy"] = None
from pulumi_apprunner.testing import evaluate, run
evaluate(run(lambda: None))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stderr.splitlines()[-1].endswith("pulumi_policy is not installed. Install pulumi-apprunner[testing]")
