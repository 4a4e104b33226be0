"""The repository of a service's images and the roles that deliver them, as far as the plan creates them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from apprunner_facts import tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.identity import DEPLOY_ACTIONS
from apprunner_facts.repositories import may_be_pushed_again
from pulumi_apprunner.cli.workflow.target import Target
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.values import is_list, known_value, value_at

_REPOSITORY_COMPONENT = "apprunner:index:ImageRepository"
_DELIVERY = "apprunner:index:GitHubDelivery"


@dataclass(frozen=True)
class Delivery:
    """A GitHubDelivery.

    Args:
        name: The component's name.
        deploys: Whether its deploy role may start a deployment.
        roles: Its roles by what they are for: deploy and stack.
    """

    name: str
    deploys: bool
    roles: Mapping[str, Resource]


def find_deliveries(graph: Graph, target: Target) -> Sequence[Delivery]:
    """Return the deliveries to a service; if there are none, those that can only push to its repository."""
    deliveries: dict[str, list[Delivery]] = {"service": [], "repository": []}
    arns = {"service": target.service.outputs.get("arn")}
    if repository := find_repository(graph, target):
        arns["repository"] = repository.outputs.get("arn")
    for component in graph.all(_DELIVERY):
        children = {each.name.removeprefix(f"{component.name}-"): each for each in graph.children(component)}
        if "deploy-policy" not in children:  # of a provider plugin, whose children are not in the plan
            continue
        policy = known_value(children["deploy-policy"].inputs.get("policy"), str) or ""
        roles = {kind: children[f"{kind}-role"] for kind in ("deploy", "stack") if f"{kind}-role" in children}
        delivery = Delivery(component.name, any(action in policy for action in DEPLOY_ACTIONS), roles)
        of = next((kind for kind, arn in arns.items() if f'"{known_value(arn, str)}"' in policy), "")
        if of == "service" or (of and not delivery.deploys):
            deliveries[of].append(delivery)
    return deliveries["service"] or deliveries["repository"]


def find_repository(graph: Graph, target: Target) -> Resource | None:
    """Return the repository of a service's images, None if the plan does not create it."""
    image = target.image
    for each in graph.all(tokens.ECR_REPOSITORY):
        arn, name = (known_value(each.outputs.get(key), str) for key in ("arn", "name"))
        # The account of an address in the program is real; that in the plan may be a stub.
        if arn and name == image.repository and parse_arn(arn).region == image.region:
            return each
    return None


def repository_problems(graph: Graph, target: Target, tag: str) -> Iterator[str]:
    """Yield why the tag cannot be moved in the repository."""
    repository = find_repository(graph, target)
    if repository is None:
        return
    mutability = known_value(repository.inputs.get("imageTagMutability"), str)
    filters = value_at(repository.inputs, "imageTagMutabilityExclusionFilters") or ()
    patterns = [known_value(value_at(each, "filter"), str) for each in filters] if is_list(filters) else [None]
    known = [each for each in patterns if each is not None]
    if mutability is None or len(known) < len(patterns) or may_be_pushed_again(tag, mutability, known):
        return
    got = ", ".join(known) or "none"
    parent = graph[repository.parent] if repository.parent else None
    if parent is not None and parent.type == _REPOSITORY_COMPONENT:
        yield (
            f"{parent.name}.moving_tags: must contain {tag}, because the workflow moves this tag to each image, got "
            f'{got}. Add "{tag}", or use --deploy pulumi'
        )
    else:
        yield (
            f"{repository.name}.image_tag_mutability: must allow that {tag} is pushed again, because the workflow "
            f"moves this tag to each image, got {mutability} with the filters {got}. Use IMMUTABLE_WITH_EXCLUSION with "
            f"the filter {tag}, or use --deploy pulumi"
        )
