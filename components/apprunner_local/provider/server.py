# pyright: standard
"""The plugin's process: the provider as the gRPC service that the engine calls."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message
from pulumi.runtime import proto
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import engine_pb2, engine_pb2_grpc, provider_pb2_grpc, status_pb2

from apprunner_local.provider import ACCEPT_UNKNOWN
from apprunner_local.provider.differences import Difference
from apprunner_local.provider.lenient import LenientProvider
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from apprunner_local.provider.values import from_struct, to_struct

VERSION = "7.51.1"
_FAULT = "APPRUNNER_PROVIDER_FAULT"


class Servicer(provider_pb2_grpc.ResourceProviderServicer):
    """The service that the engine calls. Every call runs in a thread, because the provider waits for AWS.

    It uses the protocol itself, because pulumi.provider.experimental cannot report that a step failed partially, or
    which changes replace.
    """

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._threads = ThreadPoolExecutor(32)

    async def GetPluginInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        return proto.PluginInfo(version=VERSION)

    async def Cancel(self, request: Any, context: Any) -> Any:  # noqa: N802
        self._provider.cancelled.set()
        return empty_pb2.Empty()

    async def CheckConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        return proto.CheckResponse(inputs=request.news)

    async def DiffConfig(self, request: Any, context: Any) -> Any:  # noqa: N802
        changed = proto.DiffResponse.DIFF_SOME if request.olds != request.news else proto.DiffResponse.DIFF_NONE
        return proto.DiffResponse(changes=changed)

    async def Configure(self, request: Any, context: Any) -> Any:  # noqa: N802
        # [P: pulumi-terraform-bridge muxer] The provider accepts no secrets; the engine marks the properties
        # of the same names.
        self._provider.configure(from_struct(request.args)[0])
        return proto.ConfigureResponse(acceptSecrets=False, supportsPreview=True)

    async def Check(self, request: Any, context: Any) -> Any:  # noqa: N802
        def check() -> Any:
            (old, _), (new, secret) = from_struct(request.olds), from_struct(request.news)
            try:
                checked = self._provider.check(_type(request.urn), _name(request.urn), old, new, request.randomSeed)
            except ValueError as wrong:
                failures = [proto.CheckFailure(property=path, reason=reason) for path, reason in wrong.args[0]]
                return proto.CheckResponse(inputs=request.news, failures=failures)
            return proto.CheckResponse(inputs=to_struct(checked, secret))

        return await self._run(context, check)

    async def Diff(self, request: Any, context: Any) -> Any:  # noqa: N802
        def diff() -> Any:
            (old, _), (new, _) = from_struct(request.olds), from_struct(request.news)
            result = self._provider.diff(_type(request.urn), old, new, list(request.ignoreChanges))
            return proto.DiffResponse(
                changes=proto.DiffResponse.DIFF_SOME if result.differences else proto.DiffResponse.DIFF_NONE,
                replaces=_top_level(result.replaces),
                deleteBeforeReplace=result.deletes_first,
                diffs=_top_level(result.differences),
                detailedDiff={
                    one.path: proto.PropertyDiff(kind=_kind(one, one in result.replaces)) for one in result.differences
                },
                hasDetailedDiff=True,
            )

        return await self._run(context, diff)

    async def Create(self, request: Any, context: Any) -> Any:  # noqa: N802
        def create() -> Any:
            properties, secret = from_struct(request.properties)
            type = _type(request.urn)
            if request.preview:
                return proto.CreateResponse(properties=to_struct(self._provider.preview(type, properties), secret))
            with _Fault("create", type):
                id, state = self._keep_secrets(
                    lambda: self._provider.create(type, properties), secret, request.properties
                )
            return proto.CreateResponse(id=id, properties=to_struct(state, secret))

        return await self._run(context, create)

    async def Update(self, request: Any, context: Any) -> Any:  # noqa: N802
        def update() -> Any:
            (old, _), (new, secret) = from_struct(request.olds), from_struct(request.news)
            type = _type(request.urn)
            if request.preview:
                return proto.UpdateResponse(properties=to_struct(self._provider.preview_update(type, old, new), secret))
            with _Fault("update", type):
                state = self._keep_secrets(
                    lambda: self._provider.update(type, request.id, old, new), secret, request.news
                )
            return proto.UpdateResponse(properties=to_struct(state, secret))

        return await self._run(context, update)

    async def Read(self, request: Any, context: Any) -> Any:  # noqa: N802
        def read() -> Any:
            (state, secret), (properties, properties_secret) = (
                from_struct(request.properties),
                from_struct(request.inputs),
            )
            type = _type(request.urn)
            with _Fault("read", type):
                result = self._provider.read(type, request.id, state, properties)
            if not result.id:
                return proto.ReadResponse()
            state, inputs = to_struct(result.state, secret), to_struct(result.inputs, properties_secret)
            return proto.ReadResponse(id=result.id, properties=state, inputs=inputs)

        return await self._run(context, read)

    async def Delete(self, request: Any, context: Any) -> Any:  # noqa: N802
        def delete() -> Any:
            type = _type(request.urn)
            with _Fault("delete", type):
                self._provider.delete(type, request.id, from_struct(request.properties)[0])
            return empty_pb2.Empty()

        return await self._run(context, delete)

    async def Invoke(self, request: Any, context: Any) -> Any:  # noqa: N802
        def invoke() -> Any:
            properties, secret = from_struct(request.args)
            answer = self._provider.invoke(request.tok, properties)
            everything = [(key,) for key in answer] if secret else []
            values: Any = {"return": to_struct(answer, everything)}  # a keyword in Python
            return proto.InvokeResponse(**values)

        return await self._run(context, invoke)

    def _keep_secrets(self, step: Callable[[], Any], secret: Iterable[Any], inputs: Any) -> Any:
        """Run a step; secrets stay secret in the details of a partial failure."""
        try:
            return step()
        except PartialError as error:
            detail = proto.ErrorResourceInitFailed(
                id=error.id, properties=to_struct(error.state, secret), reasons=[str(error)], inputs=inputs
            )
            raise _DetailedError(str(error), detail) from error

    async def _run(self, context: Any, work: Callable[[], Any]) -> Any:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except _DetailedError as error:
            status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=str(error))
            status.details.add().Pack(error.detail)
            context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))
        except FailedError as error:
            await context.abort(grpc.StatusCode.UNKNOWN, str(error))


class _DetailedError(Exception):
    def __init__(self, text: str, detail: Message) -> None:
        super().__init__(text)
        self.detail = detail


class _Fault:
    """Ends this process before or after a call, once, if a file requests it. To the engine, the provider crashed.

    The file is JSON with these keys:

    call: create, update, read or delete.
    when: before or after the call to AWS.
    type: The resource type. Default: every type.
    nth: Which of these calls in this process. Default: 1, the first.
    kills_engine: Whether to kill the engine too. Default: false.
    """

    _met = count(1)

    def __init__(self, call: str, type: str) -> None:
        self._call, self._type = call, type
        self._number = 0

    def __enter__(self) -> None:
        wanted = self._wanted()
        if wanted.get("call") == self._call and wanted.get("type", self._type) == self._type:
            self._number = next(self._met)
        self._strike(wanted, "before")

    def __exit__(self, *_: object) -> None:
        self._strike(self._wanted(), "after")

    def _wanted(self) -> dict[str, Any]:
        file = Path(os.environ.get(_FAULT) or os.devnull)
        return json.loads(file.read_text()) if file.is_file() else {}

    def _strike(self, wanted: dict[str, Any], when: str) -> None:
        if wanted.get("when") != when or wanted.get("nth", 1) != self._number:
            return
        Path(os.environ[_FAULT]).unlink()
        if wanted.get("kills_engine"):
            os.kill(os.getppid(), signal.SIGKILL)
        os._exit(1)


def _type(urn: str) -> str:
    """Return a resource's type, without those of the components that it belongs to."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def _top_level(differences: Iterable[Difference]) -> list[str]:
    return sorted({one.path.split(".")[0].split("[")[0] for one in differences})


def _kind(difference: Difference, replaces: bool) -> Any:
    return getattr(proto.PropertyDiff, difference.kind.upper() + ("_REPLACE" if replaces else ""))


def _warn(engine: str, text: str) -> None:
    """Print a warning in the output of the CLI's command."""
    with grpc.insecure_channel(engine, options=_GRPC_CHANNEL_OPTIONS) as channel:
        request = engine_pb2.LogRequest(severity=engine_pb2.WARNING, message=text)
        engine_pb2_grpc.EngineStub(channel).Log(request)


def main() -> None:
    """Serve until the engine ends the process; standard output has the port, and nothing else.

    The only argument is the engine's address.
    """
    lenient = ACCEPT_UNKNOWN in os.environ
    provider = LenientProvider(partial(_warn, sys.argv[1])) if lenient else Provider()

    async def serve() -> None:
        server = grpc.aio.server(options=_GRPC_CHANNEL_OPTIONS)
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Servicer(provider), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        sys.stdout.write(f"{port}\n")
        sys.stdout.flush()
        await server.wait_for_termination()

    with suppress(KeyboardInterrupt):
        asyncio.run(serve())


if __name__ == "__main__":
    main()
