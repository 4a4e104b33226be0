"""Names of hosts, as custom domains and DNS records have them."""

from apprunner_policies.properties import HasProps, known_text


def normalize(name: str) -> str:
    """Return a name for comparison: in lower case, without the last dot."""
    return name.rstrip(".").lower()


def known_name(resource: HasProps, key: str) -> str | None:
    """Return the name in a property for comparison, None if there is none or it is unknown."""
    name = known_text(resource, key)
    return normalize(name) if name is not None else None
