"""Rules for AWS App Runner that judge any Pulumi program, in any language."""

from apprunner_policies import (
    connector,
    domains,
    encryption,
    exposure,
    identity,
    images,
    network,
    observability,
    operations,
    organisation,
    pausing,
    runtimes,
    safety,
    scaling,
    secrets,
    sizing,
    sources,
    variables,
)
from apprunner_policies.rule import pack

__all__ = ["POLICIES", "THEMES"]

THEMES = (
    sizing,
    scaling,
    safety,
    pausing,
    images,
    sources,
    runtimes,
    variables,
    secrets,
    encryption,
    identity,
    network,
    connector,
    exposure,
    operations,
    domains,
    observability,
    organisation,
)
"""The modules that hold the rules, each with its `RULES`, in the order in which a report lists them."""

POLICIES = pack(*(rule for theme in THEMES for rule in theme.RULES))
"""The pack."""
