from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_policies.themes.notifications import alarms_notify
from policies.public_services import messages, service

TOPIC = "arn:aws:sns:eu-west-1:123456789012:on-call"


def alarm(name: Any = "errors", **more: Any):
    api: Any = more.pop("api", None) or service()
    return aws.cloudwatch.MetricAlarm(
        name,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        threshold=5,
        **{
            "namespace": "AWS/AppRunner",
            "metric_name": "5xxStatusResponses",
            "dimensions": {"ServiceName": api.service_name, "ServiceID": api.service_id},
            **more,
        },
    )


def query(**more: Any):
    sql = "SELECT MAX(CPUUtilization) FROM \"AWS/AppRunner\" WHERE ServiceID = '0123'"
    queries: Any = [{"id": "cpu", "expression": sql, "period": 60, "return_data": True}]
    return alarm(namespace=None, metric_name=None, dimensions=None, metric_queries=queries, **more)


def topic(subscribed=False):
    own = aws.sns.Topic("alarms")
    if subscribed:
        aws.sns.TopicSubscription("on-call", topic=own.arn, protocol="email", endpoint="on-call@example.com")
    return own


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("make", [alarm, query])
@pytest.mark.parametrize("actions", [None, []])
def test_an_alarm_without_actions_is_reported(report, make, actions: Any, unknown):
    result = report(lambda: make(alarm_actions=actions), alarms_notify, unknown=unknown)
    (message,) = messages(result)

    assert message.startswith("errors: alarmActions must name an action, got none. Nobody is notified of the alarm.")


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize("key", ["alarm_actions", "insufficient_data_actions"])
def test_an_alarm_with_an_action_passes(report, key, unknown):
    result = report(lambda: alarm(**{key: [TOPIC]}), alarms_notify, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_an_action_at_the_end_of_a_problem_is_too_late(report):
    assert report(lambda: alarm(ok_actions=[TOPIC]), alarms_notify).violations


def test_disabled_actions_notify_nobody(report):
    (message,) = messages(report(lambda: alarm(alarm_actions=[TOPIC], actions_enabled=False), alarms_notify))

    assert message.startswith("errors: actionsEnabled must be true, got false.")


def test_actions_that_schedules_enable_and_disable_pass(report):
    opts = pulumi.ResourceOptions(ignore_changes=["actionsEnabled"])

    assert not report(lambda: alarm(alarm_actions=[TOPIC], actions_enabled=False, opts=opts), alarms_notify).violations


def test_alarms_outside_production_need_no_actions(report):
    assert not report(alarm, alarms_notify, stack="staging").violations


def test_alarms_on_other_metrics_are_not_checked(report):
    assert not report(lambda: alarm(namespace="AWS/SQS"), alarms_notify).violations


# Topics


def test_a_topic_without_a_subscription_is_reported(report):
    (message,) = messages(report(lambda: alarm(alarm_actions=[topic().arn]), alarms_notify))

    assert "got the topic alarms, to which nothing in the stack subscribes" in message


@pytest.mark.parametrize("unknown", [True, False])
def test_a_topic_with_a_subscription_passes(report, unknown):
    result = report(lambda: alarm(alarm_actions=[topic(subscribed=True).arn]), alarms_notify, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_a_first_preview_without_a_subscription_is_skipped(report):
    """A program may create it inside `apply`."""
    result = report(lambda: alarm(alarm_actions=[topic().arn]), alarms_notify, unknown=True)

    assert not result.violations
    assert result.skipped


def test_a_topic_policy_receives_nothing(report):
    def program():
        own = topic()
        aws.sns.TopicPolicy("alarms", arn=own.arn, policy="{}")
        alarm(alarm_actions=[own.arn])

    assert report(program, alarms_notify).violations


def test_a_role_that_may_publish_receives_nothing(report):
    def program():
        own = topic()
        policy = pulumi.Output.json_dumps(
            {"Statement": {"Effect": "Allow", "Action": "sns:Publish", "Resource": own.arn}}
        )
        aws.iam.Role("publisher", assume_role_policy="{}", inline_policies=[{"name": "publish", "policy": policy}])
        alarm(alarm_actions=[own.arn])

    assert report(program, alarms_notify).violations


def test_any_other_resource_may_receive_the_messages(report):
    def program():
        own = topic()
        aws.chatbot.SlackChannelConfiguration(
            "slack",
            configuration_name="alarms",
            iam_role_arn="arn:aws:iam::123456789012:role/chatbot",
            slack_channel_id="C0123456789",
            slack_team_id="T0123456789",
            sns_topic_arns=[own.arn],
        )
        alarm(alarm_actions=[own.arn])

    assert not report(program, alarms_notify).violations


@pytest.mark.parametrize("unknown", [True, False])
def test_an_exported_topic_may_have_subscriptions_of_other_stacks(report, unknown):
    def program():
        own = topic()
        alarm(alarm_actions=[own.arn])
        pulumi.export("alarms", {"topics": [own.arn]})

    assert not report(program, alarms_notify, unknown=unknown).violations


def test_an_action_besides_the_topic_passes(report):
    assert not report(lambda: alarm(alarm_actions=[topic().arn, TOPIC]), alarms_notify).violations


def test_a_subscription_of_an_unknown_topic_skips_the_check(report):
    def program():
        alarm(alarm_actions=[topic().arn])
        other = aws.ssm.Parameter("topic", type="String", value="x").arn
        aws.sns.TopicSubscription("on-call", topic=other, protocol="email", endpoint="on-call@example.com")

    result = report(program, alarms_notify, unknown=True)

    assert not result.violations
    assert result.skipped


# Composite alarms


def composite(rule, name="all", **more):
    return aws.cloudwatch.CompositeAlarm(name, alarm_name=name, alarm_rule=rule, **more)


@pytest.mark.parametrize("unknown", [True, False])
def test_a_composite_alarm_notifies_for_the_alarms_that_it_contains(report, unknown):
    def program():
        composite(alarm().name.apply(lambda name: f"ALARM({name})"), alarm_actions=[TOPIC])

    result = report(program, alarms_notify, unknown=unknown)

    assert not result.violations


def test_a_literal_name_identifies_the_alarm(report):
    def program():
        api = service()
        aws.cloudwatch.MetricAlarm(
            "errors",
            name="api-errors",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            namespace="AWS/AppRunner",
            metric_name="5xxStatusResponses",
            dimensions={"ServiceName": api.service_name, "ServiceID": api.service_id},
        )
        composite('ALARM("api-errors") OR ALARM(other)', alarm_actions=[TOPIC])

    assert not report(program, alarms_notify).violations


def test_a_composite_alarm_of_a_service_needs_an_action_itself(report):
    def program():
        composite(alarm().name.apply(lambda name: f"ALARM({name})"))

    (violation,) = report(program, alarms_notify).violations

    assert violation.message.startswith("all: alarmActions must name an action")


def test_composite_alarms_contain_each_other(report):
    def program():
        inner = composite(alarm().name.apply(lambda name: f"ALARM({name})"), "inner")
        composite(inner.alarm_name.apply(lambda name: f"ALARM({name})"), "outer")

    (violation,) = report(program, alarms_notify).violations

    assert violation.message.startswith("outer: ")


def test_a_literal_name_identifies_a_composite_alarm(report):
    def program():
        composite(alarm().name.apply(lambda name: f"ALARM({name})"), "inner")
        composite("ALARM(inner)", "outer", alarm_actions=[TOPIC])

    assert not report(program, alarms_notify).violations


def test_composite_alarms_of_other_services_are_not_checked(report):
    assert not report(lambda: composite("ALARM(database)"), alarms_notify).violations


def test_a_rule_on_the_events_of_alarms_notifies_for_all(report):
    def program():
        alarm()
        aws.cloudwatch.EventRule("alarms", event_pattern='{"source": ["aws.cloudwatch"]}')

    assert not report(program, alarms_notify).violations


def test_a_disabled_rule_on_the_events_of_alarms_notifies_for_none(report):
    def program():
        alarm()
        aws.cloudwatch.EventRule("alarms", event_pattern='{"source": ["aws.cloudwatch"]}', state="DISABLED")

    assert report(program, alarms_notify).violations


def test_an_event_rule_in_an_unknown_state_may_notify(report):
    def program():
        alarm()
        state = aws.ssm.Parameter("state", type="String", value="x").arn
        aws.cloudwatch.EventRule("alarms", event_pattern='{"source": ["aws.cloudwatch"]}', state=state)

    result = report(program, alarms_notify, unknown=True)

    assert not result.violations
    assert not result.skipped


@pytest.mark.parametrize("unknown", [True, False])
def test_a_health_check_acts_on_an_alarm(report, unknown):
    def program():
        aws.route53.HealthCheck(
            "api", type="CLOUDWATCH_METRIC", cloudwatch_alarm_name=alarm().name, cloudwatch_alarm_region="eu-west-1"
        )

    assert not report(program, alarms_notify, unknown=unknown).violations
