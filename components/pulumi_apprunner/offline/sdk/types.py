# pyright: reportPrivateUsage=false
"""The properties of a resource type, from the provider's Python package."""

import functools
import inspect
from collections.abc import Iterator
from typing import Any

import pulumi
from pulumi import _types


@functools.cache
def computed_outputs(token: str) -> frozenset[str]:
    """Return the outputs of a type that are not inputs, by the provider's names; none for an unknown type."""
    resource = _resource(token)
    if resource is None:
        return frozenset()
    return frozenset(_types.resource_types(resource)) - frozenset(_inputs(resource)) - {"id", "urn"}


@functools.cache
def document_inputs(token: str) -> frozenset[str]:
    """Return the inputs of a type that accept JSON or the document itself, such as a role's `assumeRolePolicy`."""
    resource = _resource(token)
    inputs = _inputs(resource) if resource is not None else {}
    return frozenset(name for name, annotation in inputs.items() if "DocumentArgs'" in str(annotation))


def _resource(token: str) -> type[pulumi.Resource] | None:
    resources = _resources(pulumi.CustomResource)
    return next((each for each in resources if getattr(each, "pulumi_type", "") == token), None)


def _inputs(resource: type[pulumi.Resource]) -> dict[str, Any]:
    """Return the annotations of a type's inputs, by the provider's names."""
    initializer = getattr(resource, "_internal_init", resource.__init__)
    names = _types.resource_py_to_pulumi_names(resource)
    parameters = inspect.signature(initializer).parameters
    return {names.get(name, name): parameter.annotation for name, parameter in parameters.items()}


def _resources(base: type[pulumi.Resource]) -> Iterator[type[pulumi.Resource]]:
    for each in base.__subclasses__():
        yield each
        yield from _resources(each)
