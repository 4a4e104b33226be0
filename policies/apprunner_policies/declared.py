"""The resources of a stack as `apprunner_facts` reads them."""

from typing import Any

from pulumi_policy import PolicyResource
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.declared import PATHS, DeclaredResource, UnknownProperty
from apprunner_policies.properties import known_text, value
from apprunner_policies.stack import Resources

_OUTPUTS = ("arn",)
"""The paths that are never inputs."""


def declared(resources: Resources, *types: str) -> list[DeclaredResource]:
    """Return the resources of some types that `apprunner_facts.declared` knows, all of them if no type is named."""
    return [_declared(each) for each in resources.of(*(types or PATHS))]


def read_unknown(resources: Resources, *properties: UnknownProperty) -> None:
    """Read properties that are unknown, so that the engine learns why a rule was skipped in part.

    Raises UnknownValueError for the first of these properties.
    """
    for urn, path in properties:
        value(resources.by_urn[urn], path)


def _declared(resource: PolicyResource) -> DeclaredResource:
    properties: dict[str, Any] = {}
    unknown: list[str] = []
    for path in PATHS[resource.resource_type]:
        try:
            read = value(resource, path)
        except UnknownValueError:
            # The provider fills in what the program leaves out, with values that are unknown in a preview.
            if path.split(".")[0] in resource.property_dependencies or path in _OUTPUTS:
                unknown.append(path)
        else:
            properties |= {} if read is None else {path: read}
    return DeclaredResource(
        urn=resource.urn,
        type=resource.resource_type,
        name=resource.name,
        properties=properties,
        unknown=unknown,
        references={key: [each.urn for each in origins] for key, origins in resource.property_dependencies.items()},
        provider_region=known_text(resource.provider, "region") if resource.provider else None,
    )
