"""Lookups in a resource graph."""

import re

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import ResourceOptions

import pulumi_apprunner.testing as testing
from pages import ROOT
from pulumi_apprunner.testing import UNKNOWN, Graph, GraphError, Secret, known_value, printable, reveal, run, value_at


class Pair(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("acme:index:Pair", name)
        child = ResourceOptions(parent=self)
        aws.iam.Role(f"{name}-role", assume_role_policy="{}", opts=child)
        aws.sqs.Queue(f"{name}-queue", opts=child)


@pytest.fixture(scope="module")
def graph() -> Graph:
    def program() -> None:
        Pair("a")
        Pair("b")
        aws.sqs.Queue("a")

    return run(program)


def test_a_resource_is_found_by_name(graph: Graph) -> None:
    assert graph.named("a-role").type == "aws:iam/role:Role"


def test_a_name_that_several_types_share_requires_the_type(graph: Graph) -> None:
    assert graph.named("a", "aws:sqs/queue:Queue").custom
    with pytest.raises(GraphError, match=r"2 resources are named 'a'"):
        graph.named("a")


def test_resources_are_found_by_type(graph: Graph) -> None:
    assert [each.name for each in graph.all("aws:sqs/queue:Queue")] == ["a-queue", "b-queue", "a"]


def test_children_are_found_by_resource_name_urn_or_stack(graph: Graph) -> None:
    pair = graph.named("b")
    for of in (pair, "b", pair.urn):
        assert [each.name for each in graph.children(of)] == ["b-role", "b-queue"]
    assert [each.name for each in graph.children(None)] == ["a", "b", "a"]


def test_a_lookup_without_a_match_is_an_error_that_lists_the_resources(graph: Graph) -> None:
    with pytest.raises(GraphError) as named:
        graph.named("zzz")
    assert str(named.value).splitlines()[:3] == [
        "no resource is named 'zzz'",
        "Resources:",
        "  a  acme:index:Pair",
    ]
    with pytest.raises(GraphError) as typed:
        graph.one("aws:sqs/queu:Queue")
    assert str(typed.value).splitlines() == [
        "no resource is of type aws:sqs/queu:Queue. Did you mean aws:sqs/queue:Queue?",
        "Types:",
        "  acme:index:Pair (2)",
        "  aws:iam/role:Role (2)",
        "  aws:sqs/queue:Queue (3)",
    ]
    with pytest.raises(GraphError) as both:
        graph.named("b-queu", "aws:sqs/queue:Queue")
    assert str(both.value).splitlines() == [
        "no resource is of type aws:sqs/queue:Queue named 'b-queu'. Did you mean b-queue?",
        "Resources of type aws:sqs/queue:Queue:",
        "  a-queue  aws:sqs/queue:Queue",
        "  b-queue  aws:sqs/queue:Queue",
        "  a  aws:sqs/queue:Queue",
    ]
    with pytest.raises(GraphError, match=r"no resource has the URN urn:pulumi:x\nURNs:\n  urn:pulumi:stack"):
        graph["urn:pulumi:x"]


def test_a_long_list_is_cut_to_a_screen_and_the_most_similar_name_comes_first() -> None:
    graph = run(lambda: [aws.sqs.Queue(f"queue-{number}") for number in range(200)] and None)
    with pytest.raises(GraphError) as caught:
        graph.named("queue_150")
    lines = str(caught.value).splitlines()
    assert lines[:2] == ["no resource is named 'queue_150'. Did you mean queue-150?", "Resources (200):"]
    assert (len(lines), lines[-1]) == (18, "  and 185 more")
    with pytest.raises(GraphError) as several:
        graph.one("aws:sqs/queue:Queue")
    assert len(str(several.value).splitlines()) == 18


def test_an_unknown_input_is_an_error_that_lists_the_inputs(graph: Graph) -> None:
    with pytest.raises(GraphError, match=r"has no input 'policy'\nInputs:\n  assumeRolePolicy"):
        graph.named("a-role")["policy"]


def test_value_at_reads_maps_lists_and_secrets() -> None:
    inputs = {"a": Secret({"b": [1, {"c": "x"}]}), "u": UNKNOWN}
    assert value_at(inputs, "a", "b", 1, "c") == "x"
    assert value_at(inputs, "a", "z", "c") is None
    assert value_at(inputs, "u", "anything") is UNKNOWN


def test_known_value_returns_only_values_of_the_type() -> None:
    assert known_value(Secret("x"), str) == "x"
    assert known_value(UNKNOWN, str) is None
    assert known_value(3, str) is None


def test_reveal_returns_secrets_and_printable_hides_them() -> None:
    value = {"a": [Secret({"b": 1}), UNKNOWN, None, True]}
    assert reveal(value) == {"a": [{"b": 1}, UNKNOWN, None, True]}
    assert printable(value) == {"a": ["[secret]", "[unknown]", None, True]}


def test_the_public_names_exist_and_are_sorted() -> None:
    assert all(hasattr(testing, name) for name in testing.__all__)
    assert (
        sorted(testing.__all__, key=lambda name: (not name.isupper(), not name[0].isupper(), name)) == testing.__all__
    )


def test_every_public_class_and_function_has_a_docstring() -> None:
    public = [getattr(testing, name) for name in testing.__all__ if name != "UNKNOWN"]
    assert [each for each in public if not each.__doc__] == []


def test_the_guide_documents_only_public_names_and_every_function() -> None:
    guide = (ROOT / "docs" / "guides" / "testing.md").read_text()
    imported = set(re.findall(r"from pulumi_apprunner.testing import (.*)", guide))
    assert {name for line in imported for name in line.split(", ")} <= set(testing.__all__)
    functions = {name for name in testing.__all__ if name.islower()} - {"printable", "reveal"}
    assert {name for name in functions if not re.search(rf"`{name}[`(]", guide)} == set()
    members = re.findall(r"`(graph|report)\.(\w+)", guide)
    owners = {"graph": Graph, "report": testing.Report}
    fields = {name for owner in owners.values() for name in owner.__dataclass_fields__}
    assert [name for owner, name in members if not hasattr(owners[owner], name) and name not in fields] == []
