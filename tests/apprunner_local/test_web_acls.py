"""The web ACLs of the local AWS, which are stricter than moto's."""

from typing import Any

import pytest
from botocore.exceptions import ClientError

from apprunner_local.aws import LocalAws
from local_aws.orders import create, public_image
from local_aws.requests import rejection

VISIBLE = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "shop"}
SERVICE_ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/orders/0123456789abcdef0123456789abcdef"
INVALID, MISSING = "WAFInvalidParameterException", "WAFNonexistentItemException"


def rule(name: str = "rate", priority: int = 1, **members: Any) -> dict[str, Any]:
    """Return a rule; by default a rate limit that blocks."""
    limit = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP"}}
    return {
        "Name": name,
        "Priority": priority,
        "Statement": limit,
        "Action": {"Block": {}},
        "VisibilityConfig": VISIBLE,
        **members,
    }


def group(name: str = "AWSManagedRulesCommonRuleSet", **members: Any) -> dict[str, Any]:
    """Return the rule of a managed group."""
    statement = {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": name, **members}}
    other = {"Statement": statement, "OverrideAction": {"None": {}}}
    return {key: value for key, value in rule(name, 2, **other).items() if key != "Action"}


def create_acl(account: LocalAws, *rules: dict[str, Any], name: str = "shop", **members: Any) -> dict[str, Any]:
    """Create a web ACL, and return its summary."""
    created = account.client("wafv2").create_web_acl(
        **{
            "Name": name,
            "Scope": "REGIONAL",
            "DefaultAction": {"Allow": {}},
            "VisibilityConfig": VISIBLE,
            "Rules": list(rules),
            **members,
        }
    )
    summary: dict[str, Any] = created["Summary"]
    return summary


def get_acl(account: LocalAws, summary: dict[str, Any]) -> dict[str, Any]:
    acl: dict[str, Any] = account.client("wafv2").get_web_acl(Id=summary["Id"], Name=summary["Name"], Scope="REGIONAL")[
        "WebACL"
    ]
    return acl


def service(account: LocalAws) -> str:
    return create(account, source_configuration={"ImageRepository": public_image()})


def code(call: Any, **parameters: Any) -> str:
    """Return the code of the error of a rejected call."""
    return rejection(call, **parameters).partition(":")[0]


def test_a_web_acl_has_the_capacity_of_its_rules() -> None:
    from apprunner_local.waf.rules import capacity_of

    path = {
        "ByteMatchStatement": {
            "SearchString": "L2xvZ2lu",
            "PositionalConstraint": "STARTS_WITH",
            "FieldToMatch": {"UriPath": {}},
            "TextTransformations": [{"Priority": 0, "Type": "URL_DECODE"}, {"Priority": 1, "Type": "NONE"}],
        }
    }
    either = {"OrStatement": {"Statements": [path, {"GeoMatchStatement": {"CountryCodes": ["DE"]}}]}}
    limit = {"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP", "ScopeDownStatement": either}}
    assert capacity_of([rule(Statement=limit)]) == 2 + 12 + 1
    assert capacity_of([group(), group("AWSManagedRulesAmazonIpReputationList")]) == 725


def test_a_created_and_an_updated_web_acl_return_their_capacity(account: LocalAws) -> None:
    acl = create_acl(account, group())
    assert get_acl(account, acl)["Capacity"] == 700
    account.client("wafv2").update_web_acl(
        Id=acl["Id"],
        Name="shop",
        Scope="REGIONAL",
        DefaultAction={"Allow": {}},
        VisibilityConfig=VISIBLE,
        Rules=[],
        LockToken=acl["LockToken"],
    )
    assert (get_acl(account, acl)["Capacity"], get_acl(account, acl)["Rules"]) == (0, [])


@pytest.mark.parametrize(
    "rules",
    [
        [rule("one"), rule("two")],
        [rule(), rule(priority=2)],
        [rule(OverrideAction={"None": {}})],
        [group() | {"Action": {"Block": {}}}],
        [rule(Statement={})],
        [rule(Statement={"RateBasedStatement": {"Limit": 100, "AggregateKeyType": "IP", "EvaluationWindowSec": 90}})],
        [rule(Statement={"GeoMatchStatement": {"CountryCodes": ["UK"]}})],
    ],
)
def test_rules_that_aws_rejects_are_rejected(account: LocalAws, rules: list[dict[str, Any]]) -> None:
    with pytest.raises(ClientError, match=INVALID):
        create_acl(account, *rules)


def test_a_web_acl_has_a_unique_name_and_a_maximum_capacity(account: LocalAws) -> None:
    create_acl(account)
    with pytest.raises(ClientError, match="WAFDuplicateItemException"):
        create_acl(account)
    too_many = [group() | {"Name": f"rule{number}", "Priority": number} for number in range(8)]
    with pytest.raises(ClientError, match="WAFLimitsExceededException"):
        create_acl(account, *too_many, name="large")


def test_a_service_has_one_web_acl(account: LocalAws) -> None:
    wafv2, arn = account.client("wafv2"), service(account)
    first, second = create_acl(account), create_acl(account, name="other")
    wafv2.associate_web_acl(WebACLArn=first["ARN"], ResourceArn=arn)
    wafv2.associate_web_acl(WebACLArn=second["ARN"], ResourceArn=arn)
    assert wafv2.get_web_acl_for_resource(ResourceArn=arn)["WebACL"]["Name"] == "other"
    assert wafv2.list_resources_for_web_acl(WebACLArn=first["ARN"])["ResourceArns"] == []
    assert wafv2.list_resources_for_web_acl(WebACLArn=second["ARN"])["ResourceArns"] == [arn]
    wafv2.disassociate_web_acl(ResourceArn=arn)
    assert "WebACL" not in wafv2.get_web_acl_for_resource(ResourceArn=arn)


def test_an_associated_web_acl_cannot_be_deleted(account: LocalAws) -> None:
    wafv2, arn, acl = account.client("wafv2"), service(account), create_acl(account)
    wafv2.associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=arn)
    key = {"Id": acl["Id"], "Name": "shop", "Scope": "REGIONAL", "LockToken": acl["LockToken"]}
    assert code(wafv2.delete_web_acl, **key) == "WAFAssociatedItemException"
    wafv2.disassociate_web_acl(ResourceArn=arn)
    wafv2.delete_web_acl(**key)
    assert wafv2.list_web_acls(Scope="REGIONAL")["WebACLs"] == []


def test_an_association_needs_an_existing_service_and_a_regional_web_acl_of_its_region(account: LocalAws) -> None:
    associate, acl = account.client("wafv2").associate_web_acl, create_acl(account)
    assert code(associate, WebACLArn=acl["ARN"], ResourceArn=SERVICE_ARN) == MISSING
    arn = service(account)
    assert code(associate, WebACLArn=acl["ARN"].replace(":regional/", ":global/"), ResourceArn=arn) == INVALID
    assert code(associate, WebACLArn=acl["ARN"].replace("eu-west-1", "us-east-1"), ResourceArn=arn) == INVALID
    assert code(associate, WebACLArn=acl["ARN"] + "0", ResourceArn=arn) == MISSING
    account.web_acls.unavailable = 1
    assert code(associate, WebACLArn=acl["ARN"], ResourceArn=arn) == "WAFUnavailableEntityException"
    associate(WebACLArn=acl["ARN"], ResourceArn=arn)


def test_logging_needs_an_existing_group_with_the_prefix(account: LocalAws) -> None:
    put, acl = account.client("wafv2").put_logging_configuration, create_acl(account)
    group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:"

    def configuration(name: str = "aws-waf-logs-shop", **members: Any) -> dict[str, Any]:
        return {"ResourceArn": acl["ARN"], "LogDestinationConfigs": [group_arn + name], **members}

    assert code(put, LoggingConfiguration=configuration()) == "WAFLogDestinationPermissionIssueException"
    account.client("logs").create_log_group(logGroupName="aws-waf-logs-shop")
    account.client("logs").create_log_group(logGroupName="shop")
    assert code(put, LoggingConfiguration=configuration("shop")) == INVALID
    assert code(put, LoggingConfiguration=configuration(ResourceArn=acl["ARN"] + "0")) == MISSING
    assert code(put, LoggingConfiguration=configuration(RedactedFields=[{"Body": {}}])) == INVALID
    put(LoggingConfiguration=configuration(RedactedFields=[{"SingleHeader": {"Name": "cookie"}}]))


def test_they_are_listed_among_the_created_resources(account: LocalAws) -> None:
    arn, acl = service(account), create_acl(account)
    account.client("wafv2").associate_web_acl(WebACLArn=acl["ARN"], ResourceArn=arn)
    account.client("logs").create_log_group(logGroupName="aws-waf-logs-shop")
    name = arn.rpartition(":")[2]
    assert account.created_resources() == [
        "apprunner service orders RUNNING",
        "logs group aws-waf-logs-shop",
        f"wafv2 association of shop with {name}",
        "wafv2 web acl shop",
    ]
