"""Warnings about settings that AWS and Pulumi accept without a warning."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgsDict,
    CodeDict,
    CustomDomain,
    CustomDomainArgsDict,
    PauseSchedule,
    SecretsBinding,
    VpcEgress,
)
from pulumi_apprunner.testing import Stubs, run
from samples import CONNECTION_ARN, IMAGE, PUBLIC_IMAGE, SECRET_ARN, SERVICE_ARN, SUBNET_IDS, VPC_ID

SERVICE: AppRunnerServiceArgsDict = {"image": {"identifier": PUBLIC_IMAGE}}
HOURS: Mapping[str, Any] = {
    "service_arn": SERVICE_ARN,
    "timezone": "UTC",
    "running": {"days": "daily", "start": "08:00", "end": "20:00"},
}
EGRESS: Mapping[str, Any] = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS}
DOMAIN: CustomDomainArgsDict = {"service_arn": SERVICE_ARN, "domain_name": "shop.example.com"}
SECRETS: Mapping[str, Any] = {"secrets": {"PASSWORD": {"secret_arn": SECRET_ARN}}}


def warnings(program: Callable[[], Any], **settings: Any) -> list[str]:
    return [each.removeprefix("warning: ") for each in run(program, **settings).messages]


def service_warnings(**args: Any) -> list[str]:
    all_args: Any = {**SERVICE, **args}
    return warnings(lambda: AppRunnerService("api", all_args), config={"aws:region": "eu-west-1"})


# Options


@pytest.mark.parametrize(
    ("component", "args"),
    [
        (AppRunnerService, SERVICE),
        (CustomDomain, DOMAIN),
        (PauseSchedule, HOURS),
        (SecretsBinding, SECRETS),
        (VpcEgress, EGRESS),
    ],
)
def test_an_option_that_children_do_not_inherit_is_a_warning(component: Any, args: Any) -> None:
    options = pulumi.ResourceOptions(ignore_changes=["sourceConfiguration"], replace_on_changes=["tags"])
    assert warnings(lambda: component("it", args, options)) == [
        f"opts.{option}: has no effect on a component, only on its children. Set it on them in opts.transformations"
        for option in ("ignore_changes", "replace_on_changes")
    ]
    assert warnings(lambda: component("it", args, pulumi.ResourceOptions(protect=True))) == []


def test_the_fix_in_the_warning_works() -> None:
    def ignore_image(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
        if args.type_ != "aws:apprunner/service:Service":
            return None
        ignored = pulumi.ResourceOptions(ignore_changes=["sourceConfiguration.imageRepository.imageIdentifier"])
        return pulumi.ResourceTransformationResult(args.props, pulumi.ResourceOptions.merge(args.opts, ignored))

    options = pulumi.ResourceOptions(transformations=[ignore_image])
    graph = run(lambda: AppRunnerService("api", SERVICE, options) and None)
    assert "sourceConfiguration.imageRepository.imageIdentifier" in graph.named("api-service").ignore_changes


# Pulumi secrets


def secret_warning(path: str, advice: str) -> str:
    return f"{path}: must not be a Pulumi secret, since AWS shows it in plain text. {advice}"


BIND = "Store it in Secrets Manager or Parameter Store, and bind it in secrets"
REMOVE = "Remove it from the tags"


@pytest.mark.parametrize("unknown", [True, False])
def test_a_pulumi_secret_in_the_environment_is_a_warning(unknown: bool) -> None:
    def program() -> None:
        environment = {"TOKEN": pulumi.Output.secret("hunter2"), "LEVEL": pulumi.Output.from_input("info"), "A": "b"}
        AppRunnerService("api", {**SERVICE, "environment": environment})

    messages = warnings(program, unknown=unknown)
    assert messages == [secret_warning("environment.TOKEN", BIND)]


def test_a_secret_of_the_configuration_is_a_warning() -> None:
    def program() -> None:
        AppRunnerService("api", {**SERVICE, "environment": {"TOKEN": pulumi.Config().require_secret("token")}})

    assert warnings(program, config={"token": "hunter2"}, secret_keys=["project:token"]) == [
        secret_warning("environment.TOKEN", BIND)
    ]


@pytest.mark.parametrize("make", [pulumi.Output.secret, lambda values: pulumi.Output.all(**values)])
def test_an_environment_that_is_a_secret_as_a_whole_is_a_warning(make: Any) -> None:
    def program() -> None:
        AppRunnerService("api", {**SERVICE, "environment": make({"TOKEN": pulumi.Output.secret("hunter2")})})

    assert warnings(program) == [secret_warning("environment", BIND)]


@pytest.mark.parametrize(
    ("component", "args"), [(AppRunnerService, SERVICE), (PauseSchedule, HOURS), (VpcEgress, EGRESS)]
)
def test_a_pulumi_secret_in_a_tag_is_a_warning(component: Any, args: Any) -> None:
    messages = warnings(lambda: component("it", {**args, "tags": {"owner": pulumi.Output.secret("hunter2")}}))
    assert messages == [secret_warning("tags.owner", REMOVE)]


# The start command


@pytest.mark.parametrize(
    ("command", "operator"),
    [
        ("npm run migrate && npm start", "&&"),
        ("npm run migrate&&npm start", "&&"),
        ("npm run migrate; npm start", ";"),
        ("npm start > /dev/null", ">"),
        ("./serve || exit 1", "||"),
        ("sh -c 'npm run migrate && npm start'", None),
        ("/bin/bash -c 'npm run migrate; npm start'", None),
        ("python -c 'import os; os.getpid()'", None),
        ("gunicorn --bind 0.0.0.0:8080 'orders:create_app()'", None),
        ("java -jar app.jar --url=https://example.com/?a=1&b=2#c", "&"),
        ("npm 'start && stop", None),
    ],
)
def test_a_shell_operator_in_a_start_command_is_a_warning(command: str, operator: str | None) -> None:
    messages = service_warnings(start_command=command)
    assert len(messages) == (operator is not None)
    if operator:
        assert messages[0].startswith(f"start_command: must be one command, got the shell operator {operator}. ")
        assert command not in messages[0]


# Automatic deployments


def test_automatic_deployment_of_an_image_of_another_region_is_a_warning() -> None:
    elsewhere = IMAGE.replace("eu-west-1", "us-east-1")
    for identifier in (elsewhere, pulumi.Output.from_input(elsewhere)):
        messages = service_warnings(image={"identifier": identifier}, auto_deployments_enabled=True)
        assert messages == [
            "auto_deployments_enabled: must be False for an image of another region, got True for an image in "
            "us-east-1 and a service in eu-west-1. App Runner does not receive push events of other "
            "regions. Replicate the repository into eu-west-1, or deploy each image by its tag"
        ]


def test_automatic_deployment_of_an_image_of_the_services_region_is_no_warning() -> None:
    assert service_warnings(image={"identifier": IMAGE}, auto_deployments_enabled=True) == []
    assert service_warnings(image={"identifier": IMAGE.replace("eu-west-1", "us-east-1")}) == []


# Connections


def of_code(connection_arn: Any) -> None:
    code: CodeDict = {
        "connection_arn": connection_arn,
        "repository_url": "https://github.com/acme/shop",
        "runtime": "PYTHON_311",
    }
    AppRunnerService("api", {"code": code})


def new_connection() -> None:
    of_code(aws.apprunner.Connection("github", connection_name="github", provider_type="GITHUB").arn)


PENDING = "code.connection_arn: must be a connection with status AVAILABLE, got github, which this program creates"


@pytest.mark.parametrize("unknown", [True, False])
def test_a_connection_whose_handshake_is_pending_is_a_warning(unknown: bool) -> None:
    stubs = {"resources": {"aws:apprunner/connection:Connection": {"status": "PENDING_HANDSHAKE"}}}
    (messages,) = warnings(new_connection, unknown=unknown, **with_stubs(stubs if not unknown else {}))
    assert messages.startswith(PENDING)


def test_a_connection_that_is_available_is_no_warning() -> None:
    stubs = {"resources": {"aws:apprunner/connection:Connection": {"status": "AVAILABLE"}}}
    assert warnings(new_connection, **with_stubs(stubs)) == []
    assert warnings(lambda: of_code(CONNECTION_ARN)) == []
    assert warnings(lambda: of_code(pulumi.Output.from_input(CONNECTION_ARN))) == []


def with_stubs(stubs: Mapping[str, Any]) -> dict[str, Any]:
    return {"stubs": Stubs(**stubs)} if stubs else {}


# Domains


@pytest.mark.parametrize(
    ("domain_name", "has_warning"),
    [
        ("*.example.com", False),
        ("*.example.co.uk", False),
        ("*.login.example.com", True),
        ("*.login.example.co.uk", True),
        ("login.example.com", False),
    ],
)
def test_a_wildcard_below_a_subdomain_is_a_warning(domain_name: str, has_warning: bool) -> None:
    messages = warnings(lambda: CustomDomain("shop", {**DOMAIN, "domain_name": domain_name}))
    assert [each.split(",")[0] for each in messages] == (
        ["domain_name: a wildcard must be of a root domain (*.example.com)"] if has_warning else []
    )
