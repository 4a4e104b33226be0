# pyright: standard
"""What runs now and how it was used, from App Runner and CloudWatch."""

from collections.abc import Sequence
from datetime import datetime

from apprunner_facts import sizes
from apprunner_facts.arns import parse_arn, parse_service_arn
from apprunner_facts.environments import is_production
from apprunner_facts.operations import ServiceStatus
from apprunner_facts.prices import default_rates_note, rates_or_default
from pulumi_apprunner.cli.operations.aws import read_scaling
from pulumi_apprunner.cli.operations.measuring import Unread, read_services, usage_of
from pulumi_apprunner.cli.operations.state import DeployedService, State
from pulumi_apprunner.lifecycle.calls import ServiceCalls
from pulumi_apprunner.lifecycle.sessions import Session, readable_failures
from pulumi_apprunner.rightsize.analysis import Advice, RunningService, advise


async def measure(
    session: Session, state: State, services: Sequence[DeployedService], end: datetime, days: int, timezone: str
) -> list[Advice | Unread]:
    """Return the advice for each service.

    Args:
        session: The session for the calls.
        state: The stack, for its schedules.
        services: The services.
        end: The end of the measured time, UTC.
        days: Days before the end.
        timezone: The IANA name of the time zone of proposed pauses.

    Raises:
        pulumi.RunError: There are no valid credentials, or they are for another account.
    """
    return await read_services(session, services, lambda each: _measure(session, state, each, end, days, timezone))


def _measure(
    session: Session, state: State, service: DeployedService, end: datetime, days: int, timezone: str
) -> Advice | Unread:
    arn = parse_arn(service.arn)
    described = ServiceCalls(session, service.arn).describe()
    if described["Status"] == ServiceStatus.DELETED:
        return Unread(service.name, "the service does not exist")
    name, _ = parse_service_arn(service.arn)
    with readable_failures():
        profile = described["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"]
        running = RunningService(
            name=service.name,
            cpu_units=sizes.parse_cpu(str(described["InstanceConfiguration"]["Cpu"])) or sizes.DEFAULT_CPU,
            memory_mb=sizes.parse_memory(str(described["InstanceConfiguration"]["Memory"])) or sizes.DEFAULT_MEMORY,
            scaling=read_scaling(session, profile),
            rates=rates_or_default(arn.region),
            rates_note=default_rates_note(arn.region),
            is_production=any(map(is_production, (state.stack, name))),
            running_share=state.pauses.running_share(service.urn),
        )
    return advise(running, usage_of(session, service, end, days), timezone)
