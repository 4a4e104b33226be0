"""The rules of a monitored service: which events they match, and where they send them."""

import json
from typing import Any

import pytest

from monitored import monitoring_graph
from plans import children, dependencies
from pulumi_apprunner import AppRunnerService, ServiceMonitoring
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import PUBLIC_IMAGE, SERVICE_ARN, TOPIC_ARN

RULE = "aws:cloudwatch/eventRule:EventRule"
TARGET = "aws:cloudwatch/eventTarget:EventTarget"


def rules(graph: Graph) -> list[tuple[str, str]]:
    """Return type and name of the component's rules and targets."""
    return [(type, name) for type, name in children(graph, "monitoring") if type in (RULE, TARGET)]


def test_each_kind_of_event_has_a_rule_with_the_topic_as_its_target() -> None:
    assert rules(monitoring_graph()) == [
        (RULE, "monitoring-domain-updates"),
        (RULE, "monitoring-failed-operations"),
        (TARGET, "monitoring-domain-updates-target"),
        (TARGET, "monitoring-failed-operations-target"),
    ]


def test_a_rule_and_its_target_have_all_inputs() -> None:
    graph = monitoring_graph(tags={"team": "orders"})
    rule = dict(graph.named("monitoring-failed-operations").inputs)
    assert json.loads(rule.pop("eventPattern")) == {
        "source": ["aws.apprunner"],
        "detail-type": ["AppRunner Service Operation Status Change"],
        "resources": [SERVICE_ARN],
        "detail": {
            "operationStatus": [
                "CreateServiceFailed",
                "DeleteServiceFailed",
                "DeploymentFailed",
                "PauseServiceFailed",
                "ResumeServiceFailed",
                "UpdateServiceFailed",
            ]
        },
    }
    assert rule == {
        "name": "project-monitoring-stack-failed-operations",
        "description": "Failed operations of the service that monitoring monitors",
        "state": "ENABLED",
        "tags": {"team": "orders"},
    }
    target = graph.named("monitoring-failed-operations-target")
    assert target.inputs == {
        "rule": "project-monitoring-stack-failed-operations",
        "targetId": "topic",
        "arn": TOPIC_ARN,
        "retryPolicy": {"maximumEventAgeInSeconds": 86400, "maximumRetryAttempts": 185},
    }
    assert dependencies(graph, target) == ["monitoring-failed-operations"]


def test_every_change_in_the_validation_of_a_domain_is_notified() -> None:
    rule = monitoring_graph().named("monitoring-domain-updates")
    assert json.loads(rule["eventPattern"]) == {
        "source": ["aws.apprunner"],
        "detail-type": ["AppRunner Custom Domain Validation Status Update"],
        "resources": [SERVICE_ARN],
    }


@pytest.mark.parametrize(
    ("events", "left"), [({"domains": False}, "failed-operations"), ({"failed_operations": False}, "domain-updates")]
)
def test_each_kind_of_event_can_be_disabled(events: Any, left: str) -> None:
    names = [name for _, name in rules(monitoring_graph(events=events))]
    assert names == [f"monitoring-{left}", f"monitoring-{left}-target"]


def test_the_rules_of_a_new_service_match_its_arn() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        ServiceMonitoring("monitoring", {"service_arn": api.arn, "topic_arn": TOPIC_ARN, "max_size": 10})

    graph = run(program)
    pattern = json.loads(graph.named("monitoring-failed-operations")["eventPattern"])
    assert pattern["resources"] == [graph.named("api").outputs["arn"]]
    assert run(program, unknown=True).named("monitoring-failed-operations")["eventPattern"] is UNKNOWN
