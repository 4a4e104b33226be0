# pyright: reportPrivateUsage=false
"""The properties of a resource type, from the provider's Python package."""

import functools
import inspect
from collections.abc import Iterator

import pulumi
from pulumi import _types


@functools.cache
def computed_outputs(token: str) -> frozenset[str]:
    """Return the outputs of a type that are not inputs, by the provider's names; none for an unknown type."""
    resource = next(
        (each for each in _resources(pulumi.CustomResource) if getattr(each, "pulumi_type", "") == token), None
    )
    if resource is None:
        return frozenset()
    initializer = getattr(resource, "_internal_init", resource.__init__)
    names = _types.resource_py_to_pulumi_names(resource)
    inputs = {names.get(parameter, parameter) for parameter in inspect.signature(initializer).parameters}
    return frozenset(_types.resource_types(resource)) - inputs - {"id", "urn"}


def _resources(base: type[pulumi.Resource]) -> Iterator[type[pulumi.Resource]]:
    for each in base.__subclasses__():
        yield each
        yield from _resources(each)
