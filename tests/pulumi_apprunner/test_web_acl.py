"""A service's association with a web ACL."""

from collections.abc import Callable
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, ArgsError, WebFirewall
from pulumi_apprunner.testing import evaluate, run
from samples import IMAGE

ACL_ARN = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/corporate/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
GLOBAL_ARN = ACL_ARN.replace(":regional/", ":global/")
ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
ACL = "aws:wafv2/webAcl:WebAcl"
SERVICE = "aws:apprunner/service:Service"


def service(name: str = "orders", **args: Any) -> Callable[[], None]:
    """Return a program with a service."""
    settings: Any = {"image": {"identifier": IMAGE}, **args}
    return lambda: AppRunnerService(name, settings) and None


def protected(firewall: Any = None, **args: Any) -> Callable[[], None]:
    """Return a program with a service and its firewall."""

    def program() -> None:
        service(web_acl_arn=WebFirewall("edge", firewall or {}).arn, **args)()

    return program


def test_a_service_is_associated_with_a_given_web_acl() -> None:
    graph = plan(service(web_acl_arn=ACL_ARN))
    association = graph.one(ASSOCIATION)
    assert (ASSOCIATION, "orders-firewall") in children(graph, "orders")
    assert association.inputs == {"resourceArn": graph.one(SERVICE).outputs["arn"], "webAclArn": ACL_ARN}
    assert association.delete_before_replace is True
    assert "orders-service" in dependencies(graph, association)


def test_a_service_without_a_web_acl_has_no_association() -> None:
    assert plan(service()).all(ASSOCIATION) == ()


def test_services_share_a_firewall() -> None:
    def program() -> None:
        edge = WebFirewall("edge", {})
        for name in ("orders", "billing"):
            service(name, web_acl_arn=edge.arn)()

    graph = plan(program)
    associations = graph.all(ASSOCIATION)
    assert [each.name for each in associations] == ["orders-firewall", "billing-firewall"]
    assert {each["webAclArn"] for each in associations} == {graph.one(ACL).outputs["arn"]}
    assert all("edge-acl" in dependencies(graph, each) for each in associations)


def test_a_web_acl_for_cloudfront_is_an_error() -> None:
    form = "must be the ARN of a web ACL with scope REGIONAL (arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID)"
    assert problems(service(web_acl_arn=GLOBAL_ARN)) == {
        "web_acl_arn": f'{form}, got "{GLOBAL_ARN}". A web ACL with scope CLOUDFRONT does not protect App Runner '
        "services. Use one with scope REGIONAL in the service's region"
    }
    assert problems(service(web_acl_arn="corporate")) == {"web_acl_arn": f'{form}, got "corporate"'}


@pytest.mark.parametrize("unknown", [False, True])
def test_a_web_acl_of_the_program_for_cloudfront_is_an_error_also_in_a_preview(unknown: bool) -> None:
    def program() -> None:
        visible: Any = {
            "cloudwatch_metrics_enabled": True,
            "metric_name": "cdn",
            "sampled_requests_enabled": False,
        }
        acl = aws.wafv2.WebAcl("cdn", scope="CLOUDFRONT", default_action={"allow": {}}, visibility_config=visible)
        service(web_acl_arn=acl.arn)()

    with pytest.raises(pulumi.RunError) as caught:
        run(program, unknown=unknown)
    assert "web_acl_arn: must be the ARN of a web ACL with scope REGIONAL" in str(caught.value)


def test_a_web_acl_of_another_region_is_an_error() -> None:
    other = ACL_ARN.replace("us-east-1", "eu-west-1")
    with pytest.raises(ArgsError) as caught:
        plan(service(web_acl_arn=other), config={"aws:region": "us-east-1"})
    assert caught.value.problems == {
        "web_acl_arn": "must be the ARN of a web ACL in the service's region, us-east-1, got one in eu-west-1. Use a "
        "web ACL of us-east-1"
    }


def test_without_a_configured_region_a_web_acl_may_be_of_any() -> None:
    assert len(plan(service(web_acl_arn=ACL_ARN.replace("us-east-1", "eu-west-1"))).all(ASSOCIATION)) == 1


@pytest.mark.parametrize("unknown", [False, True])
def test_a_private_service_with_rules_on_source_addresses_is_an_error_also_in_a_preview(unknown: bool) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        run(protected(is_publicly_accessible=False), unknown=unknown)
    assert (
        "web_acl_arn: must be the ARN of a web ACL without rules on source addresses, which do not work for a private "
        "service, got that of edge-acl with AWSManagedRulesAmazonIpReputationList. Use a WebFirewall with private=True"
    ) in str(caught.value)


def test_a_private_service_has_a_private_firewall() -> None:
    graph = plan(protected({"private": True}, is_publicly_accessible=False))
    assert len(graph.all(ASSOCIATION)) == 1


@pytest.mark.parametrize("unknown", [False, True])
def test_a_public_service_with_a_private_firewall_is_a_warning_also_in_a_preview(unknown: bool) -> None:
    assert run(protected({"private": True}), unknown=unknown).messages == (
        "warning: web_acl_arn: should be that of a WebFirewall for public services, got that of edge-acl with "
        "private=True, which has no rules on source addresses. Use another WebFirewall",
    )
    assert run(protected(), unknown=unknown).messages == ()


@pytest.mark.parametrize("private", [False, True])
def test_the_rules_about_access_accept_the_firewall(private: bool) -> None:
    production: Any = {"all": {"environment": "production"}}
    graph = plan(protected({"private": private}, is_publicly_accessible=not private))
    rules = ("private-or-firewalled",) if not private else ("private-or-firewalled", "secrets-in-tags")
    assert [each for each in evaluate(graph, config=production).violations if each.policy in rules] == []
    assert [
        each.policy
        for each in evaluate(plan(service()), config=production).violations
        if each.policy == "private-or-firewalled"
    ] == ["private-or-firewalled"]
