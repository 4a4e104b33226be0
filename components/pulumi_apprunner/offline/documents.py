"""Policy documents that a program passes as objects, which the provider converts to JSON."""

import json
from collections.abc import Mapping
from typing import Any

from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, is_map, leaves, reveal


def json_documents(type: str, inputs: Mapping[str, Any]) -> dict[str, Any]:
    """Return the inputs of a resource that are documents as objects, each as JSON.

    A document with an unknown value is unknown, and one with a secret is a secret: the provider's check of the inputs
    does the same (TransformJSONDocument of pulumi-terraform-bridge).
    """
    objects = {key: value for key, value in inputs.items() if _is_object(value)}
    return {key: _as_json(objects[key]) for key in sdk.document_inputs(type) & objects.keys()} if objects else {}


def _is_object(value: Any) -> bool:
    content = value.value if isinstance(value, Secret) else value
    return is_map(content) or is_list(content)


def _as_json(document: Any) -> Any:
    parts = list(leaves(document))
    if any(each is UNKNOWN for each in parts):
        return UNKNOWN
    text = json.dumps(reveal(document), sort_keys=True)
    return Secret(text) if any(isinstance(each, Secret) for each in parts) else text
