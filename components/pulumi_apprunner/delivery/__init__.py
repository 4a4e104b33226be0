"""The roles with which GitHub Actions delivers images."""

from pulumi_apprunner.delivery.component import GitHubDelivery

__all__ = ["GitHubDelivery"]
