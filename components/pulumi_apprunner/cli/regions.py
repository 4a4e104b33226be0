"""The regions of a graph's resources."""

from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import known_value


def region_of(graph: Graph, resource: Resource) -> str:
    """Return the region of a resource: its own, otherwise its provider's."""
    return known_value(resource.inputs.get("region"), str) or provider_region(graph, resource)


def provider_region(graph: Graph, resource: Resource) -> str:
    """Return the region of a resource's provider, otherwise the stack's."""
    if resource.provider is None or resource.provider not in graph:
        return graph.region
    return known_value(graph[resource.provider].inputs.get("region"), str) or graph.region
