"""The provider plugin that stands in for pulumi-aws."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict

from apprunner_facts.changes import CHANGES, replacing
from localaws.apprunner import Clock, Durations, Fault, World
from localaws.apprunner.world import KeptCertificate
from localaws.aws import LocalAws
from localaws.provider.fields import UNKNOWN, schema
from localaws.provider.provider import RESOURCES, FailedError, PartialError, Provider
from localaws.provider.values import closed, opened

SERVICE = "aws:apprunner/service:Service"
SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"
CONNECTION = "aws:apprunner/connection:Connection"
INGRESS = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"
ASSOCIATION = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
LETS_OUT = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
LETS_IN = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
RECORD = "aws:route53/record:Record"
SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
SCHEDULE = "aws:scheduler/schedule:Schedule"
QUEUE = "aws:sqs/queue:Queue"

ZONE = "Z04STAGING1EXAMPLE0"
VPC, SUBNETS, GIVEN_GROUP = (
    "vpc-0a51b62c73d84e95f",
    ["subnet-0b1c2d3e4f5061728", "subnet-0c2d3e4f506172839"],
    "sg-0d3e4f50617283940",
)
PRIVATE = {"vpcId": VPC, "vpcEndpointId": "vpce-0a51b62c73d84e95f"}
TRUST = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "%s"}}]}'
)
ALLOW = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}]}'
)
IMAGE = {
    "autoDeploymentsEnabled": False,
    "imageRepository": {
        "imageIdentifier": "public.ecr.aws/example/orders:1",
        "imageRepositoryType": "ECR_PUBLIC",
        "imageConfiguration": {"port": "8080", "runtimeEnvironmentVariables": {"LOG_LEVEL": "info"}},
    },
}
ORDERS = {"serviceName": "orders", "sourceConfiguration": IMAGE, "tags": {"team": "orders"}}
TARGET = {
    "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
    "roleArn": "arn:aws:iam::123456789012:role/schedules",
    "input": '{"ServiceArn": "arn"}',
    "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 20},
}


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Return the provider as an engine gets it; alone it cannot reach any AWS."""
    provider = Provider()
    provider.configure({"region": "eu-west-1"})
    yield provider
    provider.close()


@pytest.fixture
def local(only_account: LocalAws, monkeypatch: pytest.MonkeyPatch) -> LocalAws:
    """Return a local AWS that the provider reaches, whose operations take a moment of real time."""
    only_account.reset(World(clock=Clock(flows=True), durations=Durations(*[0.05] * 10)))
    for name, value in only_account.environment.items():
        monkeypatch.setenv(name, value)
    return only_account


def made(provider: Provider, type: str, given: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return provider.create(type, provider.check(type, "orders", {}, given, b"seed"))


def paths(provider: Provider, type: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    checked = provider.check(type, "orders", {}, new, b"seed")
    return [one.path for one in provider.diff(type, old, checked, []).differences]


def test_reading_the_properties_of_a_type_leaves_its_package_whole() -> None:
    program = (
        "from localaws.provider.fields import schema; schema('aws:route53/record:Record');"
        "import pulumi_aws; pulumi_aws.route53.Record"
    )
    alone_in_a_process(program)


def test_a_type_is_read_by_several_threads_at_once() -> None:
    alone_in_a_process(
        "from concurrent.futures import ThreadPoolExecutor; from localaws.provider.fields import schema;"
        "list(ThreadPoolExecutor(8).map(schema, ['aws:route53/record:Record', 'aws:route53/zone:Zone'] * 8))"
    )


def alone_in_a_process(program: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    ran = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr


def test_every_property_of_every_type_has_a_row_in_the_table_of_changes() -> None:
    for token in RESOURCES:
        assert set(schema(token).inputs.fields) <= {path.split(".")[0] for path in CHANGES[token]}, token


def test_an_unknown_type_is_refused(provider: Provider) -> None:
    with pytest.raises(FailedError, match="aws:s3/bucket:Bucket: the stand-in for pulumi-aws does not know"):
        provider.check("aws:s3/bucket:Bucket", "orders", {}, {}, b"")


def test_an_unknown_property_is_refused_at_its_path(provider: Provider) -> None:
    wrong = {"serviceName": "orders", "sourceConfiguration": {"imageRepositry": {}}}
    with pytest.raises(ValueError, match=r"sourceConfiguration\.imageRepositry.*there is no such property"):
        provider.check(SERVICE, "orders", {}, wrong, b"")


def test_a_missing_property_is_refused(provider: Provider) -> None:
    with pytest.raises(ValueError, match=r"sourceConfiguration.*is required"):
        provider.check(SERVICE, "orders", {}, {"serviceName": "orders"}, b"")


def test_what_awss_own_model_forbids_is_refused(provider: Provider) -> None:
    with pytest.raises(ValueError, match="MinSize: 0 is not within"):
        provider.check(SCALING, "orders", {}, {"autoScalingConfigurationName": "orders", "minSize": 0}, b"")


def test_a_name_is_made_up_once(provider: Provider) -> None:
    first = provider.check(ROLE, "orders", {}, {"assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"}, b"one")
    again = provider.check(ROLE, "orders", first, {"assumeRolePolicy": ALLOW}, b"two")
    assert first["name"].startswith("orders-")
    assert again["name"] == first["name"]


def test_what_the_provider_fills_in_is_what_pulumi_aws_fills_in(provider: Provider) -> None:
    checked = provider.check(
        SERVICE,
        "orders",
        {},
        {
            "serviceName": "orders",
            "sourceConfiguration": {"imageRepository": IMAGE["imageRepository"]},
            "networkConfiguration": {"ingressConfiguration": {}},
        },
        b"",
    )
    assert checked["sourceConfiguration"]["autoDeploymentsEnabled"] is True
    assert checked["networkConfiguration"]["ingressConfiguration"] == {"isPubliclyAccessible": False}
    assert "healthCheckConfiguration" not in checked


def test_a_preview_does_not_know_what_aws_says(provider: Provider) -> None:
    ahead = provider.preview(SERVICE, ORDERS)
    assert ahead["arn"] == ahead["serviceUrl"] == ahead["autoScalingConfigurationArn"] == UNKNOWN
    assert (ahead["serviceName"], ahead["region"], ahead["tagsAll"]) == ("orders", "eu-west-1", {"team": "orders"})
    assert "encryptionConfiguration" not in ahead


@pytest.mark.parametrize("token", sorted(RESOURCES))
def test_exactly_what_the_table_says_replaces(provider: Provider, token: str) -> None:
    for name in schema(token).inputs.fields:
        found = provider.diff(token, {name: "old"}, {name: "new"}, [])
        assert [one.path for one in found.replaces if one.path == name] == [name] * (name in replacing(token))


def test_what_is_ignored_in_the_table_makes_no_difference(provider: Provider) -> None:
    assert not provider.diff(INGRESS, {"name": "old"}, {"name": "new"}, []).differences


def test_what_the_program_ignores_makes_no_difference(provider: Provider) -> None:
    old = {"sourceConfiguration": {"imageRepository": {"imageIdentifier": "a"}}}
    new = {"sourceConfiguration": {"imageRepository": {"imageIdentifier": "b"}}}
    path = "sourceConfiguration.imageRepository.imageIdentifier"
    assert [one.path for one in provider.diff(SERVICE, old, new, []).differences] == [path]
    assert not provider.diff(SERVICE, old, new, [path]).differences


def test_a_replacement_deletes_first_only_where_the_program_gives_the_name(provider: Provider) -> None:
    old = {"name": "orders", "description": "old", "vpcId": VPC, "region": "eu-west-1"}
    new = {"name": "orders-2", "description": "old", "vpcId": VPC}
    assert provider.diff(GROUP, old, new, []).deletes_first
    assert not provider.diff(GROUP, old, {**new, "description": "new", "__defaults": ["name"]}, []).deletes_first
    assert not provider.diff(GROUP, old, {**old, "tags": {"team": "orders"}}, []).deletes_first


@pytest.mark.parametrize(
    ("type", "old", "new"),
    [
        (SERVICE, {"instanceConfiguration": {"cpu": "1024"}}, {"instanceConfiguration": {"cpu": "1 vCPU"}}),
        (SERVICE, {"instanceConfiguration": {"memory": "2048"}}, {"instanceConfiguration": {"memory": "2 GB"}}),
        (SERVICE, {"healthCheckConfiguration": {"path": "/healthz"}}, {}),
        (SERVICE, {}, {"tags": {}}),
        (SERVICE, {"sourceConfiguration": {"autoDeploymentsEnabled": False}}, {"sourceConfiguration": {}}),
        (CONNECTOR, {"subnets": ["a", "b"]}, {"subnets": ["b", "a"]}),
        (POLICY, {"policy": '{"a":1,"b":2}'}, {"policy": '{ "b": 2, "a": 1 }'}),
        (RECORD, {"name": "api.example.com"}, {"name": "API.example.com."}),
    ],
)
def test_what_means_the_same_is_no_difference(provider: Provider, type: str, old: Any, new: Any) -> None:
    assert not [one for one in provider.diff(type, old, new, []).differences if one.path != "region"]


def test_an_arn_without_its_revision_is_a_difference_in_every_update(provider: Provider, local: LocalAws) -> None:
    [default] = local.client("apprunner").list_auto_scaling_configurations()["AutoScalingConfigurationSummaryList"]
    full = default["AutoScalingConfigurationArn"]
    short = {**ORDERS, "autoScalingConfigurationArn": full.rsplit("/", 2)[0]}
    _, state = made(provider, SERVICE, short)
    assert paths(provider, SERVICE, state, short) == ["autoScalingConfigurationArn"]
    assert paths(provider, SERVICE, state, {**ORDERS, "autoScalingConfigurationArn": full}) == []


def test_a_difference_is_told_by_its_own_path(provider: Provider) -> None:
    old = {"tags": {"team": "a", "cost-center": "1"}, "subnets": ["a", "b"]}
    new = {"tags": {"team": "b"}, "subnets": ["a", "c"], "region": "eu-west-1"}
    found = {
        one.path: one.kind for one in provider.diff(CONNECTOR, {**old, "region": "eu-west-1"}, new, []).differences
    }
    assert found == {"tags.team": "update", 'tags["cost-center"]': "delete", "subnets[1]": "update"}


def test_an_unknown_value_is_a_difference(provider: Provider) -> None:
    found = provider.diff(CONNECTOR, {"securityGroups": ["sg-1"]}, {"securityGroups": [UNKNOWN]}, [])
    assert "securityGroups[0]" in [one.path for one in found.replaces]


def _given(provider: Provider, local: LocalAws) -> dict[str, dict[str, Any]]:
    """Return inputs for one of each type, and make what they stand on."""
    role = {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com", "tags": {"team": "orders"}}
    service = made(provider, SERVICE, {**ORDERS, "serviceName": "given"})[0]
    boundary = local.client("iam").create_policy(PolicyName="boundary", PolicyDocument=ALLOW)["Policy"]["Arn"]
    made(provider, ROLE, {**role, "name": "given"})
    made(provider, SCHEDULE_GROUP, {"name": "given"})
    rule = {"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "description": "to the orders"}
    return {
        SERVICE: {
            **ORDERS,
            "instanceConfiguration": {"cpu": "1 vCPU", "memory": "2 GB"},
            "healthCheckConfiguration": {"protocol": "HTTP", "path": "/healthz"},
            "networkConfiguration": {
                "egressConfiguration": {"egressType": "DEFAULT"},
                "ingressConfiguration": {"isPubliclyAccessible": True},
            },
            "observabilityConfiguration": {"observabilityEnabled": False},
        },
        SCALING: {"autoScalingConfigurationName": "orders", "maxSize": 3, "tags": {"team": "orders"}},
        OBSERVABILITY: {"observabilityConfigurationName": "orders", "traceConfiguration": {"vendor": "AWSXRAY"}},
        CONNECTOR: {"vpcConnectorName": "orders", "subnets": SUBNETS, "securityGroups": [GIVEN_GROUP]},
        CONNECTION: {"connectionName": "orders", "providerType": "GITHUB"},
        INGRESS: {
            "name": "orders",
            "serviceArn": service,
            "ingressVpcConfiguration": PRIVATE,
        },
        ASSOCIATION: {"domainName": "orders.example.com", "serviceArn": service, "enableWwwSubdomain": False},
        ROLE: {**role, "description": "runs the orders", "permissionsBoundary": boundary},
        POLICY: {"name": "orders", "role": "given", "policy": ALLOW},
        ATTACHMENT: {"role": "given", "policyArn": boundary},
        GROUP: {"name": "orders", "description": "orders", "vpcId": VPC, "tags": {"team": "orders"}},
        LETS_OUT: {"securityGroupId": GIVEN_GROUP, "ipProtocol": "-1", "cidrIpv6": "2001:db8::/32"},
        LETS_IN: {**rule, "securityGroupId": GIVEN_GROUP, "referencedSecurityGroupId": GIVEN_GROUP},
        RECORD: {"zoneId": ZONE, "name": "api", "type": "CNAME", "ttl": 300, "records": ["example.com"]},
        SCHEDULE_GROUP: {"name": "orders", "tags": {"team": "orders"}},
        SCHEDULE: {
            "name": "pause",
            "groupName": "given",
            "scheduleExpression": "cron(0 20 ? * MON-FRI *)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": TARGET,
        },
        QUEUE: {"name": "orders", "messageRetentionSeconds": 1209600, "sqsManagedSseEnabled": True},
    }


def test_one_of_each_type_is_made_read_the_same_adopted_by_its_id_and_deleted(
    provider: Provider, local: LocalAws
) -> None:
    given = _given(provider, local)
    assert set(given) == set(RESOURCES)
    before = local.made()
    for type, inputs in given.items():
        checked = provider.check(type, "orders", {}, inputs, b"seed")
        id, state = provider.create(type, checked)
        found = provider.read(type, id, state, checked)
        assert (found.id, found.state, found.inputs) == (id, state, checked), type
        assert not provider.diff(type, state, checked, []).differences, type

        adopted = provider.read(type, id, {}, {})
        assert adopted.id == id, type
        taken = provider.check(type, "orders", {}, adopted.inputs, b"seed")
        assert not provider.diff(type, adopted.state, taken, []).differences, type
        assert set(paths(provider, type, adopted.state, inputs)) <= {"name"}, type

        provider.delete(type, id, state)
        assert not provider.read(type, id, state, checked).id, type
        provider.delete(type, id, state)
    assert local.made() == before


def test_a_change_of_each_kind_in_place_is_done(provider: Provider, local: LocalAws) -> None:
    given = _given(provider, local)
    rule = {"fromPort": 6432, "toPort": 6432, "description": "another"}
    changes = {
        SERVICE: {"instanceConfiguration": {"cpu": "2048", "memory": "4096"}, "tags": {"team": "others"}},
        SCALING: {"tags": {"cost-center": "1"}},
        ROLE: {"assumeRolePolicy": TRUST % "build.apprunner.amazonaws.com", "permissionsBoundary": None, "tags": {}},
        POLICY: {"policy": ALLOW.replace("*", "arn:aws:ecr:eu-west-1:123456789012:repository/orders")},
        GROUP: {"tags": {"team": "others"}},
        LETS_IN: rule,
        RECORD: {"ttl": 60, "records": ["example.org"]},
        SCHEDULE_GROUP: {"tags": {"team": "others"}},
        SCHEDULE: {"scheduleExpression": "cron(0 21 ? * MON-FRI *)", "state": "DISABLED"},
        QUEUE: {"messageRetentionSeconds": 600, "tags": {"team": "orders"}},
    }
    for type, change in changes.items():
        id, state = made(provider, type, given[type])
        wanted = provider.check(type, "orders", {}, {**given[type], **change}, b"seed")
        state = provider.update(type, id, state, wanted)
        assert provider.read(type, id, state, wanted).state == state, type
        assert not provider.diff(type, state, wanted, []).differences, type


@pytest.mark.usefixtures("local")
def test_a_create_that_aws_refuses_fails_with_pulumi_awss_words(provider: Provider) -> None:
    made(provider, SERVICE, ORDERS)
    with pytest.raises(FailedError) as failed:
        made(provider, SERVICE, ORDERS)
    assert str(failed.value).startswith(
        "creating App Runner Service (orders): operation error AppRunner: CreateService, https response error "
        "StatusCode: 400, RequestID: "
    )
    assert str(failed.value).endswith(
        ", InvalidRequestException: Service with the provided name already exists: orders."
    )


def test_a_service_that_ends_in_create_failed_is_there_and_failed(provider: Provider, local: LocalAws) -> None:
    local.plane.faults.give(Fault.fail_create("no such image"))
    with pytest.raises(PartialError, match="unexpected state 'CREATE_FAILED', wanted target 'RUNNING'") as failed:
        made(provider, SERVICE, ORDERS)
    assert failed.value.id.startswith("arn:aws:apprunner:eu-west-1:123456789012:service/orders/")


def test_a_create_whose_wait_failed_leaves_the_inputs_and_nothing_that_only_a_read_returns(
    provider: Provider, local: LocalAws
) -> None:
    service = made(provider, SERVICE, {**ORDERS, "serviceName": "given"})[0]
    slow = local.plane.world.durations
    slow.create_service = slow.ingress_connection = slow.certificate = 3600
    provider.cancelled.set()
    region = {"region": "eu-west-1"}
    for type, given, more in (
        (SERVICE, ORDERS, {"tagsAll": ORDERS["tags"]}),
        (INGRESS, {"name": "orders", "serviceArn": service, "ingressVpcConfiguration": PRIVATE}, {"tagsAll": {}}),
        (ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service, "enableWwwSubdomain": False}, {}),
    ):
        checked = provider.check(type, "orders", {}, given, b"seed")
        with pytest.raises(PartialError) as failed:
            provider.create(type, checked)
        state = dict(failed.value.state)
        if type == ASSOCIATION:
            assert state.pop("dnsTarget")  # AssociateCustomDomain answers with it
        assert state == {**checked, **more, **region}, type


def test_the_update_of_a_domain_after_a_failed_wait_reads_nothing(provider: Provider, local: LocalAws) -> None:
    service = made(provider, SERVICE, ORDERS)[0]
    given = provider.check(
        ASSOCIATION, "orders", {}, {"domainName": "orders.example.com", "serviceArn": service}, b"seed"
    )
    local.plane.world.durations.certificate = 3600
    provider.cancelled.set()
    with pytest.raises(PartialError) as failed:
        provider.create(ASSOCIATION, given)
    provider.cancelled.clear()
    local.plane.world.durations.certificate = 0
    calls = len(local.plane.calls)
    updated = provider.update(ASSOCIATION, failed.value.id, failed.value.state, given)
    assert updated == failed.value.state
    assert len(local.plane.calls) == calls
    read = provider.read(ASSOCIATION, failed.value.id, updated, given).state
    assert len(read["certificateValidationRecords"]) == 3


def test_a_global_type_without_an_update_refuses_one(provider: Provider) -> None:
    state = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    with pytest.raises(PartialError, match="doesn't support update"):
        provider.update(ATTACHMENT, "orders-1", state, state)


def test_an_update_that_fails_leaves_the_new_inputs_in_the_state(provider: Provider, local: LocalAws) -> None:
    id, state = made(provider, SERVICE, ORDERS)
    local.plane.faults.give(Fault.error("UpdateService", "InvalidStateException", "busy"))
    new = provider.check(
        SERVICE, "orders", {}, {**ORDERS, "instanceConfiguration": {"cpu": "512", "memory": "1024"}}, b""
    )
    with pytest.raises(
        PartialError, match=r"updating App Runner Service \(arn:.*InvalidStateException: busy"
    ) as failed:
        provider.update(SERVICE, id, state, new)
    assert failed.value.state["instanceConfiguration"] == new["instanceConfiguration"]
    assert failed.value.state["arn"] == id


def test_an_update_that_is_rolled_back_is_taken_for_done_and_read_as_it_is(provider: Provider, local: LocalAws) -> None:
    id, state = made(provider, SERVICE, ORDERS)
    local.plane.faults.give(Fault.roll_back(shows="old"))
    new = provider.check(
        SERVICE, "orders", {}, {**ORDERS, "instanceConfiguration": {"cpu": "512", "memory": "1024"}}, b""
    )
    assert provider.update(SERVICE, id, state, new)["status"] == "RUNNING"
    found = provider.read(SERVICE, id, state, new)
    assert found.inputs["instanceConfiguration"]["cpu"] == "1024"


@pytest.mark.parametrize(("kind", "tries"), [("instance", 2), ("access", 1)])
def test_only_the_instance_roles_propagation_is_waited_for(
    provider: Provider, local: LocalAws, kind: str, tries: int
) -> None:
    local.plane.faults.give(
        Fault.error("CreateService", "InvalidRequestException", f"Error in assuming {kind} role arn")
    )
    if kind == "access":
        with pytest.raises(FailedError, match="Error in assuming access role"):
            made(provider, SERVICE, ORDERS)
    else:
        made(provider, SERVICE, ORDERS)
    assert [call.operation for call in local.plane.calls].count("CreateService") == tries


@pytest.mark.parametrize("kept", ["binding_certificate", "active"])
def test_of_a_kept_certificate_pulumi_aws_takes_only_one_that_is_being_bound(
    provider: Provider, local: LocalAws, kept: KeptCertificate
) -> None:
    """Which of the two AWS answers is not known: hashicorp/terraform-provider-aws#22569 reports the first one."""
    local.plane.world.kept_certificate = kept
    service = made(provider, SERVICE, ORDERS)[0]
    given = {"domainName": "orders.example.com", "serviceArn": service}
    id, state = made(provider, ASSOCIATION, given)
    known = {record["name"]: record["value"] for record in state["certificateValidationRecords"]}
    local.plane.world.records = known.get
    while provider.read(ASSOCIATION, id, state, given).state["status"] != "active":
        pass
    provider.delete(ASSOCIATION, id, state)
    local.plane.world.durations.binding = 3600
    if kept == "active":
        with pytest.raises(PartialError, match="unexpected state 'active', wanted target 'pending_certificate"):
            made(provider, ASSOCIATION, given)
    else:
        state = made(provider, ASSOCIATION, given)[1]
        assert state["status"] == "binding_certificate"
        assert len(state["certificateValidationRecords"]) == 3


def test_a_domain_that_ends_in_create_failed_is_in_the_state_without_its_records(
    provider: Provider, local: LocalAws
) -> None:
    service = made(provider, SERVICE, ORDERS)[0]
    local.plane.faults.give(Fault("AssociateCustomDomain", fails=True))
    with pytest.raises(PartialError, match="unexpected state 'create_failed', wanted target") as failed:
        made(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert failed.value.state["dnsTarget"]
    assert not {"status", "certificateValidationRecords"} & set(failed.value.state)


def test_an_active_domain_is_waited_for_until_it_is_gone_and_delete_failed_is_an_error(
    provider: Provider, local: LocalAws
) -> None:
    service = made(provider, SERVICE, ORDERS)[0]
    id, state = made(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    local.plane.faults.give(Fault("DisassociateCustomDomain", fails=True))
    with pytest.raises(FailedError, match="unexpected state 'delete_failed'"):
        provider.delete(ASSOCIATION, id, state)
    provider.delete(ASSOCIATION, id, state)
    assert not provider.read(ASSOCIATION, id, state, {}).id


@pytest.mark.parametrize("told", [True, False])
def test_a_private_services_address_is_the_target_of_its_domains(
    provider: Provider, local: LocalAws, told: bool
) -> None:
    local.plane.world.dns_target_without_domain = told
    private = {"ingressConfiguration": {"isPubliclyAccessible": False}}
    id, state = made(provider, SERVICE, {**ORDERS, "networkConfiguration": private})
    (service,) = local.client("apprunner").list_services()["ServiceSummaryList"]
    assert "ServiceUrl" not in service
    assert state["serviceUrl"].endswith(".eu-west-1.awsapprunner.com") if told else state["serviceUrl"] == ""
    assert provider.read(SERVICE, id, state, {}).state["serviceUrl"] == state["serviceUrl"]


def test_the_address_of_a_private_service_needs_a_permission_of_its_own(provider: Provider, local: LocalAws) -> None:
    denied = Fault.error("DescribeCustomDomains", "AccessDeniedException", "not authorized")
    local.plane.faults.give(denied)
    private = {"ingressConfiguration": {"isPubliclyAccessible": False}}
    with pytest.raises(PartialError, match=r"DescribeCustomDomains.*AccessDeniedException"):
        made(provider, SERVICE, {**ORDERS, "networkConfiguration": private})
    made(provider, SERVICE, {**ORDERS, "serviceName": "public"})
    assert [call.operation for call in local.plane.calls].count("DescribeCustomDomains") == 1


def test_a_service_made_without_an_observability_block_has_none(provider: Provider, local: LocalAws) -> None:
    id, state = made(provider, SERVICE, ORDERS)
    assert "observabilityConfiguration" not in state
    off = {**ORDERS, "observabilityConfiguration": {"observabilityEnabled": False}}
    assert paths(provider, SERVICE, state, off) == ["observabilityConfiguration"]
    assert paths(provider, SERVICE, provider.read(SERVICE, id, {}, {}).state, ORDERS) == []


def test_the_observability_block_alone_cannot_be_left_out_again(provider: Provider, local: LocalAws) -> None:
    id, state = made(provider, SERVICE, {**ORDERS, "observabilityConfiguration": {"observabilityEnabled": False}})
    without = provider.check(SERVICE, "orders", {}, ORDERS, b"")
    with pytest.raises(PartialError, match="No configurations provided in the UpdateService request"):
        provider.update(SERVICE, id, state, without)
    assert [dict(call.parameters) for call in local.plane.calls if call.operation == "UpdateService"] == [
        {"ServiceArn": id}
    ]


def test_a_service_made_in_the_console_is_imported_with_the_block_switched_off(
    provider: Provider, local: LocalAws
) -> None:
    local.plane.world.made_in_the_console = True
    id, _ = made(provider, SERVICE, ORDERS)
    found = provider.read(SERVICE, id, {}, {})
    assert found.inputs["observabilityConfiguration"] == {"observabilityEnabled": False}
    assert paths(provider, SERVICE, found.state, found.inputs) == []


def test_an_attachment_is_deleted_before_it_is_replaced(provider: Provider) -> None:
    old = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    new = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ViewOnlyAccess"}
    assert provider.diff(ATTACHMENT, old, new, []).deletes_first
    assert not provider.diff(ATTACHMENT, old, old, []).deletes_first


@pytest.mark.usefixtures("local")
def test_an_adopted_association_knows_no_dns_target(provider: Provider) -> None:
    service = made(provider, SERVICE, ORDERS)[0]
    id, state = made(provider, ASSOCIATION, {"domainName": "orders.example.com", "serviceArn": service})
    assert state["dnsTarget"]
    assert "dnsTarget" not in provider.read(ASSOCIATION, id, {}, {}).state


@pytest.mark.usefixtures("local")
def test_a_role_that_still_has_policies_is_not_deleted(provider: Provider) -> None:
    id, state = made(provider, ROLE, {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"})
    made(provider, POLICY, {"name": "orders", "role": "orders", "policy": ALLOW})
    with pytest.raises(FailedError, match=r"deleting IAM Role \(orders\): .*DeleteConflict"):
        provider.delete(ROLE, id, state)


@pytest.mark.usefixtures("local")
def test_a_record_that_is_there_is_written_over_only_where_the_program_says_so(provider: Provider) -> None:
    record = {"zoneId": ZONE, "name": "api", "type": "CNAME", "ttl": 300, "records": ["example.com"]}
    id, _ = made(provider, RECORD, record)
    assert id == f"{ZONE}_api.staging.example.com_CNAME"
    with pytest.raises(FailedError, match="InvalidChangeBatch"):
        made(provider, RECORD, record)
    assert made(provider, RECORD, {**record, "allowOverwrite": True, "ttl": 60})[1]["ttl"] == 60


@pytest.mark.usefixtures("local")
def test_the_functions_tell_who_asks_and_where(provider: Provider) -> None:
    assert provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == "123456789012"
    assert provider.invoke("aws:index/getRegion:getRegion", {})["region"] == "eu-west-1"
    with pytest.raises(FailedError, match="does not know this function"):
        provider.invoke("aws:index/getAmi:getAmi", {})


def test_roles_are_assumed_one_by_the_other(provider: Provider, local: LocalAws) -> None:
    made(provider, ROLE, {"name": "deployer", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"})
    provider.configure(
        {"region": "eu-west-1", "assumeRoles": '[{"roleArn": "arn:aws:iam::123456789012:role/deployer"}]'}
    )
    assert "/deployer/" in provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["arn"]


def test_an_engine_that_stops_ends_the_wait(provider: Provider, local: LocalAws) -> None:
    local.plane.faults.give(Fault.slow("CreateService", 3600))
    provider.cancelled.set()
    with pytest.raises(PartialError, match="context canceled"):
        made(provider, SERVICE, ORDERS)


def test_what_was_secret_stays_secret(provider: Provider) -> None:
    wire = closed({"a": {"b": "canary"}, "c": ["x", "y"]}, [("a", "b"), ("c", 1)])
    plain, secret = opened(wire)
    assert plain == {"a": {"b": "canary"}, "c": ["x", "y"]}
    assert secret == {("a", "b"), ("c", 1)}
    assert "canary" not in str(MessageToDict(closed({"a": {}, "c": []}, secret)))
    assert opened(closed({"a": {}, "c": ["x"]}, secret))[1] == {("a",), ("c",)}
