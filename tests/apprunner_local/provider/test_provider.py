"""The provider as an engine uses it: previews, functions, credentials, cancellation, secrets; IAM and Route 53."""

import json

import pytest
from google.protobuf.json_format import MessageToDict

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from apprunner_local.provider.fields import UNKNOWN
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from apprunner_local.provider.values import from_struct, to_struct
from local_aws.resources import ALLOW, ATTACHMENT, ORDERS, POLICY, RECORD, ROLE, SERVICE, TRUST, create_resource
from local_aws.stack_files import ZONE


def test_a_preview_leaves_computed_outputs_unknown(provider: Provider) -> None:
    ahead = provider.preview(SERVICE, ORDERS)
    assert ahead["arn"] == ahead["serviceUrl"] == ahead["autoScalingConfigurationArn"] == UNKNOWN
    assert (ahead["serviceName"], ahead["region"], ahead["tagsAll"]) == ("orders", "eu-west-1", {"team": "orders"})
    assert "encryptionConfiguration" not in ahead


def test_a_policy_document_as_an_object_becomes_json(provider: Provider) -> None:
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}
    unknown = {**document, "Statement": [{"Resource": UNKNOWN}]}
    checked = provider.check(POLICY, "orders", {}, {"role": "orders", "policy": document}, b"seed")

    assert json.loads(checked["policy"]) == document
    assert provider.check(POLICY, "orders", {}, {"role": "orders", "policy": unknown}, b"seed")["policy"] == UNKNOWN


@pytest.mark.usefixtures("local")
def test_the_deletion_of_a_role_is_retried_while_it_has_policies_of_others(provider: Provider) -> None:
    id, state = create_resource(
        provider, ROLE, {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"}
    )
    create_resource(provider, POLICY, {"name": "orders", "role": "orders", "policy": ALLOW})
    provider.cancelled.set()
    with pytest.raises(FailedError, match=r"waiting for IAM Role \(orders\) delete: context canceled"):
        provider.delete(ROLE, id, state)


@pytest.mark.usefixtures("local")
def test_a_role_is_deleted_with_the_policies_of_others_that_a_refresh_has_read(provider: Provider) -> None:
    id, state = create_resource(
        provider, ROLE, {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"}
    )
    create_resource(provider, POLICY, {"name": "orders", "role": "orders", "policy": ALLOW})
    create_resource(provider, ATTACHMENT, {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"})
    read = provider.read(ROLE, id, state, {}).state
    assert read["managedPolicyArns"] == ["arn:aws:iam::aws:policy/ReadOnlyAccess"]
    provider.delete(ROLE, id, read)
    assert not provider.read(ROLE, id, read, {}).id


@pytest.mark.usefixtures("local")
def test_an_existing_record_is_overwritten_only_with_allow_overwrite(provider: Provider) -> None:
    record = {"zoneId": ZONE, "name": "api", "type": "CNAME", "ttl": 300, "records": ["example.com"]}
    id, _ = create_resource(provider, RECORD, record)
    assert id == f"{ZONE}_api.staging.example.com_CNAME"
    with pytest.raises(FailedError, match="InvalidChangeBatch"):
        create_resource(provider, RECORD, record)
    assert create_resource(provider, RECORD, {**record, "allowOverwrite": True, "ttl": 60})[1]["ttl"] == 60


@pytest.mark.usefixtures("local")
def test_the_functions_return_the_caller_and_the_region(provider: Provider) -> None:
    assert provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["accountId"] == "123456789012"
    assert provider.invoke("aws:index/getRegion:getRegion", {})["region"] == "eu-west-1"
    with pytest.raises(FailedError, match="does not support this function"):
        provider.invoke("aws:index/getAmi:getAmi", {})


def test_roles_are_assumed_in_a_chain(provider: Provider, local: LocalAws) -> None:
    create_resource(provider, ROLE, {"name": "deployer", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com"})
    provider.configure(
        {"region": "eu-west-1", "assumeRoles": '[{"roleArn": "arn:aws:iam::123456789012:role/deployer"}]'}
    )
    assert "/deployer/" in provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {})["arn"]


def test_an_engine_that_stops_ends_the_wait(provider: Provider, local: LocalAws) -> None:
    local.plane.faults.inject(Fault.slow("CreateService", 3600))
    provider.cancelled.set()
    with pytest.raises(PartialError, match="context canceled"):
        create_resource(provider, SERVICE, ORDERS)


def test_secrets_stay_secret(provider: Provider) -> None:
    wire = to_struct({"a": {"b": "canary"}, "c": ["x", "y"]}, [("a", "b"), ("c", 1)])
    plain, secret = from_struct(wire)
    assert plain == {"a": {"b": "canary"}, "c": ["x", "y"]}
    assert secret == {("a", "b"), ("c", 1)}
    assert "canary" not in str(MessageToDict(to_struct({"a": {}, "c": []}, secret)))
    assert from_struct(to_struct({"a": {}, "c": ["x"]}, secret))[1] == {("a",), ("c",)}
