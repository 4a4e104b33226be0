"""Runs Pulumi programs offline, for tests: no engine, no account, no network.

```python
from pulumi_apprunner.testing import run


def test_the_service_is_named_for_the_stack() -> None:
    graph = run(infrastructure, stack="staging")
    assert graph.the("aws:apprunner/service:Service")["serviceName"] == "api-staging"
```
"""

from pulumi_apprunner.testing.config import ProjectError
from pulumi_apprunner.testing.engine import run, run_project
from pulumi_apprunner.testing.graph import Graph, GraphError, Resource
from pulumi_apprunner.testing.sdk import ProgramExit, SeveralErrors
from pulumi_apprunner.testing.stand_ins import StandIns, StandInsError
from pulumi_apprunner.testing.values import UNKNOWN, Secret, Unknown, at, known, revealed, shown

__all__ = [
    "UNKNOWN",
    "Graph",
    "GraphError",
    "ProgramExit",
    "ProjectError",
    "Resource",
    "Secret",
    "SeveralErrors",
    "StandIns",
    "StandInsError",
    "Unknown",
    "at",
    "known",
    "revealed",
    "run",
    "run_project",
    "shown",
]
