"""Arguments: the accepted forms, and the errors about invalid ones."""

from typing import Any

import pytest

from plans import plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    ArgsError,
    HealthCheck,
    Image,
    InstanceRole,
    Scaling,
    Size,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import run
from samples import IMAGE, PUBLIC_IMAGE
from services import PUBLIC, SERVICE, service_errors

# Forms


def test_dataclasses_and_mappings_in_both_spellings_are_equivalent() -> None:
    equivalent = [
        AppRunnerServiceArgs(
            image=PUBLIC,
            size=Size(cpu="2 vCPU", memory="4 GB"),
            health_check=HealthCheck(protocol="HTTP", unhealthy_threshold=3),
            is_publicly_accessible=False,
            environment={"LOG_LEVEL": "info"},
        ),
        {
            "image": {"identifier": PUBLIC_IMAGE},
            "size": {"cpu": "2 vCPU", "memory": "4 GB"},
            "health_check": {"protocol": "HTTP", "unhealthy_threshold": 3},
            "is_publicly_accessible": False,
            "environment": {"LOG_LEVEL": "info"},
        },
        {
            "image": {"identifier": PUBLIC_IMAGE},
            "size": {"cpu": 2048, "memory": 4096.0},
            "healthCheck": {"protocol": "HTTP", "unhealthyThreshold": 3.0},
            "isPubliclyAccessible": False,
            "environment": {"LOG_LEVEL": "info"},
        },
    ]
    first, *others = [
        plan(lambda args=args: AppRunnerService("api", args) and None).one(SERVICE) for args in equivalent
    ]
    assert [each.inputs for each in others] == [first.inputs, first.inputs]


def test_dataclasses_and_mappings_have_the_same_defaults() -> None:
    mapping = plan(lambda: AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}}) and None).one(SERVICE)
    dataclass = plan(lambda: AppRunnerService("api", AppRunnerServiceArgs(image=PUBLIC)) and None).one(SERVICE)
    assert mapping.inputs == dataclass.inputs
    assert mapping["instanceConfiguration"]["cpu"] == "1024"


def test_none_selects_the_default() -> None:
    args: Any = {"image": {"identifier": PUBLIC_IMAGE}, "size": None, "scaling": {"minSize": None}, "tags": None}
    graph = plan(lambda: AppRunnerService("api", args) and None)
    assert graph.named("api-scaling")["minSize"] == 1


@pytest.mark.parametrize("role", [InstanceRole(), {}])
def test_an_empty_section_has_all_defaults(role: Any) -> None:
    graph = plan(lambda: AppRunnerService("api", {"image": PUBLIC, "instance_role": role}) and None)
    assert graph.named("api-instance-role") is not None


def test_a_key_in_both_spellings_is_an_error() -> None:
    assert service_errors(scaling={"min_size": 2, "minSize": 3}) == {
        "scaling.min_size": 'duplicate of "minSize". Remove one of them'
    }


def test_an_unknown_argument_gets_a_suggestion_in_the_spelling_of_its_siblings() -> None:
    keys = "healthy_threshold, interval, path, protocol, timeout, unhealthy_threshold"
    camel = "healthyThreshold, interval, path, protocol, timeout, unhealthyThreshold"
    assert service_errors(health_check={"intervall": 5}) == {
        "health_check.intervall": f'unknown argument "intervall". Did you mean "interval"? Valid arguments: {keys}'
    }
    assert service_errors(healthCheck={"healthyTreshold": 5}) == {
        "healthCheck.healthyTreshold": 'unknown argument "healthyTreshold". Did you mean "healthyThreshold"? '
        f"Valid arguments: {camel}"
    }
    assert service_errors(health_check={"bogus": 5}) == {
        "health_check.bogus": f'unknown argument "bogus". Valid arguments: {keys}'
    }


def test_an_unknown_argument_of_a_dataclass_is_pythons_own_error_on_that_line() -> None:
    with pytest.raises(TypeError, match="identifer"):
        Image(identifer=IMAGE)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("arguments", [None, 3, "api", []])
def test_arguments_are_a_mapping(arguments: Any) -> None:
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", arguments) and None)
    assert list(caught.value.problems) == ["(arguments)"]


def test_a_key_must_be_a_string() -> None:
    args: Any = {"image": PUBLIC, 1: 2}
    assert problems(lambda: AppRunnerService("api", args)) == {"[1]": "must be a string, got 1"}


# The error


def test_all_problems_are_reported_together_by_path() -> None:
    with pytest.raises(ArgsError) as caught:
        run(
            lambda: (
                AppRunnerService(
                    "api",
                    AppRunnerServiceArgs(
                        image=PUBLIC,
                        port=70000,
                        size=Size(cpu="2 vCPU", memory="3 GB"),
                        scaling=Scaling(min_size=0),
                        environment={"PORT": "8080"},
                    ),
                )
                and None
            )
        )
    assert str(caught.value) == (
        "AppRunnerService 'api': invalid arguments\n"
        "  port: must be 1 to 65535, got 70000\n"
        "  environment.PORT: PORT is reserved. App Runner sets it to the value of port\n"
        "  size.memory: must be 4 GB or 6 GB with 2 vCPU, got 3 GB\n"
        "  scaling.min_size: must be 1 to 25, got 0. App Runner always keeps at least one instance; use PauseSchedule "
        "to stop paying at night"
    )


def test_paths_use_the_spelling_of_the_arguments() -> None:
    errors = service_errors(
        healthCheck={"unhealthyThreshold": 21},
        kmsKeyArn="x",
        instanceRole={"policyArns": {"a": "x"}},
        scaling={"minSize": 5, "maxSize": 4},
    )
    assert set(errors) == {
        "healthCheck.unhealthyThreshold",
        "kmsKeyArn",
        "instanceRole.policyArns.a",
        "scaling.maxSize",
    }


def test_invalid_arguments_register_nothing() -> None:
    calls: list[str] = []

    def program() -> None:
        try:
            AppRunnerService("api", {"image": PUBLIC, "port": 0})
        except ArgsError:
            calls.append("refused")

    assert run(program).resources == ()
    assert calls == ["refused"]


def test_arguments_of_another_component_are_an_error_that_names_the_required_class() -> None:
    arguments: Any = VpcEgressArgs(vpc_id="vpc-0a1b2c3d4e5f60718", subnet_ids=["subnet-0a1b2c3d4e5f60718"])
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", arguments) and None)
    assert caught.value.problems == {
        "(arguments)": "must be AppRunnerServiceArgs or a mapping, got VpcEgressArgs",
    }
