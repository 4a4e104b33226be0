"""Programs with a GitHubDelivery."""

from collections.abc import Callable
from typing import Any

from plans import plan
from pulumi_apprunner import GitHubDelivery, GitHubDeliveryArgs, GitHubJobs
from pulumi_apprunner.testing import Graph
from samples import GITHUB_PROVIDER_ARN, REPOSITORY_ARN
from services import document

PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
ISSUER = "token.actions.githubusercontent.com"
MAIN = GitHubJobs(branches=["main"])


def delivery(**args: Any) -> Callable[[], None]:
    """Return a program with a GitHubDelivery named delivery, with an existing provider unless the arguments set one."""
    provider: dict[str, Any] = (
        {} if "provider" in args or "provider_arn" in args else {"provider_arn": GITHUB_PROVIDER_ARN}
    )
    required: dict[str, Any] = {"github_repository": "acme/orders", "deploy": MAIN, "repository_arn": REPOSITORY_ARN}
    return lambda: GitHubDelivery("delivery", GitHubDeliveryArgs(**(required | provider | args))) and None


def delivery_graph(**args: Any) -> Graph:
    return plan(delivery(**args))


def trusted(**args: Any) -> list[dict[str, Any]]:
    """Return the conditions of the deploy role's trust policy."""
    statements = document(delivery_graph(**args), "delivery-deploy-role", "assumeRolePolicy")["Statement"]
    return [each["Condition"] for each in statements]
