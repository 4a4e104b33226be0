"""Programs with any number of services, each with resources of its own around it."""

import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from policies.public_services import SOURCE, service

ACCOUNT = "123456789012"
TOPIC = f"arn:aws:sns:eu-west-1:{ACCOUNT}:on-call"
PRIVATE: Any = {"is_publicly_accessible": False}


def trust(*services: str) -> str:
    principal = {"Service": [f"{each}.amazonaws.com" for each in services]}
    return json.dumps({"Statement": {"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}})


def document(action: str, resource: Any, **more: Any) -> pulumi.Output[str]:
    statement = {"Effect": "Allow", "Action": action, "Resource": resource, **more}
    return pulumi.Output.json_dumps({"Statement": statement})


def role(name: str, *services: str, **more: Any) -> aws.iam.Role:
    return aws.iam.Role(name, name=name, assume_role_policy=trust(*services), **more)


def with_role(name: str, own: aws.iam.Role, secret: Any = None, **more: Any) -> aws.apprunner.Service:
    source: Any = {**SOURCE["image_repository"], "image_configuration": {"runtime_environment_secrets": {"T": secret}}}
    return aws.apprunner.Service(
        name,
        service_name=f"shop-{name}",
        source_configuration={"auto_deployments_enabled": False, "image_repository": source if secret else None},
        instance_configuration={"instance_role_arn": own.arn},
        **more,
    )


def encrypted(name: str, key: aws.kms.Key) -> None:
    """Create a service with a secret, which its role may use by a grant of the key."""
    secret = aws.secretsmanager.Secret(name, name=name, kms_key_id=key.arn)
    own = role(name, "tasks.apprunner")
    aws.iam.RolePolicy(name, role=own.name, policy=document("secretsmanager:GetSecretValue", secret.arn))
    aws.kms.Grant(name, key_id=key.key_id, grantee_principal=own.arn, operations=["Decrypt"])
    with_role(name, own, secret.arn)


def secrets_with_keys(names: Sequence[str]) -> None:
    for name in names:
        key = aws.kms.Key(name)
        root = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        aws.kms.KeyPolicy(name, key_id=key.key_id, policy=document("kms:*", "*", Principal=root))
        encrypted(name, key)


def secrets_with_one_key(names: Sequence[str]) -> None:
    key = aws.kms.Key("all")
    for name in names:
        encrypted(name, key)


def parameters_with_aliases(names: Sequence[str]) -> None:
    for name in names:
        aws.kms.Alias(name, name=f"alias/{name}", target_key_id=aws.kms.Key(name).key_id)
        aws.ssm.Parameter(name, name=f"/{name}", type="SecureString", value="x", key_id=f"alias/{name}")
        own = role(name, "tasks.apprunner")
        aws.iam.RolePolicy(name, role=name, policy=document("ssm:GetParameters", f"arn:aws:ssm:*:*:parameter/{name}"))
        with_role(name, own, f"/{name}")


def roles(names: Sequence[str]) -> None:
    common = aws.iam.Policy("common", policy=document("s3:GetObject", "arn:aws:s3:::shop/*"))
    shared = role("shared", "tasks.apprunner")
    for name in names:
        repository = aws.ecr.Repository(name, name=name, image_tag_mutability="IMMUTABLE")
        access, tasks = role(f"{name}-access", "build.apprunner"), role(f"{name}-tasks", "tasks.apprunner")
        pull = document("ecr:BatchGetImage", "*", Principal={"AWS": access.arn})
        aws.ecr.RepositoryPolicy(name, repository=repository.name, policy=pull)
        policy = aws.iam.Policy(name, policy=document("iam:PassRole", access.arn))
        for number, (each, arn) in enumerate(((tasks, policy.arn), (tasks, common.arn), (shared, policy.arn))):
            aws.iam.RolePolicyAttachment(f"{name}-{number}", role=each.name, policy_arn=arn)
        traces = aws.apprunner.ObservabilityConfiguration(name, observability_configuration_name=name)
        scaling = aws.apprunner.AutoScalingConfigurationVersion(name, auto_scaling_configuration_name=name)
        image: Any = {
            "image_repository_type": "ECR",
            "image_identifier": repository.repository_url.apply("{}:1".format),
        }
        aws.apprunner.Service(
            name,
            service_name=f"shop-{name}",
            source_configuration={
                "authentication_configuration": {"access_role_arn": access.arn},
                "image_repository": image,
            },
            instance_configuration={"instance_role_arn": tasks.arn},
            observability_configuration={
                "observability_enabled": True,
                "observability_configuration_arn": traces.arn,
            },
            auto_scaling_configuration_arn=scaling.arn,
            encryption_configuration={"kms_key": aws.kms.Key(name).arn},
        )
        with_role(f"{name}-shared", shared, auto_scaling_configuration_arn=scaling.arn)


def domains(names: Sequence[str]) -> None:
    zone = aws.route53.Zone("zone", name="example.com")
    for name in names:
        host, arn = f"{name}.example.com", service(name).arn
        domain = aws.apprunner.CustomDomainAssociation(
            name, domain_name=host, service_arn=arn, enable_www_subdomain=False
        )
        rest: Any = {"zone_id": zone.zone_id, "ttl": 60}
        for number in range(2):
            own = domain.certificate_validation_records[number]
            aws.route53.Record(f"{name}-{number}", name=own.name, type=own.type, records=[own.value], **rest)
        aws.route53.Record(name, name=host, type="CNAME", records=[domain.dns_target], **rest)
        aws.route53.Record(f"{name}-text", name="example.com", type="TXT", records=[name], **rest)


def networks(names: Sequence[str]) -> None:
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    gateway = aws.ec2.InternetGateway("gateway", vpc_id=vpc.id)
    for name in names:
        out: Any = [{"cidr_block": "0.0.0.0/0", "gateway_id": gateway.id}]
        aws.ec2.RouteTable(f"{name}-public", vpc_id=vpc.id, routes=out)
        subnets: list[Any] = []
        for zone in "ab":
            one = f"{name}-{zone}"
            subnet = aws.ec2.Subnet(one, vpc_id=vpc.id, availability_zone=f"eu-west-1{zone}")
            table = aws.ec2.RouteTable(one, vpc_id=vpc.id)
            nat = aws.ec2.NatGateway(one, subnet_id=subnet.id)
            aws.ec2.Route(one, route_table_id=table.id, destination_cidr_block="0.0.0.0/0", nat_gateway_id=nat.id)
            aws.ec2.RouteTableAssociation(one, subnet_id=subnet.id, route_table_id=table.id)
            subnets.append(subnet.id)
        group = aws.ec2.SecurityGroup(name, vpc_id=vpc.id)
        aws.vpc.SecurityGroupEgressRule(name, security_group_id=group.id, ip_protocol="-1", cidr_ipv4="0.0.0.0/0")
        connector = aws.apprunner.VpcConnector(
            name, vpc_connector_name=name, subnets=subnets, security_groups=[group.id]
        )
        egress: Any = {"egress_type": "VPC", "vpc_connector_arn": connector.arn}
        own = service(name, network_configuration={"egress_configuration": egress, "ingress_configuration": PRIVATE})
        endpoint = aws.ec2.VpcEndpoint(name, vpc_id=vpc.id, service_name="com.amazonaws.eu-west-1.apprunner.requests")
        ids: Any = {"vpc_id": vpc.id, "vpc_endpoint_id": endpoint.id}
        aws.apprunner.VpcIngressConnection(name, name=name, service_arn=own.arn, ingress_vpc_configuration=ids)


def firewalls(names: Sequence[str]) -> None:
    metrics: Any = {"cloudwatch_metrics_enabled": True, "metric_name": "x", "sampled_requests_enabled": True}
    for name in names:
        acl = aws.wafv2.WebAcl(name, scope="REGIONAL", default_action={"allow": {}}, visibility_config=metrics)
        aws.wafv2.WebAclAssociation(name, resource_arn=service(name).arn, web_acl_arn=acl.arn)


def schedules(names: Sequence[str]) -> None:
    shared = role("shared", "scheduler")
    for name in names:
        own = service(name)
        aws.iam.RolePolicy(name, role=shared.name, policy=document("apprunner:PauseService", own.arn))
        pause: Any = {"ServiceArn": own.arn}
        group: Any = {"LogGroupName": f"/aws/apprunner/shop-{name}/0123/service", "RetentionInDays": 30}
        for call, content in (
            ("apprunner:pauseService", pause),
            ("apprunner:resumeService", pause),
            ("cloudwatchlogs:putRetentionPolicy", group),
        ):
            arn, text = f"arn:aws:scheduler:::aws-sdk:{call}", pulumi.Output.json_dumps(content)
            target: Any = {"arn": arn, "role_arn": shared.arn, "input": text}
            rest: Any = {"schedule_expression": "rate(1 days)", "flexible_time_window": {"mode": "OFF"}}
            aws.scheduler.Schedule(f"{name}-{call}", target=target, **rest)
        groups = f"/aws/apprunner/shop-{name}/0123456789abcdef0123456789abcdef"
        aws.cloudwatch.LogGroup(name, name=f"{groups}/application", retention_in_days=30)


def schedules_of_unknown_services(names: Sequence[str]) -> None:
    for name in names:
        service(name)
    for name in names:
        content = aws.ssm.Parameter(name, type="String", value="x").arn
        target: Any = {"arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService", "role_arn": "x", "input": content}
        window: Any = {"mode": "OFF"}
        aws.scheduler.Schedule(name, schedule_expression="rate(1 days)", flexible_time_window=window, target=target)


def alarms(names: Sequence[str]) -> None:
    """Create alarms on a query and on a metric, and a chain of composite alarms."""
    before = "none"
    rest: Any = {"comparison_operator": "GreaterThanThreshold", "evaluation_periods": 1}
    for name in names:
        own, topic = service(name), aws.sns.Topic(name)
        aws.sns.TopicSubscription(name, topic=topic.arn, protocol="email", endpoint="on-call@example.com")
        identity = {"ServiceName": own.service_name, "ServiceID": own.service_id}
        metric: Any = {"namespace": "AWS/AppRunner", "metric_name": "5xxStatusResponses", "dimensions": identity}
        aws.cloudwatch.MetricAlarm(f"{name}-errors", name=f"{name}-errors", **metric, **rest)
        sql = own.service_id.apply("SELECT MAX(CPUUtilization) FROM \"AWS/AppRunner\" WHERE ServiceID='{}'".format)
        queries: Any = [{"id": "cpu", "expression": sql, "period": 60, "return_data": True}]
        aws.cloudwatch.MetricAlarm(f"{name}-cpu", metric_queries=queries, alarm_actions=[topic.arn], **rest)
        chain = f"ALARM({before}) OR ALARM({name}-errors)"
        aws.cloudwatch.CompositeAlarm(name, alarm_name=name, alarm_rule=chain, alarm_actions=[TOPIC])
        before = name


def regions(names: Sequence[str]) -> None:
    """Create services in a region without App Runner."""
    provider = aws.Provider("north", region="eu-north-1")
    for name in names:
        service(name, opts=pulumi.ResourceOptions(provider=provider))


PROGRAMS = (
    secrets_with_keys,
    secrets_with_one_key,
    parameters_with_aliases,
    roles,
    domains,
    networks,
    firewalls,
    schedules,
    schedules_of_unknown_services,
    alarms,
    regions,
)
