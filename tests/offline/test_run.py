"""Running a function as a program in a preview."""

import asyncio
from typing import Any

import pulumi
import pulumi_aws as aws

from offline.team import ROLE, Team, role
from pulumi_apprunner.testing import UNKNOWN, run


def test_messages_are_collected_in_order_without_debug_messages() -> None:
    def program() -> None:
        pulumi.log.debug("no")
        pulumi.log.info("one")
        pulumi.log.warn("two")

    assert run(program).messages == ("info: one", "warning: two")


def test_a_program_has_the_same_graph_in_every_run() -> None:
    def program() -> None:
        for index in range(20):
            team = Team(f"t{index}")
            aws.iam.RolePolicy(f"p{index}", role=team.role.name, policy=team.role.arn)

    assert run(program) == run(program)


# A preview


def test_a_run_is_a_preview_of_the_project_and_stack() -> None:
    seen: list[Any] = []
    run(
        lambda: seen.extend([pulumi.runtime.is_dry_run(), pulumi.get_project(), pulumi.get_stack()]),
        project="p",
        stack="s",
    )
    assert seen == [True, "p", "s"]


def test_with_unknown_all_outputs_of_aws_are_unknown() -> None:
    def program() -> None:
        resource = role("r")
        pulumi.export("arn", resource.arn)
        pulumi.export("id", resource.id)
        pulumi.export("input", resource.assume_role_policy)
        aws.iam.RolePolicy("p", role=resource.name, policy="{}")

    graph = run(program, unknown=True)
    assert graph.exports == {"arn": UNKNOWN, "id": UNKNOWN, "input": "{}"}
    assert graph.named("p")["role"] is UNKNOWN
    assert graph.named("r").id is None


def test_an_apply_on_an_unknown_value_does_not_run() -> None:
    calls: list[Any] = []
    run(lambda: role("r").arn.apply(calls.append) and None, unknown=True)
    assert calls == []


def test_the_monitor_is_one_of_the_sdks_mock_monitors() -> None:
    from pulumi.runtime import mocks, settings

    results: list[bool] = []
    run(lambda: results.append(isinstance(settings.get_monitor(), mocks.MockMonitor)))
    assert results == [True]


def test_hooks_are_registered_and_not_called() -> None:
    called: list[Any] = []

    async def hook(args: Any) -> None:
        called.append(args)

    def program() -> None:
        role("r", hooks=pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("wait", hook)]))

    assert run(program).named("r").hooks == {"before_create": ("wait",)}
    assert called == []


# Forms of programs


def test_a_coroutine_function_is_awaited() -> None:
    async def program() -> None:
        await asyncio.sleep(0)
        role("r")

    assert run(program).named("r").type == ROLE


def test_the_function_passed_to_pulumi_run_is_awaited_and_its_result_exported() -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"arn": role("r").arn}

    graph = run(lambda: pulumi.run(main))
    assert graph.exports["arn"] == graph.named("r").outputs["arn"]


def test_a_run_works_within_a_running_event_loop() -> None:
    async def test() -> str:
        return run(lambda: role("r") and None).named("r").type

    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(test()) == ROLE
    loop.close()


def test_a_program_may_use_threads() -> None:
    async def program() -> None:
        pulumi.export("worked", await asyncio.to_thread(lambda: "yes"))

    assert run(program).exports == {"worked": "yes"}
