"""The graph that a run returns: URNs, parents, dependencies, inputs, secrets, exports, options."""

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from offline.team import Team, role
from pulumi_apprunner.testing import UNKNOWN, Secret, run


def test_urns_contain_the_types_of_all_ancestors() -> None:
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


def test_children_directly_follow_their_parents() -> None:
    def program() -> None:
        first, second = Team("first"), Team("second")
        role("late", parent=first)
        role("later", parent=second)

    names = [each.name for each in run(program).resources]
    assert names == ["first", "first-role", "late", "second", "second-role", "later"]


def test_dependencies_are_recorded_for_the_resource_and_for_each_input() -> None:
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


def test_a_secret_is_marked_and_its_repr_hides_it() -> None:
    def program() -> None:
        aws.ssm.Parameter("p", type="SecureString", value=Output.secret("hunter2"), tags={"t": Output.secret("deep")})

    parameter = run(program).named("p")
    assert parameter["value"] == Secret("hunter2")
    assert "hunter2" not in f"{parameter['value']} {parameter['value']!r}"
    assert parameter["tags"] == {"t": Secret("deep")}


def test_exports_are_the_stack_outputs() -> None:
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


def test_options_that_a_program_does_not_set_are_empty() -> None:
    resource = run(lambda: role("r") and None).named("r")
    assert (resource.delete_before_replace, resource.replacement_trigger, resource.provider) == (None, None, None)


def test_a_component_has_the_outputs_that_it_registers() -> None:
    graph = run(lambda: Team("web") and None)
    assert graph.named("web").outputs == {"roleArn": graph.named("web-role").outputs["arn"]}


def test_an_existing_resource_is_read_with_its_id() -> None:
    def program() -> None:
        pulumi.export("arn", aws.kms.Key.get("key", "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9").arn)

    graph = run(program)
    assert (graph.named("key").read, graph.named("key").id) == (True, "0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")
    assert graph.exports["arn"].endswith("key/0a1b2c3d-4e5f-4071-8293-a4b5c6d7e8f9")
