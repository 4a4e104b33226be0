"""The shop without the components: the same resources with the same inputs, without validation."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

import shop

_XRAY = [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
]
_PULL = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer"]


class Shell(pulumi.ComponentResource):
    """A component that only serves as the parent of resources, and has no outputs."""

    def __init__(self, type: str, name: str) -> None:
        super().__init__(type, name)
        self.register_outputs({})  # as Pulumi's documentation requires of every component


class Program:
    """The program, with or without a shell for each group of resources.

    Args:
        shells: Whether each group of resources has a component as its parent, as in the library.
    """

    def __init__(self, *, shells: bool) -> None:
        self._shells = shells

    def build(self, count: int) -> None:
        """Register the shop with its first `count` services."""
        connector_arn = self._egress("private")
        caller, region = aws.get_caller_identity_output(), aws.get_region_output()
        parameters = Output.format("arn:aws:ssm:{0}:{1}:parameter", region.region, caller.account_id)
        for each in shop.services(count):
            self._parent("SecretsBinding", f"{each.name}-secrets")
            service = self._service(each, connector_arn, parameters)
            self._domain(f"{each.name}-domain", each, service.arn)
            self._hours(f"{each.name}-hours", each, service.arn)

    def _parent(self, kind: str, name: str) -> ResourceOptions:
        return ResourceOptions(parent=Shell(f"apprunner:index:{kind}", name) if self._shells else None)

    def _egress(self, name: str) -> Output[str]:
        opts = self._parent("VpcEgress", name)
        physical = _physical_name(name)
        mark = hashlib.sha256("\n".join([shop.VPC_ID, *shop.SUBNET_IDS, ""]).encode()).hexdigest()[:7]
        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            name=f"{physical}-egress-{mark}",
            description=f"App Runner egress {physical}",
            vpc_id=shop.VPC_ID,
            tags={},
            opts=opts,
        )
        rules: list[pulumi.Resource] = [
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-egress-ipv4",
                security_group_id=group.id,
                cidr_ipv4="0.0.0.0/0",
                ip_protocol="-1",
                tags={},
                opts=opts,
            ),
            aws.vpc.SecurityGroupEgressRule(
                f"{name}-egress-ipv6",
                security_group_id=group.id,
                cidr_ipv6="::/0",
                ip_protocol="-1",
                tags={},
                opts=opts,
            ),
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-ingress-orders-db",
                security_group_id=shop.DATABASE_GROUP_ID,
                referenced_security_group_id=group.id,
                ip_protocol="tcp",
                from_port=shop.DATABASE_PORT,
                to_port=shop.DATABASE_PORT,
                description=f"App Runner egress {physical}",
                tags={},
                opts=ResourceOptions.merge(opts, ResourceOptions(replace_on_changes=["referencedSecurityGroupId"])),
            ),
        ]
        return aws.apprunner.VpcConnector(
            f"{name}-connector",
            vpc_connector_name=f"{physical}-{mark}",
            subnets=shop.SUBNET_IDS,
            security_groups=[group.id],
            tags={},
            opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=rules)),
        ).arn

    def _service(
        self, each: shop.Service, connector_arn: Output[str], parameters: Output[str]
    ) -> aws.apprunner.Service:
        opts = self._parent("AppRunnerService", each.name)
        name, physical, tags = each.name, _physical_name(each.name), each.tags
        access = aws.iam.Role(
            f"{name}-access-role",
            name=f"{physical}-access",
            description=f"App Runner access role of {physical}",
            assume_role_policy=_trust("build.apprunner.amazonaws.com"),
            tags=tags,
            opts=opts,
        )
        pull = aws.iam.RolePolicy(
            f"{name}-access-policy",
            name="pull-image",
            role=access.name,
            policy=_document(
                _allow(_PULL, f"arn:aws:ecr:{shop.REGION}:{shop.ACCOUNT}:repository/shop/{name}"),
                _allow("ecr:GetAuthorizationToken", "*"),
            ),
            opts=opts,
        )
        instance = aws.iam.Role(
            f"{name}-instance-role",
            name=f"{physical}-instance",
            description=f"App Runner instance role of {physical}",
            assume_role_policy=_trust("tasks.apprunner.amazonaws.com"),
            tags=tags,
            opts=opts,
        )
        permissions = aws.iam.RolePolicy(
            f"{name}-instance-policy",
            name="application",
            role=instance.name,
            policy=parameters.apply(
                lambda parameters: _document(
                    _allow("secretsmanager:GetSecretValue", [each.secret_arn]),
                    _allow("ssm:GetParameters", [f"{parameters}{each.parameter}"]),
                    _allow("kms:Decrypt", [shop.KMS_KEY_ARN]) | {"Condition": _THROUGH},
                    _allow(_XRAY, "*"),
                )
            ),
            opts=opts,
        )
        scaling = aws.apprunner.AutoScalingConfigurationVersion(
            f"{name}-scaling",
            auto_scaling_configuration_name=physical,
            min_size=2,
            max_size=10,
            max_concurrency=80,
            tags=tags,
            opts=opts,
        )
        tracing = aws.apprunner.ObservabilityConfiguration(
            f"{name}-observability",
            observability_configuration_name=physical,
            trace_configuration={"vendor": "AWSXRAY"},
            tags=tags,
            opts=opts,
        )
        return aws.apprunner.Service(
            f"{name}-service",
            service_name=physical,
            source_configuration={
                "auto_deployments_enabled": False,
                "authentication_configuration": {"access_role_arn": access.arn},
                "image_repository": {
                    "image_identifier": each.image,
                    "image_repository_type": "ECR",
                    "image_configuration": {
                        "port": "8000",
                        "runtime_environment_variables": {
                            "OTEL_PROPAGATORS": "xray",
                            "OTEL_METRICS_EXPORTER": "none",
                            "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
                            "OTEL_RESOURCE_ATTRIBUTES": f"service.name={physical}",
                            **each.environment,
                        },
                        "runtime_environment_secrets": {
                            "DATABASE_PASSWORD": f"{each.secret_arn}:password::",
                            "FEATURE_FLAGS": each.parameter,
                        },
                    },
                },
            },
            instance_configuration={"cpu": "1024", "memory": "2048", "instance_role_arn": instance.arn},
            auto_scaling_configuration_arn=scaling.arn,
            health_check_configuration={
                "protocol": "HTTP",
                "path": "/healthz",
                "interval": 10,
                "timeout": 5,
                "healthy_threshold": 1,
                "unhealthy_threshold": 5,
            },
            network_configuration={
                "egress_configuration": {"egress_type": "VPC", "vpc_connector_arn": connector_arn},
                "ingress_configuration": {"is_publicly_accessible": True},
                "ip_address_type": "IPV4",
            },
            observability_configuration={
                "observability_enabled": True,
                "observability_configuration_arn": tracing.arn,
            },
            tags=tags,
            opts=ResourceOptions.merge(
                opts,
                ResourceOptions(
                    depends_on=[pull, permissions], delete_before_replace=True, replacement_trigger="image"
                ),
            ),
        )

    def _domain(self, name: str, each: shop.Service, service_arn: Output[str]) -> None:
        opts = self._parent("CustomDomain", name)
        association = aws.apprunner.CustomDomainAssociation(
            f"{name}-association",
            domain_name=each.host,
            enable_www_subdomain=False,
            service_arn=service_arn,
            opts=ResourceOptions.merge(opts, ResourceOptions(delete_before_replace=True)),
        )
        validation = association.certificate_validation_records.apply(
            lambda records: sorted(records, key=lambda record: record.name or "")
        )
        for index in range(2):
            aws.route53.Record(
                f"{name}-validation-{index + 1}",
                zone_id=shop.ZONE_ID,
                name=validation[index].name,  # pyright: ignore[reportArgumentType]
                type="CNAME",
                ttl=300,
                records=[validation[index].value],  # pyright: ignore[reportArgumentType]
                allow_overwrite=True,
                opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[association])),
            )
        aws.route53.Record(
            f"{name}-traffic",
            zone_id=shop.ZONE_ID,
            name=each.host,
            type="CNAME",
            ttl=300,
            records=[association.dns_target],
            allow_overwrite=True,
            opts=opts,
        )

    def _hours(self, name: str, each: shop.Service, service_arn: Output[str]) -> None:
        opts = self._parent("PauseSchedule", name)
        physical, tags = _physical_name(name), each.tags
        group = aws.scheduler.ScheduleGroup(f"{name}-group", name=physical, tags=tags, opts=opts)
        queue = aws.sqs.Queue(
            f"{name}-dead-letters",
            name=f"{physical}-dead-letters",
            message_retention_seconds=14 * 24 * 60 * 60,
            sqs_managed_sse_enabled=True,
            tags=tags,
            opts=opts,
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=f"{physical}-schedule",
            description=f"EventBridge Scheduler for {physical}",
            assume_role_policy=group.arn.apply(
                lambda arn: _trust(
                    "scheduler.amazonaws.com",
                    {"StringEquals": {"aws:SourceAccount": arn.split(":")[4], "aws:SourceArn": arn}},
                )
            ),
            tags=tags,
            opts=opts,
        )
        policy = aws.iam.RolePolicy(
            f"{name}-policy",
            name="schedule",
            role=role.name,
            policy=Output.all(service_arn, queue.arn).apply(
                lambda arns: _document(
                    _allow(["apprunner:PauseService", "apprunner:ResumeService"], arns[0]),
                    _allow("sqs:SendMessage", arns[1]),
                )
            ),
            opts=opts,
        )
        for kind, action, cron in (
            ("pause", "pauseService", "cron(0 20 ? * MON-FRI *)"),
            ("resume", "resumeService", "cron(0 7 ? * MON-FRI *)"),
        ):
            aws.scheduler.Schedule(
                f"{name}-{kind}",
                name=kind,
                group_name=group.name,
                description=f"{kind} for {physical}",
                schedule_expression=cron,
                schedule_expression_timezone="Europe/Berlin",
                state="ENABLED",
                flexible_time_window={"mode": "OFF"},
                target={
                    "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}",
                    "role_arn": role.arn,
                    "input": Output.json_dumps({"ServiceArn": service_arn}),
                    "dead_letter_config": {"arn": queue.arn},
                    "retry_policy": {"maximum_event_age_in_seconds": 1800, "maximum_retry_attempts": 20},
                },
                opts=ResourceOptions.merge(opts, ResourceOptions(depends_on=[policy])),
            )


def _document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


_THROUGH = {"StringEquals": {"kms:ViaService": [f"secretsmanager.{shop.REGION}.amazonaws.com"]}}


def _allow(actions: str | Sequence[str], resources: str | Sequence[str]) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resources}


def _trust(service: str, condition: dict[str, Any] | None = None) -> str:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return _document(statement | ({"Condition": condition} if condition else {}))


def _physical_name(name: str) -> str:
    return f"{pulumi.get_project()}-{name}-{pulumi.get_stack()}"
