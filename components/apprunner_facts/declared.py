"""The resources of a program as plain data, which `services` and `pauses` read.

The plan converts its resource graph to this form, and a policy the resources that Pulumi passes to it.
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
        tokens.AUTO_SCALING: ("arn", "minSize", "maxSize", "maxConcurrency"),
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
"""The properties that `services` and `pauses` read, by type token, under the provider's names."""


class UnknownProperty(NamedTuple):
    """A property whose value is unknown in a preview, and on which a result depends.

    urn: The resource's URN.
    path: One of PATHS.
    """

    urn: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredResource:
    """A resource of a program.

    Args:
        urn: Its URN, unique in the program.
        type: Its type token, a key of PATHS.
        name: Its logical name.
        properties: The known properties of PATHS by path, with secrets in plain text. Unset paths are omitted.
        unknown: The paths whose values are unknown.
        references: From a top-level property to the URNs of the resources that its value depends on. They are known in
            every preview.
        provider_region: The region of its provider, or None if unknown (default None).
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Any]
    unknown: Collection[str] = ()
    references: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    provider_region: str | None = None

    def text(self, path: str) -> str | None:
        """Return the string at a path; None if it is unset, unknown or not a string."""
        value = self.properties.get(path)
        return value if isinstance(value, str) else None

    def unknown_properties(self, *paths: str) -> list[UnknownProperty]:
        """Return the properties among `paths` that are unknown."""
        return [UnknownProperty(self.urn, path) for path in paths if path in self.unknown]


class ResourceLookup:
    """Finds the resource that another resource refers to.

    Args:
        resources: The resources to find. Each has the property "arn".
    """

    def __init__(self, resources: Sequence[DeclaredResource]) -> None:
        self._by_urn = {each.urn: each for each in resources}
        self._by_arn = {arn: each for each in resources if (arn := each.text("arn"))}

    def find(self, resource: DeclaredResource, key: str, arn: str | None) -> DeclaredResource | None:
        """Return the resource that a property refers to; None if it is not among these, or ambiguous.

        Args:
            resource: The resource with the property.
            key: Its top-level property, such as "target".
            arn: The ARN in the property, or None if it is unknown. If no resource has this ARN, the result is the only
                resource that the property depends on.
        """
        if arn in self._by_arn:
            return self._by_arn[arn]
        candidates = [self._by_urn[urn] for urn in resource.references.get(key, ()) if urn in self._by_urn]
        return candidates[0] if len(candidates) == 1 else None
