"""Topics and VPC connectors of another region than the service's."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import plan, problems
from pulumi_apprunner import AppRunnerService, ArgsError, RedeployOnPush, RedeployOnRotation, ServiceMonitoring
from samples import CONNECTOR_ARN, PUBLIC_IMAGE, SERVICE_ARN, TOPIC_ARN

ELSEWHERE = {"aws:region": "us-east-1"}
IMAGE = "210987654321.dkr.ecr.us-east-1.amazonaws.com/orders-api:live"
SECRETS = {"FLAGS": {"parameter_name": "/orders/flags"}}
COMPONENTS: list[tuple[Any, dict[str, Any]]] = [
    (ServiceMonitoring, {"max_size": 10}),
    (RedeployOnRotation, {"secrets": SECRETS}),
    (RedeployOnPush, {"image": IMAGE, "cross_account": True}),
]


def caught(program: Callable[[], Any], config: Any = ELSEWHERE) -> Any:
    with pytest.raises(ArgsError) as error:
        plan(lambda: program() and None, config=config)
    return error.value.problems


def message(resource: str, region: str, got: str, reason: str = "") -> str:
    required = f"must be the ARN of {resource} in the service's region, {region}, got one in {got}. "
    return f"{required}{reason}Use {resource} of {region}"


def service(**args: Any) -> AppRunnerService:
    settings: Any = {"image": {"identifier": PUBLIC_IMAGE}, **args}
    return AppRunnerService("api", settings)


NOTIFIES = "EventBridge notifies only topics of its own region. "


@pytest.mark.parametrize(("component", "args"), COMPONENTS)
def test_a_topic_must_be_of_the_services_region(component: Any, args: Any) -> None:
    other = TOPIC_ARN.replace("eu-west-1", "us-east-1")
    found = problems(lambda: component("x", {"service_arn": SERVICE_ARN, "topic_arn": other, **args}) and None)
    assert found == {"topic_arn": message("a topic", "eu-west-1", "us-east-1", NOTIFIES)}


@pytest.mark.parametrize(("component", "args"), COMPONENTS)
def test_a_topic_is_compared_with_a_service_of_the_program(component: Any, args: Any) -> None:
    program = lambda: component("x", {"service_arn": service().arn, "topic_arn": TOPIC_ARN, **args})  # noqa: E731
    assert caught(program) == {"topic_arn": message("a topic", "us-east-1", "eu-west-1", NOTIFIES)}
    if component is ServiceMonitoring:
        assert plan(lambda: program() and None, config={"aws:region": "eu-west-1"}).messages == ()
        assert plan(lambda: program() and None).messages == ()  # the region is not certain


def test_a_vpc_connector_must_be_of_the_services_region() -> None:
    expected = {"vpc_connector_arn": message("a VPC connector", "us-east-1", "eu-west-1")}
    assert caught(lambda: service(vpc_connector_arn=CONNECTOR_ARN)) == expected
    assert caught(lambda: service(vpc_connector_arn=pulumi.Output.from_input(CONNECTOR_ARN))) == expected
    assert plan(lambda: service(vpc_connector_arn=CONNECTOR_ARN) and None).messages == ()
    same = {"aws:region": "eu-west-1"}
    assert plan(lambda: service(vpc_connector_arn=CONNECTOR_ARN) and None, config=same).messages == ()


@pytest.mark.parametrize("inherited", [False, True])
def test_the_region_of_a_service_is_that_of_its_provider(inherited: bool) -> None:
    def program(region: str) -> None:
        provider = aws.Provider("there", region=region)
        opts = pulumi.ResourceOptions(provider=provider)
        if inherited:
            parent = pulumi.ComponentResource("shop:index:Region", "there", None, opts)
            opts = pulumi.ResourceOptions(parent=parent)
        args: Any = {"image": {"identifier": PUBLIC_IMAGE}, "vpc_connector_arn": CONNECTOR_ARN}
        AppRunnerService("api", args, opts)

    assert caught(lambda: program("us-east-1"), {"aws:region": "eu-west-1"}) == {
        "vpc_connector_arn": message("a VPC connector", "us-east-1", "eu-west-1")
    }
    assert plan(lambda: program("eu-west-1"), config=ELSEWHERE).named("api-service")
