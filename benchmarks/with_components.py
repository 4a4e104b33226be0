"""The shop with the components."""

import shop
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    CustomDomain,
    CustomDomainArgs,
    Destination,
    HealthCheck,
    HostedZone,
    Image,
    PauseSchedule,
    PauseScheduleArgs,
    RunningWindow,
    Scaling,
    SecretsBinding,
    SecretsBindingArgs,
    SecretSource,
    Size,
    VpcEgress,
    VpcEgressArgs,
)


def build(count: int) -> None:
    """Register the shop with its first `count` services."""
    private = VpcEgress(
        "private",
        VpcEgressArgs(
            vpc_id=shop.VPC_ID,
            subnet_ids=shop.SUBNET_IDS,
            destinations={"orders-db": Destination(security_group_id=shop.DATABASE_GROUP_ID, port=shop.DATABASE_PORT)},
        ),
    )
    zone = HostedZone(id=shop.ZONE_ID, name=shop.ZONE_NAME)
    for each in shop.services(count):
        secrets = SecretsBinding(
            f"{each.name}-secrets",
            SecretsBindingArgs(
                secrets={
                    "DATABASE_PASSWORD": SecretSource(
                        secret_arn=each.secret_arn, json_key="password", kms_key_arn=shop.KMS_KEY_ARN
                    ),
                    "FEATURE_FLAGS": SecretSource(parameter_name=each.parameter),
                }
            ),
        )
        service = AppRunnerService(
            each.name,
            AppRunnerServiceArgs(
                image=Image(identifier=each.image),
                port=8000,
                size=Size(cpu="1 vCPU", memory="2 GB"),
                scaling=Scaling(min_size=2, max_size=10, max_concurrency=80),
                health_check=HealthCheck(protocol="HTTP", path="/healthz", interval=10, timeout=5),
                environment=each.environment,
                secrets=[secrets.bound],
                vpc_connector_arn=private.vpc_connector_arn,
                tracing=True,
                tags=each.tags,
            ),
        )
        CustomDomain(f"{each.name}-domain", CustomDomainArgs(service_arn=service.arn, domain_name=each.host, zone=zone))
        PauseSchedule(
            f"{each.name}-hours",
            PauseScheduleArgs(
                service_arn=service.arn,
                timezone="Europe/Berlin",
                running=[RunningWindow(days="Mon-Fri", start="07:00", end="20:00")],
                tags=each.tags,
            ),
        )
