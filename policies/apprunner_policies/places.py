"""Where a resource is: its region, as far as a program says."""

from pulumi_policy import PolicyResource

from apprunner_policies.rule import read


def region_of(resource: PolicyResource) -> str | None:
    """Return a resource's region, its own or its provider's; None where the program says neither.

    Raises UnknownValueError if it is not known yet.
    """
    own = read(resource, "region")
    region = read(resource.provider, "region") if own is None and resource.provider else own
    return region if isinstance(region, str) else None
