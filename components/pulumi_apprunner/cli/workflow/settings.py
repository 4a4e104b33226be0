"""The settings of a workflow, and what they require of the service."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pulumi

from pulumi_apprunner.cli.workflow.delivery import Delivery, find_deliveries, repository_problems
from pulumi_apprunner.cli.workflow.target import Target, config_keys
from pulumi_apprunner.cli.workflow.trust import trust_problems
from pulumi_apprunner.offline.graph import Graph

DEPLOYS = ("start-deployment", "pulumi")
"""How a pushed image is deployed: StartDeployment of a moving tag, or `pulumi up`."""
SEVERITIES = ("negligible", "low", "medium", "high", "critical", "off")


@dataclass(frozen=True)
class Settings:
    """The settings of a workflow.

    Args:
        deploy: One of DEPLOYS.
        branch: The branch whose pushes are deployed.
        environment: The job's environment on GitHub; empty for none.
        dockerfile: The Dockerfile's path in the repository.
        context: The folder of the build in the repository.
        scan: The lowest severity of a vulnerability that stops the job, "off" for no scan.
        config: The key or path of the image in the stack's configuration; empty to find it.
    """

    deploy: str
    branch: str
    environment: str
    dockerfile: str
    context: str
    scan: str
    config: str


@dataclass(frozen=True)
class Keys:
    """Paths in the stack's configuration.

    Args:
        image: The image's identifier.
        managed_by: Who deploys its images; empty if the workflow need not set it.
    """

    image: str
    managed_by: str


def keys_of(graph: Graph, target: Target, settings: Settings) -> Keys | None:
    """Return the paths that `pulumi up` needs; None for StartDeployment.

    Args:
        graph: The plan.
        target: The service.
        settings: The settings.

    Raises:
        pulumi.RunError: The service cannot be deployed with these settings.
    """
    deliveries = find_deliveries(graph, target)
    kinds = ("deploy", "stack") if settings.deploy == "pulumi" else ("deploy",)
    problems = [] if settings.deploy == "pulumi" else list(_problems(graph, target, settings, deliveries))
    for kind in kinds:
        problems += trust_problems(deliveries, kind, settings.branch, settings.environment)
    if problems:
        raise pulumi.RunError("\n".join(problems))
    return _find_keys(graph, target, settings.config) if settings.deploy == "pulumi" else None


def _problems(graph: Graph, target: Target, settings: Settings, deliveries: Sequence[Delivery]) -> Iterator[str]:
    """Yield all reasons for which StartDeployment would not deploy a pushed image, or not once."""
    from apprunner_policies.moving_tags import moves  # slow to load

    image = target.image
    if settings.config:
        yield "--config: must not be set with --deploy start-deployment. Remove it"
    if image.digest is not None:
        yield (
            f"{target.name}: the image must have a tag that moves, got {image}: StartDeployment would deploy the same "
            "image again. Use --deploy pulumi, or set a tag such as live"
        )
    elif not moves(target.repository, image.tag or "latest", (target.stack,)):
        yield (
            f"{target.name}: the image must have a tag that moves, got the version {image.tag}. Use --deploy "
            "pulumi, or set a tag such as live"
        )
    else:
        yield from repository_problems(graph, target, image.tag or "latest")
    if target.follows_tag:
        yield (
            f"{target.name}: auto_deployments_enabled must be false, because App Runner and the workflow would both "
            "deploy a pushed image. Set it to false"
        )
    if deliveries and not any(each.deploys for each in deliveries):
        yield (
            f"{deliveries[0].name}.service_arn: must be the ARN of {target.name}, because the workflow deploys it, got "
            "none. Set it, or use --deploy pulumi"
        )


def _find_keys(graph: Graph, target: Target, config: str) -> Keys:
    found = [config] if config else config_keys(graph, target.image)
    if len(found) != 1:
        reason = f"several values have it: {', '.join(found)}" if found else "no value has it"
        raise pulumi.RunError(
            f"--config: the key of {target.name}'s image in the stack's configuration is required, since {reason}. "
            "Pass it, such as storefront:services.api.image.identifier"
        )
    parent, _, field = found[0].rpartition(".")
    siblings = [f"{parent}.{name}" for name in ("managedBy", "managed_by")] if field == "identifier" else []
    in_ci = config_keys(graph, "ci")
    managed_by = next((each for each in siblings if {each, f"{graph.project}:{each}"} & {*in_ci}), "")
    return Keys(found[0], managed_by)
