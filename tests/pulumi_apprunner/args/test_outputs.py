"""Arguments that are Outputs: where they are accepted, and the error about an invalid one."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from plans import plan, problems
from pulumi_apprunner import AppRunnerService, ArgsError, VpcEgress
from pulumi_apprunner.testing import run
from samples import ROLE_ARN, SUBNET_IDS, VPC_ID
from services import PUBLIC, SERVICE, service_errors

LATE = pulumi.Output.from_input


def output_problems(args: Callable[[], Mapping[str, Any]]) -> Mapping[str, str]:
    def program() -> None:
        invalid: Any = {"image": PUBLIC} | dict(args())
        AppRunnerService("api", invalid)

    return problems(program)


@pytest.mark.parametrize(
    ("args", "path"),
    [
        (lambda: {"port": LATE(8080)}, "port"),
        (lambda: {"size": {"cpu": LATE("1 vCPU")}}, "size.cpu"),
        (lambda: {"size": LATE({})}, "size"),
        (lambda: {"scaling": {"minSize": LATE(1)}}, "scaling.minSize"),
        (lambda: {"serviceName": LATE("orders")}, "serviceName"),
        (lambda: {"tracing": LATE(True)}, "tracing"),
        (lambda: {"secrets": LATE([])}, "secrets"),
        (lambda: {"instanceRole": {"policyArns": LATE({})}}, "instanceRole.policyArns"),
    ],
)
def test_a_plain_argument_cannot_be_an_output(args: Callable[[], Any], path: str) -> None:
    assert output_problems(args) == {
        path: "must be a plain value, got an Output. It is validated before a resource is created. Use a value that is "
        "known when the program runs, such as a configuration value"
    }


def test_a_shared_profile_beside_an_own_one_is_the_error_also_for_an_output() -> None:
    arn = "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/small/1/0123456789abcdef0123456789abcdef"
    expected = {
        "autoScalingConfigurationArn": "must not be set together with scaling. Set scaling for a profile of this "
        "service, or the ARN of a shared profile"
    }
    for value in (arn, LATE(arn)):
        args = {"scaling": {"maxSize": 2}, "autoScalingConfigurationArn": value}
        assert output_problems(lambda args=args: args) == expected


@pytest.mark.parametrize(
    ("args", "path"),
    [
        (lambda bad: {"environment": {"TOKEN": LATE([bad])}}, "environment.TOKEN"),
        (lambda bad: {"environment": LATE({"PORT": bad})}, "environment.PORT"),
        (lambda bad: {"environment": LATE(bad)}, "environment"),
        (lambda bad: {"vpcConnectorArn": LATE(bad)}, "vpcConnectorArn"),
        (lambda bad: {"vpc_connector_arn": LATE(bad)}, "vpc_connector_arn"),
        (lambda bad: {"kmsKeyArn": LATE(bad)}, "kmsKeyArn"),
        (lambda bad: {"instanceRole": {"arn": LATE(bad)}}, "instanceRole.arn"),
        (lambda bad: {"instanceRole": {"policyDocuments": [LATE(bad)]}}, "instanceRole.policyDocuments[0]"),
        (lambda bad: {"tags": LATE({"team": f"{bad},"})}, "tags.team"),
        (lambda bad: {"image": {"identifier": LATE(bad)}}, "image.identifier"),
    ],
)
@pytest.mark.parametrize("secret", [False, True])
def test_an_invalid_output_is_reported_by_path_without_its_value(
    args: Callable[[str], Any], path: str, secret: bool
) -> None:
    def bad() -> Any:
        arguments = args("canary-7f3a")
        if not secret:
            return arguments
        return {
            key: pulumi.Output.secret(value) if isinstance(value, pulumi.Output) else value
            for key, value in arguments.items()
        }

    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", {"image": PUBLIC} | bad()) and None)
    assert list(caught.value.problems) == [path]
    assert "canary" not in str(caught.value)


def test_an_environment_value_is_never_shown() -> None:
    errors = service_errors(environment={"TOKEN": "canary" + "x" * 51_200, "B": ["canary"]})
    assert set(errors) == {"environment.TOKEN", "environment.B"}
    assert "canary" not in str(errors)


def test_an_invalid_output_in_two_places_is_reported_for_both() -> None:
    def program() -> None:
        late = pulumi.Output.from_input("nonsense")
        AppRunnerService("api", {"image": PUBLIC, "instance_role": {"arn": late}})
        VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": [SUBNET_IDS[0], late]})

    with pytest.raises(pulumi.RunError) as caught:
        run(program)
    assert "AppRunnerService 'api': invalid arguments\n  instance_role.arn: must be the ARN of an IAM role" in str(
        caught.value
    )
    assert "VpcEgress 'private': invalid arguments\n  subnet_ids[1]: must be a subnet id" in str(caught.value)


def test_an_output_that_resolves_to_none_is_an_error() -> None:
    assert output_problems(lambda: {"kmsKeyArn": LATE(None)}) == {
        "kmsKeyArn": "resolved to None. Use an Output that has a value, or remove it"
    }


def test_an_invalid_output_fails_only_the_children_that_use_it() -> None:
    """Children that do not use the value are created."""
    arns: list[str] = []

    def program() -> None:
        service = AppRunnerService("api", {"image": PUBLIC, "kms_key_arn": LATE("nonsense"), "tracing": True})
        service.instance_role_arn.apply(arns.append)

    with pytest.raises(ArgsError):
        run(program)
    assert len(arns) == 1


def test_a_coroutine_is_accepted_like_an_output() -> None:
    async def arn() -> str:
        return ROLE_ARN

    graph = plan(lambda: AppRunnerService("api", {"image": PUBLIC, "instance_role": {"arn": arn()}}) and None)
    assert graph.one(SERVICE)["instanceConfiguration"]["instanceRoleArn"] == ROLE_ARN
