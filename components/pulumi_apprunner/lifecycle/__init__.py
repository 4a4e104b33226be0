"""What happens around a deployment: its verification, and hooks that wait, resume and retry.

pulumi-aws treats RUNNING as success, which is also the status after a rollback. It does not retry while a new role
cannot be assumed, and fails on a paused service.
"""

from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.hooks import configuration_hooks, domain_hooks, service_hooks
from pulumi_apprunner.lifecycle.runs import WatchedService
from pulumi_apprunner.lifecycle.verification import verify_at_shutdown

__all__ = ["Access", "WatchedService", "configuration_hooks", "domain_hooks", "service_hooks", "verify_at_shutdown"]
