"""TrafficSplit: its resources, their inputs and the errors of its arguments."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from apprunner_facts import cloudfront
from plans import children, dependencies, plan, problems
from pulumi_apprunner import AppRunnerService, ArgsError, HostedZone, SplitService, TrafficSplit, TrafficSplitArgs
from pulumi_apprunner.split.functions import request_function, response_function
from pulumi_apprunner.testing import Graph, Secret, reveal, run
from samples import ACCOUNT, ID, PUBLIC_IMAGE, SERVICE_ARN, ZONE_ID

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
FUNCTION = "aws:cloudfront/function:Function"
STORE = "aws:cloudfront/keyValueStore:KeyValueStore"
KEY = "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey"
RECORD = "aws:route53/record:Record"

CERTIFICATE_ARN = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
CANDIDATE_ARN = f"arn:aws:apprunner:eu-west-1:{ACCOUNT}:service/orders-next/{ID}"
WEB_ACL_ARN = f"arn:aws:wafv2:eu-west-1:{ACCOUNT}:regional/webacl/edge/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
GLOBAL_ACL_ARN = WEB_ACL_ARN.replace("eu-west-1", "us-east-1").replace(":regional/", ":global/")
SECRET = "correct-horse-battery-staple"
STABLE_HOST, CANDIDATE_HOST = "stable.eu-west-1.awsapprunner.com", "next.eu-west-1.awsapprunner.com"
STABLE = SplitService(arn=SERVICE_ARN, url=f"https://{STABLE_HOST}")
CANDIDATE = SplitService(arn=CANDIDATE_ARN, url=f"https://{CANDIDATE_HOST}")


def split(**args: Any) -> Callable[[], None]:
    """Return a program that creates a TrafficSplit named shop."""
    given: dict[str, Any] = {
        "domain_name": "shop.example.com",
        "certificate_arn": CERTIFICATE_ARN,
        "stable": STABLE,
        "candidate": CANDIDATE,
        "origin_secret": SECRET,
    }
    return lambda: TrafficSplit("shop", TrafficSplitArgs(**given | args)) and None


def graph(**args: Any) -> Graph:
    return plan(split(**args), config={"aws:region": "eu-west-1"})


def origin(id: str, host: str) -> dict[str, Any]:
    return {
        "originId": id,
        "domainName": host,
        "customHeaders": [{"name": "x-origin-verify", "value": SECRET}],
        "customOriginConfig": {
            "httpPort": 80,
            "httpsPort": 443,
            "originProtocolPolicy": "https-only",
            "originSslProtocols": ["TLSv1.2"],
            "originReadTimeout": 120,
        },
    }


def test_it_creates_a_distribution_with_both_services_and_the_weight_in_a_store() -> None:
    created = graph(weight=10)
    assert children(created, "shop") == [
        (DISTRIBUTION, "shop-distribution"),
        (FUNCTION, "shop-request"),
        (FUNCTION, "shop-response"),
        (STORE, "shop-store"),
        (KEY, "shop-weight"),
    ]
    store = created.one(STORE)
    assert store["name"] == "project-shop-stack"
    value = f"10 {CANDIDATE_HOST}"
    assert created.one(KEY).inputs == {"key": "weight", "value": value, "keyValueStoreArn": store.outputs["arn"]}


def test_nothing_is_cached_and_everything_but_the_host_is_forwarded() -> None:
    created = graph(tags={"team": "shop"})
    function = f"arn:aws:cloudfront::{ACCOUNT}:function/project-shop-stack"
    assert reveal(created.one(DISTRIBUTION).inputs) == {
        "comment": "TrafficSplit shop",
        "enabled": True,
        "isIpv6Enabled": True,
        "httpVersion": "http2and3",
        "aliases": ["shop.example.com"],
        "origins": [origin("stable", STABLE_HOST), origin("candidate", CANDIDATE_HOST)],
        "defaultCacheBehavior": {
            "targetOriginId": "stable",
            "viewerProtocolPolicy": "redirect-to-https",
            "allowedMethods": ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"],
            "cachedMethods": ["GET", "HEAD"],
            "cachePolicyId": cloudfront.CACHING_DISABLED,
            "originRequestPolicyId": cloudfront.ALL_VIEWER_EXCEPT_HOST,
            "compress": False,
            "functionAssociations": [
                {"eventType": "viewer-request", "functionArn": f"{function}-request"},
                {"eventType": "viewer-response", "functionArn": f"{function}-response"},
            ],
        },
        "viewerCertificate": {
            "acmCertificateArn": CERTIFICATE_ARN,
            "sslSupportMethod": "sni-only",
            "minimumProtocolVersion": "TLSv1.2_2021",
        },
        "restrictions": {"geoRestriction": {"restrictionType": "none"}},
        "tags": {"team": "shop"},
    }


def test_the_functions_run_at_the_edge_and_one_reads_the_store() -> None:
    created = graph()
    request, response = created.named("shop-request"), created.named("shop-response")
    assert request.inputs == {
        "name": "project-shop-stack-request",
        "comment": "TrafficSplit shop",
        "runtime": "cloudfront-js-2.0",
        "code": request_function(CANDIDATE_HOST, sticky=True),
        "keyValueStoreAssociations": [created.one(STORE).outputs["arn"]],
        "publish": True,
    }
    assert response["code"] == response_function()
    assert "keyValueStoreAssociations" not in response.inputs


def test_without_stickiness_no_function_sets_a_cookie() -> None:
    created = graph(sticky=False)
    assert [each.name for each in created.all(FUNCTION)] == ["shop-request"]
    assert created.one(FUNCTION)["code"] == request_function(CANDIDATE_HOST, sticky=False)
    assert len(created.one(DISTRIBUTION)["defaultCacheBehavior"]["functionAssociations"]) == 1


@pytest.mark.parametrize("weight", [0, 1, 100])
def test_another_weight_changes_the_value_of_the_key_only(weight: int) -> None:
    before, after = graph(weight=50), graph(weight=weight)
    changed = {name: after.named(name).inputs for name in ("shop-request", "shop-response", "shop-distribution")}
    assert changed == {name: before.named(name).inputs for name in changed}
    assert after.one(KEY)["value"] == (f"{weight} {CANDIDATE_HOST}" if weight else "0")


@pytest.mark.parametrize("unknown", [False, True])
@pytest.mark.parametrize("role", ["stable", "candidate"])
def test_a_private_service_is_an_error_also_in_its_first_preview(role: str, unknown: bool) -> None:
    def program() -> None:
        api = AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}, "is_publicly_accessible": False})
        split(**{role: SplitService(arn=api.arn, url=api.url)})()

    message = f"{role}.url: must be the URL of a public service, got that of api-service, which is private"
    with pytest.raises(pulumi.RunError, match=message):
        run(program, config={"aws:region": "eu-west-1"}, unknown=unknown)


def test_the_weight_follows_the_distribution_and_the_services() -> None:
    def program() -> None:
        first, second = (AppRunnerService(name, {"image": {"identifier": PUBLIC_IMAGE}}) for name in ("v1", "v2"))
        split(
            stable=SplitService(arn=first.arn, url=first.url), candidate=SplitService(arn=second.arn, url=second.url)
        )()

    created = plan(program, config={"aws:region": "eu-west-1"})
    assert "shop-distribution" in dependencies(created, created.one(KEY))
    distribution = created.one(DISTRIBUTION)
    assert {"v1-service", "v2-service"} <= set(dependencies(created, distribution))
    hosts = [created.named(f"{name}-service").outputs["serviceUrl"] for name in ("v1", "v2")]
    assert [each["domainName"] for each in distribution["origins"]] == hosts


def test_without_a_candidate_both_origins_are_the_stable_service() -> None:
    created = graph(candidate=None)
    assert [each["domainName"] for each in created.one(DISTRIBUTION)["origins"]] == [STABLE_HOST, STABLE_HOST]
    assert created.one(KEY)["value"] == "0"


def test_a_zone_gets_alias_records_for_both_versions_of_ip() -> None:
    created = graph(zone=HostedZone(id=ZONE_ID, name="example.com"))
    target = created.one(DISTRIBUTION).outputs["domainName"]
    assert [(each.name, each["type"]) for each in created.all(RECORD)] == [
        ("shop-traffic", "A"),
        ("shop-traffic-ipv6", "AAAA"),
    ]
    for record in created.all(RECORD):
        assert (record["zoneId"], record["name"]) == (ZONE_ID, "shop.example.com")
        assert record["aliases"] == [{"name": target, "zoneId": "Z2FDTNDATAQYW2", "evaluateTargetHealth": False}]


def test_the_host_may_be_the_apex_of_the_zone() -> None:
    zone = HostedZone(id=ZONE_ID, name="example.com")
    assert graph(domain_name="Example.com", zone=zone).one(DISTRIBUTION)["aliases"] == ["example.com"]


def test_the_outputs_contain_the_record_for_another_dns() -> None:
    created = graph()
    outputs = created.named("shop").outputs
    target = created.one(DISTRIBUTION).outputs["domainName"]
    assert outputs["records"] == [{"name": "shop.example.com", "type": "CNAME", "value": target}]
    assert outputs["distributionDomainName"] == target
    assert outputs["keyValueStoreArn"] == created.one(STORE).outputs["arn"]
    assert outputs["domainName"] == "shop.example.com"


@pytest.mark.parametrize("wrap", [str, pulumi.Output.secret, pulumi.Output.from_input])
def test_the_secret_of_the_origins_is_always_secret_in_the_state(wrap: Callable[[str], Any]) -> None:
    created = plan(lambda: split(origin_secret=wrap(SECRET))(), config={"aws:region": "eu-west-1"})
    values = [header["value"] for each in created.one(DISTRIBUTION)["origins"] for header in each["customHeaders"]]
    assert [isinstance(each, Secret) for each in values] == [True, True]


def test_a_web_acl_for_cloudfront_inspects_the_requests_of_clients() -> None:
    assert graph(web_acl_arn=GLOBAL_ACL_ARN).one(DISTRIBUTION)["webAclId"] == GLOBAL_ACL_ARN


def test_what_cloudfront_does_not_delete_while_it_is_used_is_created_first() -> None:
    created = graph()
    assert {each.delete_before_replace for each in (*created.all(FUNCTION), created.one(STORE))} == {False}


def test_all_problems_are_reported_together() -> None:
    service: Any = {"arn": "orders", "url": "http://orders.example.com"}
    found = problems(
        split(
            domain_name="*.example.com",
            certificate_arn=CERTIFICATE_ARN.replace("us-east-1", "eu-west-1"),
            stable=service,
            weight=101,
            origin_secret="too short",
            web_acl_arn=WEB_ACL_ARN,
            zone=HostedZone(id=ZONE_ID, name="example.org"),
        )
    )
    assert found == {
        "domain_name": 'must be one host, not a wildcard, got "*.example.com". Create a TrafficSplit for each host',
        "certificate_arn": "must be the ARN of an ACM certificate in us-east-1 "
        "(arn:aws:acm:us-east-1:ACCOUNT:certificate/ID), the only region whose certificates CloudFront accepts, got "
        f'"{CERTIFICATE_ARN.replace("us-east-1", "eu-west-1")}"',
        "stable.arn": "must be the ARN of an App Runner service "
        '(arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID), got "orders"',
        "stable.url": "must be the service's own URL, such as AppRunnerService.url (https://...), got "
        '"http://orders.example.com"',
        "weight": "must be 0 to 100, got 101",
        "origin_secret": "must be 16 to 200 printable ASCII characters without spaces",
        "web_acl_arn": "must be the ARN of a web ACL with scope CLOUDFRONT "
        f'(arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID), got "{WEB_ACL_ARN}". A web ACL with scope REGIONAL '
        "does not protect a distribution. Create one with scope CLOUDFRONT in us-east-1",
    }


def test_a_weight_requires_a_candidate() -> None:
    assert problems(split(candidate=None, weight=10)) == {
        "weight": "must be 0 without a candidate, got 10. Set candidate, or remove weight"
    }


def test_a_private_service_has_no_url() -> None:
    def program() -> None:
        private: Any = {"image": {"identifier": PUBLIC_IMAGE}, "is_publicly_accessible": False}
        service = AppRunnerService("internal", private)
        split(stable=SplitService(arn=service.arn, url=pulumi.Output.from_input(None)))()

    with pytest.raises(ArgsError) as caught:
        run(program)
    assert caught.value.problems == {"stable.url": "resolved to None. Use an Output that has a value, or remove it"}


def test_the_weight_is_a_plain_integer() -> None:
    assert problems(split(weight=pulumi.Output.from_input(10)))["weight"].startswith(
        "must be a plain value, got an Output"
    )
    assert problems(split(weight=True)) == {"weight": "must be an integer, 0 to 100, got true"}
    assert problems(split(weight=0.1)) == {"weight": "must be an integer, 0 to 100, got 0.1"}


def test_the_host_must_be_in_the_zone() -> None:
    assert problems(split(zone=HostedZone(id=ZONE_ID, name="example.org"))) == {
        "zone": "must be the zone that contains shop.example.com, got example.org. Use that zone, or none for "
        "another DNS"
    }


@pytest.mark.parametrize("secret", ["hunter2 hunter2 hunter2", "h" * 201, "hunter2\n" * 3])
@pytest.mark.parametrize("wrap", [str, pulumi.Output.secret])
def test_an_invalid_secret_never_appears_in_an_error(secret: str, wrap: Callable[[str], Any]) -> None:
    with pytest.raises(pulumi.RunError) as caught:
        run(lambda: split(origin_secret=wrap(secret))())
    assert "origin_secret: must be 16 to 200 printable ASCII characters without spaces" in str(caught.value)
    assert secret.split()[0][:20] not in str(caught.value)


def test_names_are_cut_to_the_limits_of_aws() -> None:
    given = {"domain_name": "shop.example.com", "certificate_arn": CERTIFICATE_ARN, "origin_secret": SECRET}
    args: Any = {**given, "stable": STABLE, "candidate": CANDIDATE}
    created = plan(lambda: TrafficSplit("s" * 200, args) and None, config={"aws:region": "eu-west-1"})
    names = [each["name"] for each in (*created.all(FUNCTION), created.one(STORE))]
    assert [len(name) for name in names] == [64, 64, 64]
    assert len(set(names)) == 3
