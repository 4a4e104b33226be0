# pyright: standard
"""The methods of a provider, in plain Python."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import boto3

from apprunner_facts.changes import COMPUTED
from apprunner_local.provider import checks, fields, functions, inputs
from apprunner_local.provider.calls import Aws, CallError, InPlaceError, WaitError
from apprunner_local.provider.checks import ALL_TAGS, Tags, generated_name, is_generated, with_notes, without_notes
from apprunner_local.provider.differences import Difference, planned
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.resource import Properties, Resource
from apprunner_local.provider.session import session


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
        self._tags = Tags({})
        self._places: dict[str, Aws] = {}
        self._lock = threading.Lock()

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Set the provider's own settings: region, credentials, profile, assumeRoles, defaultTags and ignoreTags.

        Others are ignored.
        """
        self.close()
        self._settings = {key: _parsed(value) for key, value in settings.items()}
        self._tags = Tags(self._settings)

    def close(self) -> None:
        """Close every connection to AWS."""
        for place in self._places.values():
            place.close()
        self._places.clear()

    def check(self, type: str, name: str, old: Properties, new: Properties, seed: bytes) -> Properties:
        """Return inputs with the provider's defaults, its region, its tags, and notes on what was added.

        Raises:
            ValueError: Pairs of a property and its error.
        """
        resource = _resource(type)
        schema = resource.schema.inputs  # loads the resource's class
        # The engine checks the inputs of an import again, as they were read.
        plain = {key: value for key, value in without_notes(new).items() if key != ALL_TAGS}
        new = inputs.with_json_documents(type, plain)
        if wrong := fields.type_errors(schema, new):
            raise ValueError(wrong)
        generated = generated_name(schema, name, old, new, seed, resource.longest_name)
        filled = resource.checked({**new, **generated})
        if wrong := inputs.model_errors(resource, filled):
            raise ValueError(wrong)
        noted = with_notes(schema, new, filled)
        return {**noted, **self._added(resource, new)}

    def _added(self, resource: Resource, new: Properties) -> Properties:
        """Return the inputs that pulumi-aws adds: pulumi/pulumi-aws provider/region.go and provider/tags.go."""
        # [P: pulumi-aws provider/region.go] Check adds region to the inputs of regional resources.
        region = {"region": self.region(new)} if "region" in resource.schema.inputs.fields else {}
        return region | ({ALL_TAGS: self._tags.merged(new.get("tags"))} if resource.has_tags else {})

    def diff(self, type: str, old: Properties, new: Properties, ignored: list[str]) -> Diff:
        """Compare a state with inputs.

        A resource with an explicit name is deleted before its replacement is created, even if the name changes:
        pulumi-aws cannot rule out a collision of names. Some types are always deleted first.
        """
        # [P: pulumi-aws provider/resource_overrides.go] A resource with an explicit name, and an attachment
        # of a policy to a role, is deleted before its replacement is created.
        resource = _resource(type)
        plain = without_notes(new)
        placed = self._placed(resource, plain) if "region" in old else plain
        differences = [one for one in resource.diff(old, placed) if not any(_is_in(one.path, path) for path in ignored)]
        replaces = [one for one in differences if resource.replaces(one)]
        return Diff(
            differences, replaces, bool(replaces) and (resource.deletes_first or _named_by_program(resource, new))
        )

    def preview(self, type: str, properties: Properties) -> Properties:
        """Return the known properties of a resource before it is created."""
        resource = _resource(type)
        return resource.outputs_ahead(self._placed(resource, self._with_tags(resource, without_notes(properties))))

    def preview_update(self, type: str, old: Properties, new: Properties) -> Properties:
        """Return the known properties of a resource before it is updated."""
        resource, new = _resource(type), without_notes(new)
        ahead = {key: value for key, value in old.items() if key not in resource.schema.inputs.fields}
        region = {"region": old["region"]} if "region" in old else {}
        plan = planned(resource.schema.inputs, old, new, COMPUTED[type])
        return self._with_tags(resource, {**ahead, **region, **plan}) if resource.has_tags else {**ahead, **plan}

    def _with_tags(self, resource: Resource, properties: Properties) -> Properties:
        """Return properties with all tags of the resource."""
        if not resource.has_tags or ALL_TAGS in properties:
            return properties
        return {**properties, ALL_TAGS: self._tags.merged(properties.get("tags"))}

    def create(self, type: str, properties: Properties) -> tuple[str, Properties]:
        """Create a resource; return its id and its state.

        Raises:
            FailedError: Nothing was created.
            PartialError: The resource was created, and a later step failed.
        """
        # [P: terraform-plugin-sdk resource_data.go] After a create whose wait failed, the state has the
        # inputs and no computed properties.
        resource = _resource(type)
        properties = self._with_tags(resource, without_notes(properties))
        aws = self._aws(properties)
        try:
            id, created = resource.create(aws, _sent(properties))
        except (CallError, WaitError, LookupError) as error:
            raise FailedError(f"creating {resource.noun} ({resource.name(properties)}): {error}") from error
        before = self._placed(resource, {**properties, **created})
        try:
            resource.wait_until_ready(aws, id)
            state = self._read(resource, aws, id, before)
        except (CallError, WaitError) as error:
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
        program = inputs.program_inputs(resource, current, without_notes(properties), self.region({}))
        id = id if state else resource.imported_id(id)
        return ReadResult(id, current, inputs.keep_notes(resource, program, properties))

    def update(self, type: str, id: str, old: Properties, new: Properties) -> Properties:
        """Update a resource; return its state.

        Raises:
            PartialError: It failed; the state still has the new inputs, as in pulumi-aws.
        """
        # [P: terraform-provider-aws sdkv2/provider.go] The update of a regional type that has no update function does
        # nothing; that of a global type is an error.
        # [P: terraform-plugin-sdk grpc_provider.go] After a failed update, the state has the new inputs.
        resource, new = _resource(type), without_notes(new)
        if not resource.has_update:
            ahead = self.preview_update(type, old, new)
            if "region" in resource.schema.inputs.fields:
                return ahead
            raise PartialError(f"updating {resource.noun} ({id}): doesn't support update", id, ahead)
        aws = self._aws(old)
        applied = [one for one in resource.diff(old, new) if not resource.ignores(one)]
        changed = {one.path.split(".")[0].split("[")[0] for one in applied} - {"region"}
        ahead = self.preview_update(type, old, new)
        try:
            was, will = old.get(ALL_TAGS) or {}, ahead.get(ALL_TAGS) or {}
            if was != will:
                properties = {key: value for key, value in will.items() if was.get(key) != value}
                resource.tag(aws, {**old, "id": id}, sorted(set(was) - set(will)), properties)
            if rest := frozenset(changed - {"tags", ALL_TAGS}):
                plan = {key: value for key, value in ahead.items() if key in resource.schema.inputs.fields}
                resource.update(aws, id, old, plan, rest)
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
        if current is None:
            return None
        if resource.has_tags:
            own, everything = self._tags.read(current.get("tags") or {})
            current = {**current, "tags": own, ALL_TAGS: everything}
        return self._placed(resource, inputs.keep_equivalent(resource, current, state), aws.region)

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


def _sent(properties: Properties) -> Properties:
    """Return properties as they are sent to AWS: with all tags in the place of the resource's own."""
    sent = {key: value for key, value in properties.items() if key not in ("tags", ALL_TAGS)}
    return sent | ({"tags": tags} if (tags := properties.get(ALL_TAGS) or properties.get("tags")) else {})


def _resource(type: str) -> Resource:
    if type not in RESOURCES:
        raise FailedError(f"{type}: the emulated provider does not support this type")
    return RESOURCES[type]


def _named_by_program(resource: Resource, inputs: Properties) -> bool:
    named = bool(inputs.get("name")) and not is_generated(inputs, "name")
    return named and checks.can_have_generated_name(resource.schema.inputs)


def _parsed(value: Any) -> Any:
    """Return a setting, with lists and blocks parsed from JSON."""
    return json.loads(value) if isinstance(value, str) and value[:1] in ("[", "{") else value


def _is_in(path: str, whole: str) -> bool:
    return path == whole or path.startswith((f"{whole}.", f"{whole}["))
