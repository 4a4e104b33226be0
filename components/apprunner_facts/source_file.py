"""The schema of apprunner.yaml, which configures a service that App Runner builds from source code."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from apprunner_facts.source import Source

CONFIG_FILE = Source("https://docs.aws.amazon.com/apprunner/latest/dg/config-file-ref.html", date(2026, 11, 27))

NAME = "apprunner.yaml"
"""The only name that App Runner reads, in the source directory."""
VERSION = "1.0"

Kind = Literal["map", "string", "port", "commands", "variables", "secrets"]


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the file.

    Args:
        kind: The form of its value. commands: a list of strings; variables: a list of maps with name and value;
            secrets: a list of maps with name and value-from.
        required: Whether AWS documents it as required in its map.
        keys: The keys of a map.
    """

    kind: Kind
    required: bool = False
    keys: Mapping[str, "Key"] = field(default_factory=lambda: MappingProxyType({}))


_COMMANDS = {"pre-build": Key("commands"), "build": Key("commands", required=True), "post-build": Key("commands")}
_BUILD = {"commands": Key("map", required=True, keys=_COMMANDS), "env": Key("variables")}
_RUN = {
    "runtime-version": Key("string"),
    "pre-run": Key("commands"),
    "command": Key("string", required=True),
    "network": Key("map", keys={"port": Key("port"), "env": Key("string")}),
    "env": Key("variables"),
    "secrets": Key("secrets"),
}
SCHEMA: Mapping[str, Key] = MappingProxyType(
    {
        "version": Key("string", required=True),
        "runtime": Key("string", required=True),
        "build": Key("map", required=True, keys=_BUILD),
        "run": Key("map", required=True, keys=_RUN),
    }
)
"""The top-level keys (CONFIG_FILE)."""

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "healthcheck": "health_check",
        "concurrency": "scaling.max_concurrency",
        "maxconcurrency": "scaling.max_concurrency",
        "scaling": "scaling",
        "autoscaling": "scaling",
        "instance": "size",
        "cpu": "size.cpu",
        "memory": "size.memory",
        "vpc": "vpc_connector_arn",
        "vpcconnector": "vpc_connector_arn",
    }
)
"""Settings that the file does not have, without separators, each with the argument of AppRunnerServiceArgs."""
