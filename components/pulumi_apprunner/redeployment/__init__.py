"""A state machine that deploys a service again after a change, and the rules that start it and notify of failures."""

from pulumi_apprunner.redeployment.machine import Change, create_redeployment

__all__ = ["Change", "create_redeployment"]
