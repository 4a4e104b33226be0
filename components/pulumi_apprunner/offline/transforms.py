"""Transforms (`pulumi.runtime.register_resource_transform`): run here as the engine runs them."""

from typing import Any

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.sdk import resource_pb2

_SAME = ("protect", "version", "provider", "aliases", "replace_with")
_OTHERWISE = {
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
_FIELDS = {name: name for name in _SAME} | _OTHERWISE
"""Fields of a transform's options, and those of a registration that they stand for."""


class Transforms:
    """The transforms of a program's stack and of its resources, which concern what is below them as well."""

    def __init__(self) -> None:
        self._stack: list[Any] = []
        self._own: dict[str, list[Any]] = {}
        self._parents: dict[str, str] = {}

    def for_all(self, callback: Any) -> None:
        """Add one that concerns every resource from now on."""
        self._stack.append(callback)

    def remember(self, urn: str, request: Any) -> None:
        """Keep the transforms of a resource for its children."""
        self._parents[urn] = request.parent
        if request.transforms:
            self._own[urn] = list(request.transforms)

    def concern(self, request: Any) -> bool:
        """Tell whether any has to run before a resource is registered."""
        return bool(self._stack or self._own or request.transforms)

    async def applied(self, request: Any) -> Any:
        """Return a request as the resource's own transforms, its parents' and the stack's leave it, in this order."""
        callbacks = list(request.transforms)
        above = request.parent
        while above:
            callbacks += self._own.get(above, [])
            above = self._parents.get(above, "")
        for callback in [*callbacks, *self._stack]:
            asked = resource_pb2.TransformRequest(
                type=request.type,
                name=request.name,
                custom=request.custom,
                parent=request.parent,
                properties=request.object,
                options=_options(request),
            )
            answer = await sdk.transformed(callback, asked)
            request.object.CopyFrom(answer.properties)
            if answer.HasField("options"):
                _take(request, answer.options)
        return request


def _options(request: Any) -> Any:
    options = resource_pb2.TransformResourceOptions()
    for field, source in _present(options):
        if source == "deleteBeforeReplace" and not request.deleteBeforeReplaceDefined:
            continue
        _copy(request, source, options, field)
    return options


def _take(request: Any, options: Any) -> None:
    for field, target in _present(options):
        request.ClearField(target)
        _copy(options, field, request, target)
    request.deleteBeforeReplaceDefined = options.HasField("delete_before_replace")


def _present(options: Any) -> list[tuple[str, str]]:
    """Return the pairs of fields that this SDK knows."""
    ours, theirs = options.DESCRIPTOR.fields_by_name, resource_pb2.RegisterResourceRequest.DESCRIPTOR.fields_by_name
    return [(name, other) for name, other in _FIELDS.items() if name in ours and other in theirs]


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
