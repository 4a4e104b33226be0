from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi_policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy.proxy import unknown_checking_proxy

from apprunner_facts.tokens import COMPOSITE_ALARM, EVENT_RULE, METRIC_ALARM, SERVICE, TOPIC_SUBSCRIPTION
from apprunner_policies.rule import StackRule
from apprunner_policies.themes import alarms, notifications, tracing
from apprunner_policies.themes.alarms import alarms_present
from policies.public_services import messages, service

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
GOOD = ("5xxStatusResponses", "RequestLatency", "ActiveInstances")


def dimensions_of(api):
    return {"ServiceName": api.service_name, "ServiceID": api.service_id}


def alarm(metric, dimensions, **more):
    aws.cloudwatch.MetricAlarm(
        metric.lower(),
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=5,
        **{"namespace": "AWS/AppRunner", "metric_name": metric, "dimensions": dimensions, **more},
    )


def watched(*metrics, dimensions=dimensions_of):
    def program():
        api = service()
        for metric in metrics:
            alarm(metric, dimensions(api))

    return program


@pytest.mark.parametrize("unknown", [True, False])
def test_a_service_with_all_alarms_passes(report, unknown):
    result = report(watched(*GOOD), alarms_present, unknown=unknown)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("place", "kind"), [(0, "errors"), (1, "latency"), (2, "capacity")])
def test_each_missing_alarm_is_named(report, unknown, place, kind):
    metrics = [metric for metric in GOOD if metric != GOOD[place]]
    (message,) = messages(report(watched(*metrics), alarms_present, unknown=unknown))

    assert message.startswith(f"api: alarms must watch the {kind} of this service, got none in the stack")
    assert f"metricName: {GOOD[place]}." in message


def test_alarms_are_required_in_production_only(report):
    assert not report(watched(), alarms_present, stack="dev").violations
    (message,) = messages(report(watched(), alarms_present))
    assert message.startswith("api: alarms must watch the errors, the latency and the capacity of this")


def test_alarms_of_another_service_do_not_count(report):
    def program():
        service("web")
        watched(*GOOD)()

    assert {each.message.split(":")[0] for each in report(program, alarms_present).violations} == {"web"}


def test_an_alarm_with_the_name_of_one_service_and_the_id_of_another_counts_for_neither(report):
    def program():
        api, web = service("api"), service("web")
        for metric in GOOD:
            alarm(metric, {"ServiceName": api.service_name, "ServiceID": web.service_id})
            mixed = {"ServiceName": web.service_name, "ServiceID": api.service_id}
            alarm(f"{metric}-2", mixed, metric_name=metric)

    reported = messages(report(program, alarms_present))

    assert [each.split(" must watch ")[0] for each in reported] == ["api: alarms", "web: alarms"]


def test_a_literal_service_name_identifies_the_service(report):
    program = watched(*GOOD, dimensions=lambda api: {"ServiceName": "shop-api", "ServiceID": "0123"})

    assert not report(program, alarms_present).violations


def test_a_misspelled_service_id_dimension_is_reported_in_any_stack(report):
    program = watched(*GOOD, dimensions=lambda api: {"ServiceName": "shop-api", "ServiceId": api.service_id})
    result = report(program, alarms_present, stack="dev")

    assert len(result.violations) == 3
    assert messages(result)[0].startswith("5xxstatusresponses: dimensions must be exactly ")
    assert "The alarm never receives a value. Set dimensions to ServiceName and ServiceID." in messages(result)[0]
    assert len(report(program, alarms_present).violations) == 3


def test_a_metric_per_instance_needs_the_instance_dimension(report):
    assert "Add Instance, or watch" in messages(report(watched(*GOOD[:2], "CPUUtilization"), alarms_present))[0]


def test_alarms_with_metric_queries_count(report):
    def program():
        api = service()
        for metric in GOOD:
            query = {"namespace": "AWS/AppRunner", "metric_name": metric, "period": 60, "stat": "Sum"}
            queries = [{"id": "m", "return_data": True, "metric": {**query, "dimensions": dimensions_of(api)}}]
            alarm(metric, None, namespace=None, metric_name=None, metric_queries=queries)

    for unknown in (True, False):
        assert not report(program, alarms_present, unknown=unknown).violations


def test_alarms_in_other_namespaces_are_ignored(report):
    def program():
        alarm("CPUUtilization", {"InstanceId": "i-1"}, namespace="AWS/EC2")

    assert not report(program, alarms_present).violations


def test_an_alarm_on_an_unknown_metric_skips_the_check(report):
    def program():
        api = service()
        queue = aws.sqs.Queue("jobs")
        alarm("jobs", dimensions_of(api), namespace=queue.name)

    result = report(program, alarms_present, unknown=True)

    assert not result.violations
    assert "namespace can't be known" in result.skipped[0].reason


def test_the_capacity_metrics_are_configurable(report):
    config = {"alarms-present": {"capacityMetrics": ["Concurrency"]}}

    assert not report(watched(*GOOD[:2], "Concurrency"), alarms_present, config=config).violations


@pytest.mark.parametrize("odd", [None, 3, "x", [], {}, [3], [{"metric": 3, "expression": 4}], {"dimensions": []}])
def test_unexpected_values_raise_nothing(odd):
    urn = "urn:pulumi:prod::shop::{}::odd"
    props: Any = {
        METRIC_ALARM: {
            "namespace": "AWS/AppRunner",
            "metricName": odd,
            "dimensions": odd,
            "metricQueries": odd,
            "alarmActions": odd,
            "actionsEnabled": odd,
        },
        COMPOSITE_ALARM: {"alarmRule": odd, "actionsSuppressor": odd},
        EVENT_RULE: {"eventPattern": odd},
        TOPIC_SUBSCRIPTION: {"topic": odd},
        SERVICE: {"observabilityConfiguration": odd, "instanceConfiguration": odd, "serviceName": odd},
    }
    resources = [
        PolicyResource(each, unknown_checking_proxy(properties), urn.format(each), "odd", OPTIONS, None, None, [], {})
        for each, properties in props.items()
    ]
    for rule in (*alarms.RULES, *notifications.RULES, *tracing.RULES):
        if isinstance(rule, StackRule):
            rule.validate(StackValidationArgs(resources), lambda message, urn=None: None)


@pytest.mark.parametrize("is_composed", [True, False])
def test_an_alarm_without_actions_counts_in_a_composite_alarm_only(report, is_composed):
    def program():
        api = service()
        for metric in ("5xxStatusResponses", "RequestLatency", "ActiveInstances"):
            alarm(metric, dimensions_of(api), actions_enabled=False)
        if is_composed:
            aws.cloudwatch.CompositeAlarm("all", alarm_name="all", alarm_rule="ALARM(errors)")

    assert bool(report(program, alarms_present).violations) is not is_composed


def test_an_alarm_whose_actions_schedules_disable_counts(report):
    def program():
        api = service()
        for metric in GOOD:
            opts = pulumi.ResourceOptions(ignore_changes=["actionsEnabled"])
            alarm(metric, dimensions_of(api), actions_enabled=False, opts=opts)

    assert not report(program, alarms_present).violations


def query(name, sql):
    queries: Any = [{"id": "cpu", "expression": sql, "period": 60, "return_data": True}]
    alarm(name, None, namespace=None, metric_name=None, metric_queries=queries)


def busiest(condition=""):
    return f'SELECT MAX(CPUUtilization) FROM "AWS/AppRunner"{condition}'


@pytest.mark.parametrize(
    "sql",
    [
        lambda api: api.service_id.apply(lambda id: busiest(f" WHERE ServiceID = '{id}'")),
        lambda api: api.service_id.apply(lambda id: busiest(f" WHERE \"ServiceID\"='{id}'")),
        lambda api: busiest(" WHERE ServiceName = 'shop-api'"),
        lambda api: api.service_id.apply(lambda id: busiest(f" WHERE ServiceID IN ('{id}')")),
    ],
)
def test_a_query_counts_for_its_own_service_only(report, sql):
    def program():
        api, web = service(), service("web")
        for each in (api, web):
            for metric in GOOD[:2]:
                alarm(f"{each._name}-{metric}", dimensions_of(each), metric_name=metric)
        query("busiest", sql(api))

    (message,) = messages(report(program, alarms_present))

    assert message.startswith("web: alarms must watch the capacity of this service")


def test_a_query_of_all_services_counts_for_each(report):
    def program():
        for name in ("api", "web"):
            own = service(name)
            for metric in GOOD[:2]:
                alarm(f"{name}-{metric}", dimensions_of(own), metric_name=metric)
        query("busiest", busiest())

    assert not report(program, alarms_present).violations
