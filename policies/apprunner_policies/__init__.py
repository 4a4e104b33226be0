"""Rules for AWS App Runner that judge any Pulumi program, in any language."""

from apprunner_policies import images, network, scaling, sizing, variables
from apprunner_policies.rule import pack

__all__ = ["POLICIES"]

POLICIES = pack(*sizing.RULES, *scaling.RULES, *images.RULES, *variables.RULES, *network.RULES)
"""The pack: every rule, in the order in which a report lists them."""
