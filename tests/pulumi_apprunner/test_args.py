"""Arguments: how they may be written, and what is said about those that cannot be."""

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
import pytest

from apprunner_facts import sizes
from offline import plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    ArgsError,
    Code,
    HealthCheck,
    Image,
    InstanceRole,
    Scaling,
    Size,
    VpcEgress,
)
from pulumi_apprunner.testing import run
from samples import CONNECTION_ARN, IMAGE, KMS_KEY_ARN, PUBLIC_IMAGE, ROLE_ARN, SERVICE_ARN, SUBNET_IDS, VPC_ID

SERVICE = "aws:apprunner/service:Service"
PUBLIC = Image(identifier=PUBLIC_IMAGE)
LATE = pulumi.Output.from_input


def refused(**args: Any) -> Mapping[str, str]:
    """Return what is wrong with a service of these arguments, a public image if they name no source."""
    return problems(lambda: AppRunnerService("api", {"image": PUBLIC} | args))


def refused_late(args: Callable[[], Mapping[str, Any]]) -> Mapping[str, str]:
    return problems(lambda: AppRunnerService("api", {"image": PUBLIC} | dict(args())))


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


# Rules of a service


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ({"image": None}, {"code": "is missing, and so is image: give one"}),
        (
            {"scaling": {"min_size": 26}},
            "26 is not possible: 1 to 25 (instances). App Runner's API accepts no more",
        ),
        ({"scaling": {"max_size": 0}}, {"scaling.max_size": "0 is not possible: 1 or more (instances)"}),
        (
            {"scaling": {"min_size": 5, "max_size": 4}},
            {"scaling.max_size": "4 is less than min_size, 5: give at least that"},
        ),
        (
            {"scaling": {"max_concurrency": 201}},
            {"scaling.max_concurrency": "201 is not possible: 1 to 200 (requests at a time per instance)"},
        ),
        ({"health_check": {"interval": 0}}, {"health_check.interval": "0 is not possible: 1 to 20 (seconds)"}),
        ({"health_check": {"timeout": 21}}, {"health_check.timeout": "21 is not possible: 1 to 20 (seconds)"}),
        (
            {"health_check": {"protocol": "HTTPS"}},
            {"health_check.protocol": "'HTTPS' is not one of 'HTTP' or 'TCP'"},
        ),
        (
            {"health_check": {"path": "/healthz"}},
            {"health_check.path": "'/healthz' goes with protocol \"HTTP\" only: set it, or leave the path out"},
        ),
        ({"port": True}, {"port": "True is not possible: 1 to 65535 (TCP port)"}),
        (
            {"environment": {"LEVEL": 1}},
            {"environment.LEVEL": "is a number or truth value, not a text: put it in quotes"},
        ),
        (
            {"environment": {"AWSAPPRUNNER_X": "x"}},
            {
                "environment.AWSAPPRUNNER_X": "is reserved: App Runner sets PORT itself (to `port`) "
                "and keeps names that begin with AWSAPPRUNNER"
            },
        ),
        (
            {"service_name": "api"},
            {
                "service_name": "'api' is not a name that AWS takes: 4 to 40 letters, digits, hyphens and "
                "underscores, beginning with a letter or digit"
            },
        ),
        (
            {"auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "True is not possible for a public image: App Runner follows private "
                "ECR only"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "cross_account": True}, "auto_deployments_enabled": True},
            {
                "auto_deployments_enabled": "True is not possible for an image in another account: App Runner "
                "follows its own account's ECR only"
            },
        ),
        (
            {"access_role_arn": ROLE_ARN},
            {
                "access_role_arn": f"'{ROLE_ARN}' goes with a private image only: App Runner refuses it for other "
                "sources"
            },
        ),
        (
            {"instance_role": {"arn": ROLE_ARN, "policy_documents": ['{"Statement": [{"Effect": "Allow"}]}']}},
            {
                "instance_role.policy_documents": "cannot be put on a role that is passed in as arn: "
                "give it the permission where it is made"
            },
        ),
        (
            {"image": {"identifier": "docker.io/library/nginx:1.27"}},
            {
                "image.identifier": "'docker.io/library/nginx:1.27' is not an image that App Runner can pull: "
                "ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY:TAG or public.ecr.aws/ALIAS/REPOSITORY:TAG "
                "(or @sha256:DIGEST); Docker's official images are at public.ecr.aws/docker/library/"
            },
        ),
        (
            {"image": {"identifier": IMAGE, "repository_type": "ECR_PUBLIC"}},
            {"image.repository_type": "'ECR_PUBLIC' does not agree with the identifier, which is in ECR: leave it out"},
        ),
    ],
)
def test_a_rule_says_what_was_got_what_is_allowed_and_what_to_do(args: dict[str, Any], expected: Any) -> None:
    found = refused(**args)
    if isinstance(expected, str):
        (reason,) = found.values()
        assert reason.startswith(expected)
    else:
        assert found == expected


def test_a_file_that_configures_leaves_nothing_to_say_here() -> None:
    code = {
        "connection_arn": CONNECTION_ARN,
        "repository_url": "https://github.com/example/orders",
        "configuration_source": "REPOSITORY",
        "runtime": "PYTHON_311",
        "build_command": "make",
    }
    found = problems(
        lambda: AppRunnerService(
            "api",
            {
                "code": code,
                "port": 8000,
                "environment": {"A": "a"},
                "start_command": "serve",
                "deployment": "1",
                "secrets": [{"value_from": {"B": "b"}}],
            },
        )
    )
    assert set(found) == {"code.runtime", "code.build_command"}
    del code["runtime"], code["build_command"]
    found = problems(
        lambda: AppRunnerService(
            "api",
            {
                "code": code,
                "port": 8000,
                "environment": {"A": "a"},
                "start_command": "serve",
                "deployment": "1",
                "secrets": [{"value_from": {"B": "b"}}],
            },
        )
    )
    assert set(found) == {"port", "environment", "start_command", "deployment", "secrets"}
    assert all("would be overridden by apprunner.yaml" in reason for reason in found.values())


def test_code_needs_a_runtime_unless_its_file_names_one() -> None:
    code = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders")
    found = problems(lambda: AppRunnerService("api", AppRunnerServiceArgs(code=code)))
    assert list(found) == ["code.runtime"]
    assert found["code.runtime"].startswith("is missing: choose one of PYTHON_3, PYTHON_311, ")


@pytest.mark.parametrize(
    ("arn", "kind"),
    [
        ("arn:aws:kms:eu-west-1:123456789012:alias/orders", "an alias"),
        ("arn:aws:kms:eu-west-1:123456789012:key/mrk-0a1b2c3d4e5f60718293a4b5c6d7e8f9", "a multi-Region key"),
        (KMS_KEY_ARN.rpartition("/")[2], "no key's ARN"),
    ],
)
def test_only_a_key_with_a_uuid_encrypts(arn: str, kind: str) -> None:
    assert refused(kms_key_arn=arn) == {
        "kms_key_arn": f"'{arn}' is {kind}, which App Runner does not take: give the key's ARN with its UUID, "
        "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    }


# Sizes


@pytest.mark.parametrize("pair", [(cpu, memory) for cpu, memories in sizes.PAIRS.items() for memory in memories])
def test_each_of_the_eleven_pairs_may_be_written_in_text_or_numbers(pair: tuple[int, int]) -> None:
    cpu, memory = pair
    spellings = [
        (sizes.say_cpu(cpu), sizes.say_memory(memory)),
        (str(cpu), str(memory)),
        (cpu, memory),
        (float(cpu), f"{memory}"),
    ]
    for spelling in spellings:
        size = {"cpu": spelling[0], "memory": spelling[1]}
        told = run(lambda size=size: AppRunnerService("api", {"image": PUBLIC, "size": size}) and None)
        assert told.the(SERVICE)["instanceConfiguration"]["cpu"] == str(cpu)
        assert told.the(SERVICE)["instanceConfiguration"]["memory"] == str(memory)


@pytest.mark.parametrize("cpu", sizes.PAIRS)
def test_no_cpu_goes_with_another_memory(cpu: int) -> None:
    for memory in set(sizes.MEMORIES) - set(sizes.PAIRS[cpu]):
        assert refused(size={"cpu": cpu, "memory": memory}) == {
            "size.memory": f"{memory} does not go with {sizes.say_cpu(cpu)}: choose {sizes.memories_for(cpu)}"
        }


@pytest.mark.parametrize(
    ("cpu", "text", "units"),
    [(1, "1 vCPU", 1024), ("2", "2 vCPU", 2048), (4.0, "4 vCPU", 4096), (0.25, "0.25 vCPU", 256), (".5", None, None)],
)
def test_a_bare_number_of_cpus_is_refused_with_both_readings(cpu: Any, text: str | None, units: int | None) -> None:
    reason = refused(size={"cpu": cpu})["size.cpu"]
    if text is None:
        assert reason.startswith("'.5' is not a size that App Runner has: choose 0.25 vCPU, ")
    else:
        said = text.split()[0]
        assert reason.endswith(f'could be {text} or {said} CPU units: write "{text}" or "{units}"')


def test_a_bare_number_of_gigabytes_is_refused_with_both_readings() -> None:
    assert refused(size={"memory": 2}) == {
        "size.memory": '2 could be 2 GB or 2 MB: write "2 GB" or "2048"',
    }


@pytest.mark.parametrize("cpu", ["1vCPU", "1 VCPU", "1  vCPU", "8 vCPU", "25600", "", True, None, [], float("nan")])
def test_nothing_else_is_a_size(cpu: Any) -> None:
    found = refused(size={"cpu": cpu, "memory": "6144"})
    assert set(found) == {"size.memory"} if cpu is None else {"size.cpu"}


# Numbers that no one can print


@pytest.mark.parametrize(
    "number", [10**400, -(10**400), 10**5000, float("inf"), float("nan")], ids=["big", "small", "huge", "inf", "nan"]
)
def test_no_number_is_too_big_to_be_refused(number: Any) -> None:
    found = refused(scaling={"min_size": number}, size={"cpu": number})
    assert set(found) == {"scaling.min_size", "size.cpu"}
    assert max(map(len, found.values())) < 400


@pytest.mark.parametrize(
    "document",
    ["", "[]", "{}", '{"Statement": []}', '{"Statement": ["Allow"]}', '{"Statement": [[]]}', "[" * 100_000, "null"],
)
def test_a_policy_document_holds_statements(document: str) -> None:
    assert list(refused(instance_role={"policy_documents": [document]})) == ["instance_role.policy_documents[0]"]


@pytest.mark.parametrize(
    "args",
    [
        {"health_check": {"protocol": "HTTP", "path": "healthz"}},
        {"start_command": "a\nb"},
        {"instance_role": {"policy_arns": {"a b": "arn:aws:iam::aws:policy/ReadOnlyAccess"}}},
    ],
)
def test_a_form_is_told_in_words_and_not_as_a_regular_expression(args: dict[str, Any]) -> None:
    (reason,) = refused(**args).values()
    assert "pattern" not in reason
    assert "^" not in reason


@pytest.mark.parametrize("tags", [{"aws:team": "a"}, {"a,b": "c"}, {"a": "b\nc"}, {"": "a"}, {"a": "x" * 257}])
def test_tags_are_what_every_service_that_gets_them_takes(tags: dict[str, str]) -> None:
    assert len(refused(tags=tags)) == 1


# Outputs


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
def test_what_decides_on_the_structure_cannot_be_an_output(args: Callable[[], Any], path: str) -> None:
    assert refused_late(args) == {path: "decides what is created, so it must be known on this line, not an output"}


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
def test_a_value_that_turns_out_bad_is_told_by_its_path_and_never_shown(
    args: Callable[[str], Any], path: str, secret: bool
) -> None:
    def bad() -> Any:
        given = args("canary-7f3a")
        if not secret:
            return given
        return {
            key: pulumi.Output.secret(value) if isinstance(value, pulumi.Output) else value
            for key, value in given.items()
        }

    with pytest.raises(ArgsError) as caught:
        run(lambda: AppRunnerService("api", {"image": PUBLIC} | bad()) and None)
    assert list(caught.value.problems) == [path]
    assert "canary" not in str(caught.value)


def test_an_environment_value_is_never_shown_though_it_is_known() -> None:
    found = refused(environment={"TOKEN": "canary" + "x" * 51_200, "B": ["canary"]})
    assert set(found) == {"environment.TOKEN", "environment.B"}
    assert "canary" not in str(found)


def test_one_output_in_two_places_is_told_under_each_ones_path() -> None:
    def program() -> None:
        late = pulumi.Output.from_input("nonsense")
        AppRunnerService("api", {"image": PUBLIC, "instance_role": {"arn": late}})
        VpcEgress("private", {"vpc_id": VPC_ID, "subnet_ids": [SUBNET_IDS[0], late]})

    with pytest.raises(pulumi.RunError) as caught:
        run(program)
    assert "AppRunnerService 'api': invalid arguments\n  instance_role.arn: is not a role's ARN" in str(caught.value)
    assert "VpcEgress 'private': invalid arguments\n  subnet_ids[1]: is not a subnet's id" in str(caught.value)


def test_an_output_that_comes_to_nothing_is_told() -> None:
    assert refused_late(lambda: {"kmsKeyArn": LATE(None)}) == {
        "kmsKeyArn": "must have a value, got None. Give it one, or leave it out"
    }


def test_a_late_value_takes_its_child_along_and_no_other() -> None:
    """Everything that does not consume the value still goes through."""
    made: list[str] = []

    def program() -> None:
        service = AppRunnerService("api", {"image": PUBLIC, "kmsKeyArn": LATE("nonsense"), "tracing": True})
        service.instance_role_arn.apply(made.append)

    with pytest.raises(ArgsError):
        run(program)
    assert len(made) == 1


def test_a_coroutine_is_as_good_as_an_output() -> None:
    async def arn() -> str:
        return ROLE_ARN

    graph = plan(lambda: AppRunnerService("api", {"image": PUBLIC, "instance_role": {"arn": arn()}}) and None)
    assert graph.the(SERVICE)["instanceConfiguration"]["instanceRoleArn"] == ROLE_ARN


@pytest.mark.parametrize("role", [InstanceRole(), {}])
def test_an_empty_section_is_all_defaults(role: Any) -> None:
    graph = plan(lambda: AppRunnerService("api", {"image": PUBLIC, "instance_role": role}) and None)
    assert graph.named("api-instance-role") is not None


def test_an_arn_of_another_kind_is_refused_on_the_line() -> None:
    assert refused(vpc_connector_arn=SERVICE_ARN) == {
        "vpc_connector_arn": f"'{SERVICE_ARN[:77]}...' is not a VPC connector's ARN: "
        "arn:aws:apprunner:REGION:ACCOUNT:vpcconnector/NAME/1/ID"
    }
