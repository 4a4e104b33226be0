"""No property value raises an error in a rule: the rule checks it, or reports that a value is unknown."""

import json
import runpy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apprunner_policies import POLICIES
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.values import Secret
from pulumi_apprunner.testing import UNKNOWN, Graph, run

EXAMPLES = sorted((Path(__file__).parents[2] / "policies" / "examples").glob("*.py"))


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = {"Statement": [value]}
    return value


DEEP = (nested(100), json.dumps(nested(100)), '{"Statement": [' * 5000 + "]}" * 5000)
WHATEVER = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.just(UNKNOWN)
    | st.sampled_from(DEEP),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from(["PORT", "Statement", "x", ""]), inner, max_size=2)
        | inner.map(Secret)
    ),
    max_leaves=4,
)

Place = tuple[str | int, ...]
IN_JSON = "(in its JSON)"


def places(value: Any, here: Place = ()) -> Iterator[Place]:
    """Yield the path of each nested value, also inside strings that contain JSON."""
    if here:
        yield here
    if isinstance(value, Mapping):
        for key, each in cast(Mapping[str, Any], value).items():
            yield from places(each, (*here, key))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, each in enumerate(cast(Sequence[Any], value)):
            yield from places(each, (*here, number))
    elif isinstance(value, str) and value.startswith(("{", "[")):
        yield from places(json.loads(value), (*here, IN_JSON))


def with_other(value: Any, place: Place, other: Any) -> Any:
    """Return a copy of a value in which `other` replaces the value at a path."""
    if not place:
        return other
    first, *rest = place
    if first == IN_JSON:
        return json.dumps(with_other(json.loads(value), tuple(rest), other), default=str)
    if isinstance(value, Mapping):
        mapping = cast(Mapping[str, Any], value)
        return {**mapping, cast(str, first): with_other(mapping[cast(str, first)], tuple(rest), other)}
    listed = list(cast(Sequence[Any], value))
    listed[cast(int, first)] = with_other(listed[cast(int, first)], tuple(rest), other)
    return listed


def graph_of(example: Path) -> tuple[Graph, dict[str, Any]]:
    """Return the resources of both programs of an example, and a configuration that enables every rule."""
    example_module = runpy.run_path(str(example))

    def program() -> None:
        example_module["bad"]()

    config = {
        "all": "mandatory",
        example.stem.replace("_", "-"): {"enforcementLevel": "mandatory"} | example_module.get("CONFIG", {}),
    }
    return run(program, stack="prod"), config


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_no_property_value_raises_an_error_in_a_rule(example: Path) -> None:
    graph, config = graph_of(example)
    everywhere = [
        (number, key, place)
        for number, resource in enumerate(graph.resources)
        for key in ("inputs", "outputs")
        for place in places(getattr(resource, key))
    ]

    @settings(max_examples=60, deadline=None, derandomize=True, database=None)
    @given(st.sampled_from(everywhere), WHATEVER)
    def check_variant(where: tuple[int, str, Place], other: Any) -> None:
        number, key, place = where
        resource = graph.resources[number]
        changed = replace(resource, **{key: with_other(getattr(resource, key), place, other)})
        resources = (*graph.resources[:number], changed, *graph.resources[number + 1 :])
        evaluate(replace(graph, resources=resources), POLICIES, config)  # an error in a rule raises RuleError

    check_variant()


@pytest.mark.parametrize("document", DEEP, ids=("mapping", "json", "json that Python cannot parse"))
def test_a_document_of_any_depth_raises_no_error(document: Any) -> None:
    deep = EXAMPLES[0].with_name("secrets_grant_matches.py"), EXAMPLES[0].with_name("pause_schedule_sane.py")
    for example in deep:
        graph, config = graph_of(example)
        resources = tuple(
            replace(
                each,
                **{
                    side: {
                        **getattr(each, side),
                        "policy": document,
                        "assumeRolePolicy": document,
                        "target": {**getattr(each, side).get("target", {}), "input": document},
                    }
                    for side in ("inputs", "outputs")
                },
            )
            for each in graph.resources
        )
        evaluate(replace(graph, resources=resources), POLICIES, config)
