"""Web ACLs on the Pulumi engine: created, updated, replaced and deleted."""

from typing import Any

from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make
from engine.stack import RunResult

COMMON = "AWSManagedRulesCommonRuleSet"
LOG_GROUP_ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-trial-edge-test"


def program(service: dict[str, Any] | None = None, **firewall: Any) -> str:
    """Return a program with a service and its firewall."""
    return programs.program(programs.firewall(**firewall), programs.protected_service(**(service or {})))


def web_acls(aws: LocalAws) -> dict[str, dict[str, Any]]:
    """Return the web ACLs in AWS by their names."""
    wafv2 = aws.client("wafv2")
    listed = wafv2.list_web_acls(Scope="REGIONAL")["WebACLs"]
    return {
        each["Name"]: wafv2.get_web_acl(Id=each["Id"], Name=each["Name"], Scope="REGIONAL")["WebACL"] for each in listed
    }


def rules(aws: LocalAws, name: str = "trial-edge-test") -> dict[str, dict[str, Any]]:
    """Return the rules of a web ACL in AWS by their names."""
    return {rule["Name"]: rule for rule in web_acls(aws)[name]["Rules"]}


def service_arn(aws: LocalAws) -> str:
    """Return the ARN of the only service in AWS."""
    (service,) = aws.client("apprunner").list_services()["ServiceSummaryList"]
    return str(service["ServiceArn"])


def web_acl_of(aws: LocalAws, arn: str) -> str | None:
    """Return the name of the web ACL that protects a service, None for none."""
    acl = aws.client("wafv2").get_web_acl_for_resource(ResourceArn=arn).get("WebACL")
    return acl and acl["Name"]


def steps(ran: RunResult, *names: str) -> list[tuple[str, str]]:
    """Return the steps that changed the resources with these names, in order."""
    return [step for step in ran.ordered_changes if step[1] in names and step[0] != "replace"]


def test_a_firewall_counts_then_blocks_and_is_deleted_after_its_association(aws: LocalAws, trial: Make) -> None:
    before = aws.created_resources()
    stack = trial(program(mode="count"))
    created = stack.up()
    assert created.ok, created.output
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"
    assert {name: rule["OverrideAction"] for name, rule in rules(aws).items()} == {
        "AWSManagedRulesAmazonIpReputationList": {"Count": {}},
        "AWSManagedRulesKnownBadInputsRuleSet": {"Count": {}},
        COMMON: {"Count": {}},
    }
    acl = web_acls(aws)["trial-edge-test"]
    assert (acl["Capacity"], acl["DefaultAction"]) == (925, {"Allow": {}})
    logging = aws.client("wafv2").get_logging_configuration(ResourceArn=acl["ARN"])["LoggingConfiguration"]
    assert logging["LogDestinationConfigs"] == [LOG_GROUP_ARN]
    assert [each["SingleHeader"]["Name"] for each in logging["RedactedFields"]] == ["authorization", "cookie"]
    (group,) = aws.client("logs").describe_log_groups(logGroupNamePrefix="aws-waf-logs-")["logGroups"]
    assert group["retentionInDays"] == 30
    assert stack.up().changes == []

    blocking = {
        "groups": {"common": {"rules": {"SizeRestrictions_BODY": "count"}}},
        "rate_limit": {"requests": 100, "path": "/login"},
        "countries": {"allowed": ["DE", "AT"]},
        "excluded_paths": ["/uploads/"],
        "log": {"retention_days": 90, "redacted_headers": ["x-api-key"]},
        "tags": {"team": "edge"},
    }
    stack.program(program(**blocking))
    updated = stack.up()
    assert updated.ok, updated.output
    assert updated.changes == [
        ("update", "edge-acl"),
        ("update", "edge-log-group"),
        ("update", "edge-logging"),
    ]
    blocked = rules(aws)
    assert list(blocked) == [
        "countries",
        "rate-limit",
        "AWSManagedRulesAmazonIpReputationList",
        "excluded-paths",
        "AWSManagedRulesKnownBadInputsRuleSet",
        COMMON,
    ]
    assert blocked["countries"]["Statement"] == {
        "NotStatement": {"Statement": {"GeoMatchStatement": {"CountryCodes": ["AT", "DE"]}}}
    }
    assert (
        blocked["rate-limit"]["Statement"]["RateBasedStatement"]["ScopeDownStatement"]["ByteMatchStatement"][
            "SearchString"
        ]
        == b"/login"
    )
    assert blocked[COMMON]["OverrideAction"] == {"None": {}}
    overrides = blocked[COMMON]["Statement"]["ManagedRuleGroupStatement"]["RuleActionOverrides"]
    assert overrides == [{"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}]
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"
    assert stack.up().changes == []

    stack.program(program())
    assert stack.up().ok
    assert list(rules(aws)) == [
        "AWSManagedRulesAmazonIpReputationList",
        "AWSManagedRulesKnownBadInputsRuleSet",
        COMMON,
    ]

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    deleted = [name for _, name in steps(destroyed, "api-service", "edge-acl", "api-firewall")]
    assert deleted[0] == "api-firewall"
    assert aws.created_resources() == before


def test_a_service_without_a_firewall_any_more_is_disassociated_before_the_web_acl_is_deleted(
    aws: LocalAws, trial: Make
) -> None:
    stack = trial(program())
    assert stack.up().ok
    stack.program(programs.program(programs.service()))
    removed = stack.up()
    assert removed.ok, removed.output
    assert web_acl_of(aws, service_arn(aws)) is None
    assert web_acls(aws) == {}


def test_a_service_that_moves_to_another_firewall_stays_protected_in_the_end(aws: LocalAws, trial: Make) -> None:
    both = programs.firewall("edge") + programs.firewall("strict", rate_limit={"requests": 100})
    stack = trial(programs.program(both, programs.protected_service(firewall="edge")))
    assert stack.up().ok
    stack.program(programs.program(both, programs.protected_service(firewall="strict")))
    moved = stack.up()
    assert moved.ok, moved.output
    assert steps(moved, "api-firewall", "api-service") == [
        ("delete-replaced", "api-firewall"),
        ("create-replacement", "api-firewall"),
    ]
    assert web_acl_of(aws, service_arn(aws)) == "trial-strict-test"
    assert stack.up().changes == []


def test_a_replaced_service_is_associated_again(aws: LocalAws, trial: Make) -> None:
    stack = trial(program())
    assert stack.up().ok
    stack.program(program({"service_name": "orders-api"}))
    replaced = stack.up()
    assert replaced.ok, replaced.output
    assert steps(replaced, "api-service", "api-firewall", "edge-acl") == [
        ("delete-replaced", "api-firewall"),
        ("delete-replaced", "api-service"),
        ("create-replacement", "api-service"),
        ("create-replacement", "api-firewall"),
    ]
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"
    assert stack.up().changes == []


def test_a_renamed_stack_creates_the_new_web_acl_before_it_deletes_the_old_one(aws: LocalAws, trial: Make) -> None:
    stack = trial(program({"service_name": "orders-api"}))
    assert stack.up().ok
    stack.rename("qa")
    renamed = stack.up()
    assert renamed.ok, renamed.output
    assert steps(renamed, "edge-acl", "api-firewall") == [
        ("create-replacement", "edge-acl"),
        ("delete-replaced", "api-firewall"),
        ("create-replacement", "api-firewall"),
        ("delete-replaced", "edge-acl"),
    ]
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-qa"
    acl = web_acls(aws)["trial-edge-qa"]
    logging = aws.client("wafv2").get_logging_configuration(ResourceArn=acl["ARN"])["LoggingConfiguration"]
    assert logging["LogDestinationConfigs"] == [LOG_GROUP_ARN.replace("-test", "-qa")]
    assert stack.up().changes == []


def test_a_renamed_service_with_an_alias_keeps_its_association(aws: LocalAws, trial: Make) -> None:
    fixed = {"service_name": "orders-api", "scaling": {"max_size": 2}}
    stack = trial(program(fixed))
    assert stack.up().ok
    renamed = programs.protected_service("orders", **fixed).replace(
        "})\npulumi", "}, pulumi.ResourceOptions(aliases=[pulumi.Alias(name='api')]))\npulumi"
    )
    stack.program(programs.program(programs.firewall(), renamed))
    result = stack.up()
    assert result.ok, result.output
    # The roles have names with that of the component, so that the service gets new ones.
    kept = [step for step in result.changes if step[1].endswith(("-service", "-firewall"))]
    assert kept == [("update", "orders-service")]
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"


def test_an_existing_web_acl_is_associated_and_kept(aws: LocalAws, trial: Make) -> None:
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "corporate"}
    arn = aws.client("wafv2").create_web_acl(
        Name="corporate", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visible
    )["Summary"]["ARN"]
    stack = trial(programs.program(programs.service(web_acl_arn=arn)))
    created = stack.up()
    assert created.ok, created.output
    assert web_acl_of(aws, service_arn(aws)) == "corporate"
    assert stack.destroy().ok
    assert list(web_acls(aws)) == ["corporate"]


def test_an_association_waits_for_a_new_web_acl(aws: LocalAws, trial: Make) -> None:
    aws.web_acls.unavailable = 2
    created = trial(program()).up()
    assert created.ok, created.output
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"


def test_another_web_acl_in_the_console_is_drift_and_is_reverted(aws: LocalAws, trial: Make) -> None:
    stack = trial(program())
    assert stack.up().ok
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "other"}
    wafv2 = aws.client("wafv2")
    other = wafv2.create_web_acl(Name="other", Scope="REGIONAL", DefaultAction={"Allow": {}}, VisibilityConfig=visible)[
        "Summary"
    ]["ARN"]
    wafv2.associate_web_acl(WebACLArn=other, ResourceArn=service_arn(aws))
    reverted = stack.up()
    assert reverted.ok, reverted.output
    assert web_acl_of(aws, service_arn(aws)) == "trial-edge-test"


def test_errors_that_depend_on_the_service_fail_the_preview(trial: Make) -> None:
    stack = trial(program({"is_publicly_accessible": False}))
    private = stack.preview()
    assert not private.ok
    assert "must be the ARN of a web ACL without rules on source addresses" in private.output
    arn = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/corporate/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
    stack.program(programs.program(programs.service(web_acl_arn=arn)))
    elsewhere = stack.preview()
    assert not elsewhere.ok
    assert "must be the ARN of a web ACL in the service's region, eu-west-1, got one in us-east-1" in elsewhere.output
