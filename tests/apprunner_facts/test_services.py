"""What services cost, read from plain data. What a bill adds up to is tested in test_bill.py."""

from typing import Any

import pytest

from apprunner_facts import tokens
from apprunner_facts.bill import Assumptions, monthly_bill
from apprunner_facts.declared import Declared, UnknownProperty
from apprunner_facts.prices import RATES, US_EAST_1
from apprunner_facts.services import DeclaredService, read_services

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/0123456789abcdef0123456789abcdef"
PROFILES = "arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration"
PROFILE = "autoScalingConfigurationArn"
CPU, MEMORY = "instanceConfiguration.cpu", "instanceConfiguration.memory"
AUTOMATIC = "sourceConfiguration.autoDeploymentsEnabled"
KIND = "sourceConfiguration.imageRepository.imageRepositoryType"


def declared(type: str, name: str, properties: dict[str, Any], *unknown: str, **more: Any) -> Declared:
    return Declared(urn=f"urn:{name}", type=type, name=name, properties=properties, unknown=unknown, **more)


def service(*unknown: str, of: str | None = None, provider: str | None = "eu-west-1", **properties: Any) -> Declared:
    references = {PROFILE: (of,)} if of else {}
    return declared(
        tokens.SERVICE,
        "api",
        {AUTOMATIC: False, **properties},
        *unknown,
        references=references,
        provider_region=provider,
    )


def profile(least: Any = None, *unknown: str, name: str = "own") -> Declared:
    properties = {"arn": f"{PROFILES}/{name}/1/0"} | ({} if least is None else {"minSize": least})
    return declared(tokens.AUTO_SCALING, name, properties, *unknown)


def default(region: str = "eu-west-1", *, of: str = "own", **properties: Any) -> Declared:
    return declared(
        tokens.DEFAULT_AUTO_SCALING,
        "default",
        {"region": region, **properties},
        *(() if properties else (PROFILE,)),
        references={PROFILE: (f"urn:{of}",)},
    )


def read(*resources: Declared) -> DeclaredService:
    (only,) = read_services(resources)
    return only


def notes(found: DeclaredService, **assumptions: Any) -> list[str]:
    return found.notes(Assumptions(**assumptions))


def test_a_service_that_sets_nothing_has_the_providers_size_and_one_instance() -> None:
    found = read(service())

    assert (found.cpu_units, found.memory_mb, found.instances, found.running_share) == (1024, 2048, 1, 1.0)
    assert (found.unknown, notes(found)) == ((), [])


def test_its_bill_is_that_of_its_size_instances_and_rates() -> None:
    found = read(service(of="urn:own", **{CPU: "2048", MEMORY: "4 GB"}), profile(2))

    assert found.bill(Assumptions()) == monthly_bill(
        cpu_units=2048, memory_mb=4096, instances=2, rates=RATES["eu-west-1"]
    )


@pytest.mark.parametrize(("memory", "size"), [("3 GB", 3072), (3072, 3072), (3072.0, 3072), ("3072", 3072)])
def test_a_size_counts_in_every_spelling_that_the_provider_takes(memory: Any, size: int) -> None:
    assert read(service(**{MEMORY: memory})).memory_mb == size


def test_a_size_that_app_runner_does_not_have_is_assumed() -> None:
    found = read(service(**{MEMORY: "2 gigabytes"}))

    assert (found.memory_mb, found.unknown) == (2048, ())
    assert notes(found) == ["api: its size is not known or not one of AWS's; 1 vCPU or 2 GB stands in for it."]


@pytest.mark.parametrize("path", [CPU, MEMORY])
def test_an_unknown_size_is_assumed_and_reported(path: str) -> None:
    found = read(service(path))

    assert (found.cpu_units, found.memory_mb) == (1024, 2048)
    assert found.unknown == (UnknownProperty("urn:api", path),)
    assert len(notes(found)) == 1


@pytest.mark.parametrize(("least", "instances"), [(None, 1), (3, 3), (3.0, 3), ("3", 3), (25, 25)])
def test_it_has_as_many_instances_as_its_profile_keeps(least: Any, instances: int) -> None:
    found = read(service(of="urn:own"), profile(least))

    assert (found.instances, notes(found)) == (instances, [])


@pytest.mark.parametrize("least", [0, 26, -1, 1.5, "many"])
def test_a_minimum_that_app_runner_does_not_take_is_assumed_to_be_one(least: Any) -> None:
    found = read(service(of="urn:own"), profile(least))

    assert (found.instances, found.unknown) == (1, ())
    assert "its minimum is taken to be 1 instance" in notes(found)[0]
    assert notes(found, instances=2) == []


def test_a_profile_is_found_by_its_arn() -> None:
    found = read(service(**{PROFILE: f"{PROFILES}/shared/1/0"}), profile(3), profile(4, name="shared"))

    assert found.instances == 4


def test_a_profile_of_another_program_keeps_an_assumed_instance() -> None:
    found = read(service(**{PROFILE: f"{PROFILES}/elsewhere/1/0"}), profile(3))

    assert (found.instances, found.unknown, len(notes(found))) == (1, (), 1)


def test_an_unknown_profile_and_an_unknown_minimum_are_reported() -> None:
    assert read(service(PROFILE), profile(3)).unknown == (UnknownProperty("urn:api", PROFILE),)
    found = read(service(PROFILE, of="urn:own"), profile(None, "minSize"))
    assert found.unknown == (UnknownProperty("urn:own", "minSize"),)
    assert len(notes(found)) == 1


@pytest.mark.parametrize("shown", [{}, {PROFILE: f"{PROFILES}/DefaultConfiguration/1/0"}])
def test_without_a_profile_it_has_the_default_that_the_program_sets_in_its_region(shown: dict[str, str]) -> None:
    assert read(service(**shown), profile(2), default()).instances == 2
    assert read(service(**shown), profile(2), default("us-east-1")).instances == 1
    assert read(service(**shown)).instances == 1
    assert read(service(of="urn:own"), profile(2), profile(3, name="other"), default(of="other")).instances == 2


def test_a_default_of_another_program_keeps_an_assumed_instance() -> None:
    found = read(service(), default(of="elsewhere", **{PROFILE: f"{PROFILES}/elsewhere/1/0"}))

    assert (found.instances, found.unknown, len(notes(found))) == (1, (), 1)


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
def test_automatic_deployments_are_on_unless_the_program_or_a_public_image_forbids_them(
    properties: Any, on: bool
) -> None:
    found = read(service(**properties))

    assert (found.automatic_deployments, found.unknown) == (on, ())
    assert found.bill(Assumptions()).automatic_deployments == (1.0 if on else 0.0)


@pytest.mark.parametrize(("path", "counted"), [(AUTOMATIC, False), (KIND, True)])
def test_an_unknown_fee_is_assumed_and_reported(path: str, counted: bool) -> None:
    found = read(service(path, **{AUTOMATIC: None}))

    assert (found.automatic_deployments, found.unknown) == (counted, (UnknownProperty("urn:api", path),))
    assert "whether it is deployed automatically is unknown" in notes(found)[0]


def test_the_kind_of_image_does_not_matter_where_the_program_sets_automatic_deployments() -> None:
    assert read(service(KIND)).unknown == ()


def test_its_region_is_its_own_that_of_its_arn_or_its_providers() -> None:
    assert read(service(provider="us-east-2", arn=ARN, region="us-west-2")).region == "us-west-2"
    assert read(service(provider="us-east-2", arn=ARN)).region == "eu-west-1"
    assert read(service(provider="us-east-2", arn="made up")).region == "us-east-2"
    assert read(service(provider=None)).region is None


def test_rates_that_are_not_known_are_those_of_us_east_1() -> None:
    found = read(service(provider="ap-northeast-1"))

    assert found.rates == US_EAST_1
    assert notes(found) == ["The rates of ap-northeast-1 are not known here: those of us-east-1 stand in for them."]
