"""Messages about arguments of the wrong type: what is required, what the value is, how to fix it."""

import dataclasses
import inspect
import json
from collections.abc import Callable
from types import UnionType
from typing import Any, get_args, get_type_hints

import pulumi
import pulumi_aws as aws
import pytest

import pulumi_apprunner
from plans import plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    CustomDomain,
    PauseSchedule,
    SecretsBinding,
    VpcEgress,
)
from pulumi_apprunner.testing import run
from samples import GROUP_ID, PUBLIC_IMAGE, SECRET_ARN, SERVICE_ARN, SUBNET_IDS, VPC_ID

PUBLIC: Any = {"identifier": PUBLIC_IMAGE}
HOURS: Any = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
MANAGED_SECRET_ARN = SECRET_ARN.replace("orders/db", "rds!db-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9")
NO_VALUE = "must have a value, got None. Set a value, or remove it"
RESOLVED_TO_NONE = "resolved to None. Use an Output that has a value, or remove it"
LATE = pulumi.Output.from_input


def service(**args: Any) -> Callable[[], None]:
    arguments: Any = {"image": PUBLIC} | args
    return lambda: AppRunnerService("api", arguments) and None


# Quotas, which are not limits


def test_max_size_has_no_upper_bound() -> None:
    graph = plan(service(scaling={"max_size": 100}))
    assert graph.named("api-scaling")["maxSize"] == 100


@pytest.mark.parametrize("size", [0, -1])
def test_max_size_is_one_or_more(size: int) -> None:
    assert problems(service(scaling={"max_size": size})) == {"scaling.max_size": f"must be 1 or more, got {size}"}


def test_the_message_about_too_many_instances_does_not_mention_pausing() -> None:
    assert problems(service(scaling={"min_size": 30, "max_size": 40})) == {
        "scaling.min_size": "must be 1 to 25, got 30. App Runner's API accepts no higher value; max_size may be higher"
    }


# Values that AWS accepts


def test_a_secret_that_rds_manages_is_bound() -> None:
    def program() -> None:
        SecretsBinding("now", {"secrets": {"A": {"secret_arn": MANAGED_SECRET_ARN, "json_key": "password"}}})
        SecretsBinding("late", {"secrets": {"A": {"secret_arn": LATE(MANAGED_SECRET_ARN), "json_key": "password"}}})

    graph = plan(program)
    for name in ("now", "late"):
        assert graph.named(name).outputs["valueFrom"] == {"A": f"{MANAGED_SECRET_ARN}:password::"}


def test_an_empty_tag_value_is_accepted_where_aws_accepts_it() -> None:
    def program() -> None:
        AppRunnerService("api", {"image": PUBLIC, "tags": {"team": ""}})
        VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "tags": {"team": ""}})

    assert plan(program).named("api-service")["tags"] == {"team": ""}


@pytest.mark.parametrize("late", [False, True])
def test_an_empty_tag_value_of_a_schedule_is_an_error(late: bool) -> None:
    def program() -> None:
        args: Any = {**HOURS, "service_arn": SERVICE_ARN, "tags": {"team": LATE("") if late else ""}}
        PauseSchedule("hours", args)

    got = "" if late else ', got ""'
    assert problems(program) == {
        "tags.team": f"must not be empty{got}. EventBridge Scheduler rejects empty values. Set one, or remove the tag"
    }


def test_a_connector_in_one_subnet_is_accepted() -> None:
    """App Runner's API has no minimum; the rule vpc-connector-subnets advises against it."""
    graph = plan(lambda: VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS[:1]}) and None)
    assert graph.named("private-connector")["subnets"] == SUBNET_IDS[:1]


# None


@pytest.mark.parametrize(
    ("program", "path"),
    [
        (lambda none: AppRunnerService("api", {"image": PUBLIC, "environment": {"X": none()}}), "environment.X"),
        (lambda none: AppRunnerService("api", {"image": PUBLIC, "tags": {"team": none()}}), "tags.team"),
        (
            lambda none: AppRunnerService("api", {"image": PUBLIC, "secrets": [{"value_from": {"X": none()}}]}),
            "secrets[0].value_from.X",
        ),
        (
            lambda none: AppRunnerService("api", {"image": PUBLIC, "instance_role": {"policy_arns": {"a": none()}}}),
            "instance_role.policy_arns.a",
        ),
        (lambda none: VpcEgress("e", {"vpc_id": VPC_ID, "subnet_ids": [*SUBNET_IDS, none()]}), "subnet_ids[2]"),
    ],
)
@pytest.mark.parametrize("late", [False, True], ids=["now", "late"])
def test_none_in_a_map_or_list_is_an_error(program: Callable[[Any], Any], path: str, late: bool) -> None:
    expected = RESOLVED_TO_NONE if late else NO_VALUE
    assert problems(lambda: program((lambda: LATE(None)) if late else lambda: None)) == {path: expected}


def test_none_inside_an_output_is_an_error() -> None:
    assert problems(lambda: service(environment=LATE({"X": None}))()) == {"environment.X": NO_VALUE}


def test_none_for_a_named_section_is_an_error() -> None:
    destinations: Any = {"db": None}
    assert problems(
        lambda: VpcEgress("e", {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "destinations": destinations})
    ) == {"destinations.db": NO_VALUE}
    secrets: Any = {"A": None}
    assert problems(lambda: SecretsBinding("s", {"secrets": secrets})) == {"secrets.A": NO_VALUE}


def test_none_for_an_argument_selects_its_default() -> None:
    args: Any = {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS, "destinations": {"db": {"protocol": None, "port": 1}}}
    args["restrict_egress"] = None
    args["destinations"]["db"]["securityGroupId"] = GROUP_ID
    graph = plan(lambda: VpcEgress("e", args) and None)
    assert graph.named("e-connector")["subnets"] == SUBNET_IDS


# A resource in place of one of its outputs


def test_a_component_in_place_of_an_arn_is_an_error() -> None:
    def program() -> None:
        args: Any = {**HOURS, "service_arn": AppRunnerService("api", {"image": PUBLIC})}
        PauseSchedule("hours", args)

    assert problems(program) == {
        "service_arn": 'must be a string, got the AppRunnerService "api". Pass one of its outputs, such as arn'
    }


def test_the_error_suggests_the_output_with_the_name_of_the_argument() -> None:
    def program() -> None:
        private: Any = VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": SUBNET_IDS})
        args: Any = {"image": PUBLIC, "vpcConnectorArn": private}
        AppRunnerService("api", args)

    assert problems(program) == {
        "vpcConnectorArn": 'must be a string, got the VpcEgress "private". '
        "Pass one of its outputs, such as vpc_connector_arn"
    }


def test_a_resource_in_place_of_its_id_is_an_error() -> None:
    def program() -> None:
        subnet: Any = aws.ec2.Subnet("a", vpc_id=VPC_ID, cidr_block="10.0.0.0/24")
        VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": [SUBNET_IDS[0], subnet]})

    assert problems(program) == {
        "subnet_ids[1]": 'must be a string, got the Subnet "a". Pass one of its outputs, such as id'
    }


def test_an_output_that_resolves_to_a_resource_is_an_error() -> None:
    def program() -> None:
        service: Any = AppRunnerService("api", {"image": PUBLIC})
        service_arn = LATE("").apply(lambda _: service)
        CustomDomain("shop", {"domain_name": "shop.example.com", "service_arn": service_arn})

    assert problems(program)["service_arn"].startswith('must be a string, got the AppRunnerService "api".')


# Bindings


def bound() -> SecretsBinding:
    return SecretsBinding("orders-secrets", {"secrets": {"PASSWORD": {"secret_arn": SECRET_ARN}}})


@pytest.mark.parametrize(
    ("secrets", "path", "message"),
    [
        (
            bound,
            "secrets",
            'must be a list, got the SecretsBinding "orders-secrets". Pass [binding.bound]',
        ),
        (lambda: bound().bound, "secrets", "must be a list, got a mapping. Pass [SecretsBinding(...).bound]"),
        (
            lambda: {"A": {"secret_arn": SECRET_ARN}},
            "secrets",
            "must be a list, got a mapping. Pass [SecretsBinding(...).bound]",
        ),
        (
            lambda: [bound()],
            "secrets[0]",
            'must be a mapping, got the SecretsBinding "orders-secrets". Pass binding.bound',
        ),
    ],
)
def test_a_binding_in_the_wrong_form_is_an_error(secrets: Callable[[], Any], path: str, message: str) -> None:
    assert problems(lambda: AppRunnerService("api", {"image": PUBLIC, "secrets": secrets()})) == {path: message}


def test_the_error_about_a_variable_of_two_bindings_names_both() -> None:
    def program() -> None:
        other = SecretsBinding(
            "more", {"secrets": {"PASSWORD": {"parameter_name": "a"}, "LEVEL": {"parameter_name": "b"}}}
        )
        args: Any = {"image": PUBLIC, "environment": {"LEVEL": "info"}, "secrets": [bound().bound, other.bound]}
        AppRunnerService("api", args)

    assert problems(program) == {
        "secrets[1].value_from.PASSWORD": 'must be set once, but SecretsBinding "more" and SecretsBinding '
        '"orders-secrets" both set PASSWORD. Remove one of them',
        "secrets[1].value_from.LEVEL": 'must be set once, but SecretsBinding "more" and environment both set LEVEL. '
        "Remove one of them",
    }


def test_the_error_about_an_invalid_bound_reference_names_binding_and_variable() -> None:
    def program() -> None:
        binding = SecretsBinding("orders-secrets", {"secrets": {"PASSWORD": {"secret_arn": LATE("canary")}}})
        AppRunnerService("api", {"image": PUBLIC, "secrets": [binding.bound]})

    with pytest.raises(pulumi.RunError) as caught:
        run(program)
    assert "SecretsBinding 'orders-secrets': invalid arguments\n  secrets.PASSWORD.secret_arn: " in str(caught.value)
    assert "value_from" not in str(caught.value)
    assert "canary" not in str(caught.value)


# Strings, numbers and booleans


@pytest.mark.parametrize("value", ["no", "true", "1", 1, 0.0])
def test_a_boolean_is_true_or_false_only(value: Any) -> None:
    fix = ". Remove the quotes" if value == "true" else ""
    for argument in ("is_publicly_accessible", "tracing", "protect"):
        assert problems(service(**{argument: value})) == {
            argument: f"must be true or false, got {json.dumps(value)}{fix}"
        }


PUBLIC_CLASSES = [vars(pulumi_apprunner)[name] for name in pulumi_apprunner.__all__]


@pytest.mark.parametrize("model", [each for each in PUBLIC_CLASSES if dataclasses.is_dataclass(each)])
def test_every_boolean_argument_is_strict(model: Any) -> None:
    hints = get_type_hints(model, include_extras=True)
    alternatives = {name: get_args(hint) if isinstance(hint, UnionType) else [hint] for name, hint in hints.items()}
    booleans = [name for name, types in alternatives.items() if bool in types]
    assert booleans == []  # StrictBool is Annotated


def test_a_number_in_quotes_is_an_error() -> None:
    assert problems(service(port="80", scaling={"min_size": "two"})) == {
        "port": 'must be an integer, 1 to 65535, got "80". Remove the quotes',
        "scaling.min_size": 'must be an integer, 1 to 25, got "two"',
    }


def test_a_float_without_fraction_is_an_integer_as_in_json_and_pulumi() -> None:
    check = plan(service(health_check={"interval": 7.0})).named("api-service")["healthCheckConfiguration"]
    assert check["interval"] == 7


def test_a_number_in_place_of_a_string_is_an_error() -> None:
    assert problems(service(start_command=4)) == {"start_command": "must be a string, got a number. Quote the value"}


@pytest.mark.parametrize("value", ["no", "false", 2])
def test_verify_deployment_has_three_values(value: Any) -> None:
    assert problems(service(lifecycle={"verify_deployment": value})) == {
        "lifecycle.verify_deployment": f'must be true, false or "required", got {json.dumps(value)}'
    }


# Forms


@pytest.mark.parametrize(
    ("args", "path", "message"),
    [
        (
            {"image": PUBLIC_IMAGE},
            "image",
            "must be a mapping, got a string. Valid arguments: cross_account, identifier, managed_by, repository_type",
        ),
        (
            {"healthCheck": "/up"},
            "healthCheck",
            "must be a mapping, got a string. Valid arguments: healthyThreshold, interval, path, protocol, "
            "timeout, unhealthyThreshold",
        ),
        ({"environment": "LEVEL=info"}, "environment", "must be a mapping, got a string. Use key: value pairs"),
        ({"environment": ["LEVEL"]}, "environment", "must be a mapping, got a list. Use key: value pairs"),
        ({"secrets": "x"}, "secrets", "must be a list, got a string. Pass [SecretsBinding(...).bound]"),
        (
            {"secrets": [{"value_from": "x"}]},
            "secrets[0].value_from",
            "must be a mapping, got a string. Pass [SecretsBinding(...).bound]",
        ),
        (
            {"scaling": True},
            "scaling",
            "must be a mapping, got a boolean. Valid arguments: max_concurrency, max_size, min_size",
        ),
    ],
)
def test_a_value_of_the_wrong_type_is_an_error(args: dict[str, Any], path: str, message: str) -> None:
    assert problems(service(**args)) == {path: message}


@pytest.mark.parametrize(
    ("after", "hint"),
    [
        (":password::", 'Set json_key to "password" instead'),
        (":password", 'Set json_key to "password" instead'),
        ("::AWSPREVIOUS:", 'Set version_stage to "AWSPREVIOUS" instead'),
        (":user::0a1b", 'Set json_key to "user" and version_id to "0a1b" instead'),
        (":::", "Remove the colons at its end"),
    ],
)
def test_a_suffix_of_a_secret_arn_belongs_in_other_arguments(after: str, hint: str) -> None:
    arn = f"{SECRET_ARN}{after}"
    assert problems(lambda: SecretsBinding("s", {"secrets": {"A": {"secret_arn": arn}}})) == {
        "secrets.A.secret_arn": f'must end with the secret\'s name and six characters, got "{arn}". {hint}'
    }


def test_the_suffix_of_a_secret_arn_in_an_output_is_not_shown() -> None:
    errors = problems(lambda: SecretsBinding("s", {"secrets": {"A": {"secret_arn": LATE(f"{SECRET_ARN}:canary::")}}}))
    assert errors == {
        "secrets.A.secret_arn": "must end with the secret's name and six characters. "
        "Remove the parts after them. Set json_key, version_stage and version_id instead"
    }


@pytest.mark.parametrize(
    ("domain", "hint"),
    [
        ("müller.example", 'Write its punycode form, "xn--mller-kva.example"'),
        ("*.Bücher.example", 'Write its punycode form, "*.xn--bcher-kva.example"'),
        ("straße.example", "Write its punycode form, which begins with xn--"),
        ("müller..example", "Write its punycode form, which begins with xn--"),
    ],
)
def test_an_internationalized_domain_must_be_in_punycode(domain: str, hint: str) -> None:
    errors = problems(lambda: CustomDomain("shop", {"domain_name": domain, "service_arn": SERVICE_ARN}))
    assert errors == {"domain_name": f'must be in ASCII, got "{domain}". {hint}'}


# help()


@pytest.mark.parametrize(
    "component",
    [
        each
        for each in map(vars(pulumi_apprunner).get, pulumi_apprunner.__all__)
        if inspect.isclass(each) and issubclass(each, pulumi.ComponentResource)
    ],
)
def test_help_describes_how_to_create_a_component(component: type) -> None:
    text = inspect.getdoc(component.__init__) or ""
    assert text != inspect.getdoc(pulumi.ComponentResource.__init__)
    assert component.__name__ in text
    assert "Raises:" in text
