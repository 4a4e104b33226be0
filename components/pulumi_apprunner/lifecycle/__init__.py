"""What happens around a deployment: a verdict on each, and hooks that wait, resume and retry.

pulumi-aws takes RUNNING for success, which a rollback ends in too, does not retry while a new role cannot be assumed
yet, and fails on a paused service.
"""

from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.hooks import domain_hooks, service_hooks
from pulumi_apprunner.lifecycle.verdict import judged

__all__ = ["Access", "domain_hooks", "judged", "service_hooks"]
