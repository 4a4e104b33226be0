"""The state that components share in one run of a program."""

import asyncio
from typing import Any

import pulumi
import pytest

from apprunner_local.apprunner import AppRunner
from local_aws.requests import running
from pulumi_apprunner import Lifecycle
from pulumi_apprunner.lifecycle import Access, WatchedService
from pulumi_apprunner.lifecycle.retries import deletion
from pulumi_apprunner.lifecycle.runs import Case, Run
from pulumi_apprunner.offline.sdk import await_result
from pulumi_apprunner.testing import run as run_program


def test_each_access_has_one_session() -> None:
    run = Run()
    assert run.session(Access(region="eu-west-1")) is run.session(Access(region="eu-west-1"))
    assert run.session(Access(region="eu-west-1")) is not run.session(Access(region="us-east-1"))


def test_concurrent_lookups_share_one_call() -> None:
    calls: list[Run] = []

    async def look_up(run: Run) -> int:
        calls.append(run)
        await asyncio.sleep(0)
        return len(calls)

    async def program() -> tuple[int, int]:
        run = Run()
        first, second = await asyncio.gather(run.once(look_up), run.once(look_up))
        return first, second

    assert await_result(program()) == (1, 1)


@pytest.mark.parametrize("value", ["known", "secret", "late"])
def test_inputs_are_resolved_in_the_programs_loop_from_another_loop(value: str) -> None:
    resolved: list[Any] = []

    async def program() -> None:
        run = Run()

        async def late() -> str:
            return "x"

        inputs = {"known": "x", "secret": pulumi.Output.secret("x"), "late": late()}
        wanted = {"block": {"value": inputs[value]}}
        from_another_loop = asyncio.to_thread(lambda: asyncio.run(run.resolved(wanted)))
        resolved.append(await from_another_loop)
        for each in inputs.values():
            if asyncio.iscoroutine(each):
                each.close()

    run_program(program)
    assert resolved == [{"block": {"value": "x"}}]


def test_unknown_inputs_resolve_to_an_empty_mapping() -> None:
    resolved: list[Any] = []

    async def program() -> None:
        unknown = pulumi.Output.from_input(pulumi.output.UNKNOWN)
        resolved.append(await Run().resolved({"known": "x", "unknown": unknown}))

    run_program(program)
    assert resolved == [{}]


@pytest.mark.usefixtures("own_account")
def test_rejected_deletions_look_up_each_service_once(client: Any, plane: AppRunner) -> None:
    arns = [running(client, plane, f"service-{number}") for number in range(5)]
    plane.calls.clear()
    rejected = "InvalidRequestException: It's used by one or more services."

    async def program() -> list[bool]:
        run = Run()
        run.cases += [Case(WatchedService("api", Lifecycle(), Access()), arn) for arn in arns]
        hook_args = [
            pulumi.ErrorHookArgs("urn", f"arn-{each}", "scaling", "", None, {}, {}, "delete", [rejected])
            for each in range(10)
        ]
        return await asyncio.gather(*(deletion(run, each, "'scaling'") for each in hook_args))

    results: list[list[bool]] = []

    async def main() -> None:
        results.append(await program())

    run_program(main)
    assert results == [[True] * 10]
    assert [call.operation for call in plane.calls].count("DescribeService") == len(arns)
