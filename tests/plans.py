"""Runs a program offline, and reads what tests compare."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from apprunner_local.input_check import check
from pulumi_apprunner import ArgsError
from pulumi_apprunner.testing import Graph, Resource, run


def plan(program: Callable[[], Any], **settings: Any) -> Graph:
    """Return the graph of a program with stub values.

    Also checks that the program creates the same resources if what AWS returns is unknown, and that AWS's models accept
    every input.
    """
    graph = run(program, **settings)
    first_preview = run(program, unknown=True, **settings)
    assert tree(first_preview) == tree(graph)
    for resource in (*graph.resources, *first_preview.resources):
        if resource.custom and resource.type.startswith("aws:"):
            assert check(resource.type, resource.inputs) == [], resource
    return graph


def tree(graph: Graph) -> list[tuple[str, str, str | None]]:
    """Return type, name and parent's name of every resource, sorted."""
    return sorted((each.type, each.name, graph[each.parent].name if each.parent else None) for each in graph.resources)


def children(graph: Graph, of: str) -> list[tuple[str, str]]:
    """Return type and name of a component's children, sorted."""
    return sorted((each.type, each.name) for each in graph.children(of))


def dependencies(graph: Graph, resource: Resource) -> list[str]:
    """Return the names of a resource's dependencies, sorted."""
    return sorted(graph[urn].name for urn in resource.dependencies)


def problems(program: Callable[[], Any]) -> Mapping[str, str]:
    """Return the errors of a program's arguments: a reason for each path."""
    with pytest.raises(ArgsError) as caught:
        run(program)
    return caught.value.problems
