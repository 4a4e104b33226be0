"""Rules about whose key encrypts what a service stores."""

from apprunner_policies.rule import Rule, StackRule

RULES: tuple[Rule | StackRule, ...] = ()
