"""JSON documents in the properties of resources."""

import json


def parse_json(text: str) -> object:
    """Return the content of a JSON document, None if it is not JSON or nested too deeply for Python."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
