"""Rules about secrets: none in plain sight, and each that is bound readable by the service."""

from apprunner_policies.rule import Rule, StackRule

RULES: tuple[Rule | StackRule, ...] = ()
