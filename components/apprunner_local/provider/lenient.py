"""The emulated provider of `apprunner local`: it accepts also the types that it does not emulate."""

import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from apprunner_facts.regions import partition_of
from apprunner_local.provider.checks import GENERATED, generated_name, without_notes
from apprunner_local.provider.differences import Difference
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.fields import UNKNOWN, Field, Schema, schema
from apprunner_local.provider.inputs import with_json_documents
from apprunner_local.provider.provider import (
    Diff,
    FailedError,
    Provider,
    ReadResult,
)
from apprunner_local.provider.resource import Properties
from pulumi_apprunner.offline.stubs.functions import function_result
from pulumi_apprunner.offline.stubs.request import ACCOUNT, StubRequest
from pulumi_apprunner.offline.stubs.resources import RESOURCE_STUBS


class LenientProvider(Provider):
    """A provider that keeps the resources of other types in the state only, with stub outputs.

    They are not created in AWS. Every change is an update in place, and removed inputs are ignored.

    Args:
        warn: Is called with one warning per type.
    """

    def __init__(self, warn: Callable[[str], None]) -> None:
        super().__init__()
        self._warn = warn
        self._warned: set[str] = set()

    def check(self, type: str, name: str, old: Properties, new: Properties, seed: bytes) -> Properties:
        """Return inputs with the provider's defaults; other types get a name, and JSON for policy documents."""
        if type in RESOURCES:
            return super().check(type, name, old, new, seed)
        if type not in self._warned:
            self._warned.add(type)
            self._warn(f"{type}: the local AWS does not emulate this type. It is accepted, and its outputs are stubs")
        generated = generated_name(_schema(type).inputs, name, old, new, seed)
        notes = {GENERATED: sorted(generated)} if generated else {}
        return with_json_documents(type, {**new, **generated, **notes})

    def diff(self, type: str, old: Properties, new: Properties, ignored: list[str]) -> Diff:
        """Compare a state with inputs."""
        if type in RESOURCES:
            return super().diff(type, old, new, ignored)
        changed = [key for key, value in without_notes(new).items() if old.get(key) != value and key not in ignored]
        return Diff([Difference(key, "update" if key in old else "add") for key in changed], [], False)

    def preview(self, type: str, properties: Properties) -> Properties:
        """Return the known properties of a resource before it is created."""
        if type in RESOURCES:
            return super().preview(type, properties)
        return {**dict.fromkeys(_computed(type), UNKNOWN), **without_notes(properties)}

    def preview_update(self, type: str, old: Properties, new: Properties) -> Properties:
        """Return the known properties of a resource before it is updated."""
        return super().preview_update(type, old, new) if type in RESOURCES else {**old, **without_notes(new)}

    def create(self, type: str, properties: Properties) -> tuple[str, Properties]:
        """Create a resource; return its id and its state."""
        return super().create(type, properties) if type in RESOURCES else self._stub(type, without_notes(properties))

    def read(self, type: str, id: str, state: Properties, properties: Properties) -> ReadResult:
        """Read a resource; for other types return the state, and every id exists."""
        if type in RESOURCES:
            return super().read(type, id, state, properties)
        return ReadResult(id, state or self._stub(type, without_notes(properties), id)[1], properties)

    def update(self, type: str, id: str, old: Properties, new: Properties) -> Properties:
        """Update a resource; return its state."""
        return super().update(type, id, old, new) if type in RESOURCES else {**old, **without_notes(new)}

    def delete(self, type: str, id: str, state: Properties) -> None:
        """Delete a resource."""
        if type in RESOURCES:
            super().delete(type, id, state)

    def invoke(self, token: str, properties: Properties) -> Properties:
        """Call a function; one that is not emulated returns the result of an offline plan.

        Raises:
            FailedError: The offline plan does not support the function, or AWS rejected the call.
        """
        try:
            return super().invoke(token, properties)
        except FailedError:
            result = function_result(token, properties, self.region(properties))
            if result is None:
                raise
            return dict(result)

    def _stub(self, type: str, properties: Properties, id: str = "") -> tuple[str, Properties]:
        """Return an id and a state: stub values where the offline plan has them, otherwise simple ones."""
        region = self.region(properties)
        noun = type.rpartition(":")[2].lower()
        request = StubRequest(type, noun, uuid.uuid4().hex, properties, region, id or None)
        factory = RESOURCE_STUBS.get(type)
        stub = factory(request) if factory else None
        name = id or str(properties.get("name") or (stub and stub.id) or request.physical_name())
        service = type.split(":")[1].split("/")[0]
        simple: Properties = {
            key: f"arn:{partition_of(region)}:{service}:{region}:{ACCOUNT}:{noun}/{name}"
            if key == "arn"
            else _SIMPLE.get(field.kind, f"stub-{key}")
            for key, field in _computed(type).items()
            if field.kind != "block"
        }
        return name, {**simple, **(stub.outputs if stub else {}), **properties}


_SIMPLE: Mapping[str, Any] = {"whole": 0, "number": 0, "bool": False, "list": [], "map": {}}


@cache
def _schema(type: str) -> Schema:
    """Return a type's properties; empty for a type that the installed pulumi_aws does not have."""
    try:
        return schema(type)
    except (AttributeError, ImportError, TypeError, ValueError):
        return Schema(Field("block"), Field("block"))


def _computed(type: str) -> Mapping[str, Field]:
    """Return the outputs that are not inputs."""
    known = _schema(type)
    return {key: field for key, field in known.outputs.fields.items() if key not in known.inputs.fields}
