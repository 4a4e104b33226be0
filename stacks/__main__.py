"""The storefront: `pulumi up` in the folder above, one stack file for each environment."""

import fleet
import pulumi
import settings

pulumi.export("services", fleet.build(settings.load()))
