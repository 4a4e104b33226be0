"""A secret in the wrong argument never appears in an error message: a canary in every field, at every depth."""

import dataclasses
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import pulumi
import pytest

from plans import problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    ArgsError,
    CustomDomain,
    CustomDomainArgs,
    PauseSchedule,
    PauseScheduleArgs,
    SecretsBinding,
    SecretsBindingArgs,
    TrafficSplit,
    TrafficSplitArgs,
    VpcEgress,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import SeveralErrors, run
from samples import CONNECTION_ARN, IMAGE, SECRET_ARN

CANARY = "hunter2 Tr0ub4dor&3"
"""A value that is invalid for every field: it is no name, number, ARN or URL."""

COMPONENTS = {
    AppRunnerService: AppRunnerServiceArgs,
    CustomDomain: CustomDomainArgs,
    PauseSchedule: PauseScheduleArgs,
    SecretsBinding: SecretsBindingArgs,
    TrafficSplit: TrafficSplitArgs,
    VpcEgress: VpcEgressArgs,
}

NO_SECRETS = {
    # numbers and booleans
    *("port", "min_size", "max_size", "max_concurrency", "interval", "timeout", "ttl", "retry_minutes"),
    *("healthy_threshold", "unhealthy_threshold", "retry_access_role_seconds", "timeout_minutes"),
    *("verify_deployment", "wait_for_operation", "resume_paused", "auto_deployments_enabled", "cross_account"),
    *("is_publicly_accessible", "tracing", "protect", "enable_www_subdomain", "enabled", "deploy_minutes_after_resume"),
    *("restrict_egress", "open_ingress", "weight", "latency", "wait_until_active_minutes", "sticky"),
    # one of several strings
    *("repository_type", "protocol", "ip_address_type", "configuration_source", "runtime", "cpu", "memory", "failover"),
    "managed_by",
    # names, ids and ARNs of resources that are no secrets
    *("service_name", "source_directory", "domain_name", "name", "id", "cidr", "vpc_id", "subnet_ids", "timezone"),
    *("security_group_id", "security_group_ids", "prefix_list_id", "destinations", "policy_arns"),
    *("service_arn", "auto_scaling_configuration_arn", "vpc_connector_arn", "observability_configuration_arn"),
    *("set_identifier", "web_acl_arn", "certificate_arn", "url"),
    *("connection_arn", "access_role_arn", "assume_role_arn", "permissions_boundary", "arn", "dead_letter_queue_arn"),
    # when a service runs
    *("days", "start", "end", "pause", "resume", "deploy"),
    # pulumi-aws stores tags in plain text in the state, as their docstring states
    "tags",
}
"""Fields whose values messages may show. Decide for each new field whether it belongs here."""


def bare(annotation: Any) -> Any:
    """Return a type without annotations and Optional."""
    while (origin := get_origin(annotation)) in (Annotated, Union, types.UnionType):
        arguments = [argument for argument in get_args(annotation) if argument is not type(None)]
        annotation = arguments[0] if origin is not Annotated else get_args(annotation)[0]
    return annotation


def places(annotation: Any, path: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield each path in arguments of a type, with arguments that have the canary there."""
    known = bare(annotation)
    yield path, CANARY
    if dataclasses.is_dataclass(known):
        hints = get_type_hints(known, include_extras=True)
        yield (*path, "(unknown)"), {CANARY: "x"}
        for field in dataclasses.fields(known):
            for place, value in places(hints[field.name], (*path, field.name)):
                yield place, {field.name: value}
    elif get_origin(known) in (Mapping, dict) or (isinstance(known, type) and issubclass(known, Mapping)):
        yield (*path, "(key)"), {CANARY: "x"}
        yield (*path, "(key)"), {CANARY: 1}
        yield (*path, "(key)"), {CANARY: {"bogus": 1}}
        for place, value in places(get_args(known)[-1], (*path, "A")):
            yield place, {"A": value}
    elif get_origin(known) in (Sequence, list):
        for place, value in places(get_args(known)[0], (*path, 0)):
            yield place, [value]


def every_place() -> Iterator[Any]:
    for component, args in COMPONENTS.items():
        for path, arguments in places(args, ()):
            name = ".".join(map(str, path))
            yield pytest.param(component, path, arguments, id=f"{component.__name__}-{name or 'arguments'}")


@pytest.mark.parametrize(("component", "path", "arguments"), [*every_place()])
def test_a_secret_is_not_shown_in_any_argument(component: Any, path: Sequence[Any], arguments: Any) -> None:
    errors = problems(lambda: component("it", {"bogus": 1, **arguments} if isinstance(arguments, dict) else arguments))
    if not NO_SECRETS.intersection(path):
        assert CANARY not in str(errors)
        assert "Tr0ub4dor" not in str(errors)


@pytest.mark.parametrize(("component", "path", "arguments"), [*every_place()])
def test_a_secret_output_is_not_shown_in_any_argument(component: Any, path: Sequence[Any], arguments: Any) -> None:
    def late(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: late(each) for key, each in value.items()}
        if isinstance(value, list):
            return [late(each) for each in value]
        return pulumi.Output.secret(value)

    with pytest.raises((ArgsError, SeveralErrors)) as caught:
        run(
            lambda: (
                component("it", {"bogus": 1, **late(arguments)} if isinstance(arguments, dict) else late(arguments))
                and None
            )
        )
    if "(key)" not in path or not NO_SECRETS.intersection(path):
        assert CANARY not in str(caught.value)


# Values in the expected form are shown


def service_problems(**args: Any) -> Mapping[str, str]:
    arguments: Any = args
    return problems(lambda: AppRunnerService("api", arguments))


@pytest.mark.parametrize(
    ("identifier", "is_shown"),
    [
        ("docker.io/library/nginx:1.27", True),
        ("ghcr.io/acme/shop@sha256:0f0f", True),
        ("user:hunter2@ghcr.io/acme/shop:1.0", False),
        ("https://user:hunter2@ghcr.io/acme/shop", False),
        ("hunter2", False),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", False),
    ],
)
def test_an_image_is_shown_if_it_has_the_form_of_one(identifier: str, is_shown: bool) -> None:
    assert (identifier in service_problems(image={"identifier": identifier})["image.identifier"]) is is_shown


@pytest.mark.parametrize(
    ("url", "is_shown"),
    [
        ("http://github.com/acme/shop", True),
        ("git@github.com:acme/shop.git", True),
        ("github.com/acme/shop", True),
        ("http://user:hunter2@github.com/acme/shop", False),
        ("ssh://hunter2@github.com/acme/shop", False),
        ("http://github.com/acme/shop?token=hunter2", False),
        ("hunter2", False),
    ],
)
def test_a_repository_is_shown_if_its_url_has_no_credentials(url: str, is_shown: bool) -> None:
    code = {"connection_arn": CONNECTION_ARN, "repository_url": url, "runtime": "PYTHON_311"}
    assert (url in service_problems(code=code)["code.repository_url"]) is is_shown


@pytest.mark.parametrize(
    ("path", "is_shown"), [("healthz", True), ("healthz?key=hunter2", False), ("u:hunter2@h", False)]
)
def test_the_path_of_a_health_check_is_shown_if_it_has_no_query(path: str, is_shown: bool) -> None:
    reason = service_problems(health_check={"protocol": "HTTP", "path": path})["health_check.path"]
    assert (path in reason) is is_shown


def test_a_key_is_shown_if_it_has_the_form_of_a_variable() -> None:
    environment = {"DB_PASSWORD_2": 1, "log.level": 2, "hunter2 Tr0ub4dor&3": 3}
    assert set(service_problems(image={"identifier": IMAGE}, environment=environment)) == {
        "environment.DB_PASSWORD_2",
        "environment.log.level",
        "environment.(key 3)",
    }


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("DATABASE_PASSWORD", "secrets.DATABASE_PASSWORD"),
        ("S3_KEY", "secrets.S3_KEY"),
        ("hunter2", "secrets.(key 1)"),
        ("AKIAIOSFODNN7EXAMPLE", "secrets.(key 1)"),
    ],
)
def test_a_secret_as_a_key_is_not_shown(name: str, path: str) -> None:
    swapped: Any = {"secrets": {name: "DATABASE_PASSWORD"}}
    assert list(problems(lambda: SecretsBinding("s", swapped))) == [path]


def test_a_duplicate_name_that_may_be_a_secret_is_not_shown() -> None:
    bound: Any = {"value_from": {"hunter2": SECRET_ARN}}
    errors = service_problems(image={"identifier": IMAGE}, secrets=[bound, bound])
    assert list(errors) == ["secrets[1].value_from.(key 1)"]

    late = problems(
        lambda: AppRunnerService(
            "api",
            {
                "image": {"identifier": IMAGE},
                "secrets": [bound, {"value_from": pulumi.Output.from_input({"hunter2": SECRET_ARN})}],
            },
        )
    )
    assert "hunter2" not in str(late)
    assert late


@pytest.mark.parametrize("resolved", ["", None])
def test_an_empty_reference_is_reported_without_its_key(resolved: Any) -> None:
    bound: Any = {"value_from": {"hunter2": pulumi.Output.from_input(resolved)}}
    errors = problems(lambda: AppRunnerService("api", {"image": {"identifier": IMAGE}, "secrets": [bound]}))
    assert list(errors) == ["secrets[0].value_from.(key 1)"]
