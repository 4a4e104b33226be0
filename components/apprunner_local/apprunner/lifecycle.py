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
    """Start the first deployment. If it fails, the service is CREATE_FAILED, and an update creates it again."""
    # [M] A first deployment that fails leaves CREATE_FAILED, and an update creates the service again.

    def done() -> None:
        service.running, service.version, service.status = service.settings, newest(region, service), "RUNNING"

    return _start(region, service, "CreateService", parameters, done, lambda _: "CREATE_FAILED", deploys=True)


def update(region: Region, service: Service, parameters: Members, settings: Members) -> str:
    """Start the deployment of new settings, which DescribeService returns from now on.

    A deployment that fails is rolled back: the service is RUNNING with its former settings, and the operation
    ROLLBACK_SUCCEEDED.
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
    """Start the deployment of the newest version of the source with the current settings."""

    def done() -> None:
        service.version, service.status = newest(region, service), "RUNNING"

    return _start(region, service, "StartDeployment", parameters, done, lambda _: "RUNNING", True, deploys=True)


def pause(region: Region, service: Service, parameters: Members) -> str:
    """Start to remove all instances."""

    def done() -> None:
        service.status = "PAUSED"

    return _start(region, service, "PauseService", parameters, done, lambda _: "RUNNING")


def resume(region: Region, service: Service, parameters: Members) -> str:
    """Start to resume the service with the version that was deployed last."""
    # [D: manage-pause] A resume deploys no newer version.

    def done() -> None:
        service.status = "RUNNING"

    return _start(region, service, "ResumeService", parameters, done, lambda _: "PAUSED")


def delete(region: Region, service: Service, parameters: Members) -> str:
    """Start to delete the service and its domains."""
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
    world, type, id = region.world, _type(name), region.new_uuid()
    failure, seconds = world.faults.at_end(name, parameters)
    access_error = deployment.access_error(region, service.settings) if deploys else None
    if access_error and failure is None:
        failure = Fault(name, fails=True, reason=access_error)
    lasts = getattr(world.durations, type.lower()) if seconds is None else seconds
    outcome = "SUCCEEDED" if failure is None else "ROLLBACK_SUCCEEDED" if rolls_back else "FAILED"
    shows = (failure and failure.shows) or world.shows_after_rollback

    def finish() -> None:
        if failure is None:
            done()
        else:
            service.status = failed(shows)
        reason = f": {failure.reason}" if failure and failure.reason else ""
        _log(region, service, id, f"{type} {outcome}{reason}")
        _send_event(region, service, name, failure)

    now = region.now()
    service.operations.append(Operation(id, type, now, now + lasts, outcome, finish))
    service.status, service.updated = "OPERATION_IN_PROGRESS", now
    _log(region, service, id, f"{type} started")
    return id


def _log(region: Region, service: Service, operation_id: str, line: str) -> None:
    # [A22] The names of the log group and streams of a service's events.
    group = f"/aws/apprunner/{service.name}/{service.id}/service"
    for stream in ("events", f"deployment/{operation_id}"):
        region.world.log(region.name, group, stream, f"[AppRunner] {line}")


def _send_event(region: Region, service: Service, name: str, failure: Fault | None) -> None:
    """Send the event of an operation that has ended."""
    # [A22] The names of the events of operations.
    # [assumed] The event of an operation that is rolled back is that of a failure.
    subject = "Deployment" if name == "StartDeployment" else name
    ending = "CompletedSuccessfully" if failure is None else "Failed"
    detail = {
        "operationStatus": f"{subject}{ending}",
        "ServiceName": service.name,
        "ServiceId": service.id,
        "Message": (failure and failure.reason) or f"{subject} {ending}.",
        "Severity": "ERROR" if failure else "INFO",
    }
    region.world.event(region.name, OPERATION_STATUS_CHANGE, service.arn, detail)


def _type(name: str) -> str:
    """Return the type of the operation that a call starts: UPDATE_SERVICE for UpdateService."""
    return "".join(f"_{letter}" if letter.isupper() else letter for letter in name).upper().removeprefix("_")
