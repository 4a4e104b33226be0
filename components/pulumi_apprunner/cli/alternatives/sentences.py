"""Texts that the terminal and the page share."""

from apprunner_facts.alternatives import Cost, Crossover
from pulumi_apprunner.cli.alternatives.around import Around
from pulumi_apprunner.cli.alternatives.report import ServiceOptions
from pulumi_apprunner.rightsize.traffic import Traffic


def instances_text(service: ServiceOptions) -> str:
    """Return how many instances a service has."""
    base, peak = service.instances
    if base == peak:
        return f"{base} instance{'' if base == 1 else 's'}"
    return f"{base} to {peak:.3g} instances"


def parts_text(cost: Cost) -> str:
    """Return the parts of a bill that are not 0; "nothing" if all are."""
    return ", ".join(f"{name} {value:,.2f}" for name, value in cost.parts.items() if value) or "nothing"


def traffic_sentence(traffic: Traffic) -> str:
    """Return what was measured."""
    if traffic.seconds_per_request is None:
        return f"Measured in {traffic.days:.1f} days: no requests. The costs are those of an idle service."
    beyond = f", {traffic.extra_instances:.3g} of them beyond the minimum" if traffic.extra_instances else ""
    return (
        f"Measured in {traffic.days:.1f} days: {traffic.requests_per_second:,.3g} requests per second of "
        f"{traffic.seconds_per_request:.3g} seconds, in {traffic.busy_hours:.1f} hours a day; "
        f"{traffic.active_instances:.3g} active instances on average{beyond}."
    )


def absent_sentence(around: Around) -> str:
    """Return what a stack does not have."""
    return f"Not in the stack: {', '.join(around.absent)}."


def crossover_sentence(crossover: Crossover) -> str:
    """Return which of two options is the cheaper one above a rate of requests."""
    rate = f"{crossover.requests_per_second:,.3g}"
    if crossover.cheaper_above is crossover.option:
        return f"Above {rate} requests per second, {crossover.option.value} is cheaper than App Runner."
    return f"Above {rate} requests per second, App Runner is cheaper than {crossover.option.value}."
