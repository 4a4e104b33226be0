"""The alarms of a service: what they watch, their defaults, and what can be set."""

from typing import Any

import pytest

from apprunner_policies import POLICIES
from monitored import ALARM, alarm, monitoring, monitoring_graph
from plans import children, plan, problems
from pulumi_apprunner import AppRunnerService, ServiceMonitoring
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import UNKNOWN, Graph, run
from samples import ID, PUBLIC_IMAGE, SERVICE_ARN, TOPIC_ARN

DIMENSIONS = {"ServiceName": "orders-api", "ServiceID": ID}


def alarms(graph: Graph) -> list[str]:
    """Return the names of the component's alarms."""
    return [name.removeprefix("monitoring-") for type, name in children(graph, "monitoring") if type == ALARM]


# Resources and inputs


def test_production_has_every_alarm_but_the_one_on_missing_requests() -> None:
    names = ["active-instances", "client-error-rate", "cpu", "latency", "memory", "server-error-rate", "server-errors"]
    assert alarms(monitoring_graph()) == names


def test_staging_has_alarms_on_5xx_responses_latency_and_memory() -> None:
    graph = monitoring_graph(profile="staging", max_size=None)
    assert alarms(graph) == ["latency", "memory", "server-error-rate", "server-errors"]


def test_an_alarm_on_a_metric_has_all_inputs() -> None:
    assert alarm("latency", tags={"team": "orders"}).inputs == {
        "name": "project-monitoring-stack-latency",
        "alarmDescription": "The slowest 1 % of the requests take 3000 ms or more, in 3 of 3 periods of 300 seconds. "
        "Runbook: docs/alarms.md#latency of pulumi-apprunner",
        "namespace": "AWS/AppRunner",
        "metricName": "RequestLatency",
        "dimensions": DIMENSIONS,
        "extendedStatistic": "p99",
        "evaluateLowSampleCountPercentiles": "ignore",
        "period": 300,
        "comparisonOperator": "GreaterThanOrEqualToThreshold",
        "threshold": 3000,
        "evaluationPeriods": 3,
        "datapointsToAlarm": 3,
        "treatMissingData": "notBreaching",
        "actionsEnabled": True,
        "alarmActions": [TOPIC_ARN],
        "okActions": [TOPIC_ARN],
        "insufficientDataActions": [],
        "tags": {"team": "orders"},
    }


def test_a_rate_is_the_share_of_requests_and_0_if_there_are_few() -> None:
    def total(id: str, metric: str) -> dict[str, Any]:
        block = {"namespace": "AWS/AppRunner", "metricName": metric, "dimensions": DIMENSIONS}
        return {"id": id, "metric": {**block, "period": 60, "stat": "Sum"}, "returnData": False}

    assert alarm("client_error_rate", alarms={"client_error_rate": {"period": 60}})["metricQueries"] == [
        {
            "id": "share",
            "expression": "IF(requests < 20, 0, 100 * responses / requests)",
            "label": "Percentage of requests",
            "returnData": True,
        },
        total("requests", "Requests"),
        total("responses", "4xxStatusResponses"),
    ]
    without_minimum = alarm("server_error_rate", alarms={"server_error_rate": {"min_requests": 0}})
    assert without_minimum["metricQueries"][0]["expression"].startswith("IF(requests < 1,")


@pytest.mark.parametrize(("key", "metric"), [("cpu", "CPUUtilization"), ("memory", "MemoryUtilization")])
def test_an_alarm_on_instances_is_one_metrics_insights_query(key: str, metric: str) -> None:
    assert alarm(key)["metricQueries"] == [
        {
            "id": "maximum",
            "expression": f"SELECT MAX({metric}) FROM \"AWS/AppRunner\" WHERE ServiceID = '{ID}'",
            "period": 60,
            "returnData": True,
        }
    ]


@pytest.mark.parametrize(
    ("key", "metric", "statistic"),
    [
        ("server_errors", "5xxStatusResponses", "Sum"),
        ("active_instances", "ActiveInstances", "Maximum"),
        ("no_requests", "Requests", "Sum"),
    ],
)
def test_each_metric_has_its_statistic(key: str, metric: str, statistic: str) -> None:
    inputs = alarm(key, alarms={key: {"enabled": True}})
    assert (inputs["metricName"], inputs["statistic"]) == (metric, statistic)


def test_too_few_requests_or_none_at_all_breach() -> None:
    inputs = alarm("no_requests", alarms={"no_requests": {"enabled": True}})
    assert (inputs["comparisonOperator"], inputs["treatMissingData"]) == ("LessThanThreshold", "breaching")
    assert inputs["alarmDescription"].startswith("Fewer than 1 requests, ")


def test_the_capacity_alarm_compares_with_the_maximum_of_the_profile() -> None:
    assert alarm("active_instances", max_size=4)["threshold"] == 4
    graph = monitoring_graph(max_size=None, alarms={"active_instances": {"threshold": 3}})
    assert graph.named("monitoring-active-instances")["threshold"] == 3


def test_a_service_of_the_same_program_is_monitored_by_its_arn() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        ServiceMonitoring("monitoring", {"service_arn": api.arn, "topic_arn": TOPIC_ARN, "max_size": 10})

    known, unknown = plan(program), run(program, unknown=True)
    service = known.named("api-service")
    expected = {"ServiceName": "project-api-stack", "ServiceID": service.outputs["serviceId"]}
    assert known.named("monitoring-latency")["dimensions"] == expected
    assert unknown.named("monitoring-latency")["dimensions"] == dict.fromkeys(expected, UNKNOWN)


def test_outputs_are_registered() -> None:
    graph = monitoring_graph(alarms={"cpu": {"enabled": False}, "memory": {"enabled": False}})
    keys = ("server_errors", "server_error_rate", "client_error_rate", "latency", "active_instances")
    arns = {key: graph.named(f"monitoring-{key.replace('_', '-')}").outputs["arn"] for key in keys}
    assert graph.named("monitoring").outputs["alarmArns"] == arns


# What can be set


def test_every_setting_of_an_alarm_overrides_the_default() -> None:
    settings = {"threshold": 0.8, "period": 120, "evaluation_periods": 6, "datapoints_to_alarm": 4}
    inputs = alarm("latency", alarms={"latency": {**settings, "missing_data": "ignore"}})
    assert (inputs["threshold"], inputs["period"], inputs["treatMissingData"]) == (0.8, 120, "ignore")
    assert (inputs["evaluationPeriods"], inputs["datapointsToAlarm"]) == (6, 4)
    assert "0.8 ms or more, in 4 of 6 periods of 120 seconds" in inputs["alarmDescription"]


def test_all_of_other_evaluation_periods_must_breach() -> None:
    assert alarm("server_error_rate", alarms={"server_error_rate": {"evaluation_periods": 5}})["datapointsToAlarm"] == 5


def test_every_alarm_can_be_disabled() -> None:
    keys = ("server_errors", "server_error_rate", "client_error_rate", "latency", "active_instances", "cpu", "memory")
    graph = monitoring_graph(alarms={key: {"enabled": False} for key in keys})
    assert alarms(graph) == []


def test_a_recovery_is_not_notified_if_it_is_switched_off() -> None:
    inputs = alarm("latency", notify_on_recovery=False)
    assert (inputs["alarmActions"], inputs["okActions"]) == ([TOPIC_ARN], [])


def test_a_runbook_of_the_team_is_in_the_description() -> None:
    inputs = alarm("server_errors", runbook_url="https://wiki.example.com/orders")
    assert inputs["alarmDescription"].endswith("Runbook: https://wiki.example.com/orders#server-errors")


# Errors


@pytest.mark.parametrize(
    ("alarms", "path", "message"),
    [
        (
            {"latency": {"threshold": 0}},
            "alarms.latency.threshold",
            "must be a number greater than 0, got 0",
        ),
        (
            {"server_error_rate": {"threshold": 101}},
            "alarms.server_error_rate.threshold",
            "must be a percentage greater than 0, up to 100, got 101",
        ),
        ({"latency": {"period": 90}}, "alarms.latency.period", "must be a multiple of 60 seconds, got 90"),
        (
            {"cpu": {"evaluation_periods": 181}},
            "alarms.cpu.evaluation_periods",
            "must be 1 to 180, got 181",
        ),
        (
            {"server_errors": {"datapoints_to_alarm": 2}},
            "alarms.server_errors.datapoints_to_alarm",
            "must be at most evaluation_periods, 1, got 2",
        ),
        (
            {"latency": {"evaluation_periods": 300}},
            "alarms.latency.evaluation_periods",
            "must be at most 288 with a period of 300 seconds, got 300. An alarm evaluates a day at most",
        ),
    ],
)
def test_an_invalid_setting_is_an_error(alarms: Any, path: str, message: str) -> None:
    assert problems(monitoring(alarms=alarms)) == {path: message}


def test_a_service_with_at_most_one_instance_has_no_capacity_alarm() -> None:
    assert "active-instances" not in alarms(monitoring_graph(max_size=1))


@pytest.mark.parametrize(("max_size", "got"), [(None, "none"), (1, "1")])
def test_the_capacity_alarm_requires_a_maximum_of_two_or_more(max_size: int | None, got: str) -> None:
    assert problems(monitoring(max_size=max_size, alarms={"active_instances": {"enabled": True}})) == {
        "max_size": f"must be 2 or more for the alarm on active instances, got {got}. Set it to the maximum of the "
        "service's scaling profile, or set alarms.active_instances.enabled to False"
    }


def test_a_fifo_topic_is_an_error() -> None:
    assert "standard SNS topic" in problems(monitoring(topic_arn=f"{TOPIC_ARN}.fifo"))["topic_arn"]


# The policy pack and the quota


def test_the_policy_pack_accepts_a_monitored_service_in_production() -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        ServiceMonitoring("monitoring", {"service_arn": api.arn, "topic_arn": TOPIC_ARN, "max_size": 10})

    for unknown in (False, True):
        report = evaluate(run(program, stack="prod", unknown=unknown), POLICIES)
        assert not [each.message for each in report.violations if each.policy == "alarms-present"]


def test_many_alarms_on_queries_have_one_warning_about_the_quota() -> None:
    def program() -> None:
        for number in range(90):
            args: Any = {"service_arn": SERVICE_ARN, "topic_arn": TOPIC_ARN, "max_size": 2}
            ServiceMonitoring(f"monitoring-{number}", args)

    (message,) = run(program).messages
    assert "this program creates 160 or more alarms on CPU and memory. The default quota is 200" in message
