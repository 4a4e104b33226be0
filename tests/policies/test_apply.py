"""Resources that a program creates inside `apply`: in a preview they exist only once the output is known."""

import json
from collections.abc import Callable
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies import POLICIES
from policies.public_services import network_service, service

ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/a1b2"
EGRESS: Any = {"vpc_connector_name": "shop", "subnets": ["subnet-1", "subnet-2"]}


def alarms(create: bool) -> None:
    def create_alarms(service_id: str) -> None:
        for metric in ("5xxStatusResponses", "RequestLatency", "ActiveInstances"):
            aws.cloudwatch.MetricAlarm(
                metric,
                namespace="AWS/AppRunner",
                metric_name=metric,
                dimensions={"ServiceName": "shop-api", "ServiceID": service_id},
                statistic="Maximum",
                comparison_operator="GreaterThanThreshold",
                evaluation_periods=1,
                period=60,
                threshold=1,
            )

    service_id = service().service_id
    if create:
        service_id.apply(create_alarms)


def pauses(create: bool) -> None:
    def create_schedule(arn: str) -> None:
        aws.scheduler.Schedule(
            "night",
            schedule_expression="cron(0 20 * * ? *)",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
                "role_arn": "arn:aws:iam::123456789012:role/pause",
                "input": json.dumps({"ServiceArn": arn}),
            },
        )

    arn = service().arn
    if create:
        arn.apply(create_schedule)


def firewall(create: bool) -> None:
    arn = network_service().arn
    if create:
        arn.apply(lambda arn: aws.wafv2.WebAclAssociation("wall", resource_arn=arn, web_acl_arn=ACL))


def ingress(create: bool) -> None:
    def create_connection(arn: str) -> None:
        aws.apprunner.VpcIngressConnection(
            "intern",
            name="intern",
            service_arn=arn,
            ingress_vpc_configuration={"vpc_id": "vpc-1", "vpc_endpoint_id": "vpce-1"},
        )

    arn = network_service(public=False).arn
    if create:
        arn.apply(create_connection)


def egress(create: bool) -> None:
    def create_rule(group: str) -> None:
        aws.vpc.SecurityGroupEgressRule("out", security_group_id=group, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")

    group = aws.ec2.SecurityGroup("shop", vpc_id="vpc-1")
    aws.apprunner.VpcConnector("shop", security_groups=[group.id], **EGRESS)
    if create:
        group.id.apply(create_rule)


TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


def tracing(create: bool) -> None:
    def attach(name: str) -> None:
        policy = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
        aws.iam.RolePolicyAttachment("traces", role=name, policy_arn=policy)

    role = aws.iam.Role("api", assume_role_policy=TRUST)
    observability = aws.apprunner.ObservabilityConfiguration(
        "traces", observability_configuration_name="traces", trace_configuration={"vendor": "AWSXRAY"}
    )
    service(
        instance_configuration={"instance_role_arn": role.arn},
        observability_configuration={
            "observability_enabled": True,
            "observability_configuration_arn": observability.arn,
        },
    )
    if create:
        role.name.apply(attach)


RULES = {
    "alarms-present": alarms,
    "pause-required-outside-prod": pauses,
    "private-or-firewalled": firewall,
    "private-service-complete": ingress,
    "connector-lets-traffic-out": egress,
    "tracing-grants": tracing,
}


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("rule", RULES)
def test_a_resource_that_is_created_inside_apply_is_not_reported_as_missing(report, rule, unknown):
    result = evaluate(report, rule, lambda: RULES[rule](True), unknown)

    assert not result.has(rule)
    assert unknown is (rule in {each.policy for each in result.skipped})


@pytest.mark.parametrize("rule", RULES)
def test_a_missing_resource_is_reported_as_soon_as_the_outputs_are_known(report, rule):
    assert evaluate(report, rule, lambda: RULES[rule](False), False).has(rule)


def evaluate(report: Any, rule: str, program: Callable[[], None], unknown: bool) -> Any:
    stack = "staging" if rule == "pause-required-outside-prod" else "prod"
    config = {"all": "disabled", rule: "mandatory"}
    return report(program, *POLICIES, stack=stack, config=config, unknown=unknown)


def test_an_alarm_that_exists_shows_that_another_one_is_missing_in_a_first_preview(report):
    def program() -> None:
        api = service()
        aws.cloudwatch.MetricAlarm(
            "errors",
            namespace="AWS/AppRunner",
            metric_name="5xxStatusResponses",
            dimensions={"ServiceName": api.service_name, "ServiceID": api.service_id},
            statistic="Sum",
            comparison_operator="GreaterThanThreshold",
            evaluation_periods=1,
            period=60,
            threshold=1,
        )

    assert evaluate(report, "alarms-present", program, True).has("alarms-present", "api")
