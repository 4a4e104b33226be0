"""The verification of deployments, the wait for custom domains, and hooks that wait, resume and retry.

pulumi-aws treats the status RUNNING as success, but a service has it after a rollback too. pulumi-aws does not retry
while App Runner cannot assume a new role, and fails on a paused service.
"""

from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.domains import repair_of_failed_domain
from pulumi_apprunner.lifecycle.hooks import configuration_hooks, domain_hooks, service_hooks
from pulumi_apprunner.lifecycle.runs import WatchedDomain, WatchedService, WatchedSplit
from pulumi_apprunner.lifecycle.shares import weight_hooks
from pulumi_apprunner.lifecycle.verification import verify_at_shutdown, wait_at_shutdown

__all__ = [
    "Access",
    "WatchedDomain",
    "WatchedService",
    "WatchedSplit",
    "configuration_hooks",
    "domain_hooks",
    "repair_of_failed_domain",
    "service_hooks",
    "verify_at_shutdown",
    "wait_at_shutdown",
    "weight_hooks",
]
