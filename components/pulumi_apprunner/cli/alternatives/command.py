"""The command `apprunner cost` and its options."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from apprunner_facts.bill import HOURS_A_MONTH, Assumptions
from apprunner_facts.observability import DAYS_KEPT
from apprunner_facts.services import DeclaredService
from apprunner_facts.surroundings import QUANTITIES
from pulumi_apprunner.cli.alternatives.around import Resources
from pulumi_apprunner.cli.alternatives.loads import chosen_load
from pulumi_apprunner.cli.alternatives.measured import read_traffic
from pulumi_apprunner.cli.alternatives.page import render_page
from pulumi_apprunner.cli.alternatives.question import Question
from pulumi_apprunner.cli.alternatives.rates import parse_quantities, parse_rates
from pulumi_apprunner.cli.alternatives.report import Report, compare
from pulumi_apprunner.cli.alternatives.terminal import print_report
from pulumi_apprunner.cli.cost import declared_services
from pulumi_apprunner.cli.errors import print_error, run_all
from pulumi_apprunner.cli.operations.measuring import DAYS, Unread
from pulumi_apprunner.cli.operations.targets import Source, Target, find_services
from pulumi_apprunner.cli.options import Directory, Profile, Stack, StateFile, StubsFile, integer, number, share
from pulumi_apprunner.cli.output import (
    ERROR,
    console_for_output,
    ignore_closed_pipe,
    print_json,
    redirect_program_output,
)
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.services import find_service
from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs


def cost(
    stack: Stack = None,
    cwd: Directory = Path(),
    services: Annotated[
        list[str] | None, typer.Option("--service", metavar="NAME", help="Only this service; repeatable. Default: all.")
    ] = None,
    requests_per_second: Annotated[
        Any, typer.Option(parser=number, metavar="NUMBER", help="Requests to each service in its busy hours.")
    ] = None,
    seconds_per_request: Annotated[
        Any, typer.Option(parser=number, metavar="NUMBER", help="The mean duration of a request, at most 120.")
    ] = None,
    busy_hours: Annotated[
        Any, typer.Option(parser=number, metavar="NUMBER", help="Hours a day with requests. Default: 24.")
    ] = None,
    response_kb: Annotated[
        Any, typer.Option(parser=number, metavar="NUMBER", help="The mean size of a response in KB. Default: 10.")
    ] = None,
    measured: Annotated[
        bool, typer.Option("--measured", metavar="", help="Read each deployed service's load from CloudWatch.")
    ] = False,
    days: Annotated[
        Any,
        typer.Option(
            parser=integer(2, DAYS_KEPT),
            metavar="NUMBER",
            help=f"Days of measurements. Default: {DAYS}, at most {DAYS_KEPT}.",
        ),
    ] = None,
    state: StateFile = None,
    profile: Profile = None,
    active: Annotated[
        Any,
        typer.Option(
            parser=share,
            metavar="SHARE",
            help="Instead of a load: the share of its running hours in which an instance handles requests. "
            f"Default: {Assumptions().active:.0%}.",
        ),
    ] = None,
    hours: Annotated[
        Any, typer.Option(parser=number, metavar="NUMBER", help=f"Hours in the month. Default: {HOURS_A_MONTH:g}.")
    ] = HOURS_A_MONTH,
    services_per_load_balancer: Annotated[
        Any,
        typer.Option(
            parser=integer(1),
            metavar="NUMBER",
            help="Services that share a load balancer on Fargate. Default: all services of the stack.",
        ),
    ] = None,
    rate: Annotated[
        list[str] | None,
        typer.Option(
            "--rate", metavar="NAME=PRICE", help="Override a price, repeatable. docs/guides/cost.md lists the names."
        ),
    ] = None,
    quantity: Annotated[
        list[str] | None,
        typer.Option(
            "--quantity",
            metavar="NAME=NUMBER",
            help="A quantity of the month that the load does not determine, repeatable. "
            f"Names: {', '.join(QUANTITIES)}.",
        ),
    ] = None,
    stubs: StubsFile = None,
    as_json: Annotated[bool, typer.Option("--json", metavar="", help="Print JSON.")] = False,
    html: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="Also write a page with charts, without scripts.")
    ] = None,
) -> None:
    """Compare the monthly cost of a stack's services on App Runner, Fargate, ECS Express Mode and Lambda.

    Runs the program offline, as `apprunner plan` does, and takes size, scaling profile and pauses of each service from
    it. Options describe the load, or --measured reads it from CloudWatch. Prints each option's cost by part of the
    bill, and the rates of requests at which another option becomes the cheaper one. Exit status: 0 success, 2 an error,
    or a service whose load could not be measured.
    """
    loads = {
        "requests_per_second": requests_per_second,
        "seconds_per_request": seconds_per_request,
        "busy_hours": busy_hours,
        "response_kb": response_kb,
    }
    try:
        assumed, rates, quantities, stub_values, (load, size) = run_all(
            lambda: _assumptions(hours, active),
            lambda: parse_rates(rate or ()),
            lambda: parse_quantities(quantity or ()),
            lambda: Stubs.load(stubs) if stubs else None,
            lambda: chosen_load(
                loads, active, is_measured=measured, measuring={"days": days, "state": state, "profile": profile}
            ),
        )
        target = find_services([], Source(stack, cwd, state, profile)) if measured else None
        stack = stack or (target.state.stack if target else None)
        with spinner_when_slow(f"Running {stack or 'the program'}"), redirect_program_output():
            graph = run_project(cwd, stack, stubs=stub_values)
            declared = declared_services(graph)
            chosen = _choose(graph, declared, services or [])
        question = Question(
            load=load,
            active=assumed.active,
            response_kb=size,
            hours=hours,
            sharing=services_per_load_balancer or len(declared),
            rates=rates,
            quantities=quantities,
        )
        unread: list[Unread] = []
        if target is not None:
            question, unread = _measure(chosen, question, target, days)
        read = [each for each in chosen if question.traffic is None or each.urn in question.traffic]
        report = compare(f"{graph.project} {graph.stack}", read, question, Resources.read(graph), unread)
        if html is not None:
            _write(html, report)
        with ignore_closed_pipe():
            _print(report, as_json)
    except (Exception, SystemExit) as error:  # the program may raise anything
        print_error(error)
        raise typer.Exit(ERROR) from None
    if report.unread:
        raise typer.Exit(ERROR)


def _measure(
    services: list[DeclaredService], question: Question, target: Target, days: int | None
) -> tuple[Question, list[Unread]]:
    """Return the question with the measured load of each service, and the services without one."""
    last_hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)  # hours count as a whole
    with spinner_when_slow("Reading the metrics"):
        results = read_traffic(target, services, last_hour, days or DAYS)
    traffic = {urn: each for urn, each in results.items() if not isinstance(each, Unread)}
    return replace(question, traffic=traffic), [each for each in results.values() if isinstance(each, Unread)]


def _assumptions(hours: float, active: float | None) -> Assumptions:
    try:
        return Assumptions(hours=hours, active=Assumptions().active if active is None else active)
    except ValueError as error:
        raise pulumi.RunError("\n".join(f"--{line}" for line in str(error).splitlines())) from None


def _choose(graph: Graph, services: list[DeclaredService], names: list[str]) -> list[DeclaredService]:
    """Return the services with the given names, or all.

    Raises:
        pulumi.RunError: The stack has no App Runner service, or none with such a name.
    """
    if not services:
        raise pulumi.RunError("The program has no App Runner service")
    found = run_all(*(partial(find_service, graph, name) for name in names))
    urns = {each.urn for each in found} or {each.urn for each in services}
    return [each for each in services if each.urn in urns]


def _write(file: Path, report: Report) -> None:
    try:
        file.write_text(render_page(report), encoding="utf-8")
    except OSError as error:
        raise pulumi.RunError(f"--html {file}: must be a file that can be written, got: {error.strerror}") from None


def _print(report: Report, as_json: bool) -> None:
    if as_json:
        print_json(report.as_json())
        return
    with console_for_output() as console:
        print_report(console, report)
