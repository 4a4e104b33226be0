"""The errors that a run raises, and the state after a failed run."""

import asyncio
import sys

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output

from offline.team import ROLE, Team, role
from pulumi_apprunner.testing import ProgramExit, SeveralErrors, run


def test_a_run_raises_the_programs_own_error() -> None:
    class MyError(pulumi.RunError):
        pass

    mine = MyError("mine")

    def program() -> None:
        raise mine

    with pytest.raises(MyError) as caught:
        run(program)
    assert caught.value is mine


def test_an_error_in_an_apply_without_a_user_fails_the_run() -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: Output.from_input(0).apply(lambda zero: 1 // zero) and None)


def test_a_failed_apply_is_reported_without_the_sdks_wrapper() -> None:
    with pytest.raises(ValueError, match=r"^invalid literal"):
        run(lambda: aws.iam.Role("r", assume_role_policy=Output.from_input("x").apply(int)) and None)  # type: ignore[arg-type]


def test_errors_of_several_outputs_are_reported_in_order_and_once() -> None:
    def program() -> None:
        broken = Output.from_input("a").apply(int)
        role("uses-it", depends_on=[])
        Output.all(broken, broken)
        aws.iam.Role("r", assume_role_policy=broken.apply(str))
        Output.from_input({}).apply(lambda empty: empty["key"])

    with pytest.raises(SeveralErrors) as caught:
        run(program)
    assert [type(each) for each in caught.value.errors] == [ValueError, KeyError]


def test_the_programs_own_error_comes_before_those_of_outputs() -> None:
    def program() -> None:
        Output.from_input("a").apply(int)
        raise pulumi.RunError("own")

    with pytest.raises(SeveralErrors) as caught:
        run(program)
    assert [type(each) for each in caught.value.errors] == [pulumi.RunError, ValueError]


def test_two_resources_with_the_same_type_name_and_parent_are_an_error() -> None:
    def program() -> None:
        role("same")
        role("same")

    with pytest.raises(
        pulumi.RunError, match=r"Duplicate resource URN 'urn:pulumi:stack::project::aws:iam/role:Role::same'"
    ):
        run(program)


def test_the_same_name_under_another_parent_is_allowed() -> None:
    def program() -> None:
        role("web-role")
        Team("web")

    assert len(run(program).all(ROLE)) == 2


def test_sys_exit_with_a_status_is_an_error_with_the_status() -> None:
    with pytest.raises(ProgramExit, match=r"sys\.exit\(3\)"):
        run(lambda: sys.exit(3))


def test_sys_exit_with_a_message_is_an_error_with_the_message() -> None:
    with pytest.raises(ProgramExit, match=r"^no licence$"):
        run(lambda: sys.exit("no licence"))


def test_sys_exit_with_status_0_ends_the_program() -> None:
    def program() -> None:
        role("before")
        sys.exit(0)

    assert run(program).named("before").type == ROLE


def test_sys_exit_in_an_apply_ends_the_run() -> None:
    with pytest.raises(ProgramExit):
        run(lambda: Output.from_input(1).apply(lambda _: sys.exit(4)) and None)


def test_a_long_running_task_does_not_delay_an_error() -> None:
    async def program() -> None:
        Output.from_input(asyncio.sleep(3600))
        raise pulumi.RunError("now")

    with pytest.raises(pulumi.RunError, match=r"now"):
        run(program)


def test_an_output_that_never_resolves_does_not_delay_the_error_of_another() -> None:
    async def program() -> None:
        Output.from_input(asyncio.sleep(3600))
        Output.from_input("a").apply(int)

    with pytest.raises(ValueError, match="invalid literal"):
        run(program)


def test_a_failed_run_does_not_affect_the_next() -> None:
    with pytest.raises(pulumi.RunError):
        run(lambda: Output.from_input(1).apply(lambda _: _raise(pulumi.RunError("x"))) and None)
    assert [each.name for each in run(lambda: role("r") and None).resources] == ["r"]


def _raise(error: Exception) -> None:
    raise error
