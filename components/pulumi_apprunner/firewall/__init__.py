"""WebFirewall: a web ACL, and the log of the requests that it inspects."""

from pulumi_apprunner.firewall.component import WebFirewall

__all__ = ["WebFirewall"]
