"""Running a function as a program."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import Output, ResourceOptions

from pulumi_apprunner.testing import UNKNOWN, ProgramExit, Secret, SeveralErrors, StandIns, run

ROLE = "aws:iam/role:Role"


def role(name: str, **options: Any) -> aws.iam.Role:
    return aws.iam.Role(name, assume_role_policy="{}", opts=ResourceOptions(**options))


class Team(pulumi.ComponentResource):
    def __init__(self, name: str, opts: ResourceOptions | None = None) -> None:
        super().__init__("acme:index:Team", name, {}, opts)
        self.role = role(f"{name}-role", parent=self)
        self.register_outputs({"roleArn": self.role.arn})


# What a run hands back


def test_urns_are_those_of_the_engine_with_the_types_of_all_parents() -> None:
    class Company(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("acme:index:Company", "acme")
            Team("web", ResourceOptions(parent=self))

    graph = run(Company, project="people", stack="prod")
    assert [each.urn for each in graph.resources] == [
        "urn:pulumi:prod::people::acme:index:Company::acme",
        "urn:pulumi:prod::people::acme:index:Company$acme:index:Team::web",
        "urn:pulumi:prod::people::acme:index:Company$acme:index:Team$aws:iam/role:Role::web-role",
    ]


def test_parents_stand_before_their_children_and_children_right_behind_them() -> None:
    def program() -> None:
        first, second = Team("first"), Team("second")
        role("late", parent=first)
        role("later", parent=second)

    names = [each.name for each in run(program).resources]
    assert names == ["first", "first-role", "late", "second", "second-role", "later"]


def test_dependencies_are_told_as_a_whole_and_for_each_input() -> None:
    def program() -> None:
        first = role("first")
        aws.iam.RolePolicy("policy", role=first.name, policy="{}", opts=ResourceOptions(depends_on=[role("second")]))

    graph = run(program)
    policy = graph.named("policy")
    assert policy.dependencies == (graph.named("first").urn, graph.named("second").urn)
    assert policy.property_dependencies == {"role": (graph.named("first").urn,)}


def test_inputs_are_plain_python_with_whole_numbers_as_ints() -> None:
    def program() -> None:
        aws.sqs.Queue("q", delay_seconds=5, fifo_queue=True, tags={"a": "b"})
        aws.cloudwatch.MetricAlarm("a", comparison_operator="x", evaluation_periods=1, threshold=0.5)

    graph = run(program)
    assert graph.named("q").inputs == {"delaySeconds": 5, "fifoQueue": True, "tags": {"a": "b"}}
    assert type(graph.named("q")["delaySeconds"]) is int
    assert graph.named("a")["threshold"] == 0.5


def test_a_secret_is_marked_and_does_not_show_itself() -> None:
    def program() -> None:
        aws.ssm.Parameter("p", type="SecureString", value=Output.secret("hunter2"), tags={"t": Output.secret("deep")})

    parameter = run(program).named("p")
    assert parameter["value"] == Secret("hunter2")
    assert "hunter2" not in f"{parameter['value']} {parameter['value']!r}"
    assert parameter["tags"] == {"t": Secret("deep")}


def test_exports_are_what_the_stack_would_show() -> None:
    def program() -> None:
        pulumi.export("plain", {"a": [1, "b"]})
        pulumi.export("secret", Output.secret("s"))
        pulumi.export("unknown", aws.ec2.get_vpc_output(default=True).id)

    assert run(program).exports == {"plain": {"a": [1, "b"]}, "secret": Secret("s"), "unknown": UNKNOWN}


def test_options_of_a_resource_are_kept() -> None:
    def program() -> None:
        old = pulumi.Alias(name="old", parent=pulumi.ROOT_STACK_RESOURCE)
        provider = aws.Provider("ireland", region="eu-west-1")
        role(
            "r",
            provider=provider,
            protect=True,
            ignore_changes=["tags"],
            replace_on_changes=["path"],
            delete_before_replace=True,
            retain_on_delete=True,
            aliases=[old, pulumi.Alias(type_="aws:iam/role:Rolle")],
            import_="existing",
            custom_timeouts=pulumi.CustomTimeouts(create="20m"),
            additional_secret_outputs=["arn"],
            replacement_trigger="image",
        )

    graph = run(program)
    resource = graph.named("r")
    assert resource.provider == graph.named("ireland").urn
    assert (resource.protect, resource.retain_on_delete, resource.delete_before_replace) == (True, True, True)
    assert (resource.ignore_changes, resource.replace_on_changes) == (("tags",), ("path",))
    assert resource.aliases == (
        "urn:pulumi:stack::project::aws:iam/role:Role::old",
        "urn:pulumi:stack::project::aws:iam/role:Rolle::r",
    )
    assert (resource.import_id, resource.id) == ("existing", "existing")
    assert resource.custom_timeouts == {"create": "20m"}
    assert resource.additional_secret_outputs == ("arn",)
    assert resource.replacement_trigger == "image"


def test_what_a_program_does_not_say_is_not_made_up() -> None:
    resource = run(lambda: role("r") and None).named("r")
    assert (resource.delete_before_replace, resource.replacement_trigger, resource.provider) == (None, None, None)


def test_a_component_has_the_outputs_that_it_registers() -> None:
    graph = run(lambda: Team("web") and None)
    assert graph.named("web").outputs == {"roleArn": graph.named("web-role").outputs["arn"]}


def test_what_exists_already_is_read_under_its_id() -> None:
    def program() -> None:
        pulumi.export("arn", aws.kms.Key.get("key", "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9").arn)

    graph = run(program)
    assert (graph.named("key").read, graph.named("key").id) == (True, "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")
    assert graph.exports["arn"].endswith("key/0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")


def test_what_a_program_logs_is_kept_in_order_without_debug_messages() -> None:
    def program() -> None:
        pulumi.log.debug("no")
        pulumi.log.info("one")
        pulumi.log.warn("two")

    assert run(program).messages == ("info: one", "warning: two")


def test_the_same_program_gives_the_same_graph_every_time() -> None:
    def program() -> None:
        for index in range(20):
            team = Team(f"t{index}")
            aws.iam.RolePolicy(f"p{index}", role=team.role.name, policy=team.role.arn)

    assert run(program) == run(program)


# A preview


def test_a_run_is_a_preview_of_the_stack_that_it_is_told() -> None:
    seen: list[Any] = []
    run(
        lambda: seen.extend([pulumi.runtime.is_dry_run(), pulumi.get_project(), pulumi.get_stack()]),
        project="p",
        stack="s",
    )
    assert seen == [True, "p", "s"]


def test_with_unknown_nothing_that_aws_would_return_is_known() -> None:
    def program() -> None:
        made = role("r")
        pulumi.export("arn", made.arn)
        pulumi.export("id", made.id)
        pulumi.export("given", made.assume_role_policy)
        aws.iam.RolePolicy("p", role=made.name, policy="{}")

    graph = run(program, unknown=True)
    assert graph.exports == {"arn": UNKNOWN, "id": UNKNOWN, "given": "{}"}
    assert graph.named("p")["role"] is UNKNOWN
    assert graph.named("r").id is None


def test_an_apply_on_what_is_unknown_does_not_run() -> None:
    ran: list[Any] = []
    run(lambda: role("r").arn.apply(ran.append) and None, unknown=True)
    assert ran == []


def test_code_that_looks_for_the_sdks_mocks_before_it_calls_aws_finds_them() -> None:
    from pulumi.runtime import mocks, settings

    found: list[bool] = []
    run(lambda: found.append(isinstance(settings.get_monitor(), mocks.MockMonitor)))
    assert found == [True]


def test_hooks_are_registered_and_never_called() -> None:
    called: list[Any] = []

    async def hook(args: Any) -> None:
        called.append(args)

    def program() -> None:
        role("r", hooks=pulumi.ResourceHookBinding(before_create=[pulumi.ResourceHook("wait", hook)]))

    assert run(program).named("r").hooks == {"before_create": ("wait",)}
    assert called == []


# Configuration


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


def unreadable() -> Any:
    """Return what the SDK itself makes of an unknown secret: up to 3.260 it drops that it is secret."""
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
def test_a_value_that_cannot_be_read_is_an_unknown_secret(read: Callable[[pulumi.Config], Output[Any]]) -> None:
    config = {"pw": Secret(UNKNOWN), "map": {"deep": Secret(UNKNOWN), "plain": 1}}
    graph = run(lambda: pulumi.export("value", read(pulumi.Config())), config=config)
    assert graph.exports == {"value": unreadable()}


def test_what_is_plain_beside_a_secret_stays_known_to_the_program() -> None:
    seen: list[Any] = []
    config = {"map": {"deep": Secret(UNKNOWN), "plain": 1}}
    run(lambda: seen.append(pulumi.Config().require_object("map")["plain"]), config=config)
    assert seen == [1]


def test_afterwards_config_and_environment_are_as_they_were(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULUMI_CONFIG", '{"project:a": "before"}')
    run(lambda: None, config={"a": "within"})
    assert os.environ["PULUMI_CONFIG"] == '{"project:a": "before"}'
    assert "PULUMI_CONFIG_SECRET_KEYS" not in os.environ
    assert pulumi.Config("project").get("a") == "before"


# What goes wrong


def test_what_a_program_raises_comes_out_as_it_is() -> None:
    class MyError(pulumi.RunError):
        pass

    mine = MyError("mine")

    def program() -> None:
        raise mine

    with pytest.raises(MyError) as caught:
        run(program)
    assert caught.value is mine


def test_an_apply_whose_result_nobody_uses_fails_the_run() -> None:
    with pytest.raises(ZeroDivisionError):
        run(lambda: Output.from_input(0).apply(lambda zero: 1 // zero) and None)


def test_a_failing_apply_is_told_as_itself_and_not_by_the_resource_that_it_feeds() -> None:
    with pytest.raises(ValueError, match=r"^invalid literal"):
        run(lambda: aws.iam.Role("r", assume_role_policy=Output.from_input("x").apply(int)) and None)  # type: ignore[arg-type]


def test_failures_in_several_outputs_are_all_told_in_order_each_once() -> None:
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


def test_two_resources_of_one_type_name_and_parent_are_refused() -> None:
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

    assert len(run(program).of_type(ROLE)) == 2


def test_sys_exit_with_a_status_is_an_error_that_names_it() -> None:
    with pytest.raises(ProgramExit, match=r"sys\.exit\(3\)"):
        run(lambda: sys.exit(3))


def test_sys_exit_with_a_message_is_an_error_that_says_it() -> None:
    with pytest.raises(ProgramExit, match=r"^no licence$"):
        run(lambda: sys.exit("no licence"))


def test_sys_exit_to_say_that_all_is_well_ends_the_program() -> None:
    def program() -> None:
        role("before")
        sys.exit(0)

    assert run(program).named("before").type == ROLE


def test_sys_exit_in_an_apply_ends_the_run() -> None:
    with pytest.raises(ProgramExit):
        run(lambda: Output.from_input(1).apply(lambda _: sys.exit(4)) and None)


def test_what_still_waits_for_long_does_not_hold_up_an_error() -> None:
    async def program() -> None:
        Output.from_input(asyncio.sleep(3600))
        raise pulumi.RunError("now")

    with pytest.raises(pulumi.RunError, match=r"now"):
        run(program)


def test_a_run_that_failed_leaves_nothing_to_the_next() -> None:
    with pytest.raises(pulumi.RunError):
        run(lambda: Output.from_input(1).apply(lambda _: _raise(pulumi.RunError("x"))) and None)
    assert [each.name for each in run(lambda: role("r") and None).resources] == ["r"]


def _raise(error: Exception) -> None:
    raise error


# Ways to write a program


def test_a_coroutine_function_is_awaited() -> None:
    async def program() -> None:
        await asyncio.sleep(0)
        role("r")

    assert run(program).named("r").type == ROLE


def test_an_entry_point_given_to_pulumi_run_is_awaited_and_its_result_exported() -> None:
    async def main() -> dict[str, Any]:
        await asyncio.sleep(0)
        return {"arn": role("r").arn}

    graph = run(lambda: pulumi.run(main))
    assert graph.exports["arn"] == graph.named("r").outputs["arn"]


def test_a_run_inside_of_a_running_event_loop_works() -> None:
    async def test() -> str:
        return run(lambda: role("r") and None).named("r").type

    loop = asyncio.new_event_loop()
    assert loop.run_until_complete(test()) == ROLE
    loop.close()


def test_a_program_may_hand_work_to_threads() -> None:
    async def program() -> None:
        pulumi.export("worked", await asyncio.to_thread(lambda: "yes"))

    assert run(program).exports == {"worked": "yes"}


# Functions, and other stacks


def test_a_function_that_nobody_answers_is_an_error_that_shows_what_to_write() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        run(lambda: aws.ec2.get_vpc(default=True) and None)
    assert 'aws:ec2/getVpc:getVpc:\n    - args: {"default": true}' in str(caught.value)


def test_its_output_form_is_unknown() -> None:
    graph = run(lambda: pulumi.export("id", aws.ec2.get_vpc_output(default=True).id))
    assert graph.exports == {"id": UNKNOWN}


def test_both_forms_take_their_answer_from_the_stand_ins() -> None:
    def program() -> None:
        pulumi.export("plain", aws.ec2.get_vpc(default=True).id)
        pulumi.export("output", aws.ec2.get_vpc_output(default=True).id)

    stand_ins = StandIns(invokes={"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}})
    assert run(program, stand_ins=stand_ins, unknown=True).exports == {"plain": "vpc-1", "output": "vpc-1"}


def test_an_answer_may_depend_on_the_arguments() -> None:
    def program() -> None:
        for id in ("subnet-1", "subnet-2", "subnet-3"):
            pulumi.export(id, aws.ec2.get_subnet_output(id=id).availability_zone)

    cases = [
        {"args": {"id": f"subnet-{n}"}, "returns": {"availabilityZone": f"us-east-1{z}"}}
        for n, z in ((1, "a"), (2, "b"))
    ]
    graph = run(program, stand_ins=StandIns(invokes={"aws:ec2/getSubnet:getSubnet": cases}))
    assert graph.exports == {"subnet-1": "us-east-1a", "subnet-2": "us-east-1b", "subnet-3": UNKNOWN}


def reference() -> None:
    network = pulumi.StackReference("acme/network/prod")
    pulumi.export("required", network.require_output("subnetIds"))
    pulumi.export("got", network.get_output("subnetIds"))


def test_another_stacks_outputs_are_unknown_unless_they_are_given() -> None:
    assert run(reference).exports == {"required": UNKNOWN, "got": UNKNOWN}


def test_another_stacks_outputs_come_from_the_stand_ins() -> None:
    stand_ins = StandIns(stack_references={"acme/network/prod": {"subnetIds": ["subnet-1"]}})
    assert run(reference, stand_ins=stand_ins).exports == {"required": ["subnet-1"], "got": ["subnet-1"]}


def test_outputs_of_a_type_of_resource_can_be_given() -> None:
    stand_ins = StandIns(resources={ROLE: {"arn": "arn:aws:iam::123456789012:role/mine", "id": "mine"}})
    role_of = run(lambda: role("r") and None, stand_ins=stand_ins, unknown=True).named("r")
    assert (role_of.id, role_of.outputs["arn"]) == ("mine", "arn:aws:iam::123456789012:role/mine")
