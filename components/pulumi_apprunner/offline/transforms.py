"""Runs transforms (`pulumi.runtime.register_resource_transform`) in the order of the Pulumi engine."""

from typing import Any

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.sdk import resource_pb2

_SAME_NAME = ("protect", "version", "provider", "aliases", "replace_with")
_RENAMED = {
    "depends_on": "dependencies",
    "ignore_changes": "ignoreChanges",
    "replace_on_changes": "replaceOnChanges",
    "custom_timeouts": "customTimeouts",
    "plugin_download_url": "pluginDownloadURL",
    "retain_on_delete": "retainOnDelete",
    "deleted_with": "deletedWith",
    "delete_before_replace": "deleteBeforeReplace",
    "additional_secret_outputs": "additionalSecretOutputs",
    "providers": "providers",
    "hooks": "hooks",
    "import": "importId",
    "hide_diff": "hideDiffs",
    "replacement_trigger": "replacement_trigger",
}
_FIELDS = {name: name for name in _SAME_NAME} | _RENAMED
"""The fields of a transform's options, and the corresponding fields of a registration."""


class Transforms:
    """The transforms of a stack and of its resources. A resource's transforms also apply to its descendants."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._own: dict[str, list[Any]] = {}
        self._parents: dict[str, str] = {}

    def add_stack_transform(self, callback: Any) -> None:
        """Add a transform that applies to every resource registered from now on."""
        self._stack.append(callback)

    def add_resource_transforms(self, urn: str, request: Any) -> None:
        """Add the transforms of a resource, which also apply to its descendants."""
        self._parents[urn] = request.parent
        if request.transforms:
            self._own[urn] = list(request.transforms)

    def apply_to(self, request: Any) -> bool:
        """Return whether a transform may apply to a resource."""
        return bool(self._stack or self._own or request.transforms)

    async def apply(self, request: Any) -> Any:
        """Run the resource's own transforms, then its ancestors', then the stack's, and return the changed request."""
        callbacks = list(request.transforms)
        ancestor = request.parent
        while ancestor:
            callbacks += self._own.get(ancestor, [])
            ancestor = self._parents.get(ancestor, "")
        for callback in [*callbacks, *self._stack]:
            transform_request = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            )
            response = await sdk.call_transform(callback, transform_request)
            request.object.CopyFrom(response.properties)
            if response.HasField("options"):
                _set_options(request, response.options)
        return request


def _options(request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions()
    for field, source in _supported_fields(options):
        if source == "deleteBeforeReplace" and not request.deleteBeforeReplaceDefined:
            continue
        _copy(request, source, options, field)
    return options


def _set_options(request: Any, options: Any) -> None:
    for field, target in _supported_fields(options):
        request.ClearField(target)
        _copy(options, field, request, target)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")


def _supported_fields(options: Any) -> list[tuple[str, str]]:
    """Return the pairs of fields that this SDK version has."""
    option_fields = options.DESCRIPTOR.fields_by_name
    request_fields = resource_pb2.RegisterResourceRequest.DESCRIPTOR.fields_by_name
    return [(name, other) for name, other in _FIELDS.items() if name in option_fields and other in request_fields]


def _copy(source: Any, name: str, target: Any, other: str) -> None:
    field = source.DESCRIPTOR.fields_by_name[name]
    if field.has_presence and not source.HasField(name):
        return
    value = getattr(source, name)
    if field.label == field.LABEL_REPEATED:
        getattr(target, other).MergeFrom(value) if hasattr(value, "MergeFrom") else getattr(target, other).update(value)
    elif field.message_type is not None:
        getattr(target, other).CopyFrom(value)
    else:
        setattr(target, other, value)
