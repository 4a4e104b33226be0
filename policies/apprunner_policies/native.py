"""The resources of aws-native as pulumi-aws has them, so that a rule reads one form.

The schemas are nearly the same. In aws-native, maps are lists of pairs and one name is another. A setting that is left
out has the default of the App Runner API rather than that of pulumi-aws.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import PolicyResource

from apprunner_facts.tokens import NATIVE, VPC_INGRESS_CONNECTION
from apprunner_policies.properties import as_items, as_mapping, as_text, member

_PAIRS: Mapping[str, str] = {
    "runtimeEnvironmentSecrets": "name",
    "runtimeEnvironmentVariables": "name",
    "tags": "key",
}
"""The properties that are lists of pairs, with the key of a pair's name; the other key is `value`."""

_NAMES: Mapping[str, Mapping[str, str]] = {VPC_INGRESS_CONNECTION: {"name": "vpcIngressConnectionName"}}
"""By type of pulumi-aws: its names of properties, and those of aws-native."""

_DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    # For an image that it cannot deploy automatically, App Runner sets false; pulumi-aws sends true.
    "sourceConfiguration": {"autoDeploymentsEnabled": False},
    # pulumi-aws sends false for a block without the flag.
    "ingressConfiguration": {"isPubliclyAccessible": True},
}
"""By block: settings to which pulumi-aws gives another default.

Source: API reference of App Runner, SourceConfiguration and IngressConfiguration (read 2026-11-26).
"""


def as_pulumi_aws(of_type: str, props: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    """Return the type and the properties of a resource as pulumi-aws has them; unchanged unless it is of aws-native."""
    same = NATIVE.get(of_type)
    return (of_type, props) if same is None else (same, _Block(props, {}, _NAMES.get(same, {})))


def resource(native: PolicyResource) -> PolicyResource:
    """Return a resource of aws-native as pulumi-aws has it."""
    of_type, props = as_pulumi_aws(native.resource_type, native.props)
    return PolicyResource(
        of_type,
        props,  # pyright: ignore[reportArgumentType]  (the SDK passes a read-only proxy too)
        native.urn,
        native.name,
        native.opts,
        native.provider,
        native.parent,
        native.dependencies,
        native.property_dependencies,
    )


class _Block(Mapping[str, Any]):
    """A view of a block. Reading an unknown value of it raises, as in the block itself."""

    def __init__(
        self, block: Mapping[str, Any], defaults: Mapping[str, Any], names: Mapping[str, str] | None = None
    ) -> None:
        self._block, self._defaults, self._names = block, defaults, names or {}

    def __getitem__(self, key: str) -> Any:
        name = self._names.get(key, key)
        item = self._defaults[key] if name not in self._block and key in self._defaults else self._block[name]
        if key in _PAIRS:
            return _mapping_of_pairs(item, _PAIRS[key])
        block = as_mapping(item)
        return item if block is None else _Block(block, _DEFAULTS.get(key, {}))

    def __iter__(self) -> Iterator[str]:
        keys = {name: key for key, name in self._names.items()}
        yield from dict.fromkeys([*(keys.get(name, name) for name in self._block), *self._defaults])

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Pairs(Mapping[str, Any]):
    """A view of a list of pairs. Reading an unknown value of a pair raises."""

    def __init__(self, pairs: Mapping[str, Any]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> Any:
        return member(self._pairs[name], "value")

    def __iter__(self) -> Iterator[str]:
        return iter(self._pairs)

    def __len__(self) -> int:
        return len(self._pairs)


def _mapping_of_pairs(item: Any, key: str) -> Any:
    """Return a list of pairs as a map. Raises UnknownValueError if a name is unknown."""
    pairs = {name: pair for pair in as_items(item) if (name := as_text(member(pair, key))) is not None}
    return _Pairs(pairs) if pairs or as_mapping(item) is None else item
