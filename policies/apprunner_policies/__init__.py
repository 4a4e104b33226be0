"""Rules for AWS App Runner that check any Pulumi program, in any language."""

from apprunner_policies.pack import pack
from apprunner_policies.themes import (
    access,
    addresses,
    alarms,
    availability,
    budget,
    connector,
    connector_subnets,
    domain_records,
    domains,
    encryption,
    exposure,
    health,
    images,
    limits,
    logs,
    network,
    notifications,
    pausing,
    permissions,
    runtimes,
    safety,
    scaling,
    secret_grants,
    secrets,
    sizing,
    sources,
    tags,
    tracing,
    trust,
    variables,
)

__all__ = ["POLICIES", "THEMES"]

THEMES = (
    sizing,
    scaling,
    safety,
    pausing,
    images,
    access,
    sources,
    runtimes,
    variables,
    secrets,
    secret_grants,
    encryption,
    permissions,
    trust,
    network,
    connector,
    connector_subnets,
    exposure,
    addresses,
    health,
    limits,
    domains,
    domain_records,
    tracing,
    alarms,
    notifications,
    logs,
    tags,
    availability,
    budget,
)
"""The modules with the rules, in the order of a report."""

POLICIES = pack(*(rule for theme in THEMES for rule in theme.RULES))
"""The pack."""
