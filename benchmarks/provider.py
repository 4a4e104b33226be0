"""The provider for the Pulumi engine: it accepts every resource and returns what the mocks return."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any, cast

from pulumi.provider.experimental import provider
from pulumi.provider.experimental.property_value import Computed, PropertyValue
from pulumi.provider.experimental.server import main as serve
from pulumi.runtime.mocks import MockCallArgs, MockResourceArgs
from pulumi.runtime.rpc import UNKNOWN

import mocks
from pulumi_apprunner.offline.sdk.types import computed_outputs


class AcceptAll(provider.Provider):
    """Accepts everything. In a preview, only the inputs are known; the other outputs are unknown, as in pulumi-aws."""

    async def check_config(self, request: provider.CheckRequest) -> provider.CheckResponse:
        return provider.CheckResponse(inputs=request.new_inputs)

    async def configure(self, request: provider.ConfigureRequest) -> provider.ConfigureResponse:
        return provider.ConfigureResponse(supports_preview=True)

    async def check(self, request: provider.CheckRequest) -> provider.CheckResponse:
        return provider.CheckResponse(inputs=request.new_inputs)

    async def diff(self, request: provider.DiffRequest) -> provider.DiffResponse:
        return provider.DiffResponse()

    async def create(self, request: provider.CreateRequest) -> provider.CreateResponse:
        _, kind, name = request.urn.rsplit("::", 2)
        if request.preview:
            unknown = dict.fromkeys(_computed(kind.rpartition("$")[2]), PropertyValue(UNKNOWN))
            inputs = {key: _sent(value) for key, value in request.properties.items()}
            return provider.CreateResponse("", {**unknown, **inputs})
        inputs = {key: _plain(value) for key, value in request.properties.items()}
        arguments = MockResourceArgs(kind.rpartition("$")[2], name, inputs, "", None, True)
        id, outputs = mocks.Responses().new_resource(arguments)
        return provider.CreateResponse(id or name, {key: _value(item) for key, item in outputs.items()})

    async def delete(self, request: provider.DeleteRequest) -> None:
        return None

    async def invoke(self, request: provider.InvokeRequest) -> provider.InvokeResponse:
        response = mocks.Responses().call(MockCallArgs(request.tok, {}, ""))
        return provider.InvokeResponse({key: _value(item) for key, item in response.items()})


def _computed(token: str) -> frozenset[str]:
    """Return the outputs of a type of pulumi-aws that are not inputs."""
    _, module, name = token.split(":")
    with suppress(ModuleNotFoundError):
        getattr(import_module(f"pulumi_aws.{module.partition('/')[0]}"), name)  # pulumi_aws loads a class on first use
    return computed_outputs(token)


def _sent(value: PropertyValue) -> PropertyValue:
    """Return a value that the SDK can send: it cannot send the unknown values that it receives."""
    inner: Any = value.value
    if isinstance(inner, Computed):
        inner = UNKNOWN
    elif isinstance(inner, Mapping):
        inner = {key: _sent(item) for key, item in cast(Mapping[str, PropertyValue], inner).items()}
    elif isinstance(inner, tuple):
        inner = [_sent(item) for item in cast(tuple[PropertyValue, ...], inner)]
    return PropertyValue(inner, value.is_secret, value.dependencies)


def _plain(value: PropertyValue) -> Any:
    inner: Any = value.value
    if hasattr(inner, "items"):
        return {key: _plain(item) for key, item in inner.items()}
    return [_plain(item) for item in inner] if isinstance(inner, (tuple, list)) else inner


def _value(plain: Any) -> PropertyValue:
    if isinstance(plain, dict):
        return PropertyValue({key: _value(item) for key, item in plain.items()})
    if isinstance(plain, list):
        return PropertyValue([_value(item) for item in plain])
    return PropertyValue(float(plain) if isinstance(plain, int) and not isinstance(plain, bool) else plain)


def main() -> None:
    """Serve the provider to the Pulumi engine."""
    serve(sys.argv[1:], "7.51.1", AcceptAll())
