"""The topics of a Fleet, and the monitoring of its services."""

import json
from typing import Any

import pytest

from monitored import ALARM
from plans import children, plan, problems
from pulumi_apprunner import Fleet
from pulumi_apprunner.testing import Graph
from samples import BOUNDARY_ARN, QUEUE_ARN, SCALING_ARN, TOPIC_ARN
from schedules import SCHEDULE
from services import ROLE

TOPIC = "aws:sns/topic:Topic"
SITE: dict[str, Any] = {"image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"}}
ON_CALL = {"on-call": {"subscriptions": {"tickets": {"protocol": "sqs", "endpoint": QUEUE_ARN}}}}
HOURS = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}


def fleet(service: dict[str, Any] | None = None, environment: str = "prod", **more: Any) -> Any:
    """Return a program with a Fleet of one service, site, which the topic on-call is notified of."""
    site = {**SITE, "monitoring": {"topic": "on-call"}, **(service or {})}
    args: Any = {"environment": environment, "topics": ON_CALL, "services": {"site": site}, **more}
    return lambda: Fleet("shop", args) and None


def alarms(graph: Graph) -> list[str]:
    return [
        name.removeprefix("site-monitoring-") for _, name in children(graph, "site-monitoring") if "query" not in name
    ]


def test_a_service_notifies_a_topic_of_the_fleet() -> None:
    graph = plan(fleet(tags={"team": "commerce"}))
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "site"),
        ("apprunner:index:NotificationTopic", "on-call"),
        ("apprunner:index:ServiceMonitoring", "site-monitoring"),
    ]
    topic = graph.one(TOPIC)
    assert topic["tags"] == {"team": "commerce", "environment": "prod", "project": "project"}
    for each in graph.all(ALARM):
        assert (each["alarmActions"], each["tags"]) == ([topic.outputs["arn"]], topic["tags"])
    name = graph.named("site-service")["serviceName"]
    assert graph.named("site-monitoring-latency")["dimensions"]["ServiceName"] == name


def test_a_topic_has_the_tags_of_the_fleet_and_its_own() -> None:
    topics = {"on-call": {"tags": {"team": "operations"}}}
    assert plan(fleet(topics=topics, tags={"team": "commerce", "cost-center": "4711"})).one(TOPIC)["tags"] == {
        "team": "operations",
        "cost-center": "4711",
        "environment": "prod",
        "project": "project",
    }


def test_an_existing_topic_is_used_by_its_arn() -> None:
    graph = plan(fleet(topics={"on-call": {"arn": TOPIC_ARN}}))
    assert not graph.all(TOPIC)
    assert graph.named("site-monitoring-latency")["alarmActions"] == [TOPIC_ARN]


@pytest.mark.parametrize(("environment", "threshold"), [("prod", 3000), ("eu-prod-1", 3000), ("staging", 10000)])
def test_the_environment_selects_the_profile(environment: str, threshold: int) -> None:
    assert plan(fleet(environment=environment)).named("site-monitoring-latency")["threshold"] == threshold
    monitoring = {"topic": "on-call", "profile": "production"}
    graph = plan(fleet({"monitoring": monitoring}, environment))
    assert graph.named("site-monitoring-latency")["threshold"] == 3000


@pytest.mark.parametrize(
    ("service", "maximum"),
    [
        ({}, 25),
        ({"scaling": {"max_size": 4}}, 4),
        ({"scaling": {"max_size": 1}}, None),
        ({"auto_scaling_configuration_arn": SCALING_ARN}, None),
        (
            {
                "auto_scaling_configuration_arn": SCALING_ARN,
                "monitoring": {"topic": "on-call", "max_size": 6},
            },
            6,
        ),
        ({"scaling_profile": "small"}, 3),
        ({"scaling_profile": "single"}, None),
    ],
)
def test_the_capacity_alarm_compares_with_the_services_scaling(service: Any, maximum: int | None) -> None:
    graph = plan(fleet(service, scaling_profiles={"small": {"max_size": 3}, "single": {"max_size": 1}}))
    thresholds = [each["threshold"] for each in graph.all(ALARM) if each.name.endswith("-instances")]
    assert thresholds == ([] if maximum is None else [maximum])


def test_the_pause_of_a_service_disables_its_alarms() -> None:
    graph = plan(fleet({"pause": HOURS, "log_retention_days": 30}, "staging"))
    names = [(graph[each.parent or ""].name, each["name"]) for each in graph.all(SCHEDULE)]
    assert sorted(names) == [
        ("site-hours", "pause"),
        ("site-hours", "resume"),
        ("site-monitoring", "disable-alarms"),
        ("site-monitoring", "enable-alarms"),
        ("site-retention", "application"),
        ("site-retention", "service"),
    ]
    target = graph.named("site-monitoring-disable-alarms")["target"]
    assert len(json.loads(target["input"])["AlarmNames"]) == len(graph.all(ALARM))


def test_the_schedules_role_has_the_services_boundary() -> None:
    graph = plan(fleet({"permissions_boundary": BOUNDARY_ARN, "log_retention_days": 30, "pause": HOURS}))
    for each in ("site-monitoring-schedules-role", "site-retention-schedules-role", "site-hours-role"):
        assert graph.named(each).type == ROLE
        assert graph.named(each)["permissionsBoundary"] == BOUNDARY_ARN


def test_two_fleets_must_not_create_the_same_topic() -> None:
    def program() -> None:
        Fleet("one", {"environment": "dev", "topics": {"on-call": {}}, "services": {}})
        Fleet("two", {"environment": "dev", "topics": {"on-call": {}}, "services": {}})

    assert problems(program) == {
        "topics.on-call": "must be unique in the program, got \"on-call\", which Fleet 'one' also has. "
        "Change one of them"
    }


@pytest.mark.parametrize(
    ("program", "path", "message"),
    [
        (
            fleet({"monitoring": {"topic": "oncall"}}),
            "services.site.monitoring.topic",
            'topic "oncall" is not defined. Defined topics: on-call. Did you mean "on-call"?',
        ),
        (fleet({"monitoring": {}}), "services.site.monitoring.topic", "is required"),
        (
            fleet(
                {
                    "auto_scaling_configuration_arn": SCALING_ARN,
                    "monitoring": {"topic": "on-call", "alarms": {"active_instances": {"enabled": True}}},
                }
            ),
            "services.site.monitoring.max_size",
            "must be 2 or more for the alarm on active instances, got none. Set it to the maximum of the scaling "
            "profile, or remove alarms.active_instances.enabled",
        ),
        (
            fleet(
                {
                    "scaling_profile": "single",
                    "monitoring": {"topic": "on-call", "alarms": {"active_instances": {"enabled": True}}},
                },
                scaling_profiles={"single": {"max_size": 1}},
            ),
            "services.site.monitoring.max_size",
            "must be 2 or more for the alarm on active instances, got 1. Set it to the maximum of the scaling profile, "
            "or remove alarms.active_instances.enabled",
        ),
        (
            fleet(topics={"on-call": {**ON_CALL["on-call"], "arn": TOPIC_ARN}}),
            "topics.on-call.arn",
            "must not be set together with subscriptions. Remove one of them",
        ),
        (
            fleet(tags={"team": ""}),
            "tags.team",
            'must not be empty, got "". services.site.monitoring uses EventBridge Scheduler, which rejects empty tag '
            "values. Set a value, or remove the tag",
        ),
    ],
)
def test_an_invalid_topic_or_monitoring_is_an_error(program: Any, path: str, message: str) -> None:
    assert problems(program) == {path: message}
