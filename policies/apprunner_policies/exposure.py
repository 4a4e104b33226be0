"""Rules about who reaches a service: a firewall in front of it, or a private way in that is complete."""

from apprunner_policies.rule import Rule, StackRule

RULES: tuple[Rule | StackRule, ...] = ()
