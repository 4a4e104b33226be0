"""Services: the operations of the API on them."""

from apprunner_local.apprunner import lifecycle, scaling, settings
from apprunner_local.apprunner.errors import invalid_request, invalid_state, not_found
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.state import Members, Operation, Region, Service


def create(region: Region, parameters: Members) -> Members:
    """CreateService: its name is unique among the services that are not deleted, also failed ones."""
    # [M] CreateService: the name is unique among the services that are not deleted, also failed ones.
    # [R: recorded responses] The message of a CreateService with an existing name.
    # [M] Services whose creation failed count towards the quota.
    name, wanted = parameters["ServiceName"], settings.first(region, parameters)
    if any(other.name == name for other in region.living_services()):
        raise invalid_request(f"Service with the provided name already exists: {name}.")
    region.require_quota("services", len(region.living_services()), region.world.quotas.services)
    _check_key(region, parameters.get("EncryptionConfiguration"))
    id = region.new_id()
    service = Service(
        name=name,
        id=id,
        arn=region.arn(f"service/{name}/{id}"),
        url=f"{region.new_id()[:10]}.{region.name}.awsapprunner.com",
        created=region.now(),
        settings=wanted,
        encryption=parameters.get("EncryptionConfiguration"),
    )
    region.services[service.arn] = service
    region.tag(service.arn, parameters.get("Tags"))
    return _response(region, service, lifecycle.create(region, service, parameters))


def describe(region: Region, parameters: Members) -> Members:
    """DescribeService: in any state, also deleted."""
    # [M] DescribeService: also a deleted service.
    return {"Service": described(region, find(region, parameters["ServiceArn"], also_deleted=True))}


def list_all(region: Region, parameters: Members) -> Members:
    """ListServices: those that are not deleted."""
    members = ("ServiceName", "ServiceId", "ServiceArn", "ServiceUrl", "CreatedAt", "UpdatedAt", "Status")
    full = [described(region, service) for service in region.living_services()]
    summaries = [{member: one[member] for member in members if member in one} for one in full]
    some, more = page(region, summaries, parameters)
    return {"ServiceSummaryList": some, **more}


def update(region: Region, parameters: Members) -> Members:
    """UpdateService: a running service, or one whose creation failed, which is created again.

    A request that changes nothing is an error.
    """
    # [M] UpdateService: a running service, or one whose creation failed.
    # [R: hashicorp/terraform-provider-aws#32839, terraform-aws-modules/terraform-aws-app-runner#17] UpdateService
    # without any setting is rejected, with this message.
    # [assumed] UpdateService of a paused service is rejected. The message of another error has PAUSED as accepted
    # (aws/apprunner-roadmap#95). World.updates_while_paused switches it.
    service = find(region, parameters["ServiceArn"])
    paused = ("PAUSED",) if region.world.updates_while_paused else ()
    lifecycle.must_be(service, "RUNNING", *paused, "CREATE_FAILED", to="be updated")
    if set(parameters) == {"ServiceArn"}:
        raise invalid_request("No configurations provided in the UpdateService request.")
    wanted = settings.changed(region, service.settings, parameters)
    return _response(region, service, lifecycle.update(region, service, parameters, wanted))


def delete(region: Region, parameters: Members) -> Members:
    """DeleteService: also a paused or a failed one, but none that has available VPC ingress connections."""
    # [M] DeleteService: also a paused or a failed service.
    # [R: hashicorp/terraform-provider-aws#19840] DeleteService during an operation is rejected, with this
    # message.
    # [R: hashicorp/terraform-provider-aws#40896] DeleteService is rejected while a VPC ingress connection is
    # AVAILABLE, with this message.
    service = find(region, parameters["ServiceArn"])
    if service.status not in ("RUNNING", "PAUSED", "CREATE_FAILED", "DELETE_FAILED"):
        raise invalid_state(f"Service cannot be deleted in the current state: {service.status}.")
    if region.available_ingress(service.arn):
        raise invalid_state(
            "You cannot delete a Service while it has VpcIngressConnections with a status of AVAILABLE."
        )
    return _response(region, service, lifecycle.delete(region, service, parameters))


def pause(region: Region, parameters: Members) -> Members:
    """PauseService: a paused service stays paused, without an operation."""
    # [AW: Copilot] PauseService of a paused service changes nothing.
    service = find(region, parameters["ServiceArn"])
    if service.status == "PAUSED":
        return {"Service": described(region, service)}
    lifecycle.must_be(service, "RUNNING", to="be paused")
    return _response(region, service, lifecycle.pause(region, service, parameters))


def resume(region: Region, parameters: Members) -> Members:
    """ResumeService: a paused one."""
    # [assumed] ResumeService: only a paused service.
    service = find(region, parameters["ServiceArn"])
    lifecycle.must_be(service, "PAUSED", to="be resumed")
    return _response(region, service, lifecycle.resume(region, service, parameters))


def deploy(region: Region, parameters: Members) -> Members:
    """StartDeployment: a running service."""
    service = find(region, parameters["ServiceArn"])
    lifecycle.must_be(service, "RUNNING", to="be deployed")
    return {"OperationId": lifecycle.deploy(region, service, parameters)}


def list_operations(region: Region, parameters: Members) -> Members:
    """ListOperations: the newest first."""
    # [M] ListOperations: the newest first.
    service = find(region, parameters["ServiceArn"], also_deleted=True)
    some, more = page(region, [_operation(region, service, one) for one in reversed(service.operations)], parameters)
    return {"OperationSummaryList": some, **more}


def find(region: Region, arn: str, also_deleted: bool = False) -> Service:
    """Return a service."""
    region.path(arn, "service")
    service = region.services.get(arn)
    if service is None or (service.status == "DELETED" and not also_deleted):
        raise not_found(arn)
    return service


def described(region: Region, service: Service) -> Members:
    """Return a service as the API describes it; a private one has no public address."""
    # [P: service.go] DescribeService has no address for a private service.
    shown = {key: value for key, value in service.settings.items() if key != "AutoScalingConfigurationArn"}
    public = service.settings["NetworkConfiguration"]["IngressConfiguration"]["IsPubliclyAccessible"]
    return {
        "ServiceName": service.name,
        "ServiceId": service.id,
        "ServiceArn": service.arn,
        **({"ServiceUrl": service.url} if public else {}),
        "CreatedAt": service.created,
        "UpdatedAt": service.updated,
        **({} if service.deleted is None else {"DeletedAt": service.deleted}),
        "Status": service.status,
        **shown,
        **({} if service.encryption is None else {"EncryptionConfiguration": service.encryption}),
        "AutoScalingConfigurationSummary": scaling.summary(region, service.settings["AutoScalingConfigurationArn"]),
    }


def _check_key(region: Region, encryption: Members | None) -> None:
    """Require an existing key."""
    # [D: security-data-protection-encryption] App Runner creates a grant on the KMS key at CreateService.
    # [assumed] CreateService is rejected if the KMS key does not exist. The message is not documented.
    if encryption and not region.world.key_exists(encryption["KmsKey"]):
        raise invalid_request(f"The KMS key does not exist or cannot be used: {encryption['KmsKey']}")


def _response(region: Region, service: Service, operation: str) -> Members:
    return {"Service": described(region, service), "OperationId": operation}


def _operation(region: Region, service: Service, operation: Operation) -> Members:
    ended = {"EndedAt": operation.ends} if operation.over else {}
    return {
        "Id": operation.id,
        "Type": operation.type,
        "Status": operation.status(region.now()),
        "TargetArn": service.arn,
        "StartedAt": operation.started,
        "UpdatedAt": operation.ends if operation.over else operation.started,
        **ended,
    }
