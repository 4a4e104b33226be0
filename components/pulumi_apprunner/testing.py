"""Runs Pulumi programs offline, for tests: no engine, no account, no network.

```python
from pulumi_apprunner.offline.run import run


def test_the_service_is_named_for_the_stack() -> None:
    graph = run(infrastructure, project="shop", stack="staging")
    assert graph.one("aws:apprunner/service:Service")["serviceName"] == "shop-api-staging"
```
"""

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.graph import Graph, GraphError, Resource
from pulumi_apprunner.offline.run import run, run_project
from pulumi_apprunner.offline.sdk import ProgramExit, SeveralErrors
from pulumi_apprunner.offline.stubs.file import Stubs, StubsError
from pulumi_apprunner.offline.values import UNKNOWN, Secret, Unknown, known_value, printable, reveal, value_at

__all__ = [
    "UNKNOWN",
    "Graph",
    "GraphError",
    "ProgramExit",
    "ProjectError",
    "Resource",
    "Secret",
    "SeveralErrors",
    "Stubs",
    "StubsError",
    "Unknown",
    "known_value",
    "printable",
    "reveal",
    "run",
    "run_project",
    "value_at",
]
