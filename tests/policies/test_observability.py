import json
from typing import Any

import pulumi_aws as aws
import pytest
from pulumi_policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy.proxy import unknown_checking_proxy

from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_facts.tokens import METRIC_ALARM, SERVICE
from apprunner_policies.themes.observability import RULES, alarms_present, tracing_grants
from policies.public_services import messages

CONFIGURATION = "arn:aws:apprunner:eu-west-1:123456789012:observabilityconfiguration/traces/1/0123"
TRUST = json.dumps(
    {
        "Statement": {
            "Effect": "Allow",
            "Principal": {"Service": "tasks.apprunner.amazonaws.com"},
            "Action": "sts:AssumeRole",
        }
    }
)
OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])
ARN = "arn:aws:iam::123456789012:role/elsewhere"


def service(name="api", *, role=None, enabled=True, configuration: Any = CONFIGURATION):
    return aws.apprunner.Service(
        name,
        service_name=name,
        source_configuration={
            "image_repository": {
                "image_identifier": "public.ecr.aws/acme/shop:1.2.3",
                "image_repository_type": "ECR_PUBLIC",
            },
        },
        instance_configuration={"instance_role_arn": role} if role is not None else {"cpu": "1024"},
        observability_configuration={
            "observability_enabled": enabled,
            "observability_configuration_arn": configuration,
        },
    )


def traced(*actions, managed=None, effect="Allow"):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        if actions:
            policy = {"Statement": {"Effect": effect, "Action": list(actions), "Resource": "*"}}
            aws.iam.RolePolicy("traces", role=role.name, policy=json.dumps(policy))
        if managed:
            aws.iam.RolePolicyAttachment("managed", role=role.name, policy_arn=f"arn:aws:iam::aws:policy/{managed}")
        service(role=role.arn)

    return program


@pytest.mark.parametrize("unknown", [True, False])
def test_a_role_of_a_traced_service_without_x_ray_is_reported_with_the_missing_actions(report, unknown):
    (message,) = messages(report(traced("xray:PutTraceSegments"), tracing_grants, unknown=unknown))

    assert message.startswith("api: the role of instanceConfiguration.instanceRoleArn, tasks, must allow xray:GetSampl")
    assert "since observabilityConfiguration.observabilityEnabled is true" in message
    assert "xray:PutTraceSegments" not in message


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(
    "program", [traced(*TRACING_ACTIONS), traced("xray:Put*", "xray:Get*"), traced(managed="AWSXRayDaemonWriteAccess")]
)
def test_a_role_with_the_permissions_passes(report, program, unknown):
    result = report(program, tracing_grants, unknown=unknown)

    assert not result.violations
    assert not result.skipped


def test_a_managed_policy_of_an_account_may_allow_everything(report):
    arn = "arn:aws:iam::123456789012:policy/traces"

    def program():
        service(role=aws.iam.Role("tasks", assume_role_policy=TRUST, managed_policy_arns=[arn]).arn)

    assert not report(program, tracing_grants).violations


@pytest.mark.parametrize(
    ("managed", "is_reported"),
    [("AmazonS3ReadOnlyAccess", True), ("CloudWatchAgentServerPolicy", False), ("AWSXrayWriteOnlyAccess", False)],
)
def test_aws_policies_count_for_the_actions_that_they_allow(report, managed, is_reported):
    assert bool(report(traced(managed=managed), tracing_grants).violations) is is_reported


@pytest.mark.parametrize("unknown", [True, False])
@pytest.mark.parametrize(("traces", "is_reported"), [(None, True), ({"vendor": "AWSXRAY"}, False)])
def test_the_configuration_of_a_traced_service_has_traces(report, traces, is_reported, unknown):
    def program():
        configuration = aws.apprunner.ObservabilityConfiguration(
            "orders", observability_configuration_name="orders", trace_configuration=traces
        )
        service(role=ARN, configuration=configuration.arn)

    found = messages(report(program, tracing_grants, unknown=unknown))
    assert bool(found) is is_reported
    assert not found or "Set traceConfiguration.vendor of orders to AWSXRAY" in found[0]


def test_a_denied_action_is_not_allowed(report):
    def program():
        inline: Any = [
            {"name": "yes", "policy": json.dumps({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})},
            {
                "name": "no",
                "policy": json.dumps({"Statement": {"Effect": "Deny", "Action": "xray:*", "Resource": "*"}}),
            },
        ]
        service(role=aws.iam.Role("tasks", assume_role_policy=TRUST, inline_policies=inline).arn)

    assert "must allow" in messages(report(program, tracing_grants))[0]


def test_an_unknown_policy_is_no_violation(report):
    def program():
        role = aws.iam.Role("tasks", assume_role_policy=TRUST)
        table = aws.dynamodb.Table("orders")
        aws.iam.RolePolicy("orders", role=role.name, policy=table.arn.apply(lambda arn: json.dumps({"Statement": []})))
        service(role=role.arn)

    result = report(program, tracing_grants, unknown=True)

    assert not result.violations
    assert "policy can't be known" in result.skipped[0].reason


def test_a_traced_service_needs_a_role(report):
    assert "instanceRoleArn must be set" in messages(report(service, tracing_grants))[0]


def test_a_role_from_outside_the_stack_is_not_checked(report):
    assert not report(lambda: service(role=ARN), tracing_grants).violations


def test_a_traced_service_needs_a_configuration(report):
    (message,) = messages(report(lambda: service(role=ARN, configuration=None), tracing_grants))

    assert "observabilityConfiguration.observabilityConfigurationArn must be set" in message


def test_a_service_without_tracing_passes(report):
    assert not report(lambda: service(enabled=False, configuration=None), tracing_grants).violations


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
        api = service(enabled=False)
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
        service("web", enabled=False)
        watched(*GOOD)()

    assert {each.message.split(":")[0] for each in report(program, alarms_present).violations} == {"web"}


def test_an_alarm_with_the_name_of_one_service_and_the_id_of_another_counts_for_neither(report):
    def program():
        api, web = service("api", enabled=False), service("web", enabled=False)
        for metric in GOOD:
            alarm(metric, {"ServiceName": api.service_name, "ServiceID": web.service_id})
            mixed = {"ServiceName": web.service_name, "ServiceID": api.service_id}
            alarm(f"{metric}-2", mixed, metric_name=metric)

    reported = messages(report(program, alarms_present))

    assert [each.split(" must watch ")[0] for each in reported] == ["api: alarms", "web: alarms"]


def test_a_literal_service_name_identifies_the_service(report):
    program = watched(*GOOD, dimensions=lambda api: {"ServiceName": "api", "ServiceID": "0123"})

    assert not report(program, alarms_present).violations


def test_a_misspelled_service_id_dimension_is_reported_in_any_stack(report):
    program = watched(*GOOD, dimensions=lambda api: {"ServiceName": "api", "ServiceId": api.service_id})
    result = report(program, alarms_present, stack="dev")

    assert len(result.violations) == 3
    assert messages(result)[0].startswith("5xxstatusresponses: dimensions must be exactly ")
    assert "The alarm never receives a value. Set dimensions to ServiceName and ServiceID." in messages(result)[0]
    assert len(report(program, alarms_present).violations) == 3


def test_a_metric_per_instance_needs_the_instance_dimension(report):
    assert "Add Instance, or watch" in messages(report(watched(*GOOD[:2], "CPUUtilization"), alarms_present))[0]


def test_alarms_with_metric_queries_count(report):
    def program():
        api = service(enabled=False)
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
        api = service(enabled=False)
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
        METRIC_ALARM: {"namespace": "AWS/AppRunner", "metricName": odd, "dimensions": odd, "metricQueries": odd},
        SERVICE: {"observabilityConfiguration": odd, "instanceConfiguration": odd, "serviceName": odd},
    }
    resources = [
        PolicyResource(each, unknown_checking_proxy(properties), urn.format(each), "odd", OPTIONS, None, None, [], {})
        for each, properties in props.items()
    ]
    for rule in RULES:
        rule.validate(StackValidationArgs(resources), lambda message, urn=None: None)


@pytest.mark.parametrize("is_composed", [True, False])
def test_an_alarm_without_actions_counts_in_a_composite_alarm_only(report, is_composed):
    def program():
        api = service(enabled=False)
        for metric in ("5xxStatusResponses", "RequestLatency", "ActiveInstances"):
            alarm(metric, dimensions_of(api), actions_enabled=False)
        if is_composed:
            aws.cloudwatch.CompositeAlarm("all", alarm_name="all", alarm_rule="ALARM(errors)")

    assert bool(report(program, alarms_present).violations) is not is_composed
