"""The region of a resource, if the program sets it."""

from pulumi_policy import PolicyResource

from apprunner_policies.properties import as_text, value


def region_of(resource: PolicyResource) -> str | None:
    """Return a resource's own region or its provider's, None if neither is set.

    Raises UnknownValueError if it is unknown.
    """
    own = value(resource, "region")
    return as_text(value(resource.provider, "region") if own is None and resource.provider else own)
