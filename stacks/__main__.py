"""The storefront: `pulumi up` in the folder above, one stack file for each environment."""

import pulumi

import fleet
import settings

pulumi.export("services", fleet.build(settings.load()))
