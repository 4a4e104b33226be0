"""Prints the status of services for people, in the width of the console."""

from collections.abc import Iterator, Mapping

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from apprunner_facts.arns import parse_arn
from apprunner_facts.operations import ServiceStatus
from apprunner_facts.schedules import PAUSE
from pulumi_apprunner.cli.operations.status import ServiceReport, Status
from pulumi_apprunner.cli.operations.times import local_time, rough_duration

_STYLES: Mapping[str, str] = {
    ServiceStatus.RUNNING: "green",
    ServiceStatus.PAUSED: "blue",
    ServiceStatus.OPERATION_IN_PROGRESS: "yellow",
}
"""Styles of App Runner's statuses; all others are failures."""
_OUTCOMES = {"verified": "", "in_progress": "yellow", "failed": "bold red", "none": "", "unknown": "yellow"}
_DONE = ("active", "deleting")
_FIELDS = {"deployment": "deployments", "next": "the next pause or resume"}
"""Names of fields for people, where they differ."""


def render(status: Status) -> RenderableType:
    """Return the status of services as lines."""
    parts: list[RenderableType] = [_heading(status)]
    for each in status.services:
        parts += [
            Text(),
            _service_line(each),
            *(Padding(line, (0, 0, 0, 2), expand=False) for line in _details(status, each)),
        ]
    if any(each.cost for each in status.services):
        parts += [Text(), _total(status), Text("An estimate, not AWS's bill. --json lists its assumptions.", "dim")]
    return Group(*parts)


def print_status(console: Console, status: Status) -> None:
    """Print the status of services."""
    console.print(render(status))


def _heading(status: Status) -> Text:
    count = len(status.services)
    name = f"{status.state.project} {status.state.stack}  " if status.state.stack else ""
    regions = ", ".join(sorted({parse_arn(each.service.arn).region for each in status.services}))
    services = f"{count} service{'' if count == 1 else 's'} in {regions}"
    return Text.assemble((name, "bold"), f"{services}, {local_time(status.at)}")


def _service_line(each: ServiceReport) -> Text:
    state = each.status or "unknown"
    line = Text.assemble((each.service.name, "bold"), "  ", (state, _STYLES.get(state, "bold red")))
    for text in (_instances(each), _cost(each)):
        if text:
            line.append(f"  {text}")
    return line


def _instances(each: ServiceReport) -> str:
    limits = each.scaling and f"{each.scaling.min_size} to {each.scaling.max_size} instances"
    if each.status == ServiceStatus.PAUSED:
        return "no instances"
    if each.active_instances is None:
        return limits or ""
    return ", ".join(filter(None, [limits, f"{each.active_instances} active"]))


def _cost(each: ServiceReport) -> str:
    return f"about ${each.cost.usd:,.2f} this month" if each.cost else ""


def _details(status: Status, each: ServiceReport) -> Iterator[Text]:
    if each.url:
        yield Text(each.url, overflow="fold")
    if each.status == ServiceStatus.DELETED:
        yield Text("the service does not exist. `pulumi up --refresh` creates it again", "bold red")
    if each.verification:
        yield Text(each.verification.reason, _OUTCOMES[each.verification.result])
    for domain in each.domains or ():
        yield Text(f"domain {domain.name}: {domain.status}", "" if domain.status in _DONE else "yellow")
    for alarm in each.alarms or ():
        yield Text(f"ALARM {alarm}", "bold red")
    for note in each.cost.notes if each.cost else ():
        yield Text(note, "dim")
    if each.upcoming:
        verb = "pauses" if each.upcoming.action == PAUSE else "resumes"
        at, zone = each.upcoming.at, each.upcoming.timezone
        until = rough_duration(at - status.at)
        yield Text(f"{verb} at {at:%Y-%m-%d %H:%M} {zone}, in {until}")
    for field, reason in each.unread.items():
        yield Text(f"{_FIELDS.get(field, field)} could not be read: {reason}", "yellow")


def _total(status: Status) -> Text:
    return Text.assemble("Estimated App Runner cost this month: ", (f"${status.usd:,.2f}", "bold"))
