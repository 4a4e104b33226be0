"""Rules about pauses outside production: that there are some, and that their schedules do what they promise."""

from apprunner_policies.rule import Rule, StackRule

RULES: tuple[Rule | StackRule, ...] = ()
