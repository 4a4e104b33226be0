"""The errors about unknown arguments: what the user probably means, and which arguments are valid."""

from typing import Any

import pytest

from plans import problems
from pulumi_apprunner import AppRunnerService, ArgsError, CustomDomain, PauseSchedule, SecretsBinding, VpcEgress
from pulumi_apprunner.testing import run
from samples import GROUP_ID, PUBLIC_IMAGE, ROLE_ARN, SECRET_ARN, SERVICE_ARN, SUBNET_IDS, VPC_ID
from services import service_errors

PUBLIC: Any = {"identifier": PUBLIC_IMAGE}


def errors(component: Any, **args: Any) -> dict[str, str]:
    return dict(problems(lambda: component("x", args)))


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("env", "environment"),
        ("environment_variables", "environment"),
        ("environmentVariables", "environment"),
        ("cpu", "size.cpu"),
        ("memory", "size.memory"),
        ("healthcheck", "health_check"),
        ("command", "start_command"),
        ("vpc_connector", "vpc_connector_arn"),
        ("instanceRoleArn", "instanceRole.arn"),
        ("minInstances", "scaling.minSize"),
        ("healthCheckPath", "healthCheck.path"),
        ("name", "service_name"),
    ],
)
def test_a_name_that_other_tools_use_gets_a_suggestion(key: str, meant: str) -> None:
    assert service_errors(**{key: "x"}) == {key: f'unknown argument "{key}". Did you mean "{meant}"?'}


def test_a_part_of_a_name_gets_a_suggestion() -> None:
    valid = "Valid arguments: max_concurrency, max_size, min_size"
    assert service_errors(scaling={"min": 1, "concurrency": 3}) == {
        "scaling.min": f'unknown argument "min". Did you mean "min_size"? {valid}',
        "scaling.concurrency": f'unknown argument "concurrency". Did you mean "max_concurrency"? {valid}',
    }


def test_two_names_with_the_same_part_are_both_suggested() -> None:
    assert 'Did you mean "max_size" or "max_concurrency"?' in service_errors(scaling={"max": 1})["scaling.max"]


def test_a_long_list_of_arguments_is_on_lines_of_its_own() -> None:
    args: Any = {"image": PUBLIC, "bogus": 1}
    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", args) and None)
    header, first, *lines = str(caught.value).splitlines()
    assert header == "AppRunnerService 'api': invalid arguments"
    assert first == '  bogus: unknown argument "bogus". Valid arguments:'
    assert len(lines) > 2
    assert all(line.startswith("      ") and len(line) <= 100 for line in lines)
    names = " ".join(map(str.strip, lines)).split(", ")
    assert names == sorted(names)
    assert {"environment", "health_check", "vpc_connector_arn"} <= set(names)


HOURS = {"timezone": "UTC", "service_arn": SERVICE_ARN}
EGRESS = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS}


@pytest.mark.parametrize(
    ("component", "args", "misspelled"),
    [
        (AppRunnerService, {"imagee": PUBLIC}, "imagee"),
        (AppRunnerService, {"imagee": PUBLIC, "access_role_arn": ROLE_ARN}, "imagee"),
        (AppRunnerService, {"image": {"image_identifier": PUBLIC_IMAGE}}, "image.image_identifier"),
        (CustomDomain, {"domain": "shop.example.com", "service_arn": SERVICE_ARN}, "domain"),
        (PauseSchedule, {**HOURS, "runing": {"days": "daily", "start": "08:00", "end": "20:00"}}, "runing"),
        (SecretsBinding, {"secrets": {"A": {"secrets_arn": SECRET_ARN}}}, "secrets.A.secrets_arn"),
        (SecretsBinding, {"secrets": {"A": {"secretArnn": SECRET_ARN, "json_key": "a"}}}, "secrets.A.secretArnn"),
        (VpcEgress, {**EGRESS, "destinations": {"db": {"security_group": GROUP_ID}}}, "destinations.db.security_group"),
        (
            VpcEgress,
            {**EGRESS, "destinations": {"db": {"security_group_id": GROUP_ID, "ports": 5432}}},
            "destinations.db.ports",
        ),
        (VpcEgress, {"vpc": VPC_ID, "subnet_ids": SUBNET_IDS}, "vpc"),
    ],
)
def test_a_misspelled_argument_is_not_also_reported_as_missing(component: Any, args: Any, misspelled: str) -> None:
    assert list(errors(component, **args)) == [misspelled]


def test_an_argument_that_is_missing_too_is_reported() -> None:
    assert list(errors(AppRunnerService, bogus=1)) == ["image", "bogus"]
    assert list(errors(CustomDomain, domain="shop.example.com")) == ["service_arn", "domain"]


def test_an_argument_of_the_level_above_must_be_moved_there() -> None:
    code = {"repository_url": "https://github.com/acme/shop", "branch": "main", "start_command": "python app.py"}
    problem = service_errors(image=None, code=code)["code.start_command"]
    assert problem == 'unknown argument "start_command". It is an argument of the level above: move it there'
