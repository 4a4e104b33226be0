"""Inputs: errors, and the provider's defaults."""

import pytest

from apprunner_local.provider.provider import FailedError, Provider
from local_aws.resources import ALLOW, IMAGE, QUEUE, ROLE, SCALING, SERVICE, TRUST


def test_an_unknown_type_is_an_error(provider: Provider) -> None:
    with pytest.raises(FailedError, match="aws:s3/bucket:Bucket: the emulated provider does not support"):
        provider.check("aws:s3/bucket:Bucket", "orders", {}, {}, b"")


def test_an_unknown_property_is_an_error_with_its_path(provider: Provider) -> None:
    wrong = {"serviceName": "orders", "sourceConfiguration": {"imageRepositry": {}}}
    with pytest.raises(ValueError, match=r"sourceConfiguration\.imageRepositry.*unknown property"):
        provider.check(SERVICE, "orders", {}, wrong, b"")


def test_a_missing_property_is_an_error(provider: Provider) -> None:
    with pytest.raises(ValueError, match=r"sourceConfiguration.*is required"):
        provider.check(SERVICE, "orders", {}, {"serviceName": "orders"}, b"")


def test_a_value_outside_of_awss_model_is_an_error(provider: Provider) -> None:
    with pytest.raises(ValueError, match="MinSize: must be 1 to"):
        provider.check(SCALING, "orders", {}, {"autoScalingConfigurationName": "orders", "minSize": 0}, b"")


@pytest.mark.parametrize(("type", "longest"), [(ROLE, 64), (QUEUE, 80)])
def test_a_generated_name_that_is_too_long_is_an_error(provider: Provider, type: str, longest: int) -> None:
    inputs = {"assumeRolePolicy": ALLOW} if type == ROLE else {}
    name = "n" * (longest - 8)
    assert len(provider.check(type, name, {}, inputs, b"seed")["name"]) == longest
    with pytest.raises(ValueError, match=f"name 'n+-' plus 7 random chars is longer than maximum length {longest}"):
        provider.check(type, f"{name}n", {}, inputs, b"seed")


def test_a_name_is_generated_once(provider: Provider) -> None:
    first = provider.check(ROLE, "orders", {}, {"assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"}, b"one")
    again = provider.check(ROLE, "orders", first, {"assumeRolePolicy": ALLOW}, b"two")
    assert first["name"].startswith("orders-")
    assert again["name"] == first["name"]


def test_the_defaults_are_those_of_pulumi_aws(provider: Provider) -> None:
    checked = provider.check(
        SERVICE,
        "orders",
        {},
        {
            "serviceName": "orders",
            "sourceConfiguration": {"imageRepository": IMAGE["imageRepository"]},
            "networkConfiguration": {"ingressConfiguration": {}},
        },
        b"",
    )
    assert checked["sourceConfiguration"]["autoDeploymentsEnabled"] is True
    assert checked["networkConfiguration"]["ingressConfiguration"]["isPubliclyAccessible"] is False
    assert "healthCheckConfiguration" not in checked
