"""The service that a workflow deploys, as the plan of its stack describes it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from apprunner_facts import tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.documents import parse_json
from apprunner_facts.images import ECR_PUBLIC, ImageIdentifier, parse_image
from pulumi_apprunner.cli.services import find_service, service_name
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import is_list, is_map, known_value, reveal, value_at

_SOURCE = "sourceConfiguration"
_IMAGE = (_SOURCE, "imageRepository", "imageIdentifier")


@dataclass(frozen=True)
class Target:
    """A service of a stack whose image a workflow can push.

    Args:
        service: The service in the plan.
        name: The component's name; the logical name of a service without a component.
        stack: The stack's name.
        region: The service's region.
        image: The image in the plan.
        is_literal: Whether the program contains the repository's address, which otherwise comes from a resource.
        follows_tag: Whether App Runner deploys each push itself.
        keeps_image: Whether `pulumi up` keeps the image that the service has.
    """

    service: Resource
    name: str
    stack: str
    region: str
    image: ImageIdentifier
    is_literal: bool
    follows_tag: bool
    keeps_image: bool

    @property
    def repository(self) -> str:
        """The address of the image's repository, without tag and digest."""
        return str(self.image).removesuffix(f"@{self.image.digest}").removesuffix(f":{self.image.tag}")


def find_target(graph: Graph, name: str) -> Target:
    """Return the service with a name: that of its component, its logical name or its name in App Runner.

    Raises:
        pulumi.RunError: No service has the name, several do, or no image of it can be pushed.
    """
    service = find_service(graph, name)
    label = service_name(graph, service)
    if value_at(service.inputs, _SOURCE, "codeRepository") is not None:
        url = known_value(value_at(service.inputs, _SOURCE, "codeRepository", "repositoryUrl"), str)
        raise pulumi.RunError(
            f"{label}: must be a service with an image, but App Runner builds it from {url or 'a repository'}. Set "
            "auto_deployments_enabled to deploy each commit, or build an image"
        )
    identifier = known_value(value_at(service.inputs, *_IMAGE), str)
    image = None if identifier is None else parse_image(identifier)
    if image is None:
        raise pulumi.RunError(
            f"{label}: the image must be known in the plan. Pass stub values for what it depends on with --stubs"
        )
    if image.repository_type == ECR_PUBLIC:
        raise pulumi.RunError(
            f"{label}: must have an image in private ECR, got {image}, which others publish. Push an image to a "
            "repository of your own, and set it as the service's image"
        )
    arn = known_value(service.outputs.get("arn"), str)
    return Target(
        service=service,
        name=label,
        stack=graph.stack,
        region=parse_arn(arn).region if arn else graph.region,
        image=image,
        is_literal=not any(
            graph[urn].type == tokens.ECR_REPOSITORY for urn in service.property_dependencies.get(_SOURCE, ())
        ),
        follows_tag=value_at(service.inputs, _SOURCE, "autoDeploymentsEnabled") is not False,
        keeps_image=".".join(_IMAGE) in service.ignore_changes,
    )


def config_keys(graph: Graph, value: str) -> Sequence[str]:
    """Return the paths in the stack's configuration that have a value, as `pulumi config --path` reads them."""
    return [
        f"{namespace}:{path}"
        for namespace, keys in graph.provider_inputs.items()
        for key, text in keys.items()
        for path in _paths(key, _parsed(text), value)
    ]


def _paths(path: str, node: Any, value: str) -> Iterator[str]:
    if node == value:
        yield path
    elif is_map(node):
        for key, inner in node.items():
            yield from _paths(f"{path}.{key}" if key.isidentifier() else f"{path}[{json.dumps(key)}]", inner, value)
    elif is_list(node):
        for index, inner in enumerate(node):
            yield from _paths(f"{path}[{index}]", inner, value)


def _parsed(text: Any) -> Any:
    """Return a list or a map of the configuration, which is JSON, or another value as it is."""
    value = reveal(text)
    parsed = parse_json(value) if isinstance(value, str) else None
    return parsed if is_map(parsed) or is_list(parsed) else value
