"""The user's stub values for functions, stack references and outputs."""

import pulumi
import pulumi_aws as aws
import pytest

from offline.team import ROLE, role
from pulumi_apprunner.testing import UNKNOWN, Stubs, run


def test_a_function_without_a_stub_value_is_an_error_with_an_example() -> None:
    with pytest.raises(pulumi.RunError) as caught:
        run(lambda: aws.ec2.get_vpc(default=True) and None)
    assert 'aws:ec2/getVpc:getVpc:\n    - args: {"default": true}' in str(caught.value)


def test_the_output_form_of_a_function_without_a_stub_value_is_unknown() -> None:
    graph = run(lambda: pulumi.export("id", aws.ec2.get_vpc_output(default=True).id))
    assert graph.exports == {"id": UNKNOWN}


def test_both_forms_of_a_function_return_the_stub_value() -> None:
    def program() -> None:
        pulumi.export("plain", aws.ec2.get_vpc(default=True).id)
        pulumi.export("output", aws.ec2.get_vpc_output(default=True).id)

    stubs = Stubs(invokes={"aws:ec2/getVpc:getVpc": {"id": "vpc-1"}})
    assert run(program, stubs=stubs, unknown=True).exports == {"plain": "vpc-1", "output": "vpc-1"}


def test_a_stub_value_may_depend_on_the_arguments() -> None:
    def program() -> None:
        for id in ("subnet-1", "subnet-2", "subnet-3"):
            pulumi.export(id, aws.ec2.get_subnet_output(id=id).availability_zone)

    cases = [
        {"args": {"id": f"subnet-{n}"}, "returns": {"availabilityZone": f"us-east-1{z}"}}
        for n, z in ((1, "a"), (2, "b"))
    ]
    graph = run(program, stubs=Stubs(invokes={"aws:ec2/getSubnet:getSubnet": cases}))
    assert graph.exports == {"subnet-1": "us-east-1a", "subnet-2": "us-east-1b", "subnet-3": UNKNOWN}


def reference() -> None:
    network = pulumi.StackReference("acme/network/prod")
    pulumi.export("required", network.require_output("subnetIds"))
    pulumi.export("got", network.get_output("subnetIds"))


def test_outputs_of_another_stack_are_unknown_without_stub_values() -> None:
    assert run(reference).exports == {"required": UNKNOWN, "got": UNKNOWN}


def test_outputs_of_another_stack_have_the_stub_values() -> None:
    stubs = Stubs(stack_references={"acme/network/prod": {"subnetIds": ["subnet-1"]}})
    assert run(reference, stubs=stubs).exports == {"required": ["subnet-1"], "got": ["subnet-1"]}


def test_outputs_of_a_resource_type_have_the_stub_values() -> None:
    stubs = Stubs(resources={ROLE: {"arn": "arn:aws:iam::123456789012:role/mine", "id": "mine"}})
    role_of = run(lambda: role("r") and None, stubs=stubs, unknown=True).named("r")
    assert (role_of.id, role_of.outputs["arn"]) == ("mine", "arn:aws:iam::123456789012:role/mine")


def test_an_imported_resource_has_the_stub_values_of_one_that_is_read() -> None:
    arn = "arn:aws:kms:eu-west-1:123456789012:key/5f2b7c1e-8d3a-4e6f-9b10-2c4d6e8f0a1b"
    graph = run(lambda: aws.kms.Key("key", opts=pulumi.ResourceOptions(import_=arn.rpartition("/")[2])))

    assert graph.named("key").outputs["arn"].rpartition("/")[2] == arn.rpartition("/")[2]
