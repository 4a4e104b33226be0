"""The fake CloudFront of the local AWS, which is stricter than moto's."""

from collections.abc import Callable
from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.edge.inputs import distribution_config
from local_aws.requests import rejection

CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
RUNTIME = {"Comment": "", "Runtime": "cloudfront-js-2.0"}


def distribution(host: str = "shop.example.com", function: str | None = None, **more: Any) -> dict[str, Any]:
    """Return the configuration of a distribution with one origin."""
    functions = [{"eventType": "viewer-request", "functionArn": function}] if function else []
    inputs = {
        "aliases": [host],
        "enabled": True,
        "origins": [
            {
                "originId": "stable",
                "domainName": "stable.eu-west-1.awsapprunner.com",
                "customOriginConfig": {
                    "httpPort": 80,
                    "httpsPort": 443,
                    "originProtocolPolicy": "https-only",
                    "originSslProtocols": ["TLSv1.2"],
                },
            }
        ],
        "defaultCacheBehavior": {
            "targetOriginId": "stable",
            "viewerProtocolPolicy": "https-only",
            "allowedMethods": ["GET", "HEAD"],
            "cachedMethods": ["GET", "HEAD"],
            "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
            "originRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
            "functionAssociations": functions,
        },
        "viewerCertificate": {
            "acmCertificateArn": CERTIFICATE,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        **more,
    }
    return {"DistributionConfig": distribution_config(inputs, host), "Tags": {"Items": []}}


def create(account: LocalAws, **settings: Any) -> dict[str, Any]:
    created = account.client("cloudfront").create_distribution_with_tags(
        DistributionConfigWithTags=distribution(**settings)
    )
    result: dict[str, Any] = created
    return result


def function(account: LocalAws, name: str = "request", *, publish: bool = True, **config: Any) -> dict[str, Any]:
    """Create a function, and return AWS's answer."""
    client = account.client("cloudfront")
    answer: dict[str, Any] = client.create_function(
        Name=name, FunctionConfig=RUNTIME | config, FunctionCode=b"function handler(event) { return event.request; }"
    )
    if publish:
        client.publish_function(Name=name, IfMatch=answer["ETag"])
    return answer


def rejected(call: Callable[..., Any], **parameters: Any) -> str:
    """Make a call that is rejected, and return the error's code."""
    return rejection(call, **parameters).partition(":")[0]


def arn_of(answer: dict[str, Any]) -> str:
    return str(answer["FunctionSummary"]["FunctionMetadata"]["FunctionARN"])


def deployed(account: LocalAws, id: str) -> dict[str, Any]:
    """Read a distribution until it is deployed."""
    answers: list[dict[str, Any]] = [account.client("cloudfront").get_distribution(Id=id) for _ in range(3)]
    return answers[-1]


def test_a_distribution_is_in_progress_until_it_is_deployed(account: LocalAws) -> None:
    created = create(account)["Distribution"]
    assert created["Status"] == "InProgress"
    answer = deployed(account, created["Id"])["Distribution"]
    assert answer["Status"] == "Deployed"
    assert answer["DistributionConfig"]["Aliases"]["Items"] == ["shop.example.com"]


def test_a_host_belongs_to_one_distribution(account: LocalAws) -> None:
    create(account)
    again = distribution()
    again["DistributionConfig"]["CallerReference"] = "other"
    client = account.client("cloudfront")
    code = rejected(client.create_distribution_with_tags, DistributionConfigWithTags=again)
    assert code == "CNAMEAlreadyExists"


def test_a_caller_reference_belongs_to_one_distribution(account: LocalAws) -> None:
    create(account)
    again = distribution()
    again["DistributionConfig"]["Aliases"] = {"Quantity": 0}
    client = account.client("cloudfront")
    code = rejected(client.create_distribution_with_tags, DistributionConfigWithTags=again)
    assert code == "DistributionAlreadyExists"


def test_a_function_that_is_not_published_has_no_live_stage(account: LocalAws) -> None:
    client, created = account.client("cloudfront"), function(account, publish=False)
    for call in (client.describe_function, client.get_function):
        assert rejected(call, Name="request", Stage="LIVE") == "NoSuchFunctionExists"
    client.publish_function(Name="request", IfMatch=created["ETag"])
    live = client.describe_function(Name="request", Stage="LIVE")
    assert client.get_function(Name="request", Stage="LIVE")["ETag"] == live["ETag"]


def test_only_existing_resources_have_tags(account: LocalAws) -> None:
    client = account.client("cloudfront")
    store = client.create_key_value_store(Name="weights")
    arn = store["KeyValueStore"]["ARN"]
    client.tag_resource(Resource=arn, Tags={"Items": [{"Key": "team", "Value": "orders"}]})
    assert client.list_tags_for_resource(Resource=arn)["Tags"]["Items"] == [{"Key": "team", "Value": "orders"}]
    client.delete_key_value_store(Name="weights", IfMatch=store["ETag"])
    assert rejected(client.list_tags_for_resource, Resource=arn) == "NoSuchResource"


@pytest.mark.parametrize("publish", [True, False])
def test_only_a_published_function_can_be_associated(account: LocalAws, publish: bool) -> None:
    arn = arn_of(function(account, publish=publish))
    client, config = account.client("cloudfront"), distribution(function=arn)
    if publish:
        assert client.create_distribution_with_tags(DistributionConfigWithTags=config)
    else:
        code = rejected(client.create_distribution_with_tags, DistributionConfigWithTags=config)
        assert code == "InvalidFunctionAssociation"


def test_a_distribution_is_deleted_only_when_it_is_disabled_and_its_function_only_after_it(account: LocalAws) -> None:
    client = account.client("cloudfront")
    created = function(account)
    answer = create(account, function=arn_of(created))
    id = answer["Distribution"]["Id"]
    assert rejected(client.delete_function, Name="request", IfMatch=created["ETag"]) == "FunctionInUse"
    assert rejected(client.delete_distribution, Id=id, IfMatch=answer["ETag"]) == "DistributionNotDisabled"
    config = answer["Distribution"]["DistributionConfig"] | {"Enabled": False}
    updated = client.update_distribution(Id=id, DistributionConfig=config, IfMatch=answer["ETag"])
    deployed(account, id)
    client.delete_distribution(Id=id, IfMatch=updated["ETag"])
    client.delete_function(Name="request", IfMatch=created["ETag"])
    assert account.created_resources() == []


def test_a_change_must_name_the_current_version(account: LocalAws) -> None:
    client = account.client("cloudfront")
    answer = create(account)
    change = {"Id": answer["Distribution"]["Id"], "DistributionConfig": answer["Distribution"]["DistributionConfig"]}
    client.update_distribution(**change, IfMatch=answer["ETag"])
    assert rejected(client.update_distribution, **change, IfMatch=answer["ETag"]) == "PreconditionFailed"


def test_code_of_more_than_10_kb_is_rejected(account: LocalAws) -> None:
    client = account.client("cloudfront")
    code = rejected(client.create_function, Name="large", FunctionConfig=RUNTIME, FunctionCode=b"/" * 10_241)
    assert code == "FunctionSizeLimitExceeded"


def test_the_keys_of_a_store_have_a_version_of_their_own(account: LocalAws) -> None:
    client = account.client("cloudfront")
    store = client.create_key_value_store(Name="weights")
    arn = store["KeyValueStore"]["ARN"]
    keys = account.client("cloudfront-keyvaluestore")
    put = {"KvsARN": arn, "Key": "weight", "Value": "10"}
    assert rejected(keys.put_key, **put, IfMatch=store["ETag"]) == "ConflictException"
    keys.put_key(**put, IfMatch=keys.describe_key_value_store(KvsARN=arn)["ETag"])
    assert keys.get_key(KvsARN=arn, Key="weight")["Value"] == "10"
    client.delete_key_value_store(Name="weights", IfMatch=store["ETag"])


def test_a_store_that_a_function_reads_is_not_deleted(account: LocalAws) -> None:
    client = account.client("cloudfront")
    store = client.create_key_value_store(Name="weights")
    association = {"KeyValueStoreARN": store["KeyValueStore"]["ARN"]}
    function(account, KeyValueStoreAssociations={"Quantity": 1, "Items": [association]})
    code = rejected(client.delete_key_value_store, Name="weights", IfMatch=store["ETag"])
    assert code == "CannotDeleteEntityWhileInUse"
