"""Claims of a tutorial about App Runner: a rule, a component or a documentation page corrects each mistake.

The keys are the numbers of the claims. For a correct claim, a program or an argument that contradicts it is reported.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_facts.cron import Cron
from apprunner_facts.rhythm import rhythm_of
from apprunner_policies import POLICIES
from pulumi_apprunner import AppRunnerService, ArgsError, PauseSchedule
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import run

ROOT = Path(__file__).parents[2]
CLAIMS = range(1, 36)

IMAGE = {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2"}
SERVICE = "arn:aws:apprunner:eu-west-1:123456789012:service/orders/0a1b2c3d4e5f6071"
SECRET = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"
CONNECTION = "arn:aws:apprunner:eu-west-1:123456789012:connection/github/0a1b2c3d4e5f6071"
CODE = {"connection_arn": CONNECTION, "repository_url": "https://github.com/example/orders", "runtime": "PYTHON_311"}


# Programs with a mistake


def service(
    image: str = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2", auto_deploy: Any = False, **more: Any
) -> aws.apprunner.Service:
    public = image.startswith("public.ecr.aws")
    source: Any = {
        "image_repository": {
            "image_identifier": image,
            "image_repository_type": "ECR_PUBLIC" if public else "ECR",
            "image_configuration": more.pop("image_configuration", {}),
        },
        "authentication_configuration": {} if public else {"access_role_arn": "arn:aws:iam::123456789012:role/pull"},
        "auto_deployments_enabled": auto_deploy,
    }
    return aws.apprunner.Service("api", service_name="orders-api", **{"source_configuration": source, **more})


def code(runtime: str) -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "authentication_configuration": {"connection_arn": CONNECTION},
            "code_repository": {
                "repository_url": "https://github.com/example/orders",
                "source_code_version": {"type": "BRANCH", "value": "main"},
                "code_configuration": {
                    "configuration_source": "API",
                    "code_configuration_values": {"runtime": runtime},
                },
            },
        },
    )


def scale_to_zero() -> None:
    aws.apprunner.AutoScalingConfigurationVersion("api", auto_scaling_configuration_name="orders", min_size=0)


def private_without_endpoint() -> None:
    service(network_configuration={"ingress_configuration": {"is_publicly_accessible": False}})


def domain(records: int) -> None:
    association = aws.apprunner.CustomDomainAssociation(
        "shop", domain_name="shop.example.com", service_arn=SERVICE, enable_www_subdomain=False
    )
    for number in range(records):
        record = association.certificate_validation_records[number]
        aws.route53.Record(
            f"validation-{number}", zone_id="Z1", name=record.name, type="CNAME", ttl=300, records=[record.value]
        )


def pause_without_time_zone() -> None:
    for action, hour in (("pause", 20), ("resume", 8)):
        aws.scheduler.Schedule(
            action,
            schedule_expression=f"cron(0 {hour} ? * * *)",
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
                "role_arn": "arn:aws:iam::123456789012:role/scheduler",
                "input": json.dumps({"ServiceArn": SERVICE}),
            },
        )


def tracing_with_the_default_name() -> None:
    aws.apprunner.ObservabilityConfiguration(
        "tracing",
        observability_configuration_name="DefaultConfiguration",
        trace_configuration={"vendor": "AWSXRAY"},
    )


def alarm(metric: str, **dimensions: str) -> None:
    aws.cloudwatch.MetricAlarm(
        "alarm",
        namespace="AWS/AppRunner",
        metric_name=metric,
        comparison_operator="GreaterThanThreshold",
        evaluation_periods=1,
        period=60,
        statistic="Sum",
        threshold=1,
        dimensions=dimensions,
    )


def secret_without_a_role() -> None:
    service(image_configuration={"runtime_environment_secrets": {"DATABASE_PASSWORD": SECRET}})


REPORTED_BY_A_RULE: Mapping[int, tuple[str, str, Callable[[], object]]] = {
    1: ("App Runner is the choice for new work", "no-new-app-runner", service),
    3: ("min size 0 scales to zero", "scaling-bounds", scale_to_zero),
    6: ("a Dockerfile in the repository is built", "supported-runtime", lambda: code("DOCKER")),
    8: ("nodejs18 is a supported runtime", "supported-runtime", lambda: code("NODEJS_18")),
    10: (
        "a public image is deployed automatically",
        "auto-deploy-consistency",
        lambda: service("public.ecr.aws/nginx/nginx:1.27", True),
    ),
    15: ("the flag alone makes a service private", "private-service-complete", private_without_endpoint),
    16: (
        "the validation record can be deleted after the certificate is issued",
        "custom-domain-records-kept",
        lambda: domain(0),
    ),
    17: ("there is one validation record", "custom-domain-records-kept", lambda: domain(1)),
    21: (
        "a schedule needs no time zone, and the default retries are enough",
        "pause-schedule-sane",
        pause_without_time_zone,
    ),
    24: ("DefaultConfiguration is an ordinary name", "service-limits", tracing_with_the_default_name),
    25: (
        "the dimension is called ServiceId",
        "alarms-present",
        lambda: alarm("5xxStatusResponses", ServiceName="orders-api", ServiceId="0a1b2c3d"),
    ),
    27: (
        "CPUUtilization is a metric of the service",
        "alarms-present",
        lambda: alarm("CPUUtilization", ServiceName="orders-api"),
    ),
    33: ("secrets need an instance role (right)", "secrets-grant-matches", secret_without_a_role),
    35: (
        "latest is a tag for production",
        "immutable-image-in-prod",
        lambda: service("123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:latest"),
    ),
}

REJECTED_BY_A_COMPONENT: Mapping[int, tuple[str, Mapping[str, Any], str]] = {
    2: (
        "there are five pairs of sizes",
        {"image": IMAGE, "size": {"cpu": "1 vCPU", "memory": "1 GB"}},
        "size.memory: must be 2 GB, 3 GB or 4 GB with 1 vCPU, got 1 GB",
    ),
    3: ("min size 0 scales to zero", {"image": IMAGE, "scaling": {"min_size": 0}}, "use PauseSchedule"),
    4: (
        "apprunner.yaml configures an image's service",
        {"image": {**IMAGE, "configuration_source": "REPOSITORY"}},
        'image.configuration_source: unknown argument "configuration_source"',
    ),
    5: (
        "`value-from` binds a secret in `env`",
        {"image": IMAGE, "environment": {"DATABASE_PASSWORD": {"value-from": SECRET}}},
        "environment.DATABASE_PASSWORD: must be a string, got a mapping",
    ),
    6: (
        "a Dockerfile in the repository is built",
        {"code": {**CODE, "runtime": "DOCKER"}},
        "code.runtime: must be one of PYTHON_3",
    ),
    7: (
        "the connection is a CodeStar connection",
        {"code": {**CODE, "connection_arn": CONNECTION.replace("apprunner", "codestar-connections")}},
        "must be the ARN of a connection (arn:aws:apprunner:REGION:ACCOUNT:connection/NAME/ID)",
    ),
    8: (
        "corretto17 is a runtime",
        {"code": {**CODE, "runtime": "CORRETTO_17"}},
        'GO_1, DOTNET_6, PHP_81, RUBY_31, got "CORRETTO_17"',
    ),
    9: (
        "images of Docker Hub are public images",
        {"image": {"identifier": "docker.io/library/nginx:1.27"}},
        "Docker's official images are in public.ecr.aws/docker/library/",
    ),
    10: (
        "a public image is deployed automatically",
        {"image": {"identifier": "public.ecr.aws/nginx/nginx:1.27"}, "auto_deployments_enabled": True},
        "auto_deployments_enabled: must be false for a public image",
    ),
}

CORRECTED_BY_A_PAGE: Mapping[int, tuple[str, str, str]] = {
    11: (
        "App Runner polls ECR every minute",
        "docs/app-runner.md",
        "AWS does not document that the registry is polled every minute",
    ),
    12: ("how the access role is created (right)", "docs/lifecycle.md", "a new access role cannot be assumed yet"),
    13: ("a connector is for private resources", "docs/app-runner.md", "without a NAT gateway"),
    14: ("each connector has its own interfaces", "docs/app-runner.md", "share their network interfaces"),
    18: ("an apex points at the service by CNAME", "docs/app-runner.md", "An apex supports no CNAME"),
    19: ("a domain is pending and then active", "docs/app-runner.md", "`binding_certificate`"),
    20: (
        "a pause saves 80 percent and answers 503",
        "docs/app-runner.md",
        "AWS does not document how a paused service responds",
    ),
    23: ("traces go to the X-Ray daemon", "docs/app-runner.md", "OTLP on localhost:4317"),
    26: ("there is no metric of requests", "docs/app-runner.md", "The number of requests is the metric `Requests`"),
    28: (
        "a provisioned instance costs a tenth",
        "docs/app-runner.md",
        "charges for the memory of provisioned instances all the time",
    ),
    29: ("HTTP/2, gRPC and WebSocket work", "docs/app-runner.md", "no HTTP/2, gRPC or WebSocket"),
    30: ("a request has 120 seconds (right)", "docs/app-runner.md", "A request can take 120 seconds"),
    31: ("RUNNING means success", "docs/app-runner.md", "RUNNING does not mean success"),
    32: ("instances are replaced one by one", "docs/app-runner.md", "there are twice as many"),
    34: (
        "a rotated secret needs a deployment (right)",
        "docs/app-runner.md",
        "reads a rotated secret at the next deployment",
    ),
}


@pytest.mark.parametrize("claim", REPORTED_BY_A_RULE, ids=lambda claim: f"{claim} {REPORTED_BY_A_RULE[claim][0]}")
def test_a_program_that_follows_the_claim_violates_a_rule(claim: int) -> None:
    _, rule, program = REPORTED_BY_A_RULE[claim]
    violations = evaluate(
        run(lambda: program() and None, stack="prod"), POLICIES, {rule: {"enforcementLevel": "mandatory"}}
    ).violations

    assert rule in {each.policy for each in violations}


@pytest.mark.parametrize(
    "claim", REJECTED_BY_A_COMPONENT, ids=lambda claim: f"{claim} {REJECTED_BY_A_COMPONENT[claim][0]}"
)
def test_arguments_that_follow_the_claim_are_rejected(claim: int) -> None:
    arguments: Any
    _, arguments, expected = REJECTED_BY_A_COMPONENT[claim]

    with pytest.raises(ArgsError) as rejected:
        run(lambda: AppRunnerService("orders", arguments) and None)

    assert expected in str(rejected.value)


def test_21_a_pause_without_a_time_zone_is_rejected() -> None:
    hours: Any = {"service_arn": SERVICE, "running": [{"days": "Mon-Fri", "start": "08:00", "end": "20:00"}]}

    with pytest.raises(ArgsError, match="timezone: is required"):
        run(lambda: PauseSchedule("hours", hours) and None)


def test_22_twelve_hours_of_every_day_are_half_of_all_hours_and_not_70_percent() -> None:
    rhythm = rhythm_of([Cron.parse("cron(0 20 ? * * *)")], [Cron.parse("cron(0 8 ? * * *)")])

    assert 1 - rhythm.running_share == 0.5


@pytest.mark.parametrize("claim", CORRECTED_BY_A_PAGE, ids=lambda claim: f"{claim} {CORRECTED_BY_A_PAGE[claim][0]}")
def test_a_page_corrects_a_claim_that_no_program_can_express(claim: int) -> None:
    _, page, expected = CORRECTED_BY_A_PAGE[claim]

    assert expected in " ".join((ROOT / page).read_text().split())


def test_every_claim_is_covered() -> None:
    caught = {*REPORTED_BY_A_RULE, *REJECTED_BY_A_COMPONENT, 21, 22}

    assert not caught & set(CORRECTED_BY_A_PAGE)
    assert sorted(caught | set(CORRECTED_BY_A_PAGE)) == list(CLAIMS)
