"""Rules about required tags."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy import ResourceValidationArgs
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import tokens
from apprunner_facts.documents import parse_json
from apprunner_policies.properties import as_mapping, as_texts, mapping, member
from apprunner_policies.rule import Rule
from apprunner_policies.services import TAGGABLE

_AROUND = (
    tokens.ROLE,
    tokens.POLICY,
    tokens.SECURITY_GROUP,
    tokens.SUBNET,
    tokens.VPC_ENDPOINT,
    tokens.QUEUE,
    tokens.METRIC_ALARM,
    tokens.SECRET,
    tokens.PARAMETER,
)

required_tags = Rule(
    "required-tags",
    resource_types=[*TAGGABLE, *_AROUND],
    description="Resources have the tags that the organization requires.",
    remediation_steps=(
        "Set the tags on the resource, or as defaultTags on the provider. At the level remediate the rule adds the "
        "tags that its configuration has under values."
    ),
    source=None,
    config={
        "tags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "The keys of the required tags. If it is empty, nothing is checked.",
        },
        "types": {
            "type": "array",
            "items": {"type": "string", "enum": sorted([*TAGGABLE, *_AROUND])},
            "default": list(TAGGABLE),
            "description": "The types of resources that are checked; by default those of App Runner that support tags.",
        },
        "values": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "default": {},
            "description": "The values of tags that the rule adds at the level remediate, by key.",
        },
    },
)


@required_tags.check
def _has_tags(resource: ResourceValidationArgs) -> Iterator[str]:
    missing = _missing(resource)
    if missing:
        yield (
            f"tags must include {' and '.join(map(json.dumps, missing))}. Neither the resource nor the provider's "
            f"defaultTags has {'it' if len(missing) == 1 else 'them'}. Set "
            f"{' and '.join(f'tags[{json.dumps(key)}]' for key in missing)}, or the provider's defaultTags.tags."
        )


@required_tags.check
def _provider_keeps_tags(resource: ResourceValidationArgs) -> Iterator[str]:
    required = as_texts(resource.get_config().get("tags")) if _is_checked(resource) else ()
    removed = [key for key in required if _is_ignored(key, resource)]
    if removed:
        yield (
            f"tags must include {' and '.join(map(json.dumps, removed))}, which the provider's ignoreTags removes. "
            "Remove it from ignoreTags. If another system adds the tag, remove it from the rule's tags instead."
        )


@required_tags.remediation
def _add_tags(resource: ResourceValidationArgs) -> bool:
    """Add the tags for which the configuration has a value, unless all tags are unknown."""
    values: Mapping[str, Any] = as_mapping(resource.get_config().get("values")) or {}
    tags: Any = resource.props.get("tags")
    if not (tags is None or isinstance(tags, Mapping)):
        return False
    added = {key: text for key in _missing(resource) if isinstance(text := values.get(key), str)}
    if not added:
        return False
    if tags is None:
        cast(dict[str, Any], resource.props)["tags"] = added
        return True
    for key, text in added.items():
        cast(dict[str, Any], tags)[key] = text
    return True


def _missing(resource: ResourceValidationArgs) -> list[str]:
    """Return the keys of missing tags. A further source of tags is read only if some are still missing."""
    missing = as_texts(resource.get_config().get("tags")) if _is_checked(resource) else []
    for keys in (_own_tags, _default_tags, _all_tags):
        missing = missing and [key for key in missing if key not in keys(resource)]
    return missing


def _is_checked(resource: ResourceValidationArgs) -> bool:
    return resource.resource_type in as_texts(resource.get_config().get("types"))


def _own_tags(resource: ResourceValidationArgs) -> list[str]:
    tags = mapping(resource, "tags") or {}
    return _keys(tags)


def _all_tags(resource: ResourceValidationArgs) -> list[str]:
    return _keys(mapping(resource, "tagsAll") or {})


def _keys(tags: Mapping[str, Any]) -> list[str]:
    """Return the keys of tags with a value, which may be unknown."""
    with_value: list[str] = []
    for key in tags:
        try:
            has_value = tags[key] is not None
        except UnknownValueError:
            has_value = True
        with_value += [key] * has_value
    return with_value


def _default_tags(resource: ResourceValidationArgs) -> list[str]:
    """Return the keys of the tags that the provider adds."""
    return list(as_mapping(member(_setting(resource, "defaultTags"), "tags")) or ())


def _is_ignored(key: str, resource: ResourceValidationArgs) -> bool:
    """Return whether the provider removes a tag before it creates the resource."""
    ignored = _setting(resource, "ignoreTags")
    prefixes = as_texts(member(ignored, "keyPrefixes"))
    return key in as_texts(member(ignored, "keys")) or key.startswith(tuple(prefixes))


def _setting(resource: ResourceValidationArgs, key: str) -> Any:
    """Return a setting of the resource's provider, whose properties are plain values or JSON."""
    setting: Any = resource.provider.props.get(key) if resource.provider else None
    return parse_json(setting) if isinstance(setting, str) else setting


RULES = (required_tags,)
