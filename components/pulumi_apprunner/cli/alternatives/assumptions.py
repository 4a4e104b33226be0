"""Sentences on what the figures of a comparison assume."""

from collections.abc import Sequence

from apprunner_facts.alternatives import LOAD_BALANCER_ZONES, AlternativeRates
from apprunner_facts.prices import Rates
from apprunner_facts.surroundings import LOG_KB
from pulumi_apprunner.cli.alternatives.question import Question


def assumption_lines(question: Question, rates: Sequence[tuple[Rates, AlternativeRates]]) -> list[str]:
    """Return sentences on what the figures assume.

    Args:
        question: What the costs are computed for.
        rates: The prices of each region; none if no service could be measured.
    """
    return [
        f"A month has {question.hours:g} hours. {_demand(question)}",
        *(_options_lines(question, rates[0][1].fargate_spot_discount) if rates else ()),
        f"Around the services: a request writes {LOG_KB:g} KB of logs, which are kept for a month; a schedule runs "
        "once a day. A reported price was not read on AWS's own pages.",
        "Not included: more instances during a deployment, builds, traffic between zones, logs of web ACLs, traces, "
        "calls of secrets and keys, DNS queries, taxes, free tiers and discounts.",
        *dict.fromkeys(_rates_line(*each) for each in rates),
    ]


def _options_lines(question: Question, discount: float) -> list[str]:
    """Return sentences on the options other than App Runner."""
    shared = "1 service" if question.sharing == 1 else f"{question.sharing} services"
    return [
        "Tasks have an instance's size and number, run in public subnets, and are never paused. "
        f"A load balancer is in {LOAD_BALANCER_ZONES} zones and serves {shared}.",
        f"Fargate Spot: a discount of {discount:.0%}, which AWS changes with supply and demand, and no capacity "
        "guarantee. ECS Express Mode: as Fargate, and up to 25 services share a load balancer. "
        "Lambda: the same memory, one request at a time.",
    ]


def _demand(question: Question) -> str:
    """Return a sentence on the load."""
    load = question.load
    if question.traffic is not None:
        return (
            "The load is what CloudWatch has measured, and the same in every month. A minute counts as active for the "
            "highest number of instances in it. At other rates than the measured one, a request keeps instances active "
            f"as long as a measured one. A response has {question.response_kb:g} KB, which is not measured."
        )
    if load is None:
        return (
            f"The same for each service: instances handle requests in {question.active * 100:.4g}% of their running "
            "hours. The number of requests is unknown, so that Lambda and the load balancers' capacity units are not "
            "included. Describe the load with --requests-per-second and --seconds-per-request, or use --measured."
        )
    return (
        f"The same for each service: {load.requests_per_second:g} requests per second of {load.seconds_per_request:g} "
        f"seconds and {load.response_kb:g} KB each, {load.requests_per_connection:g} on a connection, in "
        f"{load.busy_hours:g} hours a day and none in the others. They arrive independently, and instances share them "
        "equally."
    )


def _rates_line(own: Rates, others: AlternativeRates) -> str:
    return (
        f"Prices in {own.region or 'an unknown region'}: App Runner ${own.active_vcpu_hour:g} per active vCPU hour and "
        f"${own.memory_gb_hour:g} per GB hour; Fargate ${others.fargate_vcpu_hour:g} and ${others.fargate_gb_hour:g}; "
        f"load balancer ${others.load_balancer_hour:g} per hour and ${others.lcu_hour:g} per LCU hour; "
        f"public IPv4 address ${others.public_ipv4_hour:g} per hour; Lambda ${others.lambda_gb_second:.10f} per GB "
        f"second and ${others.lambda_million_requests:g} per million requests. Those of Fargate, load "
        "balancers and Lambda were not read on AWS's own pages: check them before you decide. --rate overrides a price."
    )
