"""`apprunner plan --against`: the changes from one plan to another."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import programs
from pulumi_apprunner.cli import comment
from shop import Result, Shop

Program = Callable[[str], Shop]
Change = Mapping[str, Any]


def plan_against(program: Program, before: str, after: str, *options: str) -> Result:
    """Plan one program, then another one, and compare the plans."""
    shop = program(before)
    old = shop.write("old.json", shop.plan("--json", *options).out)
    return program(after).plan("--against", str(old), *options)


def changes(program: Program, before: str, after: str, *options: str) -> Mapping[str, Any]:
    return plan_against(program, before, after, "--json", *options).json["changes"]


def summary(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the kind and the causes of the change of each resource."""
    kinds = ("replaced", "deleted", "created", "updated")
    return {
        each["name"]: " ".join([kind, *(each["because"] or each["changed"])]) for kind in kinds for each in result[kind]
    }


def single_change(result: Mapping[str, Any], kind: str) -> Change:
    [change] = result[kind]
    return change


def service_program(**args: Any) -> str:
    return programs.program(programs.service(**args))


# The cases of tests/engine/test_changes.py


def test_a_change_of_scaling_replaces_the_profile_and_updates_the_service(program: Program) -> None:
    result = changes(program, service_program(), service_program(scaling={"min_size": 2, "max_size": 4}))
    assert summary(result) == {
        "api-scaling": "replaced maxSize minSize",
        "api-service": "updated autoScalingConfigurationArn",
    }
    assert single_change(result, "updated")["notes"] == ["because api-scaling is replaced"]


def test_a_removed_health_check_is_an_update(program: Program) -> None:
    before = service_program(health_check={"protocol": "HTTP", "path": "/healthz"})
    assert changes(program, before, service_program())["updated"][0]["name"] == "api-service"


CODE = {
    "image": None,
    "code": {
        "repository_url": "https://github.com/example/api",
        "branch": "main",
        "runtime": "PYTHON_311",
        "connection_arn": "arn:aws:apprunner:eu-west-1:123456789012:connection/github/0123456789abcdef0123456789abcdef",
    },
    "start_command": "python app.py",
}


@pytest.mark.parametrize(
    ("after", "cause"),
    [
        ({"service_name": "another-name"}, "serviceName"),
        ({"kms_key_arn": programs.KMS_KEY_ARN}, "encryptionConfiguration"),
        (CODE, "replacement_trigger"),
    ],
    ids=["name", "KMS key", "image to code"],
)
def test_a_service_is_replaced_and_the_old_one_deleted_first(
    program: Program, after: dict[str, Any], cause: str
) -> None:
    service = single_change(changes(program, service_program(), service_program(**after)), "replaced")
    assert (service["name"], service["because"]) == ("api-service", [cause])
    assert "the old one is deleted first" in service["notes"]


def test_a_secret_added_later_creates_the_policy_and_updates_the_service(program: Program) -> None:
    bound = (
        "secrets = SecretsBinding('api-secrets', {'secrets': {'DATABASE_PASSWORD': {"
        f"'secret_arn': {programs.SECRET_ARN!r}, 'json_key': 'password'}}}}}})\n"
    )
    after = programs.program(bound, programs.service(secrets=["BOUND"]).replace("'BOUND'", "secrets.bound"))
    result = summary(changes(program, service_program(), after))
    assert result.pop("api-service").startswith("updated sourceConfiguration.imageRepository")
    assert result == {"api-instance-policy": "created"}


def test_an_added_service_does_not_change_another(program: Program) -> None:
    result = summary(
        changes(program, service_program(), programs.program(programs.service(), programs.service("admin")))
    )
    assert {(name.split("-")[0], what) for name, what in result.items()} == {("admin", "created")}


def test_a_removed_service_is_deleted_with_its_domain_and_schedule(program: Program) -> None:
    more = [programs.service("admin"), programs.domain(of="admin"), programs.schedule(of="admin")]
    result = summary(changes(program, programs.program(programs.service(), *more), service_program()))
    assert set(result.values()) == {"deleted"}
    assert {"admin-service", "admin-hours-pause", "api.staging.example.com-association"} <= set(result)


@pytest.mark.parametrize("on", [True, False], ids=["on", "off"])
def test_www_does_not_change_the_other_validation_records(program: Program, on: bool) -> None:
    name = "staging.example.com"
    plain = programs.program(programs.service(), programs.domain(name))
    www = programs.program(programs.service(), programs.domain(name, enable_www_subdomain=True))
    result = summary(changes(program, plain, www) if on else changes(program, www, plain))
    assert result[f"{name}-association"] == "replaced enableWwwSubdomain"
    assert result[f"{name}-validation-www"] == ("created" if on else "deleted")
    assert result[f"{name}-traffic"] == "updated aliases"
    assert not {f"{name}-validation-1", f"{name}-validation-2"} & set(result)


def test_other_subnets_replace_the_connector_and_update_the_service(program: Program) -> None:
    def with_subnets(count: int) -> str:
        egress = {
            "vpc_id": programs.VPC_ID,
            "subnet_ids": programs.SUBNET_IDS[:count],
            "destinations": {"orders-db": {"security_group_id": programs.DATABASE_GROUP_ID, "port": 5432}},
        }
        component = f"private = VpcEgress('private', {egress!r})\n"
        service = programs.service(vpc_connector_arn="ARN").replace("'ARN'", "private.vpc_connector_arn")
        return programs.program(component, service)

    result = summary(changes(program, with_subnets(2), with_subnets(3)))
    assert result["private-group"] == "replaced name"
    assert result["private-ingress-orders-db"] == "replaced referencedSecurityGroupId"
    assert result["private-connector"].startswith("replaced subnets vpcConnectorName")
    assert result["api-service"].startswith("updated networkConfiguration")


# Effects of replacements, and unknown values


def test_a_replaced_service_replaces_its_domain(program: Program) -> None:
    before, after = (
        programs.program(programs.service(service_name=name), programs.domain())
        for name in ("first-name", "second-name")
    )
    result = changes(program, before, after)
    assert summary(result)["api.staging.example.com-association"] == "replaced serviceArn"
    [domain] = [each for each in result["replaced"] if each["name"].endswith("-association")]
    assert domain["notes"] == ["because api-service is replaced", "the old one is deleted first"]


def test_a_replacement_without_a_changed_stub_value_has_effects(program: Program) -> None:
    key = "encryption_configuration={'kms_key': 'arn:aws:kms:eu-west-1:123456789012:key/1'}"
    domain = "aws.apprunner.CustomDomainAssociation('d', domain_name='a.example.com', service_arn=s.arn)"
    result = changes(program, f"s = service('api')\n{domain}", f"s = service('api', {key})\n{domain}")
    assert summary(result) == {"api": "replaced encryptionConfiguration", "d": "replaced serviceArn"}


def test_a_type_outside_the_table_may_be_replaced(program: Program) -> None:
    result = changes(program, "aws.kinesis.Stream('t', shard_count=1)", "aws.kinesis.Stream('t', shard_count=2)")
    assert summary(result) == {"t": "updated shardCount"}
    assert single_change(result, "updated")["notes"] == [
        "may be replaced: apprunner has no facts about changes of this type"
    ]


def test_unknown_in_both_plans_is_not_a_change(program: Program) -> None:
    text = programs.program(programs.service(), programs.domain())
    assert summary(changes(program, text, text, "--unknown")) == {}


def test_unknown_in_one_plan_may_replace(program: Program) -> None:
    before = "aws.sqs.Queue('q', name='a')"
    result = changes(program, before, "aws.sqs.Queue('q', name=aws.ec2.get_vpc_output(default=True).id)")
    assert single_change(result, "updated")["notes"] == ["may be replaced: name is unknown in one of the plans"]


def test_an_ignored_property_is_not_applied(program: Program) -> None:
    text = "aws.apprunner.ObservabilityConfiguration('o', observability_configuration_name='o', {})"
    traced = text.format("trace_configuration={'vendor': 'AWSXRAY'}")
    note = "traceConfiguration is not applied: the provider updates tags only"
    assert single_change(changes(program, text.format(""), traced), "updated")["notes"] == [note]


def test_another_region_of_the_stack_may_replace_resources_with_a_region(program: Program) -> None:
    text = "service('api')\naws.iam.Role('r', assume_role_policy='{}')"
    shop = program(text)
    old = shop.write("old.json", shop.plan("--json").out)
    shop.write("Pulumi.dev.yaml", "config: {'aws:region': us-east-1}\n")
    result = shop.plan("--json", "--against", str(old)).json["changes"]
    assert summary(result) == {"api": "updated"}
    note = "may be replaced: its provider's region changes from eu-west-1 to us-east-1"
    assert single_change(result, "updated")["notes"] == [note]


def test_another_order_of_a_set_is_not_a_change(program: Program) -> None:
    text = "aws.apprunner.VpcConnector('c', vpc_connector_name='c', subnets={}, security_groups=['sg-1'])"
    assert summary(changes(program, text.format("['a', 'b']"), text.format("['b', 'a']"))) == {}


def test_a_rule_with_another_kind_of_source_is_replaced(program: Program) -> None:
    text = "aws.vpc.SecurityGroupIngressRule('r', security_group_id='sg-1', ip_protocol='-1', {})"
    result = changes(program, text.format("cidr_ipv4='10.0.0.0/8'"), text.format("cidr_ipv6='::/0'"))
    assert single_change(result, "replaced")["because"] == ["cidrIpv6"]


# Options


def test_an_ignored_difference_is_not_a_change(program: Program) -> None:
    text = "service('api', tags={}, opts=pulumi.ResourceOptions(ignore_changes=['tags[\"a.b\"]']))"
    assert summary(changes(program, text.format("{'a.b': '1'}"), text.format("{'a.b': '2'}"))) == {}
    result = changes(program, text.format("{'a.b': '1', 'c': '1'}"), text.format("{'a.b': '2', 'c': '2'}"))
    assert summary(result) == {"api": "updated tags.c"}


def test_replace_on_changes_replaces(program: Program) -> None:
    text = "service('api', tags={{'a': '{}'}}, opts=pulumi.ResourceOptions(replace_on_changes=['tags']))"
    assert summary(changes(program, text.format(1), text.format(2))) == {"api": "replaced tags.a"}


def test_an_alias_keeps_a_resource_and_what_depends_on_it(program: Program) -> None:
    domain = "aws.apprunner.CustomDomainAssociation('d', domain_name='a.example.com', service_arn=s.arn)"
    before = f"s = service('api')\n{domain}"
    renamed = "opts=pulumi.ResourceOptions(aliases=[pulumi.Alias(name='api')])"
    assert summary(changes(program, before, f"s = service('new', service_name='shop-api', {renamed})\n{domain}")) == {}


def test_children_inherit_the_alias_of_their_parent(program: Program) -> None:
    text = (
        "class Web(pulumi.ComponentResource):\n"
        "    def __init__(self, name, opts=None):\n"
        "        super().__init__('acme:index:Web', name, {}, opts)\n"
        "        service(f'{name}-service', service_name='x', opts=pulumi.ResourceOptions(parent=self))\n"
    )
    alias = "pulumi.ResourceOptions(aliases=[pulumi.Alias(name='old')])"
    program("").write("web.py", "from parts import *\n" + text)
    before, after = "from web import Web\nWeb('old')", f"from web import Web\nWeb('new', {alias})"
    assert summary(changes(program, before, after)) == {}


def test_another_parent_without_alias_deletes_and_creates(program: Program) -> None:
    parent = "p = pulumi.ComponentResource('acme:index:Web', 'p')\n"
    result = changes(program, "service('api')", f"{parent}service('api', opts=pulumi.ResourceOptions(parent=p))")
    assert [each["name"] for each in result["created"]] == ["api"]
    note = "is created again under another parent. To keep it, set the option `aliases`"
    assert single_change(result, "deleted")["notes"] == [note]


@pytest.mark.parametrize(("after", "kind"), [("", "deleted"), ("service_name='b', ", "replaced")])
def test_a_protected_resource_is_neither_deleted_nor_replaced(program: Program, after: str, kind: str) -> None:
    text = "service('api', {}opts=pulumi.ResourceOptions(protect=True))"
    notes = single_change(changes(program, text.format(""), text.format(after) if after else ""), kind)["notes"]
    assert any(each.startswith("is protected, so Pulumi does not") for each in notes)


def test_protection_may_be_removed_in_the_update_that_replaces(program: Program) -> None:
    before = "service('api', opts=pulumi.ResourceOptions(protect=True))"
    assert single_change(changes(program, before, "service('api', service_name='b')"), "replaced")["notes"] == []


def test_a_resource_that_is_only_read_is_not_a_change(program: Program) -> None:
    assert summary(changes(program, "", "aws.sqs.Queue.get('q', 'https://sqs/q')")) == {}


def test_a_retained_resource_has_a_note(program: Program) -> None:
    before = "aws.sqs.Queue('q', opts=pulumi.ResourceOptions(retain_on_delete=True))"
    assert single_change(changes(program, before, ""), "deleted")["notes"] == ["is kept in AWS (retain_on_delete)"]


# Output for people


def test_changes_are_printed_first_by_risk_with_the_change_of_the_cost(program: Program) -> None:
    size = "instance_configuration={'cpu': '4096', 'memory': '8192'}"
    before, after = "service('a')\nservice('b')\nservice('c')", f"service('a', {size})\nservice('b', service_name='x')"
    lines = plan_against(program, before, after).out.splitlines()
    assert lines[0].startswith("Changes since ")
    assert lines[0].endswith("old.json: 1 replaced, 1 deleted, 1 updated")
    assert lines[1:5] == [
        "  replaced  b  aws:apprunner:Service  because of serviceName",
        "  deleted  c  aws:apprunner:Service",
        "  updated  a  aws:apprunner:Service  in instanceConfiguration",
        "Estimated App Runner cost: $74.46 per month, +$29.78",
    ]


def test_without_changes_there_is_a_line_about_it(program: Program) -> None:
    assert "No resource changes since " in plan_against(program, "service('api')", "service('api')").out


def test_without_the_option_there_are_no_changes(program: Program) -> None:
    shop = program("service('api')")
    assert "changes" not in shop.plan("--json").json
    assert "hanges since" not in shop.plan().out


def test_a_secret_is_not_compared_or_printed_and_has_one_note(program: Program) -> None:
    text = "aws.sqs.Queue('{0}', policy=pulumi.Output.secret('hunter{0}'))\n"
    both = text.format(1) + text.format(2)
    result = plan_against(program, both, both.replace("hunter", "other"))
    assert result.out.count("plans do not contain secret values, so changes of secrets are not detected") == 1
    assert "No resource changes" in result.out


def test_the_comment_has_the_changes(program: Program) -> None:
    result = plan_against(program, "service('api')", "service('api', service_name='b')", "--json")
    text = comment.render([result.json])
    assert "<summary>Resources: 1 replaced</summary>" in text
    assert "- replaced **api** (aws.apprunner.Service); because of `serviceName`" in text
    assert "per month, unchanged." in text


# Invalid plans


def edit_plan(**more: Any) -> Callable[[Any], Any]:
    return lambda plan: {**plan, **more}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (edit_plan(stack="prod"), "must be a plan of project shop, stack dev, got project shop, stack prod"),
        (edit_plan(project="other"), "must be a plan of project shop, stack dev, got project other, stack dev"),
        (edit_plan(resources=[{"urn": 1}]), "resources[0].urn is missing or invalid"),
        (edit_plan(resources={}), "resources must be a list"),
        (edit_plan(cost={}), "cost.monthly_usd must be a number"),
        (lambda _: {"steps": [], "changeSummary": {}}, "must be a plan, but has no project, stack, resources"),
        (lambda _: [], "must be a plan"),
    ],
)
def test_a_file_that_is_not_a_plan_of_the_stack_is_an_error(
    program: Program, change: Callable[[Any], Any], message: str
) -> None:
    shop = program("service('api')")
    old = shop.write("old.json", json.dumps(change(shop.plan("--json").json)))
    result = shop.plan("--json", "--against", str(old))
    assert (result.status, result.out) == (2, "")
    assert message in " ".join(result.err.split())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("no", "old.json:1:1: must be JSON: a value is required here"),
        (None, "old.json: must be a file that can be read, got: No such file"),
    ],
)
def test_a_file_that_is_not_json_is_an_error(program: Program, tmp_path: Path, text: str | None, message: str) -> None:
    file = tmp_path / "old.json"
    if text is not None:
        file.write_text(text)
    result = program("service('api')").plan("--against", str(file))
    assert result.status == 2
    assert message in result.err
    assert "Create the file: `apprunner plan --json > FILE`" in result.err


def test_keys_of_later_versions_are_ignored(program: Program) -> None:
    shop = program("service('api')")
    plan = shop.plan("--json").json
    plan["resources"][0]["later"] = plan["later"] = {"a": 1}
    old = shop.write("old.json", json.dumps(plan))
    assert summary(shop.plan("--json", "--against", str(old)).json["changes"]) == {}
