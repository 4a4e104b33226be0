"""The notes of `apprunner plan --against`: each one under its condition only."""

from collections.abc import Callable
from typing import NamedTuple

import pytest

from shop import Shop

Program = Callable[[str], Shop]

ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/x:1"
PUBLIC = "public.ecr.aws/x/y:1"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
CONFIGURATION = "arn:aws:apprunner:eu-west-1:123456789012:observabilityconfiguration/o/1/0123456789abcdef"

KEEPS_TRACING = (
    "observabilityConfiguration is removed, so the provider does not send it: tracing stays on. "
    "To turn tracing off, set observabilityEnabled to False"
)
NOTHING_TO_SEND = (
    'App Runner rejects the update ("No configurations provided"): observabilityConfiguration is removed, and the '
    "provider has nothing else to send. Keep the block and set observabilityEnabled to False"
)
BECOMES_PRIVATE = (
    "the service becomes private: in an ingressConfiguration, isPubliclyAccessible defaults to False. "
    "Set isPubliclyAccessible to True"
)
OTHER_SOURCE = (
    "App Runner does not support a change between an image and a code source. "
    "To replace the service, set replacement_trigger"
)
SAME_CONNECTOR_NAME = (
    "AWS rejects the new connector while the old one exists: both have the same vpcConnectorName. "
    "Change the name together with the subnets"
)
SAME_CONNECTOR_GROUPS = (
    "AWS rejects the new connector while the old one exists: both have the same securityGroups. "
    "Use another security group for the new one"
)
POLICY_GAP = "until the new policy is attached, the role has neither the old nor the new one"
DELETED_FIRST = "the old one is deleted first"


class Case(NamedTuple):
    """The arguments of one resource in two programs, and the notes on the change."""

    before: str
    after: str
    notes: list[str]


def notes(program: Program, resource: str, case: Case, *options: str) -> list[str]:
    shop = program(resource.format(case.before))
    old = shop.write("old.json", shop.plan("--json", *options).out)
    result = program(resource.format(case.after)).plan("--json", "--against", str(old), *options).json["changes"]
    kinds = ("replaced", "deleted", "created", "updated")
    [change] = [each for kind in kinds for each in result[kind]]
    return list(change["notes"])


def tracing(enabled: str) -> str:
    return f"observability_configuration={{'observability_enabled': {enabled}}}"


TRACED = tracing(f"True, 'observability_configuration_arn': '{CONFIGURATION}'")
UNKNOWN = "aws.ec2.get_vpc_output(default=True)"
SIZE = "instance_configuration={'cpu': '2048'}"


def network(ingress: str, *more: str) -> str:
    return f"network_configuration={{{', '.join([*([ingress] if ingress else []), *more])}}}"


EGRESS = "'egress_configuration': {'egress_type': 'DEFAULT'}"
IPV4 = "'ip_address_type': 'IPV4'"


def ingress(text: str) -> str:
    return f"'ingress_configuration': {text}"


def image(identifier: str, more: str = "") -> str:
    repository = f"{{'image_identifier': '{identifier}', 'image_repository_type': 'ECR'{more}}}"
    return f"source_configuration={{'image_repository': {repository}, 'auto_deployments_enabled': False}}"


CODE = (
    "source_configuration={'code_repository': {'repository_url': 'https://github.com/example/api', "
    "'source_code_version': {'type': 'BRANCH', 'value': 'main'}}}"
)

SERVICE = {
    "tracing: on to off, the block is sent": Case(TRACED, tracing("False"), []),
    "tracing: off to on": Case(tracing("False"), TRACED, []),
    "tracing: block added": Case("", tracing("False"), []),
    "tracing: another configuration": Case(TRACED, TRACED.replace("/o/1/", "/o/2/"), []),
    "tracing: configuration removed": Case(TRACED, tracing("True"), []),
    "tracing: on to omitted, with another change": Case(TRACED, SIZE, [KEEPS_TRACING]),
    "tracing: on to omitted alone": Case(TRACED, "", [KEEPS_TRACING, NOTHING_TO_SEND]),
    "tracing: on to omitted, with tags, which another call sends": Case(
        TRACED, "tags={'a': '1'}", [KEEPS_TRACING, NOTHING_TO_SEND]
    ),
    "tracing: off to omitted alone": Case(tracing("False"), "", [NOTHING_TO_SEND]),
    "tracing: off to omitted, with another change": Case(tracing("False"), SIZE, []),
    "tracing: on to omitted, and replaced": Case(TRACED, "service_name='b'", [DELETED_FIRST]),
    "tracing: the old value is unknown": Case(
        f"observability_configuration={UNKNOWN}.apply(lambda _: {{'observability_enabled': True}})", SIZE, []
    ),
    "network: address type added": Case(
        network(ingress("{'is_publicly_accessible': True}")),
        network(ingress("{'is_publicly_accessible': True}"), IPV4),
        [],
    ),
    "network: public to private": Case(
        network(ingress("{'is_publicly_accessible': True}")), network(ingress("{'is_publicly_accessible': False}")), []
    ),
    "network: an empty ingress": Case(network("", EGRESS), network(ingress("{}"), EGRESS), [BECOMES_PRIVATE]),
    "network: the ingress's setting removed": Case(
        network(ingress("{'is_publicly_accessible': True}")), network(ingress("{}")), [BECOMES_PRIVATE]
    ),
    "network: private already": Case(
        network(ingress("{'is_publicly_accessible': False}"), IPV4), network(ingress("{}"), IPV4), []
    ),
    "network: private already, something else changes": Case(network(ingress("{}")), network(ingress("{}"), IPV4), []),
    "network: an ingress added that is public": Case(
        network("", EGRESS), network(ingress("{'is_publicly_accessible': True}"), EGRESS), []
    ),
    "network: an ingress added whose setting is unknown": Case(
        network("", EGRESS),
        network(ingress(f"{{'is_publicly_accessible': {UNKNOWN}.default}}"), EGRESS),
        [],
    ),
    "source: another image": Case(image(ECR), image(ECR.replace(":1", ":2")), []),
    "source: private image to public": Case("", image(PUBLIC).replace("'ECR'", "'ECR_PUBLIC'"), []),
    "source: a setting of the image added": Case(image(ECR), image(ECR, ", 'image_configuration': {'port': '80'}"), []),
    "source: image to code": Case(image(ECR), CODE, [OTHER_SOURCE]),
    "source: code to image": Case(CODE, image(ECR), [OTHER_SOURCE]),
    "source: image to code, and replaced": Case(image(ECR), f"{CODE}, service_name='b'", [DELETED_FIRST]),
    "omitted, in place": Case(
        "", "health_check_configuration=None", ["healthCheckConfiguration is omitted, so its last value stays"]
    ),
    "omitted, and replaced": Case("", "health_check_configuration=None, service_name='b'", [DELETED_FIRST]),
}


@pytest.mark.parametrize("case", SERVICE.values(), ids=SERVICE.keys())
def test_a_note_on_a_service_is_printed_under_its_condition_only(program: Program, case: Case) -> None:
    # Without the option, outputs have stub values; the values in the other cases are known in both modes.
    options = ["--unknown"] if UNKNOWN in case.before + case.after else []
    opts = "opts=pulumi.ResourceOptions(delete_before_replace=True)"
    case = case._replace(before=f"{case.before}, {opts}".lstrip(", "), after=f"{case.after}, {opts}".lstrip(", "))
    assert notes(program, "service('api', {})", case, *options) == case.notes


RECORD = "aws.route53.Record('r', zone_id='Z1', name='a.example.com', type='CNAME', records=['b.example.com'], {})"
IN_ONE_BATCH = "deleted and created again in one Route 53 batch"
OLD_POLICY = (
    "Route 53 rejects the change while another record of the name and type has the old routing policy. Delete the "
    "other records in an update before"
)
OTHER_TTL = (
    "Route 53 rejects the change while another weighted record of the name and type has another ttl. Delete the other "
    "records in an update before"
)


def weighted(weight: int = 1, ttl: int = 60, identifier: str = "eu") -> str:
    return f"ttl={ttl}, set_identifier='{identifier}', weighted_routing_policies=[{{'weight': {weight}}}]"


RECORDS = {
    "a weight": Case(weighted(), weighted(9), []),
    "an identifier": Case(weighted(), weighted(identifier="us"), [IN_ONE_BATCH]),
    "a policy is added": Case("ttl=60", weighted(), [IN_ONE_BATCH]),
    "a policy is removed": Case(weighted(), "ttl=60", [IN_ONE_BATCH, OLD_POLICY]),
    "another policy": Case(
        weighted(), "ttl=60, set_identifier='eu', latency_routing_policies=[{'region': 'eu-west-1'}]", [OLD_POLICY]
    ),
    "the TTL of a weighted record": Case(weighted(), weighted(ttl=30), [OTHER_TTL]),
    "the TTL of another record": Case("ttl=60", "ttl=30", []),
}


@pytest.mark.parametrize("case", RECORDS.values(), ids=RECORDS.keys())
def test_a_record_whose_routing_changes_has_a_note_if_route_53_rejects_it(program: Program, case: Case) -> None:
    assert notes(program, RECORD, case) == case.notes


CONNECTOR = "aws.apprunner.VpcConnector('c', {})"


def connector(subnets: str, name: str = "'c'", groups: str = "['sg-1', 'sg-2']", more: str = "") -> str:
    return f"vpc_connector_name={name}, subnets={subnets}, security_groups={groups}{more}"


CONNECTORS = {
    "name and groups stay": Case(connector("['a']"), connector("['b']"), [SAME_CONNECTOR_NAME, SAME_CONNECTOR_GROUPS]),
    "the name stays": Case(connector("['a']"), connector("['b']", groups="['sg-3']"), [SAME_CONNECTOR_NAME]),
    "the groups stay, in another order": Case(
        connector("['a']"), connector("['b']", "'d'", "['sg-2', 'sg-1']"), [SAME_CONNECTOR_GROUPS]
    ),
    "both change": Case(connector("['a']"), connector("['b']", "'d'", "['sg-3']"), []),
    "only tags change": Case(connector("['a']"), connector("['a']", more=", tags={'a': '1'}"), []),
    "the old one is deleted first": Case(
        connector("['a']"),
        connector("['b']", more=", opts=pulumi.ResourceOptions(delete_before_replace=True)"),
        [DELETED_FIRST],
    ),
    "names and groups are unknown": Case(
        connector("['a']", f"{UNKNOWN}.id", f"[{UNKNOWN}.id]"),
        connector("['b']", f"{UNKNOWN}.id", f"[{UNKNOWN}.id]"),
        [],
    ),
    "a secret name": Case(
        connector("['a']", "pulumi.Output.secret('c')"),
        connector("['b']", "pulumi.Output.secret('d')", "['sg-3']"),
        [],
    ),
}


@pytest.mark.parametrize("case", CONNECTORS.values(), ids=CONNECTORS.keys())
def test_a_connector_with_the_same_name_or_groups_has_a_note(program: Program, case: Case) -> None:
    options = ["--unknown"] if UNKNOWN in case.before else []
    assert notes(program, CONNECTOR, case, *options) == case.notes


def test_a_connector_whose_group_is_replaced_has_another_group(program: Program) -> None:
    resources = (
        "g = aws.ec2.SecurityGroup('g', vpc_id='vpc-1', {}, opts=pulumi.ResourceOptions(delete_before_replace=False))\n"
        "aws.apprunner.VpcConnector('c', vpc_connector_name='{}', subnets=['a'], security_groups=[g.id])"
    )
    shop = program(resources.format("name='a'", "c"))
    old = shop.write("old.json", shop.plan("--json").out)
    shop = program(resources.format("name='b'", "d"))
    result = shop.plan("--json", "--against", str(old)).json["changes"]["replaced"]
    assert {each["name"]: each["notes"] for each in result} == {"g": [], "c": ["because g is replaced"]}


ATTACHMENT = "aws.iam.RolePolicyAttachment('a', {})"


def attachment(role: str, policy: str, more: str = "") -> str:
    return f"role='{role}', policy_arn='arn:aws:iam::aws:policy/{policy}'{more}"


CREATE_FIRST = ", opts=pulumi.ResourceOptions(delete_before_replace=False)"
ATTACHMENTS = {
    "another policy": Case(attachment("r", "A"), attachment("r", "B"), [DELETED_FIRST, POLICY_GAP]),
    "another role": Case(attachment("r", "A"), attachment("s", "A"), [DELETED_FIRST]),
    "another role and another policy": Case(attachment("r", "A"), attachment("s", "B"), [DELETED_FIRST]),
    "another policy, created before deleted": Case(attachment("r", "A"), attachment("r", "B", CREATE_FIRST), []),
}


@pytest.mark.parametrize("case", ATTACHMENTS.values(), ids=ATTACHMENTS.keys())
def test_an_attachment_is_deleted_before_it_is_replaced(program: Program, case: Case) -> None:
    assert notes(program, ATTACHMENT, case) == case.notes


MANAGED = "aws.iam.RolePolicyAttachment('{}', role='r', policy_arn='{}')"
INLINE = "aws.iam.RolePolicy('{}', role='r', name='{}', policy='x')"
TWINS = {
    "another key": (MANAGED, "b", "A", True),
    "another key and another policy": (MANAGED, "b", "B", False),
    "an unknown policy": (MANAGED.replace("'{}')", f"{UNKNOWN}.id) #{{}}"), "b", "", False),
    "an inline policy": (INLINE, "b", "A", True),
    "another name of an inline policy": (INLINE, "b", "B", False),
}


@pytest.mark.parametrize(("resource", "name", "value", "is_twin"), TWINS.values(), ids=TWINS.keys())
def test_a_policy_under_another_logical_name_is_removed_again(
    program: Program, resource: str, name: str, value: str, is_twin: bool
) -> None:
    shop = program(resource.format("a", "A"))
    old = shop.write("old.json", shop.plan("--json", "--unknown").out)
    result = program(resource.format(name, value)).plan("--json", "--unknown", "--against", str(old)).json["changes"]
    note = (
        "is removed again when a is deleted: both are the same object in AWS. "
        "Keep the name, or set the option `aliases`"
    )
    assert [each["notes"] for each in result["created"]] == [[note] if is_twin else []]
    assert [each["name"] for each in result["deleted"]] == ["a"]


def test_a_changed_policy_under_the_same_key_leaves_a_gap(program: Program) -> None:
    def policies(arn: str) -> str:
        return (
            "from pulumi_apprunner import AppRunnerService\n"
            "AppRunnerService('api', {'image': {'identifier': 'public.ecr.aws/x/y:1'}, 'port': 80, "
            f"'instance_role': {{'policy_arns': {{'data': 'arn:aws:iam::aws:policy/{arn}'}}}}}})"
        )

    case = Case(policies("AmazonS3ReadOnlyAccess"), policies("AmazonDynamoDBReadOnlyAccess"), [])
    assert notes(program, "{}", case) == [DELETED_FIRST, POLICY_GAP]


OTHERS = {
    "ignored in place": (
        "aws.apprunner.ObservabilityConfiguration('o', {})",
        Case(
            "observability_configuration_name='o'",
            "observability_configuration_name='o', trace_configuration={'vendor': 'AWSXRAY'}",
            ["traceConfiguration is not applied: the provider updates tags only"],
        ),
    ),
    "ignored, and replaced": (
        "aws.apprunner.ObservabilityConfiguration('o', {})",
        Case(
            "observability_configuration_name='o'",
            "observability_configuration_name='p', trace_configuration={'vendor': 'AWSXRAY'}",
            [],
        ),
    ),
    "a record's type in place": (
        "aws.route53.Record('r', zone_id='Z', name='a.example.com', ttl=60, {})",
        Case(
            "type='A', records=['192.0.2.1']",
            "type='CNAME', records=['b.example.com']",
            ["deleted and created again in one Route 53 batch"],
        ),
    ),
    "a record's type, and replaced": (
        "aws.route53.Record('r', zone_id='Z', ttl=60, {})",
        Case(
            "type='A', name='a.example.com', records=['192.0.2.1']",
            "type='CNAME', name='b.example.com', records=['c']",
            [],
        ),
    ),
}


@pytest.mark.parametrize(("resource", "case"), OTHERS.values(), ids=OTHERS.keys())
def test_notes_on_updates_are_not_printed_for_replacements(program: Program, resource: str, case: Case) -> None:
    assert notes(program, resource, case) == case.notes


GENERATED = {
    "name": ("name='a'", ""),
    "prefix": ("name_prefix='a'", ""),
}


@pytest.mark.parametrize(("before", "after"), GENERATED.values(), ids=GENERATED.keys())
def test_an_omitted_name_is_generated_and_replaces_the_resource(program: Program, before: str, after: str) -> None:
    shop = program(f"aws.sqs.Queue('q', {before})")
    old = shop.write("old.json", shop.plan("--json").out)
    [change] = program(f"aws.sqs.Queue('q', {after})").plan("--json", "--against", str(old)).json["changes"]["replaced"]
    assert change["notes"] == []
