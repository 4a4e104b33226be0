"""The facts compared with AWS's API models in botocore. They fail when AWS changes a fact."""

import inspect
import itertools
import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Any

import botocore
import pulumi_aws as aws
import pytest
from hypothesis import given
from hypothesis import strategies as st

import samples
from apprunner_facts import arns, commands, images, ingress, limits, names, regions, repositories, runtimes, sizes
from apprunner_facts.limits import Range
from apprunner_facts.names import NameRule
from apprunner_facts.operations import OperationStatus, OperationType, ServiceStatus
from apprunner_facts.schedules import OPERATIONS
from apprunner_local.api_model import matches, operations, shape

UUID = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"


def strings_of(service_shape: str) -> set[str]:
    """Return every string that a pattern such as `256|512|(0.25|1) vCPU` matches."""
    pattern = shape("apprunner", service_shape)["pattern"]
    bare, with_unit, unit = re.fullmatch(r"([0-9|]+)\|\(([0-9.|]+)\) (\w+)", pattern).groups()  # pyright: ignore[reportOptionalMemberAccess]
    return {*bare.split("|"), *(f"{size} {unit}" for size in with_unit.split("|"))}


# Sizes


def test_the_cpus_are_those_of_the_api_in_both_forms() -> None:
    assert {str(cpu) for cpu in sizes.PAIRS} | {sizes.format_cpu(cpu) for cpu in sizes.PAIRS} == strings_of("Cpu")


def test_the_memories_are_those_of_the_api_in_both_forms() -> None:
    ours = {str(memory) for memory in sizes.MEMORIES} | {sizes.format_memory(memory) for memory in sizes.MEMORIES}
    assert ours == strings_of("Memory")


def test_the_defaults_are_one_of_eleven_pairs() -> None:
    assert sum(map(len, sizes.PAIRS.values())) == 11
    assert sizes.DEFAULT_MEMORY in sizes.PAIRS[sizes.DEFAULT_CPU]


def test_exactly_the_strings_of_the_api_are_parsed() -> None:
    assert all(sizes.parse_cpu(text) for text in strings_of("Cpu"))
    assert all(sizes.parse_memory(text) for text in strings_of("Memory"))
    for text in ("1vCPU", "1 vcpu", "25600", "", "1 vCPU ", "8 vCPU"):
        assert sizes.parse_cpu(text) is None
        assert not matches("apprunner", "Cpu", text)


# Numbers


@pytest.mark.parametrize(
    ("limit", "service_shape"),
    [
        (limits.MIN_SIZE, "ASConfigMinSize"),
        (limits.MAX_CONCURRENCY, "ASConfigMaxConcurrency"),
        (limits.HEALTH_CHECK_INTERVAL, "HealthCheckInterval"),
        (limits.HEALTH_CHECK_TIMEOUT, "HealthCheckTimeout"),
        (limits.HEALTHY_THRESHOLD, "HealthCheckHealthyThreshold"),
        (limits.UNHEALTHY_THRESHOLD, "HealthCheckUnhealthyThreshold"),
    ],
)
def test_ranges_are_those_of_the_api(limit: Range, service_shape: str) -> None:
    model = shape("apprunner", service_shape)
    assert (limit.minimum, limit.maximum) == (model["min"], model["max"])


@pytest.mark.parametrize("values", [OperationType, OperationStatus, ServiceStatus])
def test_types_and_statuses_are_those_of_the_api(values: type[StrEnum]) -> None:
    assert {str(each) for each in values} == set(shape("apprunner", values.__name__)["enum"])


def test_max_size_has_no_maximum_in_the_api() -> None:
    model = shape("apprunner", "ASConfigMaxSize")
    assert (limits.MAX_SIZE.minimum, limits.MAX_SIZE.maximum) == (model["min"], model.get("max")) == (1, None)
    assert limits.MAX_SIZE.default == limits.MAX_SIZE_QUOTA


def test_the_other_numbers_are_those_of_their_apis() -> None:
    ttl = shape("route53", "TTL")
    assert (limits.TTL.minimum, limits.TTL.maximum) == (ttl["min"], ttl["max"])
    assert shape("apprunner", "SourceDirectory")["max"] == limits.SOURCE_DIRECTORY_LENGTH
    assert shape("apprunner", "TagKey")["max"] == limits.TAG_KEY_LENGTH
    assert (shape("apprunner", "TagValue")["min"], shape("apprunner", "TagValue")["max"]) == (
        0,
        limits.TAG_VALUE_LENGTH,
    )
    assert shape("iam", "tagValueType")["min"] == 0
    assert shape("scheduler", "TagValue")["min"] == 1
    assert "min" not in shape("apprunner", "StringList"), "a VPC connector may have a single subnet"


@pytest.mark.parametrize(
    ("limit", "structure", "member"),
    [
        (limits.MIN_SIZE, "CreateAutoScalingConfigurationRequest", "MinSize"),
        (limits.MAX_SIZE, "CreateAutoScalingConfigurationRequest", "MaxSize"),
        (limits.MAX_CONCURRENCY, "CreateAutoScalingConfigurationRequest", "MaxConcurrency"),
        (limits.HEALTH_CHECK_INTERVAL, "HealthCheckConfiguration", "Interval"),
        (limits.HEALTH_CHECK_TIMEOUT, "HealthCheckConfiguration", "Timeout"),
        (limits.HEALTHY_THRESHOLD, "HealthCheckConfiguration", "HealthyThreshold"),
        (limits.UNHEALTHY_THRESHOLD, "HealthCheckConfiguration", "UnhealthyThreshold"),
        (limits.PORT, "ImageConfiguration", "Port"),
    ],
)
def test_defaults_are_those_in_the_documentation_of_the_model(limit: Range, structure: str, member: str) -> None:
    text = shape("apprunner", structure)["members"][member]["documentation"]
    assert re.findall(r"Default: <code>(\d+)</code>", text) == [str(limit.default)]


def test_the_limits_of_repositories_are_those_of_the_api() -> None:
    assert shape("ecr", "ImageTagMutabilityExclusionFilters")["max"] == repositories.MOVING_TAGS
    assert shape("ecr", "LifecyclePolicyText")["max"] == repositories.LIFECYCLE_LENGTH
    modes = {repositories.IMMUTABLE, repositories.IMMUTABLE_WITH_EXCLUSION}
    assert modes <= set(shape("ecr", "ImageTagMutability")["enum"])
    assert {repositories.AES256, repositories.KMS} <= set(shape("ecr", "EncryptionType")["enum"])


@pytest.mark.parametrize("name", ["a", "ab", "a-b", "a--b", "a__b", "a___b", "a.b/c_d", "A", "a/", "-a", "a" * 257])
def test_names_of_repositories_are_those_of_the_api(name: str) -> None:
    assert (repositories.NAME.fullmatch(name) is not None) is matches("ecr", "RepositoryName", name)


@pytest.mark.parametrize("tag", ["latest", "v*", "a b", "", "x" * 128, "x" * 129, "a/b", "a_b-c.d"])
def test_patterns_of_moving_tags_are_those_of_the_api(tag: str) -> None:
    pattern = repositories.TAG_PATTERN.fullmatch(tag)
    assert (pattern is not None) is matches("ecr", "ImageTagMutabilityExclusionFilterValue", tag)


def test_lengths_of_variables_and_secrets_are_those_of_the_api() -> None:
    for name in ("RuntimeEnvironmentVariablesKey", "RuntimeEnvironmentVariablesValue"):
        assert shape("apprunner", name)["max"] == limits.VARIABLE_LENGTH
    for name in ("RuntimeEnvironmentSecretsName", "RuntimeEnvironmentSecretsValue"):
        assert shape("apprunner", name)["max"] == limits.SECRET_LENGTH


@pytest.mark.parametrize("name", ["BuildCommand", "StartCommand"])
def test_a_command_is_on_one_line(name: str) -> None:
    assert re.compile(shape("apprunner", name)["pattern"]).fullmatch("node a.js")
    for text in ("node a.js", "node a.js\nnode b.js", "node a.js\r", ""):
        assert matches("apprunner", name, text) is bool(re.fullmatch(commands.ONE_LINE, text))


def test_the_domains_of_a_service_are_the_most_results_of_describe_custom_domains() -> None:
    assert shape("apprunner", "DescribeCustomDomainsMaxResults")["max"] == limits.CUSTOM_DOMAINS_PER_SERVICE


def test_schedules_call_the_operations_that_do_not_only_read() -> None:
    changing = [name for name in operations("apprunner") if not name.startswith(("Describe", "List"))]
    assert {name[0].lower() + name[1:] for name in changing} == OPERATIONS


def test_schedulers_limits_are_those_of_its_api() -> None:
    age, retries = shape("scheduler", "MaximumEventAgeInSeconds"), shape("scheduler", "MaximumRetryAttempts")
    assert (age["min"], age["max"]) == limits.SCHEDULE_EVENT_AGE
    assert (retries["min"], retries["max"]) == limits.SCHEDULE_RETRIES


# Names

RULES = [
    (names.SERVICE, "apprunner", "ServiceName"),
    (names.VPC_CONNECTOR, "apprunner", "VpcConnectorName"),
    (names.VPC_INGRESS_CONNECTION, "apprunner", "VpcIngressConnectionName"),
    (names.CONNECTION, "apprunner", "ConnectionName"),
    (names.AUTO_SCALING_CONFIGURATION, "apprunner", "AutoScalingConfigurationName"),
    (names.OBSERVABILITY_CONFIGURATION, "apprunner", "ObservabilityConfigurationName"),
]


@pytest.mark.parametrize(("rule", "service", "service_shape"), RULES)
def test_lengths_of_names_are_those_of_the_api(rule: NameRule, service: str, service_shape: str) -> None:
    model = shape(service, service_shape)
    assert (rule.shortest, rule.longest) == (model["min"], model["max"])


@pytest.mark.parametrize(("rule", "service", "service_shape"), RULES)
@given(name=st.text(st.characters(categories=["L", "N", "P"], include_characters="-_ ."), max_size=42))
def test_names_are_valid_if_the_api_accepts_them(rule: NameRule, service: str, service_shape: str, name: str) -> None:
    assert rule.allows(name) == matches(service, service_shape, name)


@pytest.mark.parametrize(
    ("rule", "service", "service_shape"),
    [
        (names.ROLE, "iam", "roleNameType"),
        (names.SCHEDULE, "scheduler", "Name"),
        (names.SCHEDULE, "scheduler", "ScheduleGroupName"),
    ],
)
@given(st.data())
def test_other_apis_accept_all_valid_names(rule: NameRule, service: str, service_shape: str, data: Any) -> None:
    name = data.draw(st.from_regex(rf"[A-Za-z0-9][{rule.characters}]{{0,{rule.longest - 1}}}", fullmatch=True))
    assert rule.allows(name)
    assert matches(service, service_shape, name)


# Enums


def test_runtimes_are_those_of_the_api() -> None:
    assert set(runtimes.END_OF_SUPPORT) == set(shape("apprunner", "Runtime")["enum"])


def test_image_repository_types_are_those_of_the_api() -> None:
    assert set(images.REPOSITORY_TYPES) == set(shape("apprunner", "ImageRepositoryType")["enum"])


# Images

PRIVATE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
PUBLIC = "public.ecr.aws/docker"
REPOSITORIES = ["orders", "team/orders", "a/b/c-d_e.f"]
VERSIONS = ["", ":1.4.2", ":latest", f"@{samples.DIGEST}", f":1.4.2@{samples.DIGEST}"]


@pytest.mark.parametrize(
    "identifier", ["".join(parts) for parts in itertools.product((f"{PRIVATE}/", f"{PUBLIC}/"), REPOSITORIES, VERSIONS)]
)
def test_an_image_that_app_runner_pulls_is_parsed(identifier: str) -> None:
    assert matches("apprunner", "ImageIdentifier", identifier)
    image = images.parse_image(identifier)
    assert image is not None
    assert image.repository_type == ("ECR" if identifier.startswith(PRIVATE) else "ECR_PUBLIC")
    assert image.digest == (samples.DIGEST if "@" in identifier else None)


@pytest.mark.parametrize(
    "identifier",
    [
        "nginx",
        "docker.io/library/nginx:1.27",
        "ghcr.io/example/orders:1",
        "public.ecr.aws/orders",
        f"{PRIVATE}/Orders",
        f"{PRIVATE}/",
        f"https://{PRIVATE}/orders",
        f"{PRIVATE}/orders:1.4.2 ",
        "12345.dkr.ecr.eu-west-1.amazonaws.com/orders",
        f"{PRIVATE}/" + "o" * 1024,
    ],
)
def test_an_image_that_the_api_rejects_is_invalid(identifier: str) -> None:
    assert not matches("apprunner", "ImageIdentifier", identifier)
    assert images.parse_image(identifier) is None


@given(st.data())
def test_the_api_accepts_every_parsed_image(data: Any) -> None:
    part = st.from_regex(r"[a-z0-9]+([._-][a-z0-9]+)?", fullmatch=True)
    registry = data.draw(st.sampled_from([PRIVATE, "public.ecr.aws", "docker.io"]))
    path = "/".join(data.draw(st.lists(part, min_size=1, max_size=3)))
    identifier = registry + "/" + path + data.draw(st.one_of(st.sampled_from(VERSIONS), st.text(max_size=4)))
    if images.parse_image(identifier):
        assert matches("apprunner", "ImageIdentifier", identifier)


def test_the_length_of_an_image_is_that_of_the_api() -> None:
    assert shape("apprunner", "ImageIdentifier")["max"] == images.LENGTH


# ARNs

ARN_SHAPES = [
    (arns.SERVICE, samples.SERVICE_ARN, "AppRunnerResourceArn"),
    (arns.CONNECTION, samples.CONNECTION_ARN, "AppRunnerResourceArn"),
    (arns.VPC_CONNECTOR, samples.CONNECTOR_ARN, "AppRunnerResourceArn"),
    (arns.AUTO_SCALING_CONFIGURATION, samples.SCALING_ARN, "AppRunnerResourceArn"),
    (arns.AUTO_SCALING_CONFIGURATION, samples.LATEST_SCALING_ARN, "AppRunnerResourceArn"),
    (arns.AUTO_SCALING_CONFIGURATION, f"{samples.LATEST_SCALING_ARN}/3", "AppRunnerResourceArn"),
    (arns.OBSERVABILITY_CONFIGURATION, samples.OBSERVABILITY_ARN, "AppRunnerResourceArn"),
    (arns.ROLE, samples.ROLE_ARN, "RoleArn"),
    (arns.ROLE, samples.OTHER_ROLE_ARN, "RoleArn"),
    (arns.ROLE, "arn:aws-us-gov:iam::123456789012:role/a/b/c", "RoleArn"),
    (arns.KMS_KEY, samples.KMS_KEY_ARN, "KmsKeyArn"),
]


@pytest.mark.parametrize(("pattern", "arn", "service_shape"), ARN_SHAPES)
def test_an_arn_that_the_api_accepts_is_valid(pattern: re.Pattern[str], arn: str, service_shape: str) -> None:
    assert pattern.fullmatch(arn)
    assert matches("apprunner", service_shape, arn)


@pytest.mark.parametrize(
    "resource",
    [f"key/{UUID.upper()}", f"key/mrk-{UUID.replace('-', '')}", "alias/orders", "key/orders", f"key/{UUID}/", "key/"],
)
def test_a_key_that_the_api_rejects_is_invalid(resource: str) -> None:
    arn = f"arn:aws:kms:eu-west-1:123456789012:{resource}"
    assert not arns.KMS_KEY.fullmatch(arn)
    assert not matches("apprunner", "KmsKeyArn", arn)


@pytest.mark.parametrize("name", ["größe", "orders!", "", "a b", "orders\n"])
def test_a_role_that_the_api_rejects_is_invalid(name: str) -> None:
    arn = f"arn:aws:iam::123456789012:role/{name}"
    assert not matches("apprunner", "RoleArn", arn)
    assert not arns.ROLE.fullmatch(arn)


def test_a_dead_letter_queue_is_valid_if_scheduler_accepts_it() -> None:
    assert arns.QUEUE.fullmatch(samples.QUEUE_ARN)
    assert matches("scheduler", "DeadLetterConfigArnString", samples.QUEUE_ARN)
    for other in ("arn:aws:sns:eu-west-1:123456789012:failed-calls", f"{samples.QUEUE_ARN}.fifo"):
        assert not arns.QUEUE.fullmatch(other)


@pytest.mark.parametrize("arn", [samples.SECRET_ARN, samples.SECRET_ARN.replace("orders/db", "a-b")])
def test_a_partial_arn_of_a_secret_is_invalid(arn: str) -> None:
    assert arns.SECRET.fullmatch(arn)
    assert not arns.SECRET.fullmatch(arn.rpartition("-")[0].replace("a-b", "a"))
    assert not arns.SECRET.fullmatch(f"{arn}:password::")


# Reserved names


def test_reserved_variables_are_those_in_pulumi_awss_text() -> None:
    text = inspect.getdoc(aws.apprunner.ServiceSourceConfigurationImageRepositoryImageConfigurationArgs.__init__) or ""
    assert f"Keys with a prefix of `{names.RESERVED_VARIABLE_PREFIX}` are reserved" in text
    assert names.is_reserved_variable(names.RESERVED_VARIABLE)
    assert names.is_reserved_variable(f"{names.RESERVED_VARIABLE_PREFIX}_X")
    assert not names.is_reserved_variable("PORTAL")


def test_the_ip_address_types_are_those_of_the_api() -> None:
    assert list(ingress.IP_ADDRESS_TYPES) == shape("apprunner", "IpAddressType")["enum"]


# Regions


def test_the_partitions_and_their_suffixes_are_those_of_botocore() -> None:
    partitions = json.loads((Path(botocore.__file__).parent / "data" / "partitions.json").read_text())["partitions"]

    for each in partitions:
        assert regions.dns_suffix(each["id"]) == each["outputs"]["dnsSuffix"]
        for region in each["regions"]:
            assert each["id"] in (regions.partition_of(region), region.removesuffix("-global"))
