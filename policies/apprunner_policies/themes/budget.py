"""Rules about cost."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource

from apprunner_facts import source
from apprunner_facts.bill import HOURS_A_MONTH, Assumptions
from apprunner_facts.limits import MAX_SIZE
from apprunner_facts.services import read_services
from apprunner_facts.tokens import STACK
from apprunner_policies.declared import declared, read_unknown
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Stack

monthly_budget = StackRule(
    "monthly-budget",
    resource_types=[STACK],
    description="The services of a stack cost at most their monthly budget.",
    remediation_steps=(
        "Choose smaller instances or a lower minSize, pause services that nobody uses, or raise the budget. The cost "
        "is an estimate: instances above minSize, builds, data transfer, logs, taxes and discounts are not included."
    ),
    source=source.PRICING,
    level=EnforcementLevel.ADVISORY,
    config={
        "dollars": {
            "type": "number",
            "minimum": 0,
            "description": "The monthly budget of all services of a stack in US dollars. Without it nothing is "
            "checked.",
        },
        "active": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": Assumptions().active,
            "description": "The share of running hours in which an instance handles requests.",
        },
        "hours": {
            "type": "number",
            "minimum": 1,
            "default": HOURS_A_MONTH,
            "description": "Hours in a month. Hours in which a schedule pauses a service are not included.",
        },
        "instances": {
            "type": "integer",
            "minimum": MAX_SIZE.minimum,
            "description": "Provisioned instances of each service; without it, the minimum of its scaling profile.",
        },
    },
)


@monthly_budget.check
def _is_within_the_budget(_: PolicyResource, stack: Stack) -> Iterator[str]:
    budget = stack.config.get("dollars")
    if isinstance(budget, bool) or not isinstance(budget, int | float):
        return
    try:
        assumptions = Assumptions(
            active=float(stack.config["active"]),
            hours=float(stack.config["hours"]),
            instances=stack.config.get("instances"),
        )
    except (ValueError, TypeError) as error:
        yield f"active and hours in the rule's configuration must be valid: {error}. Correct them there."
        return
    services = read_services(declared(stack))
    unknown = [each for service in services for each in service.unknown]
    costs = [(each.bill(assumptions).total, each.name) for each in services if not each.unknown]
    total = sum(cost for cost, _ in costs)
    if total > budget:
        largest = ", ".join(f"{name} ${cost:,.2f}" for cost, name in sorted(costs, reverse=True)[:3])
        yield (
            f"the services of this stack must cost at most ${budget:,.2f} a month, got{' at least' if unknown else ''} "
            f"about ${total:,.2f}. The most expensive: {largest}. The estimate assumes {assumptions.hours:g} hours a "
            f"month, and active instances in {assumptions.active * 100:g}% of the hours in which no schedule pauses "
            "them. Lower instanceConfiguration.memory, or minSize of the auto scaling configurations, or raise dollars."
        )
    read_unknown(stack, *unknown)


RULES = (monthly_budget,)
