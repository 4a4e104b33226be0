"""The storefront: one program for all environments, and a stack file for each environment."""

import pulumi

import shared
from pulumi_apprunner import Fleet

pulumi.export("services", Fleet.from_config("storefront", defaults=shared.DEFAULTS).services)
