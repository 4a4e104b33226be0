"""The storefront: one program for all environments, one stack file for each."""

import pulumi

import shared
from pulumi_apprunner import Fleet

pulumi.export("services", Fleet.from_config("storefront", defaults=shared.DEFAULTS).services)
