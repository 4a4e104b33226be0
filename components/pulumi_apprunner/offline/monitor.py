# ruff: noqa: N802  (the methods are called as the engine's are)
"""Answers a program as the engine does in a preview, and keeps what it registers."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from google.protobuf.empty_pb2 import Empty

from apprunner_facts import tokens
from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.graph import Graph, Resource, in_order
from pulumi_apprunner.offline.sdk import engine_pb2, provider_pb2, resource_pb2
from pulumi_apprunner.offline.stubs.answers import Answers, unanswered
from pulumi_apprunner.offline.stubs.request import Asked
from pulumi_apprunner.offline.transforms import Transforms
from pulumi_apprunner.offline.values import UNKNOWN, known


class Engine:
    """Takes the messages of a program."""

    def __init__(self, messages: Iterable[str] = ()) -> None:
        self.messages = list(messages)

    def Log(self, request: Any) -> Empty:
        if request.severity != engine_pb2.DEBUG and not request.ephemeral:
            self.messages.append(f"{engine_pb2.LogSeverity.Name(request.severity).lower()}: {request.message}")
        return Empty()

    def RequirePulumiVersion(self, request: Any) -> Empty:
        """Any version will do: there is no CLI here."""
        return Empty()


class Monitor(sdk.MockMonitor):
    """Registers resources at once, adding to their inputs what AWS would answer.

    It is one of the SDK's mock monitors, so that code which looks for those before it calls AWS finds one.
    """

    emulates_aws = True  # so a component judges what comes back, as it does on the engine

    def __init__(self, project: str, stack: str, answers: Answers, engine: Engine) -> None:
        super().__init__(mocks=None)  # type: ignore[arg-type]  # every method that would ask them is replaced here
        self._project, self._stack = project, stack
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._answers = answers
        self._engine = engine
        self._transforms = Transforms()
        self._registered: dict[str, Resource] = {}
        self._root = ""
        self._exports: dict[str, Any] = {}

    def graph(self) -> Graph:
        """Return all that was registered."""
        return Graph(
            project=self._project,
            stack=self._stack,
            resources=in_order(list(self._registered.values())),
            exports=self._exports,
            region=self._answers.region,
            messages=tuple(self._engine.messages),
        )

    def RegisterResource(self, request: Any) -> Any:
        if request.type == tokens.STACK:
            self._root = f"{self._prefix}{tokens.STACK}::{request.name}"
            return resource_pb2.RegisterResourceResponse(urn=self._root)
        if self._transforms.concern(request):
            return self._register_transformed(request)
        return self._register(request)

    async def _register_transformed(self, request: Any) -> Any:
        return self._register(await self._transforms.applied(request))

    def _register(self, request: Any) -> Any:
        urn = self._new_urn(request)
        self._transforms.remember(urn, request)
        inputs = sdk.decode(request.object)
        response = resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        physical_id, added = request.importId or None, dict[str, Any]()
        if request.custom:
            made, added = self._answers.resource(self._asked(request, urn, inputs))
            physical_id = physical_id or made
            response.id = physical_id or ""
            _add(response.object, added)
        elif request.remote:
            self._engine.messages.append(
                f"warning: {request.type} '{request.name}' is a component of a provider plugin: "
                "what is inside of it is not known here"
            )
        self._registered[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=self._parent(request),
            inputs=inputs,
            outputs=_outputs(request.type, inputs, added) if request.custom else {},
            id=physical_id,
            custom=request.custom,
            remote=request.remote,
            **_common(request),
            **self._options(request),
        )
        return response

    def ReadResource(self, request: Any) -> Any:
        urn = self._new_urn(request)
        inputs = sdk.decode(request.properties)
        if request.type == tokens.STACK_REFERENCE:
            added = self._answers.stack_reference(request.id)
        else:
            added = self._answers.resource(self._asked(request, urn, inputs, read=request.id)).outputs
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)
        if "id" in response.DESCRIPTOR.fields_by_name:  # older SDKs keep the id that they asked for
            response.id = request.id
        _add(response.properties, added)
        self._registered[urn] = Resource(
            urn=urn,
            type=request.type,
            name=request.name,
            parent=self._parent(request),
            inputs=inputs,
            outputs=_outputs(request.type, inputs, added),
            id=request.id,
            read=True,
            **_common(request),
        )
        return response

    def RegisterResourceOutputs(self, request: Any) -> Empty:
        outputs = sdk.decode(request.outputs)
        if request.urn == self._root:
            self._exports = outputs
        elif request.urn in self._registered:
            self._registered[request.urn] = self._registered[request.urn].with_outputs(outputs)
        return Empty()

    def Invoke(self, request: Any) -> Any:
        args = sdk.decode(request.args)
        if request.tok == tokens.GET_RESOURCE:
            resource = self._registered[args["urn"]]
            return _invoked({"urn": resource.urn, "id": resource.id or "", "state": resource.outputs})
        result = self._answers.invoke(request.tok, args, self._region(request.provider, args))
        if result is not None:
            return _invoked(result)
        if sdk.asks_for_output():
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        raise unanswered(request.tok, args)

    def Call(self, request: Any) -> Any:
        """Answer a method of a resource; its result is unknown where nobody gave one."""
        result = self._answers.given.invokes.get(request.tok, {"result": sdk.UNKNOWN_TEXT})
        response = provider_pb2.CallResponse()
        _add(getattr(response, "return"), result)
        return response

    def RegisterResourceHook(self, request: Any) -> Empty:
        """Take a hook, which is never called: nothing is done here that it could be called around."""
        return Empty()

    def RegisterErrorHook(self, request: Any) -> Empty:
        return Empty()

    def RegisterStackTransform(self, request: Any) -> Empty:
        self._transforms.for_all(request)
        return Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Empty:
        self._engine.messages.append("warning: invoke transforms are not run offline")
        return Empty()

    def _new_urn(self, request: Any) -> str:
        chain = "" if request.parent in ("", self._root) else request.parent.split("::")[2] + "$"
        urn = f"{self._prefix}{chain}{request.type}::{request.name}"
        if urn in self._registered:
            raise pulumi.RunError(
                f"Duplicate resource URN '{urn}'; try giving it a unique name: "
                f"two resources of type {request.type} with the same parent are named '{request.name}'"
            )
        return urn

    def _parent(self, request: Any) -> str | None:
        return None if request.parent in ("", self._root) else request.parent

    def _asked(self, request: Any, urn: str, inputs: Mapping[str, Any], read: str | None = None) -> Asked:
        region = self._region(request.provider, inputs)
        return Asked(type=request.type, name=request.name, urn=urn, inputs=inputs, region=region, read=read)

    def _region(self, provider: str, inputs: Mapping[str, Any]) -> str:
        """Return the region of a resource: its own, that of its provider, or the stack's."""
        own = known(inputs.get("region"), str)
        explicit = self._registered.get(_provider_urn(provider) or "")
        return own or (explicit and known(explicit.inputs.get("region"), str)) or self._answers.region

    def _options(self, request: Any) -> dict[str, Any]:
        """Return the options that only a registration has, and a read has not."""
        return {
            "property_dependencies": {
                key: tuple(sorted(request.propertyDependencies[key].urns))
                for key in sorted(request.propertyDependencies)
                if request.propertyDependencies[key].urns
            },
            "providers": {name: _provider_urn(request.providers[name]) for name in sorted(request.providers)},
            "protect": request.protect,
            "ignore_changes": tuple(request.ignoreChanges),
            "replace_on_changes": tuple(request.replaceOnChanges),
            "replacement_trigger": sdk.optional(request, "replacement_trigger", sdk.decode_value),
            "delete_before_replace": request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            "retain_on_delete": request.retainOnDelete,
            "deleted_with": request.deletedWith or None,
            "replace_with": sdk.optional(request, "replace_with", tuple) or (),
            "additional_secret_outputs": tuple(request.additionalSecretOutputs),
            "hide_diffs": sdk.optional(request, "hideDiffs", tuple) or (),
            "aliases": tuple(self._alias(request, alias) for alias in request.aliases),
            "import_id": request.importId or None,
            "custom_timeouts": _texts(request.customTimeouts),
            "hooks": {moment.name: tuple(names) for moment, names in request.hooks.ListFields()},
        }

    def _alias(self, request: Any, alias: Any) -> str:
        """Return the URN that an alias stands for."""
        if alias.WhichOneof("alias") == "urn":
            return alias.urn
        spec = alias.spec
        parent = spec.parentUrn or ("" if spec.noParent else request.parent)
        chain = "" if parent.split("::")[2:3] in ([], [tokens.STACK]) else parent.split("::")[2] + "$"
        where = f"urn:pulumi:{spec.stack or self._stack}::{spec.project or self._project}"
        return f"{where}::{chain}{spec.type or request.type}::{spec.name or request.name}"


def _outputs(type: str, inputs: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    unanswered = dict.fromkeys(sorted(sdk.computed(type) - set(added)), UNKNOWN)
    return {**unanswered, **inputs, **added}


def _common(request: Any) -> dict[str, Any]:
    return {
        "dependencies": tuple(sorted(request.dependencies)),
        "provider": _provider_urn(request.provider),
        "version": request.version or None,
    }


def _provider_urn(reference: str) -> str | None:
    """Return the URN in a reference to a provider, which ends in its id."""
    return reference.rpartition("::")[0] or None


def _texts(message: Any) -> dict[str, str]:
    return {field.name: value for field, value in message.ListFields()}


def _add(struct: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        struct[key] = sdk.encoded(value)


def _invoked(result: Mapping[str, Any]) -> Any:
    response = resource_pb2.ResourceInvokeResponse()
    _add(getattr(response, "return"), result)
    return response
