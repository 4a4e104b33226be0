"""The App Runner services of a resource graph by the names that a user knows: the components' names first."""

import pulumi

from apprunner_facts import tokens
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.listing import listing, suggestion

COMPONENT = "apprunner:index:AppRunnerService"
"""The type of the component that creates a service."""


def service_name(graph: Graph, service: Resource) -> str:
    """Return the name of a service's component, or its logical name without a component."""
    if service.parent is None or graph[service.parent].type != COMPONENT:
        return service.name
    return graph[service.parent].name


def find_service(graph: Graph, name: str) -> Resource:
    """Return the service with a name: that of its component, its logical name or its name in App Runner.

    Raises:
        pulumi.RunError: No service has the name, or several do.
    """
    services = graph.all(tokens.SERVICE)
    names = {each.urn: service_name(graph, each) for each in services}
    found = [each for each in services if names[each.urn] == name] or [
        each for each in services if name in (each.name, each.inputs.get("serviceName"))
    ]
    if len(found) == 1:
        return found[0]
    listed = sorted(names.values())
    problem = f"{len(found)} services have the name {name}" if found else f"no service has the name {name}"
    hint = suggestion(name, listed) if listed else ". Set the configuration on which the program's services depend"
    raise pulumi.RunError(f"{problem} in the stack {graph.stack}{hint}\n{listing('Services', listed)}")
