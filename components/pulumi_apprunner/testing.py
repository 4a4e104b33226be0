"""The test kit: runs Pulumi programs offline, and checks their resource graphs.

It needs neither the Pulumi CLI nor an AWS account or a network. This distribution's pytest plugin has fixtures for the
three functions.

```python
from pulumi_apprunner.testing import evaluate, run


def test_the_service_complies_with_the_policy_pack() -> None:
    graph = run(infrastructure, project="shop", stack="staging")
    assert graph.one("aws:apprunner/service:Service")["serviceName"] == "shop-api-staging"
    evaluate(graph).assert_no_violation()
```
"""

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.graph import Graph, GraphError, Resource
from pulumi_apprunner.offline.policies.errors import PolicyConfigError, RuleError
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.policies.report import Report, ReportError, Skipped, Violation
from pulumi_apprunner.offline.run import run, run_project
from pulumi_apprunner.offline.sdk import ProgramExit, SeveralErrors
from pulumi_apprunner.offline.stubs.file import Stubs, StubsError
from pulumi_apprunner.offline.values import UNKNOWN, Secret, Unknown, known_value, printable, reveal, value_at

__all__ = [
    "UNKNOWN",
    "Graph",
    "GraphError",
    "Pack",
    "PolicyConfigError",
    "ProgramExit",
    "ProjectError",
    "Report",
    "ReportError",
    "Resource",
    "RuleError",
    "Secret",
    "SeveralErrors",
    "Skipped",
    "Stubs",
    "StubsError",
    "Unknown",
    "Violation",
    "evaluate",
    "known_value",
    "printable",
    "reveal",
    "run",
    "run_project",
    "value_at",
]
