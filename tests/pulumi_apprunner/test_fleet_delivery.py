"""The repositories of a Fleet, and the delivery of images by GitHub's jobs."""

import json
from typing import Any

import pulumi
import pytest

from plans import children, plan, problems
from pulumi_apprunner import Fleet
from pulumi_apprunner.testing import reveal
from samples import PUBLIC_IMAGE

PROVIDER_ARN = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
DELIVERY = {"github_repository": "acme/site", "provider_arn": PROVIDER_ARN, "deploy": {"environments": ["staging"]}}
SITE: dict[str, Any] = {"image": {"identifier": PUBLIC_IMAGE}, "repository": "images", "tags": {"team": "web"}}


def fleet(delivery: Any = None, **service: Any) -> Any:
    """Return a program with a Fleet of one service, a repository and its delivery."""
    args: Any = {
        "environment": "staging",
        "repositories": {"images": {"tags": {"owner": "platform"}}},
        "delivery": delivery or {"site": DELIVERY},
        "services": {"site": SITE | service},
    }
    return lambda: pulumi.export("services", Fleet("shop", args).services)


def test_jobs_push_to_the_repository_of_the_service_and_deploy_it() -> None:
    graph = plan(fleet())
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "site"),
        ("apprunner:index:GitHubDelivery", "site-delivery"),
        ("apprunner:index:ImageRepository", "images"),
    ]
    repository = graph.one("aws:ecr/repository:Repository")
    assert repository["tags"] == {"owner": "platform", "environment": "staging", "project": "project"}
    policy = json.loads(graph.named("site-delivery-deploy-policy")["policy"])
    resources = [each["Resource"] for each in policy["Statement"]]
    assert repository.outputs["arn"] in resources
    assert graph.named("site-service").outputs["arn"] in resources
    role = graph.named("site-delivery-deploy-role")
    assert role["tags"]["team"] == "web"
    assert reveal(graph.exports["services"])["site"]["deployRoleArn"] == role.outputs["arn"]


@pytest.mark.parametrize(
    ("program", "path", "message"),
    [
        (
            fleet({"sites": DELIVERY}),
            "delivery.sites",
            'service "sites" is not defined. Defined services: site. Did you mean "site"?',
        ),
        (
            fleet(repository=None),
            "delivery.site",
            "requires a repository, got none for service site. Set services.site.repository to a name in repositories",
        ),
        (
            fleet(repository="image"),
            "services.site.repository",
            'repository "image" is not defined. Defined repositories: images. Did you mean "images"?',
        ),
    ],
)
def test_an_invalid_delivery_is_an_error(program: Any, path: str, message: str) -> None:
    assert problems(program) == {path: message}
