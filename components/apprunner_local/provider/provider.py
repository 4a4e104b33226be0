# pyright: standard
"""The methods of a provider, in plain Python."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

from apprunner_facts.changes import COMPUTED
from apprunner_local.provider import (
    apprunner,
    fields,
    functions,
    iam,
    inputs,
    monitoring,
    network,
    notifications,
    scheduling,
)
from apprunner_local.provider.calls import Aws, CallError, InPlaceError, WaitError
from apprunner_local.provider.differences import Difference
from apprunner_local.provider.fields import Field
from apprunner_local.provider.resource import Properties, Resource
from apprunner_local.provider.session import session

RESOURCES: Mapping[str, Resource] = {
    one.token: one()
    for one in (
        apprunner.AutoScalingConfigurationVersion,
        apprunner.Connection,
        apprunner.CustomDomainAssociation,
        apprunner.ObservabilityConfiguration,
        apprunner.Service,
        apprunner.VpcConnector,
        apprunner.VpcIngressConnection,
        iam.Role,
        iam.RolePolicy,
        iam.RolePolicyAttachment,
        monitoring.EventRule,
        monitoring.EventTarget,
        monitoring.MetricAlarm,
        network.Record,
        network.SecurityGroup,
        network.SecurityGroupEgressRule,
        network.SecurityGroupIngressRule,
        notifications.Topic,
        notifications.TopicPolicy,
        notifications.TopicSubscription,
        scheduling.Queue,
        scheduling.Schedule,
        scheduling.ScheduleGroup,
    )
}
"""The emulated types."""


_GENERATED = "__defaults"
"""The input in which pulumi-aws lists the inputs that it generated."""


class FailedError(Exception):
    """A step failed, and AWS has changed nothing."""


class PartialError(Exception):
    """A step failed, and the resource exists.

    Args:
        text: Why.
        id: The resource's id.
        state: Its known properties.
    """

    def __init__(self, text: str, id: str, state: Properties) -> None:
        super().__init__(text)
        self.id = id
        self.state = state


@dataclass(frozen=True)
class Diff:
    """The differences, those that replace the resource, and whether the old one is deleted first."""

    differences: list[Difference]
    replaces: list[Difference]
    deletes_first: bool


@dataclass(frozen=True)
class ReadResult:
    """The result of a read: a resource's state, and the inputs of a program that creates the same."""

    id: str
    state: Properties = field(default_factory=dict)
    inputs: Properties = field(default_factory=dict)


class Provider:
    """The provider of one configuration."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self._settings: Properties = {}
        self._places: dict[str, Aws] = {}
        self._lock = threading.Lock()

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Set the provider's own settings: region, credentials, profile, assumeRoles; others are ignored."""
        self.close()
        self._settings = {key: _parsed(value) for key, value in settings.items()}

    def close(self) -> None:
        """Close every connection to AWS."""
        for place in self._places.values():
            place.close()
        self._places.clear()

    def check(self, type: str, name: str, old: Properties, new: Properties, seed: bytes) -> Properties:
        """Return inputs with the provider's defaults.

        Raises:
            ValueError: Pairs of a property and its error.
        """
        resource = _resource(type)
        schema = resource.schema.inputs  # loads the resource's class
        new = inputs.with_json_documents(type, new)
        if wrong := fields.type_errors(schema, new):
            raise ValueError(wrong)
        checked = resource.checked({**new, **generated_name(resource.schema.inputs, name, old, new, seed)})
        if wrong := inputs.model_errors(resource, without_note(checked)):
            raise ValueError(wrong)
        return checked

    def diff(self, type: str, old: Properties, new: Properties, ignored: list[str]) -> Diff:
        """Compare a state with inputs.

        A resource with an explicit name is deleted before its replacement is created, even if the name changes:
        pulumi-aws cannot rule out a collision of names. Some types are always deleted first.
        """
        resource = _resource(type)
        placed = self._placed(resource, new) if "region" in old else new
        differences = [one for one in resource.diff(old, placed) if not any(_is_in(one.path, path) for path in ignored)]
        replaces = [one for one in differences if resource.replaces(one)]
        return Diff(
            differences, replaces, bool(replaces) and (resource.deletes_first or _named_by_program(resource, new))
        )

    def preview(self, type: str, properties: Properties) -> Properties:
        """Return the known properties of a resource before it is created."""
        resource = _resource(type)
        return resource.outputs_ahead(self._placed(resource, without_note(properties)))

    def preview_update(self, type: str, old: Properties, new: Properties) -> Properties:
        """Return the known properties of a resource before it is updated."""
        ahead = {key: value for key, value in old.items() if key not in _resource(type).schema.inputs.fields}
        kept = {key: old[key] for key in COMPUTED[type] | {"region"} if key in old}
        return {**ahead, **kept, **without_note(new), **({"tagsAll": new.get("tags", {})} if "tagsAll" in old else {})}

    def create(self, type: str, properties: Properties) -> tuple[str, Properties]:
        """Create a resource; return its id and its state.

        Raises:
            FailedError: Nothing was created.
            PartialError: The resource was created, and a later step failed.
        """
        resource, properties = _resource(type), without_note(properties)
        aws = self._aws(properties)
        try:
            id, created = resource.create(aws, properties)
        except (CallError, WaitError, LookupError) as error:
            raise FailedError(f"creating {resource.noun} ({resource.name(properties)}): {error}") from error
        tags = {"tagsAll": properties.get("tags", {})} if "tagsAll" in resource.schema.outputs.fields else {}
        before = self._placed(resource, {**properties, **created, **tags})
        try:
            resource.wait_until_ready(aws, id)
            state = self._read(resource, aws, id, before)
        except (CallError, WaitError) as error:
            # Nothing is read after a failed wait: computed properties are absent. hashicorp/terraform-plugin-sdk
            # helper/schema/resource_data.go, State.
            raise PartialError(f"waiting for {resource.noun} ({id}) create: {error}", id, before) from error
        if state is None:
            raise FailedError(f"reading {resource.noun} ({id}): couldn't find resource")
        return id, state

    def read(self, type: str, id: str, state: Properties, properties: Properties) -> ReadResult:
        """Read a resource. The id of a resource that does not exist is empty.

        Raises:
            FailedError: AWS returned an error.
        """
        resource = _resource(type)
        aws = self._aws(state or properties)
        try:
            current = self._read(resource, aws, id, state)
        except (CallError, WaitError, ValueError) as error:
            raise FailedError(f"reading {resource.noun} ({id}): {error}") from error
        if current is None:
            return ReadResult("")
        note = {_GENERATED: properties[_GENERATED]} if _GENERATED in properties else {}
        return ReadResult(
            id, current, inputs.program_inputs(resource, current, without_note(properties), self.region({})) | note
        )

    def update(self, type: str, id: str, old: Properties, new: Properties) -> Properties:
        """Update a resource; return its state.

        In pulumi-aws a regional type without an update gets one that does nothing: see
        hashicorp/terraform-provider-aws internal/provider/sdkv2/provider.go.

        Raises:
            PartialError: It failed; the state still has the new inputs, as in pulumi-aws.
        """
        resource, new = _resource(type), without_note(new)
        if not resource.has_update:
            ahead = self.preview_update(type, old, new)
            if "region" in resource.schema.inputs.fields:
                return ahead
            raise PartialError(f"updating {resource.noun} ({id}): doesn't support update", id, ahead)
        aws = self._aws(old)
        changed = {one.path.split(".")[0].split("[")[0] for one in resource.diff(old, new)} - {"region"}
        ahead = self.preview_update(type, old, new)
        try:
            if "tags" in changed:
                was, will = old.get("tags") or {}, new.get("tags") or {}
                properties = {key: value for key, value in will.items() if was.get(key) != value}
                resource.tag(aws, {**old, "id": id}, sorted(set(was) - set(will)), properties)
            if rest := frozenset(changed - {"tags"}):
                resource.update(aws, id, old, new, rest)
            state = self._read(resource, aws, id, ahead)
        except (CallError, WaitError, LookupError, InPlaceError) as error:
            raise PartialError(f"updating {resource.noun} ({id}): {error}", id, ahead) from error
        if state is None:
            raise FailedError(f"reading {resource.noun} ({id}): couldn't find resource")
        return state

    def delete(self, type: str, id: str, state: Properties) -> None:
        """Delete a resource; one that does not exist is no error.

        Raises:
            FailedError: AWS rejected the deletion.
        """
        resource, aws = _resource(type), self._aws(state)
        try:
            resource.delete(aws, id, state)
        except CallError as error:
            if error.code not in resource.not_found_codes and resource.read(aws, id, state) is not None:
                raise FailedError(f"deleting {resource.noun} ({id}): {error}") from error
        except WaitError as error:
            raise FailedError(f"waiting for {resource.noun} ({id}) delete: {error}") from error

    def invoke(self, token: str, properties: Properties) -> Properties:
        """Call a function.

        Raises:
            FailedError: The function is not emulated, or AWS rejected the call.
        """
        try:
            return functions.call_function(token, self._aws(properties), properties)
        except (CallError, LookupError) as error:
            raise FailedError(f"invoking {token}: {error}") from error

    def _read(self, resource: Resource, aws: Aws, id: str, state: Properties) -> Properties | None:
        current = resource.read(aws, id, state)
        return (
            None
            if current is None
            else self._placed(resource, inputs.keep_equivalent(resource, current, state), aws.region)
        )

    def _placed(self, resource: Resource, state: Properties, region: str = "") -> Properties:
        if "region" not in resource.schema.outputs.fields:
            return state
        return {**state, "region": region or self.region(state)}

    def region(self, properties: Mapping[str, Any]) -> str:
        """Return the region of a resource or a call: its own, or the provider's."""
        region = properties.get("region") or self._settings.get("region") or boto3.Session().region_name
        if not region:
            raise FailedError("missing required configuration key aws:region: the region in which everything is")
        return str(region)

    def _aws(self, properties: Mapping[str, Any]) -> Aws:
        region = self.region(properties)
        with self._lock:
            if region not in self._places:
                self._places[region] = Aws(session(self._settings, region), region, self.cancelled)
            return self._places[region]


def without_note(inputs: Properties) -> Properties:
    """Return inputs without the provider's note on generated names."""
    return {key: value for key, value in inputs.items() if key != _GENERATED}


def _resource(type: str) -> Resource:
    if type not in RESOURCES:
        raise FailedError(f"{type}: the emulated provider does not support this type")
    return RESOURCES[type]


def generated_name(fields: Field, name: str, old: Properties, new: Properties, seed: bytes) -> Properties:
    """Return a physical name and its note if the program sets no name: the current one, or a generated one."""
    if not _can_have_generated_name(fields) or new.get("name") or new.get("namePrefix"):
        return {}
    generated = f"{name}-{hashlib.sha256(seed or name.encode()).hexdigest()[:7]}"
    return {"name": old["name"] if _GENERATED in old and "name" in old else generated, _GENERATED: ["name"]}


def _named_by_program(resource: Resource, inputs: Properties) -> bool:
    return _can_have_generated_name(resource.schema.inputs) and bool(inputs.get("name")) and _GENERATED not in inputs


def _can_have_generated_name(fields: Field) -> bool:
    """Return whether pulumi-aws generates a name if the program sets none."""
    return "name" in fields.fields and "name" not in fields.required


def _parsed(value: Any) -> Any:
    """Return a setting, with lists and blocks parsed from JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _is_in(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}["))
