# pyright: standard
"""The base of all resources: their calls, and the conversion of an answer into a state."""

from collections.abc import Mapping
from typing import Any, ClassVar

from apprunner_facts.changes import CHANGES, COMPUTED
from apprunner_local.provider import shapes
from apprunner_local.provider.calls import Aws, CallError, InPlaceError
from apprunner_local.provider.differences import Difference, Normal, differences
from apprunner_local.provider.fields import UNKNOWN, Field, Schema, schema

Properties = dict[str, Any]

_TAGS = Field("map", Field("text"))


class Resource:
    """A type of resource, one call for each step unless a subclass overrides it.

    A subclass sets the calls and AWS's differing names in class variables. For steps of several calls it overrides
    `create`, `wait_until_ready`, `read`, `update` or `delete`.
    """

    token: ClassVar[str]
    noun: ClassVar[str]
    """Its name in the messages of pulumi-aws."""
    service: ClassVar[str]
    """boto3's name of its service."""
    creates: ClassVar[str] = ""
    reads: ClassVar[str] = ""
    deletes: ClassVar[str] = ""
    answer: ClassVar[str] = ""
    """The member of the responses that contains the resource."""
    identity: ClassVar[Mapping[str, str]] = {}
    """The members that identify the resource in calls, each with its property."""
    names: ClassVar[Mapping[str, str]] = {}
    """AWS's names of properties that differ from the provider's."""
    answer_names: ClassVar[Mapping[str, str]] = {}
    """The same for responses, if their names differ from those of requests."""
    defaults: ClassVar[Mapping[str, Any]] = {}
    """The provider's defaults, by path. A block without a value gets none."""
    normal: ClassVar[Mapping[str, Normal]] = {}
    """By path, a function that returns the same value for all values that mean the same."""
    not_found_codes: ClassVar[frozenset[str]] = frozenset({"ResourceNotFoundException"})
    """AWS's error codes for a resource that does not exist."""
    provider_only: ClassVar[frozenset[str]] = frozenset({"region"})
    """Inputs that are not sent to AWS."""
    deletes_first: ClassVar[bool] = False
    """Whether pulumi-aws deletes it before it creates a replacement, also without an explicit name."""
    has_update: ClassVar[bool] = True
    """Whether pulumi-aws has an update for it. The engine calls update also after a create that failed partially."""

    longest_name: ClassVar[int | None] = None
    """The maximum length of a name that pulumi-aws generates: provider/resources.go."""

    @property
    def has_tags(self) -> bool:
        """Whether it has tags."""
        return "tagsAll" in self.schema.outputs.fields

    @property
    def schema(self) -> Schema:
        """Its properties."""
        return schema(self.token)

    def name(self, inputs: Properties) -> str:
        """Return the resource's name for messages, before it has an id."""
        key = next((key for key in inputs if key.endswith(("Name", "name")) and not key.startswith("group")), "")
        return str(inputs.get(key, ""))

    # Inputs

    def checked(self, inputs: Properties) -> Properties:
        """Return inputs with the provider's defaults."""
        filled = _copy(inputs)
        for path, value in self.defaults.items():
            *blocks, last = path.split(".")
            block: Any = filled
            for part in blocks:
                block = block.get(part) if isinstance(block, dict) else None
            if isinstance(block, dict) and block.get(last) is None:
                block[last] = value
        return filled

    def diff(self, old: Properties, new: Properties) -> list[Difference]:
        """Return the differences between a state and inputs."""
        # Inputs that Check has not seen have no tagsAll.
        all_tags = old.get("tagsAll"), new.get("tagsAll", old.get("tagsAll"))
        old, new = (
            {key: value for key, value in each.items() if key in self.schema.inputs.fields} for each in (old, new)
        )
        return [
            *differences(self.schema.inputs, old, new, COMPUTED[self.token], self.normal),
            *(differences(_TAGS, all_tags[0], all_tags[1], frozenset(), {}, "tagsAll") if self.has_tags else ()),
        ]

    def ignores(self, difference: Difference) -> bool:
        """Return whether pulumi-aws never applies a difference, so that every update shows it again."""
        # [P: vpc_ingress_connection.go, observability_configuration.go] Changes that the provider does not
        # apply are differences in every update.
        return _longest(difference.path, CHANGES[self.token], "update") == "ignore"

    def replaces(self, difference: Difference) -> bool:
        """Return whether a difference replaces the resource."""
        return _longest(difference.path, CHANGES[self.token], "update") == "replace"

    def outputs_ahead(self, inputs: Properties) -> Properties:
        """Return the properties of a new resource in a preview: its inputs, and unknown outputs."""
        ahead = dict.fromkeys(self.schema.outputs.fields, UNKNOWN) | inputs
        for key in set(self.schema.inputs.fields) - set(inputs) - COMPUTED[self.token]:
            del ahead[key]
        return ahead

    # Calls

    def members(self, aws: Aws, operation: str, inputs: Properties) -> Properties:
        """Return inputs as an operation's members."""
        properties = {key: value for key, value in inputs.items() if key not in self.provider_only}
        members: Properties = shapes.to_aws(properties, aws.shape(self.service, operation), self.names)
        return members

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        """Create the resource; return its id, and the outputs that only this response contains."""
        answer = aws.call(self.service, self.creates, self.members(aws, self.creates, inputs))
        return self.id(self._state(answer[self.answer], inputs) if self.answer else inputs), {}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        """Wait until the created resource is ready."""

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        """Return the state of a resource, None if it does not exist.

        Args:
            aws: AWS in the resource's region.
            id: Its id.
            state: Its last state; empty for an import.
        """
        described = self.describe(aws, id)
        if described is None or self.is_deleted(described):
            return None
        result = self._state(described, state)
        if self.has_tags:
            result["tags"] = result.get("tags") or self.tags(aws, result)
        return result

    def describe(self, aws: Aws, id: str) -> Properties | None:
        """Return AWS's description of a resource, None if it does not exist."""
        try:
            answer = aws.call(self.service, self.reads, self.key(id))
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        described: Properties = answer[self.answer] if self.answer else answer
        return described

    def is_deleted(self, described: Properties) -> bool:
        """Return whether a description is that of a deleted resource."""
        return str(described.get("Status")).upper() in ("DELETED", "INACTIVE")

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        """Update the resource, except for its tags.

        Args:
            aws: AWS in the resource's region.
            id: Its id.
            old: Its state.
            new: Its inputs.
            changed: The inputs that differ.
        """
        raise InPlaceError(f"{self.token}: {', '.join(sorted(changed))} cannot be updated in place")

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        """Delete the resource, and wait until it is deleted."""
        aws.call(self.service, self.deletes, self.key(id))

    # Ids and tags

    def id(self, state: Properties) -> str:
        """Return the id of the resource with a state."""
        return "/".join(str(state[key]) for key in self.identity.values())

    def imported_id(self, id: str) -> str:
        """Return the id of a resource that is imported with an id."""
        return id

    def key(self, id: str) -> Properties:
        """Return the members that identify the resource with an id in calls."""
        return dict(zip(self.identity, self.parts(id), strict=True))

    def parts(self, id: str) -> list[str]:
        """Return the parts of an id, one for each identifying member."""
        return id.split("/", len(self.identity) - 1) if len(self.identity) > 1 else [id]

    def tags(self, aws: Aws, state: Properties) -> Properties:
        """Return the tags of the resource with a state."""
        listed = aws.call(self.service, "ListTagsForResource", {"ResourceArn": state["arn"]})
        return {tag["Key"]: tag["Value"] for tag in listed["Tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        """Remove tags, and add others."""
        self._tag_by(aws, {"ResourceArn": state["arn"]}, taken, properties, "TagResource", "UntagResource")

    def _tag_by(
        self, aws: Aws, key: Properties, taken: list[str], properties: Properties, tag: str, untag: str
    ) -> None:
        if taken:
            aws.call(self.service, untag, {**key, "TagKeys": taken})
        if properties:
            aws.call(
                self.service, tag, {**key, "Tags": [{"Key": name, "Value": text} for name, text in properties.items()]}
            )

    def _state(self, described: Properties, before: Properties) -> Properties:
        """Return a description as a state; inputs that AWS never returns keep their former values."""
        result: Properties = shapes.from_aws(described, self.schema.outputs, {**self.names, **self.answer_names})
        kept = {key: before[key] for key in self.provider_only - {"region"} if key in before}
        return kept | result


def wait_until_deleted(
    aws: Aws, resource: Resource, id: str, *pending: str, member: str = "Status", seconds: float
) -> None:
    """Wait until a resource is deleted, while its state is one of the pending ones, for some seconds at most."""

    def state() -> str | None:
        described = resource.describe(aws, id)
        return None if described is None or resource.is_deleted(described) else described[member]

    aws.wait(state, pending, (), seconds)


def _longest(path: str, kinds: Mapping[str, Any], otherwise: str) -> str:
    """Return the value for a path, or for the longest part of it."""
    parts = path.replace("[", ".").split(".")
    for length in range(len(parts), 0, -1):
        if change := kinds.get(".".join(parts[:length])):
            return str(change.kind)
    return otherwise


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return [_copy(item) for item in value] if isinstance(value, list) else value
