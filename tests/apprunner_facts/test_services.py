"""The cost of services, from plain data. test_bill.py tests the arithmetic."""

from typing import Any

import pytest

from apprunner_facts import tokens
from apprunner_facts.bill import Assumptions, monthly_bill
from apprunner_facts.declared import DeclaredResource, UnknownProperty
from apprunner_facts.prices import RATES, US_EAST_1
from apprunner_facts.services import DeclaredService, read_services

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/0123456789abcdef0123456789abcdef"
PROFILES = "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration"
PROFILE = "autoScalingConfigurationArn"
CPU, MEMORY = "instanceConfiguration.cpu", "instanceConfiguration.memory"
AUTOMATIC = "sourceConfiguration.autoDeploymentsEnabled"
KIND = "sourceConfiguration.imageRepository.imageRepositoryType"


def resource(type: str, name: str, properties: dict[str, Any], *unknown: str, **more: Any) -> DeclaredResource:
    return DeclaredResource(urn=f"urn:{name}", type=type, name=name, properties=properties, unknown=unknown, **more)


def service(
    *unknown: str, of: str | None = None, provider: str | None = "eu-west-1", **properties: Any
) -> DeclaredResource:
    references = {PROFILE: (of,)} if of else {}
    return resource(
        tokens.SERVICE,
        "api",
        {AUTOMATIC: False, **properties},
        *unknown,
        references=references,
        provider_region=provider,
    )


def profile(minimum: Any = None, *unknown: str, name: str = "own") -> DeclaredResource:
    properties = {"arn": f"{PROFILES}/{name}/1/0"} | ({} if minimum is None else {"minSize": minimum})
    return resource(tokens.AUTO_SCALING, name, properties, *unknown)


def default(region: str = "eu-west-1", *, of: str = "own", **properties: Any) -> DeclaredResource:
    return resource(
        tokens.DEFAULT_AUTO_SCALING,
        "default",
        {"region": region, **properties},
        *(() if properties else (PROFILE,)),
        references={PROFILE: (f"urn:{of}",)},
    )


def read(*resources: DeclaredResource) -> DeclaredService:
    (only,) = read_services(resources)
    return only


def notes(service: DeclaredService, **assumptions: Any) -> list[str]:
    return service.notes(Assumptions(**assumptions))


def test_without_settings_the_providers_size_and_one_instance_apply() -> None:
    result = read(service())

    assert (result.cpu_units, result.memory_mb, result.instances, result.running_share) == (1024, 2048, 1, 1.0)
    assert (result.unknown, notes(result)) == ((), [])


def test_the_bill_depends_on_size_instances_and_rates() -> None:
    result = read(service(of="urn:own", **{CPU: "2048", MEMORY: "4 GB"}), profile(2))

    assert result.bill(Assumptions()) == monthly_bill(
        cpu_units=2048, memory_mb=4096, instances=2, rates=RATES["eu-west-1"]
    )


@pytest.mark.parametrize(("memory", "size"), [("3 GB", 3072), (3072, 3072), (3072.0, 3072), ("3072", 3072)])
def test_a_size_may_have_every_form_that_the_provider_accepts(memory: Any, size: int) -> None:
    assert read(service(**{MEMORY: memory})).memory_mb == size


def test_an_invalid_size_is_replaced_by_the_default() -> None:
    result = read(service(**{MEMORY: "2 gigabytes"}))

    assert (result.memory_mb, result.unknown) == (2048, ())
    assert notes(result) == ["api: the size is unknown or invalid; the estimate uses 1 vCPU and 2 GB."]


@pytest.mark.parametrize("path", [CPU, MEMORY])
def test_an_unknown_size_is_assumed_and_has_a_note(path: str) -> None:
    result = read(service(path))

    assert (result.cpu_units, result.memory_mb) == (1024, 2048)
    assert result.unknown == (UnknownProperty("urn:api", path),)
    assert len(notes(result)) == 1


@pytest.mark.parametrize(("minimum", "instances"), [(None, 1), (3, 3), (3.0, 3), ("3", 3), (25, 25)])
def test_a_service_has_the_minimum_of_its_profile(minimum: Any, instances: int) -> None:
    result = read(service(of="urn:own"), profile(minimum))

    assert (result.instances, notes(result)) == (instances, [])


@pytest.mark.parametrize("minimum", [0, 26, -1, 1.5, "many"])
def test_an_invalid_minimum_counts_as_one(minimum: Any) -> None:
    result = read(service(of="urn:own"), profile(minimum))

    assert (result.instances, result.unknown) == (1, ())
    assert "the estimate uses 1 instance" in notes(result)[0]
    assert notes(result, instances=2) == []


def test_a_profile_may_be_referenced_by_its_arn() -> None:
    result = read(service(**{PROFILE: f"{PROFILES}/shared/1/0"}), profile(3), profile(4, name="shared"))

    assert result.instances == 4


def test_a_profile_of_another_program_counts_as_one_instance() -> None:
    result = read(service(**{PROFILE: f"{PROFILES}/elsewhere/1/0"}), profile(3))

    assert (result.instances, result.unknown, len(notes(result))) == (1, (), 1)


def test_an_unknown_profile_and_an_unknown_minimum_have_notes() -> None:
    assert read(service(PROFILE), profile(3)).unknown == (UnknownProperty("urn:api", PROFILE),)
    result = read(service(PROFILE, of="urn:own"), profile(None, "minSize"))
    assert result.unknown == (UnknownProperty("urn:own", "minSize"),)
    assert len(notes(result)) == 1


@pytest.mark.parametrize("properties", [{}, {PROFILE: f"{PROFILES}/DefaultConfiguration/1/0"}])
def test_without_a_profile_the_programs_default_for_the_region_applies(properties: dict[str, str]) -> None:
    assert read(service(**properties), profile(2), default()).instances == 2
    assert read(service(**properties), profile(2), default("us-east-1")).instances == 1
    assert read(service(**properties)).instances == 1
    assert read(service(of="urn:own"), profile(2), profile(3, name="other"), default(of="other")).instances == 2


def test_the_profile_of_a_service_is_its_own_or_the_default_of_its_region() -> None:
    assert read(service(of="urn:own"), profile(2)).profile == "urn:own"
    assert read(service(), profile(2), default()).profile == "urn:own"
    assert read(service(), profile(2), default("us-east-1")).profile is None
    assert read(service(), default(of="elsewhere", **{PROFILE: f"{PROFILES}/elsewhere/1/0"})).profile is None


def test_a_default_of_another_program_counts_as_one_instance() -> None:
    result = read(service(), default(of="elsewhere", **{PROFILE: f"{PROFILES}/elsewhere/1/0"}))

    assert (result.instances, result.unknown, len(notes(result))) == (1, (), 1)


@pytest.mark.parametrize(
    ("properties", "on"),
    [
        ({AUTOMATIC: True}, True),
        ({AUTOMATIC: "true"}, True),
        ({AUTOMATIC: False}, False),
        ({AUTOMATIC: "false"}, False),
        ({AUTOMATIC: None}, True),
        ({AUTOMATIC: None, KIND: "ECR"}, True),
        ({AUTOMATIC: None, KIND: "ECR_PUBLIC"}, False),
    ],
)
def test_automatic_deployments_are_on_unless_disabled_or_for_a_public_image(properties: Any, on: bool) -> None:
    result = read(service(**properties))

    assert (result.automatic_deployments, result.unknown) == (on, ())
    assert result.bill(Assumptions()).automatic_deployments == (1.0 if on else 0.0)


@pytest.mark.parametrize(("path", "counted"), [(AUTOMATIC, False), (KIND, True)])
def test_an_unknown_setting_of_automatic_deployments_is_assumed_and_has_a_note(path: str, counted: bool) -> None:
    result = read(service(path, **{AUTOMATIC: None}))

    assert (result.automatic_deployments, result.unknown) == (counted, (UnknownProperty("urn:api", path),))
    assert "is unknown" in notes(result)[0]


def test_the_kind_of_image_does_not_matter_if_the_program_sets_automatic_deployments() -> None:
    assert read(service(KIND)).unknown == ()


def test_the_region_comes_from_the_service_its_arn_or_its_provider() -> None:
    assert read(service(provider="us-east-2", arn=ARN, region="us-west-2")).region == "us-west-2"
    assert read(service(provider="us-east-2", arn=ARN)).region == "eu-west-1"
    assert read(service(provider="us-east-2", arn="invalid")).region == "us-east-2"
    assert read(service(provider=None)).region is None


def test_unknown_rates_are_those_of_us_east_1() -> None:
    result = read(service(provider="ap-northeast-1"))

    assert result.rates == US_EAST_1
    assert notes(result) == ["No verified prices for ap-northeast-1; the estimate uses those of us-east-1."]
