"""The offline engine's faster outputs have the results of the SDK's own."""

import asyncio
import threading
from contextlib import nullcontext
from typing import Any
from unittest import mock

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Alias, Output, ResourceOptions

from offline.team import Team, role
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    CustomDomain,
    CustomDomainArgs,
    HostedZone,
    Image,
    PauseSchedule,
    PauseScheduleArgs,
    RunningWindow,
    Scaling,
    SecretsBinding,
    SecretsBindingArgs,
    SecretSource,
)
from pulumi_apprunner.testing import run

REPOSITORY = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop/api"


def everything() -> None:
    """Components, secrets, aliases, a component's outputs, lifted members, and values that stay unknown."""
    secret = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop/api-AbCdEf"
    binding = SecretsBinding("secrets", SecretsBindingArgs(secrets={"PASSWORD": SecretSource(secret_arn=secret)}))
    service = AppRunnerService(
        "api",
        AppRunnerServiceArgs(
            image=Image(identifier=f"{REPOSITORY}:1"),
            scaling=Scaling(min_size=2),
            environment={"TOKEN": Output.secret("hidden"), "URL": Output.concat("https://", "example.com")},
            secrets=[binding.bound],
        ),
    )
    zone = HostedZone(id="Z0123456789ABCDEFGHIJ", name="example.com")
    CustomDomain("domain", CustomDomainArgs(service_arn=service.arn, domain_name="api.example.com", zone=zone))
    window = RunningWindow(days="Mon-Fri", start="07:00", end="20:00")
    PauseSchedule("hours", PauseScheduleArgs(service_arn=service.arn, timezone="Europe/Berlin", running=[window]))
    team = Team("team")
    first = role("first", parent=team, aliases=[Alias(name="old"), Alias(parent=pulumi.ROOT_STACK_RESOURCE)])
    renamed = Team("renamed", ResourceOptions(aliases=[Alias(name="before")]))
    role("renamed-member", parent=renamed, depends_on=[first, service])
    queue = aws.sqs.Queue("queue", name=first.name.apply(lambda name: f"{name}-queue"), tags={"role": first.arn})
    pulumi.export("queue", {"arn": queue.arn, "url": queue.url, "length": first.arn.apply(len)})
    pulumi.export("service", service.url)


@pytest.mark.parametrize("unknown", [False, True])
def test_a_graph_equals_that_of_the_sdks_own_outputs(unknown: bool) -> None:
    ours = run(everything, unknown=unknown)
    with mock.patch("pulumi_apprunner.offline.sdk.running.fast_outputs", nullcontext):
        theirs = run(everything, unknown=unknown)
    # The order may differ: the SDK waits longer before it registers what depends on other resources.
    assert {each.urn: each for each in ours.resources} == {each.urn: each for each in theirs.resources}
    assert ours.exports == theirs.exports
    assert ours.messages == theirs.messages


def test_outputs_know_their_resources_and_whether_they_are_secret() -> None:
    seen: list[Any] = []

    async def program() -> None:
        one = aws.sqs.Queue("one", name=Output.secret("hidden"))
        for output in (one.name, one.arn, one.urn):
            names = {each._name for each in await output.resources()}  # pyright: ignore[reportPrivateUsage]
            seen.append((names, await output.is_secret()))

    run(program)
    assert seen == [({"one"}, True), ({"one"}, False), ({"one"}, False)]


def test_outputs_of_a_resource_that_cannot_be_registered_have_its_error() -> None:
    seen: list[BaseException | None] = []

    async def program() -> None:
        role("same")
        again = role("same")
        try:
            await again.arn.future()
        except pulumi.RunError as error:
            seen.append(error)

    try:
        run(program)
    except pulumi.RunError as error:
        seen.append(error)
    assert len(seen) == 2
    assert seen[0] is seen[1]
    assert "Duplicate resource URN" in str(seen[0])


def test_outputs_in_another_thread_are_the_sdks_own() -> None:
    values: list[Any] = []

    async def elsewhere() -> None:
        values.append(await Output.from_input("a").apply(str.upper).future())

    def program() -> None:
        role("one")
        thread = threading.Thread(target=lambda: asyncio.run(elsewhere()))
        thread.start()
        thread.join()

    assert [each.name for each in run(program).resources] == ["one"]
    assert values == ["A"]
