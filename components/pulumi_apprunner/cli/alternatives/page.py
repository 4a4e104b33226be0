"""The report as one HTML page, which loads nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

import jinja2

from apprunner_facts.alternatives import Option
from pulumi_apprunner.cli.alternatives.around import details_text
from pulumi_apprunner.cli.alternatives.chart import HEIGHT, WIDTH, Chart, draw
from pulumi_apprunner.cli.alternatives.report import Report, ServiceOptions
from pulumi_apprunner.cli.alternatives.sentences import (
    absent_sentence,
    crossover_sentence,
    instances_text,
    parts_text,
    traffic_sentence,
)

_DASHES = ("", "stroke-dasharray: 8 3;", "stroke-dasharray: 3 3;", "", "stroke-dasharray: 10 3 2 3;", "", "")


@dataclass(frozen=True)
class _Row:
    name: str
    parts: str | None
    total: float | None


@dataclass(frozen=True)
class _Section:
    name: str
    size: str
    measured: str | None
    rows: Sequence[_Row]
    sentences: Sequence[str]
    notes: Sequence[str]
    chart: Chart | None


def render_page(report: Report) -> str:
    """Return the page. Its charts are SVG, and each has its data as a table; it has no scripts."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pulumi_apprunner.cli.alternatives", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    totals = [_Row(option.value, None, total) for option, total in report.totals.items()]
    return environment.get_template("page.html.j2").render(
        report=report,
        services=[_section(each) for each in report.services],
        around=[_Row(each.charge.label, details_text(each), each.total) for each in report.around.lines],
        absent=absent_sentence(report.around) if report.around.absent else None,
        totals=totals if len(report.services) > 1 else [],
        width=WIDTH,
        height=HEIGHT,
        dashes=_DASHES,
        colors={option: index for index, option in enumerate(Option)},
    )


def _section(service: ServiceOptions) -> _Section:
    return _Section(
        name=service.name,
        size=f"{service.size}, {instances_text(service)}",
        measured=None if service.traffic is None else traffic_sentence(service.traffic),
        rows=[_Row(each.option.value, parts_text(each), each.total) for each in service.costs],
        sentences=[crossover_sentence(each) for each in service.crossovers],
        notes=service.notes,
        chart=draw(service.curve, service.rate) if service.curve and service.rate else None,
    )
