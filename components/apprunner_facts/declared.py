"""The resources of a program as plain data, which `services` and `pauses` read.

The plan makes it from a graph, a policy from what the engine shows. Everything that follows from it is computed here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple

from apprunner_facts import tokens

PATHS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        tokens.SERVICE: (
            "arn",
            "region",
            "autoScalingConfigurationArn",
            "instanceConfiguration.cpu",
            "instanceConfiguration.memory",
            "sourceConfiguration.autoDeploymentsEnabled",
            "sourceConfiguration.imageRepository.imageRepositoryType",
        ),
        tokens.AUTO_SCALING: ("arn", "minSize"),
        tokens.DEFAULT_AUTO_SCALING: ("region", "autoScalingConfigurationArn"),
        tokens.SCHEDULE: (
            "target.arn",
            "target.input",
            "state",
            "scheduleExpression",
            "scheduleExpressionTimezone",
        ),
    }
)
"""The properties that are read, by type token, under the provider's names."""


class UnknownProperty(NamedTuple):
    """A property that a preview does not know, and on which an answer depends.

    urn: the resource.
    path: one of PATHS.
    """

    urn: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """A resource of a program.

    urn: its URN, unique in the program.
    type: its type token, a key of PATHS.
    name: its logical name.
    properties: the known properties of PATHS by path, secrets revealed; a path that is not set is left out.
    unknown: the paths whose values are unknown.
    references: by top-level property, the URNs of the resources that its value is made from; known in every preview.
    provider_region: the region of its provider; None where it is not known (None).
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Any]
    unknown: Collection[str] = ()
    references: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    provider_region: str | None = None

    def text(self, path: str) -> str | None:
        """Return the string at a path; None where there is none, or it is unknown."""
        value = self.properties.get(path)
        return value if isinstance(value, str) else None

    def unknown_properties(self, *paths: str) -> list[UnknownProperty]:
        """Return those of some properties that are unknown."""
        return [UnknownProperty(self.urn, path) for path in paths if path in self.unknown]


class ByReference:
    """Resources that others name by ARN.

    resources: those that can be named; each has the property "arn".
    """

    def __init__(self, resources: Sequence[Declared]) -> None:
        self._by_urn = {each.urn: each for each in resources}
        self._by_arn = {arn: each for each in resources if (arn := each.text("arn"))}

    def named(self, resource: Declared, key: str, arn: str | None) -> Declared | None:
        """Return the resource that a property names; None where it is none of these, or more than one may be meant.

        resource: the one that has the property.
        key: its top-level property, such as "target".
        arn: the ARN in it, None where it is unknown. One that is none of these does not count if the property is made
            from exactly one of these.
        """
        if arn in self._by_arn:
            return self._by_arn[arn]
        found = [self._by_urn[urn] for urn in resource.references.get(key, ()) if urn in self._by_urn]
        return found[0] if len(found) == 1 else None
