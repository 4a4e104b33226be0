"""The configuration that a program reads in a run."""

import os
from collections.abc import Callable
from typing import Any

import pulumi
import pytest
from pulumi import Output

from pulumi_apprunner.testing import UNKNOWN, Secret, run


def test_config_is_read_as_pulumi_reads_it() -> None:
    seen: dict[str, Any] = {}

    def program() -> None:
        config = pulumi.Config()
        seen.update(
            a=config.get("a"), port=config.get_int("port"), on=config.get_bool("on"), map=config.get_object("map")
        )
        seen["region"] = pulumi.Config("aws").require("region")

    run(program, config={"a": "20:00", "port": 80, "on": True, "map": {"k": [1]}, "aws:region": "eu-west-1"})
    assert seen == {"a": "20:00", "port": 80, "on": True, "map": {"k": [1]}, "region": "eu-west-1"}


def test_a_secret_key_is_secret_to_the_program() -> None:
    graph = run(
        lambda: pulumi.export("pw", pulumi.Config().require_secret("pw")), config={"pw": "x"}, secret_keys=["pw"]
    )
    assert graph.exports == {"pw": Secret("x")}


def unknown_secret() -> Any:
    """Return the SDK's own result for an unknown secret: up to 3.260 it is no longer secret."""
    return run(lambda: pulumi.export("value", Output.secret(pulumi.output.UNKNOWN))).exports["value"]


@pytest.mark.parametrize(
    "read",
    [
        lambda config: config.require_secret("pw"),
        lambda config: config.require_secret_int("pw"),
        lambda config: config.require_secret_bool("pw"),
        lambda config: config.require_secret_object("pw"),
        lambda config: config.require_secret_object("map")["deep"],
        lambda config: config.get_secret_float("pw"),
    ],
)
def test_an_encrypted_value_is_an_unknown_secret(read: Callable[[pulumi.Config], Output[Any]]) -> None:
    config = {"pw": Secret(UNKNOWN), "map": {"deep": Secret(UNKNOWN), "plain": 1}}
    graph = run(lambda: pulumi.export("value", read(pulumi.Config())), config=config)
    assert graph.exports == {"value": unknown_secret()}


def test_plain_values_next_to_an_encrypted_one_stay_known() -> None:
    seen: list[Any] = []
    config = {"map": {"deep": Secret(UNKNOWN), "plain": 1}}
    run(lambda: seen.append(pulumi.Config().require_object("map")["plain"]), config=config)
    assert seen == [1]


def test_a_run_restores_config_and_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"project:a": "before"}')
    run(lambda: None, config={"a": "within"})
    assert os.environ["PULUMI_CONFIG"] == '{"project:a": "before"}'
    assert "PULUMI_CONFIG_SECRET_KEYS" not in os.environ
    assert pulumi.Config("project").get("a") == "before"
