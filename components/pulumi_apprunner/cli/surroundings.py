"""The resources around the services of a graph, as far as AWS charges for them."""

from collections import defaultdict

from apprunner_facts import sizes, tokens
from apprunner_facts.surroundings import PATHS, TYPES, Surrounding, bill_surroundings
from pulumi_apprunner.cli.regions import region_of
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.values import UNKNOWN, reveal, value_at


def read_surroundings(graph: Graph) -> list[Surrounding]:
    """Return the resources of a graph for which AWS charges, the services included."""
    surroundings: list[Surrounding] = []
    for each in graph.resources:
        if each.type not in TYPES or each.read:
            continue
        values = {path: reveal(value_at(each.inputs, *path.split("."))) for path in PATHS.get(each.type, ())}
        known = {path: value for path, value in values.items() if value is not None and value is not UNKNOWN}
        surroundings.append(Surrounding(type=each.type, region=region_of(graph, each), properties=known))
    return surroundings


def inspected_services(graph: Graph) -> frozenset[str]:
    """Return the URNs of the services whose requests a web ACL inspects."""
    associations = graph.all(tokens.WEB_ACL_ASSOCIATION)
    return frozenset(urn for each in associations for urn in each.property_dependencies.get("resourceArn", ()))


def private_services(graph: Graph) -> frozenset[str]:
    """Return the URNs of the services that are not on the internet."""
    path = ("networkConfiguration", "ingressConfiguration", "isPubliclyAccessible")
    return frozenset(each.urn for each in graph.all(tokens.SERVICE) if value_at(each.inputs, *path) is False)


def fixed_cost_lines(graph: Graph, hours: float) -> list[str]:
    """Return sentences on what a stack's other resources cost, which an estimate does not include.

    Args:
        graph: The resource graph.
        hours: Hours of the month.
    """
    bill = bill_surroundings(read_surroundings(graph), hours)
    lines = [each for each in bill if not each.charge.is_by_use]
    by_use = [each.charge.label for each in bill if each.charge.is_by_use and each.charge.type != tokens.SERVICE]
    priced = [each for each in lines if each.total is not None]
    unpriced = list(dict.fromkeys(each.charge.label for each in lines if each.total is None))
    sentences: list[str] = []
    if priced:
        totals: dict[str, float] = defaultdict(float)
        for each in priced:
            totals[each.charge.label] += each.total or 0.0
        parts = [f"{label} ${total:,.2f}" for label, total in totals.items()]
        are_verified = all(each.is_verified for each in priced)
        sentences.append(
            f"Not included, but in this stack: {sizes.format_choices(parts, 'and')}, "
            f"together ${sum(totals.values()):,.2f} per month."
            + ("" if are_verified else " Not all of these prices were read on AWS's own pages.")
        )
    if unpriced:
        sentences.append(f"In this stack, and without a known price: {sizes.format_choices(unpriced, 'and')}.")
    if by_use:
        sentences.append(
            f"In this stack, and charged by use: {sizes.format_choices(by_use, 'and')}. `apprunner cost` prices them."
        )
    return sentences
