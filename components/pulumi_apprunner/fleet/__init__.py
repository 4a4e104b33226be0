"""The services of one environment and what they share."""

from pulumi_apprunner.fleet.component import Fleet
from pulumi_apprunner.fleet.service import FleetServiceOutputs

__all__ = ["Fleet", "FleetServiceOutputs"]
