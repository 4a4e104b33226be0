"""The components with a user's mocks: they work with any values, and call no functions."""

from collections.abc import Callable, Iterator
from typing import Any

import pulumi
import pytest
from pulumi.runtime import settings

from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    CustomDomain,
    Destination,
    Fleet,
    GitHubDelivery,
    Image,
    ImageRepository,
    InstanceRole,
    LogRetention,
    NotificationTopic,
    PauseSchedule,
    PrivateEndpoint,
    PrivateIngress,
    RedeployOnPush,
    RedeployOnRotation,
    RunningWindow,
    ScalingProfile,
    SecretsBinding,
    ServiceMonitoring,
    TrafficSplit,
    VpcEgress,
    VpcEgressArgs,
    WebFirewall,
)
from samples import BOUNDARY_ARN, GROUP_ID, IMAGE, PUBLIC_IMAGE, SECRET_ARN, SUBNET_IDS, VPC_ID, ZONE_ID

Outputs = Callable[[pulumi.runtime.MockResourceArgs], dict[str, Any]]


class Mocks(pulumi.runtime.Mocks):
    """Minimal mocks. A resource has its inputs and some other outputs. A call without a response is an error."""

    def __init__(self, outputs: Outputs, response: dict[str, Any] | None = None) -> None:
        self.outputs, self.response = outputs, response
        self.registered: list[str] = []
        self.called: list[str] = []

    def new_resource(self, args: pulumi.runtime.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.registered.append(args.name)
        return f"{args.name}-id", {**args.inputs, **self.outputs(args)}

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        self.called.append(args.token)
        if self.response is None:
            raise AssertionError(f"{args.token} was called")
        return self.response, []


def nothing(_: pulumi.runtime.MockResourceArgs) -> dict[str, Any]:
    return {}


def nonsense(args: pulumi.runtime.MockResourceArgs) -> dict[str, Any]:
    names = ("arn", "url", "id", "dnsTarget", "serviceUrl", "serviceId", "status", "account_id")
    return dict.fromkeys(names, f"{args.name}-nonsense")


def plausible(args: pulumi.runtime.MockResourceArgs) -> dict[str, Any]:
    return {"arn": f"arn:aws:mock:eu-west-1:123456789012:{args.name}", "certificateValidationRecords": []}


@pytest.fixture(params=[nothing, nonsense, plausible])
def outputs(request: pytest.FixtureRequest) -> Outputs:
    return request.param


@pytest.fixture(params=[True, False], ids=["preview", "update"])
def run_with_mocks(request: pytest.FixtureRequest, outputs: Outputs) -> Iterator[Callable[..., Mocks]]:
    """Return a function that runs a program with mocks and returns them."""

    def run(program: Callable[[], Any], response: dict[str, Any] | None = None) -> Mocks:
        mocks = Mocks(outputs, response)
        pulumi.runtime.set_mocks(mocks, preview=request.param)
        pulumi.runtime.test(program)()
        return mocks

    yield run
    settings.reset_options()


def everything() -> None:
    """Components that use each other, as in an application team's program."""
    private = VpcEgress(
        "private",
        VpcEgressArgs(
            vpc_id=VPC_ID,
            subnet_ids=SUBNET_IDS,
            destinations={"orders-db": Destination(security_group_id=GROUP_ID, port=5432)},
        ),
    )
    endpoint = PrivateEndpoint(
        "internal", {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "clients": {"offices": {"cidr": "10.20.0.0/16"}}}
    )
    secrets = SecretsBinding("secrets", {"secrets": {"PASSWORD": {"secret_arn": SECRET_ARN, "json_key": "password"}}})
    images = ImageRepository("images", {"pull_accounts": ["210987654321"]})
    secret = pulumi.Output.secret("correct-horse-battery-staple")
    edge = WebFirewall("edge", {"rate_limit": {"requests": 100}, "required_header": {"value": secret}})
    profile = ScalingProfile("small", {"max_size": 10, "account_default": True})
    api = AppRunnerService(
        "api",
        AppRunnerServiceArgs(
            image=Image(identifier=IMAGE),
            auto_scaling_configuration_arn=profile.arn,
            vpc_connector_arn=private.vpc_connector_arn,
            secrets=[secrets.bound],
            tracing=True,
            web_acl_arn=edge.arn,
            instance_role=InstanceRole(),
        ),
    )
    TrafficSplit(
        "split",
        {
            "domain_name": "split.example.com",
            "certificate_arn": pulumi.Output.from_input("certificate"),
            "stable": {"arn": api.arn, "url": api.url},
            "candidate": {"arn": api.arn, "url": api.url},
            "weight": 10,
            "origin_secret": secret,
            "zone": {"id": ZONE_ID, "name": "example.com"},
        },
    )
    GitHubDelivery(
        "delivery",
        {
            "github_repository": "acme/orders",
            "provider": {},
            "deploy": {"branches": ["main"]},
            "repository_arn": images.arn,
            "service_arn": api.arn,
            "stack": {"branches": ["main"], "name_prefix": "orders-", "roles_boundary": BOUNDARY_ARN},
        },
    )
    for name, domain in (("shop", "shop.example.com"), ("apex", "example.com")):
        zone = {"id": ZONE_ID, "name": "example.com"}
        args: Any = {"domainName": domain, "serviceArn": api.arn, "zone": zone, "enableWwwSubdomain": True}
        CustomDomain(name, args)
    back_office = AppRunnerService(
        "back-office",
        {
            "image": {"identifier": IMAGE},
            "is_publicly_accessible": False,
            "web_acl_arn": WebFirewall("internal-edge", {"private": True}).arn,
        },
    )
    PrivateIngress(
        "back-office-ingress",
        {
            "service_arn": back_office.arn,
            "vpc_id": endpoint.vpc_id,
            "vpc_endpoint_id": endpoint.vpc_endpoint_id,
        },
    )
    hours = RunningWindow(days="Mon-Fri", start="08:00", end="20:00")
    PauseSchedule("hours", {"service_arn": api.arn, "timezone": "UTC", "running": hours})
    topic = NotificationTopic(
        "on-call", {"subscriptions": {"team": {"protocol": "email", "endpoint": "a@example.com"}}}
    )
    LogRetention("retention", {"service_arn": api.arn, "days": 30})
    ServiceMonitoring("monitoring", {"service_arn": api.arn, "topic_arn": topic.arn, "max_size": 10})
    rotated: Any = {"PASSWORD": {"secret_arn": SECRET_ARN}, "FLAGS": {"parameter_name": "/orders/flags"}}
    elsewhere = "123456789012.dkr.ecr.us-east-1.amazonaws.com/orders:live"
    RedeployOnPush("pushes", {"service_arn": api.arn, "topic_arn": topic.arn, "image": elsewhere})
    RedeployOnRotation("rotation", {"service_arn": api.arn, "topic_arn": topic.arn, "secrets": rotated})


def test_the_components_work_together_without_calls_to_aws(run_with_mocks: Callable[..., Mocks]) -> None:
    mocks = run_with_mocks(everything)
    assert mocks.called == []
    assert {"private-connector", "api-service", "shop-association", "apex-traffic", "hours-pause"} <= set(
        mocks.registered
    )


def test_two_fleets_may_have_services_of_the_same_name(run_with_mocks: Callable[..., Mocks]) -> None:
    def program() -> None:
        services: Any = {"api": {"image": {"identifier": IMAGE}, "domains": [{"domain_name": "shop.example.com"}]}}
        for name in ("one", "two"):
            Fleet(name, {"environment": "prod", "services": services})

    assert run_with_mocks(program).registered.count("api-service") == 2


def test_values_of_mocked_resources_are_accepted(run_with_mocks: Callable[..., Mocks]) -> None:
    import pulumi_aws as aws

    def program() -> None:
        vpc = aws.ec2.Vpc("network", cidr_block="10.0.0.0/16")
        subnets = [aws.ec2.Subnet(f"subnet-{zone}", vpc_id=vpc.id) for zone in "ab"]
        VpcEgress("private", VpcEgressArgs(vpc_id=vpc.id, subnet_ids=[each.id for each in subnets]))
        repository = aws.ecr.Repository("orders")
        key = aws.kms.Key("key")
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(image=Image(identifier=repository.repository_url), kms_key_arn=key.arn),
        )

    assert {"private-connector", "api-service"} <= set(run_with_mocks(program).registered)


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"arn": "nonsense", "accountId": "nonsense", "region": "nonsense"},
        {"arn": "arn:aws:iam::123456789012:user/me", "accountId": "123456789012", "region": "eu-west-1"},
    ],
)
def test_a_parameter_name_looks_up_only_account_and_region(
    run_with_mocks: Callable[..., Mocks], response: dict[str, Any]
) -> None:
    def program() -> None:
        secrets = SecretsBinding("secrets", {"secrets": {"FLAGS": {"parameter_name": "/orders/flags"}}})
        AppRunnerService("api", AppRunnerServiceArgs(image=Image(identifier=PUBLIC_IMAGE), secrets=[secrets.bound]))

    mocks = run_with_mocks(program, response)
    assert sorted(mocks.called) == ["aws:index/getCallerIdentity:getCallerIdentity", "aws:index/getRegion:getRegion"]
    assert "api-service" in mocks.registered


def test_plain_values_are_validated_with_mocks(run_with_mocks: Callable[..., Mocks]) -> None:
    def program() -> None:
        AppRunnerService("api", AppRunnerServiceArgs(image=Image(identifier="docker.io/nginx")))

    with pytest.raises(pulumi.RunError, match=r"image\.identifier"):
        run_with_mocks(program)
