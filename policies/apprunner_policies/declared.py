"""The resources of a stack as `apprunner_facts` reads them."""

from typing import Any

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.declared import PATHS, DeclaredResource, UnknownProperty
from apprunner_policies.rule import Stack, known, read


def declared(stack: Stack, *types: str) -> list[DeclaredResource]:
    """Return the resources of some types that `apprunner_facts.declared` knows, all of them where none is given."""
    return [_declared(each) for each in stack.of(*(types or PATHS))]


def read_unknown(stack: Stack, *properties: UnknownProperty) -> None:
    """Read properties that are unknown, so that the engine learns why a rule could not judge all.

    Raises UnknownValueError for one of them.
    """
    wanted = dict(reversed(properties))
    for resource in stack.resources if wanted else ():
        if resource.urn in wanted:
            read(resource, wanted[resource.urn])


def _declared(resource: PolicyResource) -> DeclaredResource:
    properties: dict[str, Any] = {}
    unknown: list[str] = []
    for path in PATHS[resource.resource_type]:
        try:
            value = read(resource, path)
        except UnknownValueError:
            unknown.append(path)
        else:
            properties |= {} if value is None else {path: value}
    return DeclaredResource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        properties=properties,
        unknown=unknown,
        references={key: [each.urn for each in found] for key, found in resource.property_dependencies.items()},
        provider_region=_provider_region(resource),
    )


def _provider_region(resource: PolicyResource) -> str | None:
    region = known(resource.provider, "region") if resource.provider else None
    return region if isinstance(region, str) else None
