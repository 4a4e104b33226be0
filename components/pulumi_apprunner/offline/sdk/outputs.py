# pyright: reportPrivateUsage=false
"""Outputs without the SDK's overhead: it is most of the time of a plan with hundreds of services.

A service with 17 resources has over 200 outputs of properties, and almost none is read. For each one the SDK creates
four futures, a task that waits for them, and several callbacks. Here it is one future.
"""

import asyncio
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from itertools import islice
from typing import Any
from unittest import mock

import pulumi
from pulumi import _types, log
from pulumi.output import Output, _OutputData
from pulumi.runtime import resource as _resource
from pulumi.runtime import rpc as _rpc
from pulumi.runtime.settings import SETTINGS

_OUTPUT: Any = Output
_SDK_TRACK = _OUTPUT._track
_SDK_TRANSFER = _rpc.transfer_properties
_SDK_CREATE_URN = _resource.create_urn

_CACHED = (
    "resource_pulumi_to_py_names",
    "resource_py_to_pulumi_names",
    "resource_types",
    "unwrap_optional_type",
    "unwrap_type",
)
"""Functions of the SDK's module for types that have the same result for each resource of a type."""


class Outputs:
    """Replaces the SDK's set of outputs that are not awaited yet, and keeps the order of their creation.

    The SDK waits for the first of all outputs that ends, and then again for all others, so that its time would grow
    faster than their number. Here it waits for the oldest one, or for the first one that fails.

    It must not be a dict, because the SDK would convert it as a value.
    """

    def __init__(self) -> None:
        self._outputs: dict[Any, None] = {}
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._cleared: list[Any] = []
        self.remove = self._outputs.__delitem__

    def __len__(self) -> int:
        return len(self._outputs)

    def __iter__(self) -> Iterator[Any]:
        """Yield what the SDK waits for."""
        return iter([*islice(self._outputs, 1), self._failure])

    def unfinished(self) -> list[Any]:
        """Return all outputs that are not awaited yet, or that are awaited now."""
        return [*self._cleared, *self._outputs]

    def add(self, output: Any) -> None:
        if output is not self._failure:
            self._outputs[output] = None
            output.add_done_callback(self.end)

    def create(self) -> asyncio.Future[Any]:
        """Return a new output. Its creator calls `end` when it is done, which saves a callback."""
        output: asyncio.Future[Any] = self._failure.get_loop().create_future()
        self._outputs[output] = None
        return output

    def discard(self, output: Any) -> None:
        self._outputs.pop(output, None)

    def clear(self) -> None:
        """Remove the output that the SDK now waits for; the others stay."""
        self._cleared = list(islice(self._outputs, 1))
        for output in self._cleared:
            del self._outputs[output]

    def end(self, output: asyncio.Future[Any]) -> None:
        """Remove an output that has a value. One that was cancelled or failed stays: the SDK reports it at the end."""
        if output.cancelled():
            return
        error = output.exception()
        if error is None:
            self._outputs.pop(output, None)
        elif output in self._outputs and not self._failure.done():
            self._failure.set_exception(error)


@contextmanager
def fast_outputs() -> Generator[None]:
    """Replace parts of the SDK by faster ones with the same results.

    A run without `Outputs`, in another thread, gets the SDK's own results.
    """
    replacements: tuple[tuple[Any, str, Callable[..., Any]], ...] = (
        (Output, "_track", _track),
        (_rpc, "transfer_properties", _transfer_properties),
        (_resource, "create_urn", _create_urn),
        (log, "debug", _ignore),
        *((_types, name, cache(getattr(_types, name))) for name in _CACHED),
    )
    with ExitStack() as stack:
        for owner, name, replacement in replacements:
            stack.enter_context(mock.patch.object(owner, name, replacement))
        yield


def _outputs() -> Outputs | None:
    settings: Any = SETTINGS
    return settings.outputs if isinstance(settings.outputs, Outputs) else None


def _track(output: Output[Any]) -> None:
    """Track an output without the SDK's own callback: that of `Outputs` does the same."""
    if (outputs := _outputs()) is not None:
        outputs.add(output._data)
    else:
        _SDK_TRACK(output)


def _transfer_properties(res: pulumi.Resource, props: Iterable[str], custom: bool) -> dict[str, Any]:
    """Give a resource an output for each property, and return functions that resolve them."""
    if (outputs := _outputs()) is None:
        return _SDK_TRANSFER(res, props, custom)  # type: ignore[arg-type]
    resolvers: dict[str, Any] = {}
    for name in props:
        if name == "urn" or (name == "id" and custom):
            continue  # the SDK has set them
        output: Any = object.__new__(_OUTPUT)
        output._data = outputs.create()
        resolvers[name] = partial(_resolve, res, outputs, output._data)
        res.__dict__[name] = output
    return resolvers


def _resolve(
    res: pulumi.Resource,
    outputs: Outputs,
    data: asyncio.Future[_OutputData[Any]],
    value: Any,
    is_known: bool,
    is_secret: bool,
    deps: Iterable[pulumi.Resource] | None,
    failed: Exception | None,
) -> None:
    if failed is None:
        data.set_result(_OutputData({res, *(deps or ())}, value, is_known, is_secret))
    else:
        data.set_exception(failed)
    outputs.end(data)


def _ignore(*args: Any, **options: Any) -> None:
    """Do nothing: the offline engine ignores debug messages."""


def _create_urn(
    name: Any, type_: Any, parent: Any = None, project: str | None = None, stack: str | None = None
) -> Output[str]:
    """Return the URN of a resource. The SDK asks for each one before it registers it, with texts only."""
    if not (isinstance(name, str) and isinstance(type_, str) and isinstance(parent, str)):
        return _SDK_CREATE_URN(name, type_, parent, project, stack)
    urn = f"{parent[: parent.rfind('::')]}${type_}::{name}"
    data: asyncio.Future[_OutputData[str]] = asyncio.get_running_loop().create_future()
    data.set_result(_OutputData(set(), urn, is_known=True, is_secret=False))
    return _OUTPUT._from_data(data)
