"""The operations of a service: one at a time, each with a start, an end and an outcome."""

from collections.abc import Callable

from apprunner_facts.events import OPERATION_STATUS_CHANGE
from apprunner_local.apprunner import deployment
from apprunner_local.apprunner.errors import invalid_state
from apprunner_local.apprunner.faults import Fault
from apprunner_local.apprunner.state import Members, Operation, Region, Service


def must_be(service: Service, *statuses: str, to: str) -> None:
    """Raise an error unless the service has one of the statuses; an operation in progress is a status, too."""
    # [M] A service has one operation at a time. During it, other changes are rejected with InvalidStateException.
    if service.status not in statuses:
        raise invalid_state(
            f"Service status must be {' or '.join(statuses)} to {to}, it is {service.status}. ServiceArn: {service.arn}"
        )


def create(region: Region, service: Service, parameters: Members) -> str:
    """Start the first deployment; one that fails leaves CREATE_FAILED, which an update can rebuild."""
    # [M] A first deployment that fails leaves CREATE_FAILED, and an update creates the service again.

    def done() -> None:
        service.running, service.version, service.status = service.settings, newest(region, service), "RUNNING"

    return _start(region, service, "CreateService", parameters, done, lambda _: "CREATE_FAILED", deploys=True)


def update(region: Region, service: Service, parameters: Members, settings: Members) -> str:
    """Start to deploy new settings, which DescribeService shows from now on; one that fails is rolled back.

    The service is RUNNING then with what ran before, and the operation ROLLBACK_SUCCEEDED.
    """
    # [assumed] DescribeService has the new settings while an update is in progress.
    # [R: aws/apprunner-roadmap#209] An update that fails is rolled back; the service is RUNNING then.
    # [P: service_test.go] The status of an operation that was rolled back is ROLLBACK_SUCCEEDED.
    # [assumed] Whether DescribeService has the old or the new settings after a rollback.
    # World.shows_after_rollback switches it.
    service.settings = settings
    after = "PAUSED" if service.status == "PAUSED" else "RUNNING"

    def done() -> None:
        service.running, service.version, service.status = settings, newest(region, service), after

    def rolled_back(shows: str) -> str:
        if service.running is None:
            return "CREATE_FAILED"
        if shows == "old":
            service.settings = service.running
        return after

    rolls_back = service.running is not None
    return _start(region, service, "UpdateService", parameters, done, rolled_back, rolls_back, deploys=True)


def deploy(region: Region, service: Service, parameters: Members) -> str:
    """Start to deploy the newest version of the source with the settings that run."""

    def done() -> None:
        service.version, service.status = newest(region, service), "RUNNING"

    return _start(region, service, "StartDeployment", parameters, done, lambda _: "RUNNING", True, deploys=True)


def pause(region: Region, service: Service, parameters: Members) -> str:
    """Start to remove all instances."""

    def done() -> None:
        service.status = "PAUSED"

    return _start(region, service, "PauseService", parameters, done, lambda _: "RUNNING")


def resume(region: Region, service: Service, parameters: Members) -> str:
    """Start to resume with the last deployed version; a newer one is not deployed."""
    # [D: manage-pause] A resume deploys no newer version.

    def done() -> None:
        service.status = "RUNNING"

    return _start(region, service, "ResumeService", parameters, done, lambda _: "PAUSED")


def delete(region: Region, service: Service, parameters: Members) -> str:
    """Start to delete the service, with the domains that it has."""
    # [assumed] A deleted service loses its domains.

    def done() -> None:
        service.status, service.deleted = "DELETED", service.updated
        service.domains.clear()
        region.tags.pop(service.arn)

    return _start(region, service, "DeleteService", parameters, done, lambda _: "DELETE_FAILED")


def settle(region: Region) -> None:
    """Finish the operations whose end the clock has passed."""
    for service in region.services.values():
        operation = service.current
        if operation and operation.ends <= region.now():
            operation.over, service.updated = True, operation.ends
            before = service.in_use
            operation.finish()
            service.left += [(operation.ends, settings) for settings in before if settings not in service.in_use]


def newest(region: Region, service: Service) -> int:
    """Return the newest version of a service's source."""
    return region.versions.get(source(service.settings), 1)


def source(settings: Members) -> str:
    """Return where a service's application comes from: an image's identifier, or a repository's address."""
    parameters = settings["SourceConfiguration"]
    if "ImageRepository" in parameters:
        return str(parameters["ImageRepository"]["ImageIdentifier"])
    return str(parameters["CodeRepository"]["RepositoryUrl"])


def push(region: Region, changed: str) -> None:
    """Add a version of a source, and deploy it to running services with automatic deployments."""
    # [D: manage-deploy] Automatic deployments deploy a new version to running services only.
    region.versions[changed] = region.versions.get(changed, 1) + 1
    for service in region.living_services():
        automatic = service.settings["SourceConfiguration"]["AutoDeploymentsEnabled"]
        if automatic and source(service.settings) == changed and service.status == "RUNNING":
            deploy(region, service, {"ServiceArn": service.arn})


def _start(
    region: Region,
    service: Service,
    name: str,
    parameters: Members,
    done: Callable[[], None],
    failed: Callable[[str], str],
    rolls_back: bool = False,
    deploys: bool = False,
) -> str:
    """Start an operation and return its id.

    Args:
        name: The operation of the API that starts it.
        parameters: That operation's parameters, which select the faults.
        done: Applies its success.
        failed: Applies its failure, by the settings that a rollback shows; returns the service's status.
        rolls_back: Whether a failure ends in ROLLBACK_SUCCEEDED.
        deploys: Whether it pulls the image and reads the secrets, which AWS may deny.
    """
    # [A22] The names of the log group and streams of a service's events.
    world, type = region.world, _type(name)
    bad, seconds = world.faults.at_end(name, parameters)
    access_error = deployment.access_error(region, service.settings) if deploys else None
    if access_error and bad is None:
        bad = Fault(name, fails=True, reason=access_error)
    lasts = getattr(world.durations, type.lower()) if seconds is None else seconds
    outcome = "SUCCEEDED" if bad is None else "ROLLBACK_SUCCEEDED" if rolls_back else "FAILED"
    shows = (bad and bad.shows) or world.shows_after_rollback

    def finish() -> None:
        if bad is None:
            done()
        else:
            service.status = failed(shows)
        log(f"{type} {outcome}" + (f": {bad.reason}" if bad and bad.reason else ""))
        event("CompletedSuccessfully" if bad is None else "Failed", bad.reason if bad else None)

    def log(line: str) -> None:
        group = f"/aws/apprunner/{service.name}/{service.id}/service"
        for stream in ("events", f"deployment/{operation.id}"):
            world.log(region.name, group, stream, f"[AppRunner] {line}")

    def event(ending: str, reason: str | None) -> None:
        # [A22] The names of the events of operations.
        # [assumed] The event of an operation that is rolled back is that of a failure.
        subject = "Deployment" if type == "START_DEPLOYMENT" else name
        detail = {
            "operationStatus": f"{subject}{ending}",
            "ServiceName": service.name,
            "ServiceId": service.id,
            "Message": reason or f"{subject} {ending}.",
            "Severity": "ERROR" if bad else "INFO",
        }
        world.event(region.name, OPERATION_STATUS_CHANGE, service.arn, detail)

    now = region.now()
    operation = Operation(region.new_uuid(), type, now, now + lasts, outcome, finish)
    service.operations.append(operation)
    service.status, service.updated = "OPERATION_IN_PROGRESS", now
    log(f"{type} started")
    return operation.id


def _type(name: str) -> str:
    """Return the type of the operation that a call starts: UPDATE_SERVICE for UpdateService."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).upper().removeprefix("_")
