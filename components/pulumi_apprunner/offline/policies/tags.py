"""The property `tagsAll`, which pulumi-aws adds to each resource that has tags before a rule sees it.

Source: provider/tags.go of pulumi/pulumi-aws.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import UNKNOWN, is_list, is_map, leaves, reveal

TAGS_ALL = "tagsAll"
"""The property's name."""


def with_all_tags(resource: Resource, provider: Mapping[str, Any]) -> Resource:
    """Return a resource of pulumi-aws with `tagsAll`: its own tags and those of its provider. Return others unchanged.

    Args:
        resource: The resource.
        provider: The inputs of its provider.
    """
    if not resource.type.startswith("aws:") or TAGS_ALL not in sdk.computed_outputs(resource.type):
        return resource
    tags = {TAGS_ALL: _merged(resource.inputs.get("tags"), provider)}
    return replace(resource, inputs={**resource.inputs, **tags}, outputs={**resource.outputs, **tags})


def _merged(own: Any, provider: Mapping[str, Any]) -> Any:
    """Return the merged tags; `UNKNOWN` if any part of the tags or of the provider's settings is."""
    default, ignored = _parsed(provider.get("defaultTags")), _parsed(provider.get("ignoreTags"))
    if UNKNOWN in leaves([own, default, ignored]):
        return UNKNOWN
    merged = {**_map(default.get("tags")), **_map(reveal(own))}
    tags = {key: tag for key, tag in merged.items() if tag is not None}
    keys, prefixes = (_texts(ignored.get(key)) for key in ("keys", "keyPrefixes"))
    return {key: tag for key, tag in tags.items() if key not in keys and not key.startswith(prefixes)}


def _parsed(setting: Any) -> Mapping[str, Any]:
    """Return a provider's setting, which the SDK and the configuration write as JSON; empty if it is invalid."""
    setting = reveal(setting)
    if setting is UNKNOWN:
        return {"tags": UNKNOWN}
    try:
        return _map(json.loads(setting) if isinstance(setting, str) else setting)
    except ValueError:
        return {}


def _map(value: Any) -> Mapping[str, Any]:
    return value if is_map(value) else {}


def _texts(setting: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in setting) if is_list(setting) else ()
