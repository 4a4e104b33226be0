"""What happens around a deployment: its verification, and hooks that wait, resume and retry.

pulumi-aws takes RUNNING for success, which a rollback ends in too, does not retry while a new role cannot be assumed
yet, and fails on a paused service.
"""

from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.hooks import configuration_hooks, domain_hooks, service_hooks
from pulumi_apprunner.lifecycle.verification import verify_at_shutdown

__all__ = ["Access", "configuration_hooks", "domain_hooks", "service_hooks", "verify_at_shutdown"]
