# pyright: standard
"""The measured load of the services that a stack has deployed."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from apprunner_facts.services import DeclaredService
from pulumi_apprunner.cli.operations.coroutines import run_coroutine
from pulumi_apprunner.cli.operations.measuring import Unread, read_services, usage_of
from pulumi_apprunner.cli.operations.state import DeployedService
from pulumi_apprunner.cli.operations.targets import Target
from pulumi_apprunner.rightsize.traffic import Traffic, measure_traffic


def read_traffic(
    target: Target, services: Sequence[DeclaredService], end: datetime, days: int
) -> Mapping[str, Traffic | Unread]:
    """Return the traffic of each service of a program by its URN, or why there is none.

    Args:
        target: The deployed services, and the session for the calls.
        services: The services of the program. Their minimum number of instances counts, not that which is deployed.
        end: The end of the measured time, UTC.
        days: Days before the end.

    Raises:
        pulumi.RunError: There are no valid credentials, or they are for another account.
    """
    by_urn = {each.urn: each for each in services}
    deployed = [each for each in target.services if each.urn in by_urn]

    def read(service: DeployedService) -> Traffic | Unread:
        usage = usage_of(target.session, service, end, days)
        try:
            return measure_traffic(usage, by_urn[service.urn].scaling)
        except ValueError as error:
            return Unread(service.name, str(error))

    results = run_coroutine(read_services(target.session, deployed, read)) if deployed else []
    by_service = dict(zip((each.urn for each in deployed), results, strict=True))
    missing = "The service is not in the stack's state. Deploy it first, or describe its load by options."
    found = {each.urn: by_service.get(each.urn, Unread(each.name, missing)) for each in services}
    return {
        urn: Unread(by_urn[urn].name, each.reason) if isinstance(each, Unread) else each for urn, each in found.items()
    }
