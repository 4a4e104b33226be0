"""Exported states of stacks of pull requests."""

from typing import Any

from apprunner_facts import tokens
from pulumi_apprunner.cli.previews.environments import Environment, read_environment

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/shop-api/8fe1e10304f84fd2b0df550fe98a71fa"
_FLEET = "apprunner:index:Fleet"
_SIZE = {"cpu": "256", "memory": "512"}


def resource(type: str, name: str, **more: Any) -> dict[str, Any]:
    """Return a resource of the state; components are those of this library."""
    urn = f"urn:pulumi:pr-7::shop::{type}::{name}"
    return {"urn": urn, "type": type, "custom": not type.startswith("apprunner:"), **more}


def fleet(number: int | None = 7, expires: str = "2026-12-04", name: str = "shop") -> dict[str, Any]:
    """Return a Fleet; None as number for one without preview."""
    inputs = {} if number is None else {"preview": {"number": number, "expires": expires}}
    return resource(_FLEET, name, inputs=inputs)


def service(created: str = "2026-11-27T05:00:00.123456789Z", **more: Any) -> dict[str, Any]:
    """Return a service."""
    inputs = {"instanceConfiguration": _SIZE}
    values = {"id": ARN, "inputs": inputs, "outputs": {"arn": ARN}, "created": created, **more}
    return resource(tokens.SERVICE, "api-service", **values)


def content(*resources: dict[str, Any], number: int = 7, pending: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return the output of `pulumi stack export` for the stack of a pull request."""
    stack = resource(tokens.STACK, "shop-pr-7")
    provider = resource("pulumi:providers:aws", "default", id="1")
    own = [stack, provider, *resources] if resources else []
    own = [{**each, "urn": each["urn"].replace(":pr-7::", f":pr-{number}::")} for each in own]
    return {"version": 3, "deployment": {"resources": own, "pending_operations": pending or []}}


def environment(*resources: dict[str, Any], number: int = 7, **options: Any) -> Environment:
    """Return the environment that a state describes; by default a Fleet with a service."""
    exported = content(*(resources or (fleet(number), service())), number=number)
    return read_environment(f"pr-{number}", number, "shop", exported, **options)
