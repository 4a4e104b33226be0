"""Arguments: how they may be written, and how the error reads that reports what is wrong with them."""

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
)
from pulumi_apprunner.testing import run
from samples import IMAGE, PUBLIC_IMAGE
from services import PUBLIC, SERVICE, refused

# How they may be written


def test_dataclasses_and_mappings_in_both_spellings_say_the_same() -> None:
    written = [
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
    first, *others = [plan(lambda args=args: AppRunnerService("api", args) and None).the(SERVICE) for args in written]
    assert [each.inputs for each in others] == [first.inputs, first.inputs]


def test_defaults_are_the_same_however_they_are_left_out() -> None:
    left_out = plan(lambda: AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}}) and None).the(SERVICE)
    said = plan(lambda: AppRunnerService("api", AppRunnerServiceArgs(image=PUBLIC)) and None).the(SERVICE)
    assert left_out.inputs == said.inputs
    assert left_out["instanceConfiguration"]["cpu"] == "1024"


def test_none_is_the_same_as_leaving_out() -> None:
    args = {"image": {"identifier": PUBLIC_IMAGE}, "size": None, "scaling": {"minSize": None}, "tags": None}
    graph = plan(lambda: AppRunnerService("api", args) and None)
    assert graph.named("api-scaling")["minSize"] == 1


@pytest.mark.parametrize("role", [InstanceRole(), {}])
def test_an_empty_section_is_all_defaults(role: Any) -> None:
    graph = plan(lambda: AppRunnerService("api", {"image": PUBLIC, "instance_role": role}) and None)
    assert graph.named("api-instance-role") is not None


def test_a_key_in_both_spellings_is_refused() -> None:
    assert refused(scaling={"min_size": 2, "minSize": 3}) == {
        "scaling.min_size": "stands there as minSize too: keep one of them"
    }


def test_an_unknown_key_gets_a_suggestion_in_the_spelling_at_hand() -> None:
    keys = "healthy_threshold, interval, path, protocol, timeout, unhealthy_threshold"
    camel = "healthyThreshold, interval, path, protocol, timeout, unhealthyThreshold"
    assert refused(health_check={"intervall": 5}) == {
        "health_check.intervall": f"is not known: did you mean interval? There are {keys}"
    }
    assert refused(healthCheck={"healthyTreshold": 5}) == {
        "healthCheck.healthyTreshold": f"is not known: did you mean healthyThreshold? There are {camel}"
    }
    assert refused(health_check={"bogus": 5}) == {"health_check.bogus": f"is not known: There are {keys}"}


def test_an_unknown_argument_of_a_dataclass_is_pythons_own_error_on_that_line() -> None:
    with pytest.raises(TypeError, match="identifer"):
        Image(identifer=IMAGE)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("given", [None, 3, "api", []])
def test_arguments_are_a_mapping(given: Any) -> None:
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", given) and None)
    assert list(caught.value.problems) == ["(arguments)"]


def test_a_key_is_a_text() -> None:
    args: Any = {"image": PUBLIC, 1: 2}
    assert problems(lambda: AppRunnerService("api", args)) == {"[1]": "1 is not possible: keys should be strings"}


# How an error reads


def test_all_problems_come_at_once_under_their_paths() -> None:
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
        "  port: 70000 is not possible: 1 to 65535 (TCP port)\n"
        "  environment.PORT: is reserved: App Runner sets PORT itself (to `port`) and keeps names that begin with "
        "AWSAPPRUNNER\n"
        "  size.memory: '3 GB' does not go with 2 vCPU: choose 4 GB or 6 GB\n"
        "  scaling.min_size: 0 is not possible: 1 to 25 (instances). App Runner keeps at least 1 instance; to stop "
        "paying at night use a PauseSchedule"
    )


def test_paths_are_in_the_callers_spelling() -> None:
    found = refused(
        healthCheck={"unhealthyThreshold": 21},
        kmsKeyArn="x",
        instanceRole={"policyArns": {"a": "x"}},
        scaling={"minSize": 5, "maxSize": 4},
    )
    assert set(found) == {
        "healthCheck.unhealthyThreshold",
        "kmsKeyArn",
        "instanceRole.policyArns.a",
        "scaling.maxSize",
    }


def test_nothing_is_registered_with_bad_arguments() -> None:
    made: list[str] = []

    def program() -> None:
        try:
            AppRunnerService("api", {"image": PUBLIC, "port": 0})
        except ArgsError:
            made.append("refused")

    assert run(program).resources == ()
    assert made == ["refused"]
