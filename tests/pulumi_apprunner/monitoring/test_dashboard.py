"""The dashboard of a monitored service: its widgets, and when it exists."""

import json
from typing import Any

import pytest

from monitored import monitoring_graph
from pulumi_apprunner import AppRunnerService, ServiceMonitoring
from pulumi_apprunner.testing import UNKNOWN, run
from samples import ID, PUBLIC_IMAGE, TOPIC_ARN

DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"


def widgets(**args: Any) -> dict[str, dict[str, Any]]:
    """Return the widgets of a service's dashboard by their titles."""
    body = json.loads(monitoring_graph(**args).one(DASHBOARD)["dashboardBody"])
    return {each["properties"]["title"]: each for each in body["widgets"]}


def test_the_dashboard_shows_alarms_metrics_and_logs() -> None:
    assert [(each["type"], title) for title, each in widgets().items()] == [
        ("alarm", "Alarms"),
        ("metric", "Responses"),
        ("metric", "Latency (ms)"),
        ("metric", "Active instances"),
        ("metric", "CPU of the busiest instance (%)"),
        ("metric", "Memory of the fullest instance (%)"),
        ("log", "Errors of the application"),
        ("log", "Events of the service"),
    ]


def test_widgets_do_not_overlap() -> None:
    places = [(each["x"], each["y"], each["width"], each["height"]) for each in widgets().values()]
    assert places == [(x, y, 12, 6) for y in (0, 6, 12, 18) for x in (0, 12)]


def test_a_metric_has_the_services_dimensions_and_region() -> None:
    properties = widgets()["Latency (ms)"]["properties"]
    assert properties["region"] == "eu-west-1"
    assert properties["metrics"][2] == [
        "AWS/AppRunner",
        "RequestLatency",
        "ServiceName",
        "orders-api",
        "ServiceID",
        ID,
        {"label": "p99", "stat": "p99"},
    ]


def test_the_maximum_of_the_profile_is_a_line() -> None:
    line = {"label": "Maximum", "value": 4}
    assert widgets(max_size=4)["Active instances"]["properties"]["annotations"] == {"horizontal": [line]}


def test_each_widget_has_at_most_one_metrics_insights_query() -> None:
    for each in widgets().values():
        queries = [metric for metric in each["properties"].get("metrics", ()) if "expression" in metric[0]]
        assert len(queries) <= 1


def test_the_logs_are_those_of_the_service() -> None:
    assert widgets()["Events of the service"]["properties"]["query"].startswith(
        f"SOURCE '/aws/apprunner/orders-api/{ID}/service' | "
    )


def test_the_alarms_are_those_of_the_component() -> None:
    off: Any = {"enabled": False}
    keys = ("server_errors", "server_error_rate", "client_error_rate", "active_instances", "cpu", "memory")
    graph = monitoring_graph(alarms=dict.fromkeys(keys, off))
    body = json.loads(graph.one(DASHBOARD)["dashboardBody"])
    assert body["widgets"][0]["properties"]["alarms"] == [graph.named("monitoring-latency").outputs["arn"]]
    assert "Alarms" not in widgets(alarms=dict.fromkeys((*keys, "latency"), off))


@pytest.mark.parametrize(
    ("args", "exists"),
    [({}, True), ({"profile": "staging"}, False), ({"profile": "staging", "dashboard": True}, True)],
)
def test_production_has_a_dashboard(args: Any, exists: bool) -> None:
    graph = monitoring_graph(**args)
    assert [each["dashboardName"] for each in graph.all(DASHBOARD)] == ["project-monitoring-stack"] * exists
    assert graph.named("monitoring").outputs.get("dashboardName") == ("project-monitoring-stack" if exists else None)


def test_a_first_preview_does_not_know_the_body_of_a_new_service() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        ServiceMonitoring("monitoring", {"service_arn": api.arn, "topic_arn": TOPIC_ARN, "max_size": 10})

    assert run(program, unknown=True).one(DASHBOARD)["dashboardBody"] is UNKNOWN
