"""Results about a stack that rules share, in the offline engine and in requests of the Pulumi engine."""

import gc
import json
import weakref
from collections import UserDict
from contextlib import suppress

import pulumi_aws as aws
import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime import proto
from pulumi_policy import PolicyCustomTimeouts, PolicyResource, PolicyResourceOptions, StackValidationArgs
from pulumi_policy import policy as sdk
from pulumi_policy.proxy import UnknownValueError, unknown_checking_proxy

from apprunner_facts.tokens import QUEUE, ROLE, ROLE_POLICY, SERVICE
from apprunner_policies import POLICIES
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

OPTIONS = PolicyResourceOptions(False, [], None, [], PolicyCustomTimeouts(0, 0, 0), [])


def queue(logical_name, **props):
    urn = f"urn:pulumi:prod::shop::{QUEUE}::{logical_name}"
    return PolicyResource(QUEUE, unknown_checking_proxy(props), urn, logical_name, OPTIONS, None, None, [], {})


def names(resources):
    calls.append(1)
    return {each.urn: each.props.get("name") for each in resources.of(QUEUE)}


calls: list[int] = []


@pytest.fixture(autouse=True)
def no_calls():
    calls.clear()


def test_resources_are_looked_up_by_type_urn_and_reference():
    first, second = queue("first"), queue("second")
    second.property_dependencies["redrivePolicy"] = [first]
    stack = Stack([first, second], {})

    assert stack.of(QUEUE) == [first, second]
    assert stack.of(SERVICE, QUEUE) == [first, second]
    assert stack.by_urn[first.urn] is first
    assert stack.referenced(second, "redrivePolicy", QUEUE) == [first]
    assert stack.referenced(second, "redrivePolicy", SERVICE) == []
    assert stack.referenced(second, "name", QUEUE) == []


def test_rules_with_the_same_resource_objects_share_a_result():
    resources = [queue("first", name="a")]

    one, other = Stack([*resources], {"least": 1}).once(names), Stack([*resources], {"least": 2}).once(names)

    assert one is other
    assert len(calls) == 1


def test_new_resource_objects_with_the_same_urns_get_a_new_result():
    assert [*Stack([queue("q", name="old")], {}).once(names).values()] == ["old"]
    assert [*Stack([queue("q", name="new")], {}).once(names).values()] == ["new"]


def test_another_list_with_the_same_first_resource_gets_a_new_result():
    first = queue("first", name="a")

    assert len(Resources([first]).once(names)) == 1
    assert len(Resources([first, queue("second", name="b")]).once(names)) == 2


def test_an_empty_stack_has_results_too():
    assert Resources([]).once(names) == {}


def test_the_environment_is_read_once_for_all_resources():
    read: list[str] = []

    class Config(UserDict[str, str]):
        def __getitem__(self, key: str) -> str:
            read.append(key)
            return super().__getitem__(key)

    assert not Stack([queue("first"), queue("second")], Config(environment="dev")).is_production
    assert read.count("environment") == 1
    assert not Stack([], {"environment": "prod"}).is_production


def test_a_result_does_not_keep_the_stack_alive():
    resource = queue("q", name="a")
    Stack([resource], {}).once(names)
    alive = weakref.ref(resource)

    del resource
    gc.collect()

    assert alive() is None


def test_no_rule_of_the_pack_keeps_a_stack_alive():
    role = f"urn:pulumi:prod::shop::{ROLE}::role"
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    resource = PolicyResource(
        ROLE, unknown_checking_proxy({"assumeRolePolicy": unknown}), role, "role", OPTIONS, None, None, [], {}
    )
    alive = weakref.ref(resource)
    for rule in POLICIES:
        if isinstance(rule, StackRule):
            with suppress(UnknownValueError):
                rule.validate(StackValidationArgs([resource], {}), lambda message, urn=None: None)

    del resource
    gc.collect()

    assert alive() is None


def request(role_of_the_policy: str) -> proto.AnalyzeStackRequest:
    """Return a request with a policy of the role. All requests have the same URNs."""

    def resource(of_type, name, props):
        return proto.AnalyzerResource(
            type=of_type,
            name=name,
            urn=f"urn:pulumi:prod::shop::{of_type}::{name}",
            properties=json_format.ParseDict(props, struct_pb2.Struct()),
        )

    def document(**statement):
        return json.dumps({"Statement": {"Effect": "Allow", **statement}})

    trust = document(Principal={"Service": "tasks.apprunner.amazonaws.com"}, Action="sts:AssumeRole")
    policy = document(Action="s3:*", Resource="arn:aws:s3:::shop/*")
    return proto.AnalyzeStackRequest(
        resources=[
            resource(ROLE, "api", {"name": "api", "assumeRolePolicy": trust}),
            resource(ROLE_POLICY, "api", {"role": role_of_the_policy, "policy": policy}),
        ]
    )


def test_the_second_request_of_a_process_is_checked_by_its_own_properties():
    servicer = sdk._PolicyAnalyzerServicer("apprunner-policies", "0", POLICIES, sdk.EnforcementLevel.ADVISORY, None)

    def violations(role):
        return [each.policyName for each in servicer.AnalyzeStack(request(role), None).diagnostics]

    assert violations("api") == ["no-wildcard-permissions"]
    assert violations("other") == []
    assert violations("api") == ["no-wildcard-permissions"]


def test_rules_of_the_offline_engine_share_results(report):
    def rule(name):
        new_rule = StackRule(
            name, resource_types=[QUEUE], description="d.", remediation_steps="r.", source=None, config={}
        )

        @new_rule.check
        def check(queue, stack):
            yield f"{stack.once(names)[queue.urn]}"

        return new_rule

    result = report(lambda: aws.sqs.Queue("q", name="orders"), rule("one-rule"), rule("other-rule"))

    assert [each.message for each in result.violations] == ["q: orders", "q: orders"]
    assert len(calls) == 1
