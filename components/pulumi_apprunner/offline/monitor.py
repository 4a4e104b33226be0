# ruff: noqa: N802  (gRPC method names)
"""Answers the SDK's calls as the Pulumi engine does in a preview, and collects the registered resources."""

from collections.abc import Iterable, Mapping
from typing import Any

import pulumi
from google.protobuf.empty_pb2 import Empty

from apprunner_facts import tokens
from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.documents import json_documents
from pulumi_apprunner.offline.graph import Graph, Resource, parents_first
from pulumi_apprunner.offline.sdk import engine_pb2, provider_pb2, resource_pb2
from pulumi_apprunner.offline.stubs.request import StubRequest
from pulumi_apprunner.offline.stubs.resolver import StubResolver, missing_stub_error
from pulumi_apprunner.offline.transforms import Transforms
from pulumi_apprunner.offline.values import UNKNOWN, known_value


class OfflineEngine:
    """Collects the messages that a program logs."""

    def __init__(self, messages: Iterable[str] = ()) -> None:
        self.messages = list(messages)

    def Log(self, request: Any) -> Empty:
        if request.severity != engine_pb2.DEBUG and not request.ephemeral:
            self.messages.append(f"{engine_pb2.LogSeverity.Name(request.severity).lower()}: {request.message}")
        return Empty()

    def RequirePulumiVersion(self, request: Any) -> Empty:
        """Accept any version, because no CLI is involved."""
        return Empty()


class Monitor(sdk.MockMonitor):
    """Registers resources immediately, and adds stub values to their inputs.

    It is a subclass of the SDK's mock monitor, so that code that does not call AWS under mocks detects it.
    """

    emulates_aws = True  # components validate its values, as on the Pulumi engine

    def __init__(self, project: str, stack: str, stubs: StubResolver, engine: OfflineEngine) -> None:
        super().__init__(mocks=None)  # type: ignore[arg-type]  # every method that calls the mocks is overridden
        self._project, self._stack = project, stack
        self._prefix = f"urn:pulumi:{stack}::{project}::"
        self._stubs = stubs
        self._engine = engine
        self._transforms = Transforms()
        self._registered: dict[str, Resource] = {}
        self._root = ""
        self._exports: dict[str, Any] = {}

    def graph(self) -> Graph:
        """Return the resources registered so far."""
        return Graph(
            project=self._project,
            stack=self._stack,
            resources=parents_first(list(self._registered.values())),
            exports=self._exports,
            region=self._stubs.region,
            messages=tuple(self._engine.messages),
        )

    def RegisterResource(self, request: Any) -> Any:
        if request.type == tokens.STACK:
            self._root = f"{self._prefix}{tokens.STACK}::{request.name}"
            return resource_pb2.RegisterResourceResponse(urn=self._root)
        if self._transforms.apply_to(request):
            return self._register_transformed(request)
        return self._register(request)

    async def _register_transformed(self, request: Any) -> Any:
        return self._register(await self._transforms.apply(request))

    def _register(self, request: Any) -> Any:
        urn = self._unique_urn(request)
        self._transforms.add_resource_transforms(urn, request)
        _add(request.object, json_documents(request.type, sdk.decode(request.object)))
        inputs = sdk.decode(request.object)
        response = resource_pb2.RegisterResourceResponse(urn=urn, object=request.object)
        physical_id, added = request.importId or None, dict[str, Any]()
        if request.custom:
            imported = request.importId or None  # the engine reads an imported resource
            stub_id, added = self._stubs.resource(self._stub_request(request, urn, inputs, read=imported))
            physical_id = physical_id or stub_id
            response.id = physical_id or ""
            _add(response.object, added)
        elif request.remote:
            self._engine.messages.append(
                f"warning: {request.type} '{request.name}' is a component of a provider plugin. "
                "Its children are not in the graph"
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
        urn = self._unique_urn(request)
        inputs = sdk.decode(request.properties)
        if request.type == tokens.STACK_REFERENCE:
            added = self._stubs.stack_reference(request.id)
        else:
            added = self._stubs.resource(self._stub_request(request, urn, inputs, read=request.id)).outputs
        response = resource_pb2.ReadResourceResponse(urn=urn, properties=request.properties)
        if "id" in response.DESCRIPTOR.fields_by_name:  # older SDKs keep the id of their request
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
            return _invoke_response({"urn": resource.urn, "id": resource.id or "", "state": resource.outputs})
        result = self._stubs.invoke(request.tok, args, self._region(request.provider, args))
        if result is not None:
            return _invoke_response(result)
        if sdk.is_output_invoke():
            return resource_pb2.ResourceInvokeResponse(unknown=True)
        raise missing_stub_error(request.tok, args)

    def Call(self, request: Any) -> Any:
        """Return the result of a resource's method; unknown without a stub value."""
        result = self._stubs.stubs.invokes.get(request.tok, {"result": sdk.UNKNOWN_TEXT})
        response = provider_pb2.CallResponse()
        _add(getattr(response, "return"), result)
        return response

    def RegisterResourceHook(self, request: Any) -> Empty:
        """Accept a hook. Hooks are not called, because nothing is created, updated or deleted."""
        return Empty()

    def RegisterErrorHook(self, request: Any) -> Empty:
        return Empty()

    def RegisterStackTransform(self, request: Any) -> Empty:
        self._transforms.add_stack_transform(request)
        return Empty()

    def RegisterStackInvokeTransform(self, request: Any) -> Empty:
        self._engine.messages.append("warning: invoke transforms are not run offline")
        return Empty()

    def _unique_urn(self, request: Any) -> str:
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

    def _stub_request(self, request: Any, urn: str, inputs: Mapping[str, Any], read: str | None = None) -> StubRequest:
        region = self._region(request.provider, inputs)
        return StubRequest(type=request.type, name=request.name, urn=urn, inputs=inputs, region=region, read=read)

    def _region(self, provider: str, inputs: Mapping[str, Any]) -> str:
        """Return the region of a resource: its `region` input, its provider's, or the stack's."""
        own = known_value(inputs.get("region"), str)
        explicit = self._registered.get(_provider_urn(provider) or "")
        return own or (explicit and known_value(explicit.inputs.get("region"), str)) or self._stubs.region

    def _options(self, request: Any) -> dict[str, Any]:
        """Return the options that only a registration has, not a read."""
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
            "replacement_trigger": sdk.optional_field(request, "replacement_trigger", sdk.decode_value),
            "delete_before_replace": request.deleteBeforeReplace if request.deleteBeforeReplaceDefined else None,
            "retain_on_delete": request.retainOnDelete,
            "deleted_with": request.deletedWith or None,
            "replace_with": sdk.optional_field(request, "replace_with", tuple) or (),
            "additional_secret_outputs": tuple(request.additionalSecretOutputs),
            "hide_diffs": sdk.optional_field(request, "hideDiffs", tuple) or (),
            "aliases": tuple(self._alias_urn(request, alias) for alias in request.aliases),
            "import_id": request.importId or None,
            "custom_timeouts": _strings(request.customTimeouts),
            "hooks": {moment.name: tuple(names) for moment, names in request.hooks.ListFields()},
        }

    def _alias_urn(self, request: Any, alias: Any) -> str:
        """Return the URN of an alias."""
        if alias.WhichOneof("alias") == "urn":
            return alias.urn
        spec = alias.spec
        parent = spec.parentUrn or ("" if spec.noParent else request.parent)
        chain = "" if parent.split("::")[2:3] in ([], [tokens.STACK]) else parent.split("::")[2] + "$"
        prefix = f"urn:pulumi:{spec.stack or self._stack}::{spec.project or self._project}"
        return f"{prefix}::{chain}{spec.type or request.type}::{spec.name or request.name}"


def _outputs(type: str, inputs: Mapping[str, Any], added: Mapping[str, Any]) -> dict[str, Any]:
    without_stub = dict.fromkeys(sorted(sdk.computed_outputs(type) - set(added)), UNKNOWN)
    return {**without_stub, **inputs, **added}


def _common(request: Any) -> dict[str, Any]:
    return {
        "dependencies": tuple(sorted(request.dependencies)),
        "provider": _provider_urn(request.provider),
        "version": request.version or None,
    }


def _provider_urn(reference: str) -> str | None:
    """Return the URN in a reference to a provider, which has the form `<urn>::<id>`."""
    return reference.rpartition("::")[0] or None


def _strings(message: Any) -> dict[str, str]:
    return {field.name: value for field, value in message.ListFields()}


def _add(struct: Any, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        struct[key] = sdk.encode(value)


def _invoke_response(result: Mapping[str, Any]) -> Any:
    response = resource_pb2.ResourceInvokeResponse()
    _add(getattr(response, "return"), result)
    return response
