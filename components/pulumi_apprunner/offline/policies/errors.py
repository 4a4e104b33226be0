"""Errors of a policy pack and of its configuration."""

import pulumi


class PolicyConfigError(pulumi.RunError):
    """An invalid policy configuration. The message lists all errors."""


class RuleError(Exception):
    """An error of a rule; the rule's own error is its cause.

    Args:
        policy: The rule's id.
        resource: The URN of the resource, or of the stack.
        error: The rule's error.
    """

    def __init__(self, policy: str, resource: str, error: BaseException) -> None:
        self.policy, self.resource = policy, resource
        super().__init__(f"rule {policy} failed on {resource}: {type(error).__name__}: {error}")
