"""A service named orders in the local AWS: its source, its log, and the calls of its roles."""

from typing import Any

from apprunner_local.aws import LocalAws
from local_aws.requests import image
from local_aws.roles import pulling_role
from samples import PUBLIC_IMAGE


def source(aws: LocalAws, access: str | None = None, **secrets: str) -> dict[str, Any]:
    """Return a source configuration with an access role and secrets."""
    configuration = image(AuthenticationConfiguration={"AccessRoleArn": access or pulling_role(aws)})
    configuration["ImageRepository"]["ImageConfiguration"] = {"RuntimeEnvironmentSecrets": secrets}
    return configuration


def create(
    aws: LocalAws, instance: str | None = None, source_configuration: dict[str, Any] | None = None, **more: Any
) -> str:
    """Create a service, wait until its first deployment has ended, and return its ARN."""
    instance_configuration = {"InstanceConfiguration": {"InstanceRoleArn": instance}} if instance else {}
    created = aws.client("apprunner").create_service(
        ServiceName="orders", SourceConfiguration=source_configuration or source(aws), **instance_configuration, **more
    )
    aws.plane.clock.move(60)
    arn: str = created["Service"]["ServiceArn"]
    return arn


def log(aws: LocalAws, service: str) -> str:
    """Return the service's log."""
    group = f"/aws/apprunner/orders/{service.rpartition('/')[2]}/service"
    aws.client("apprunner").describe_service(ServiceArn=service)
    events = aws.client("logs").get_log_events(logGroupName=group, logStreamName="events", startFromHead=True)["events"]
    return "\n".join(event["message"] for event in events)


def role_requests(aws: LocalAws, role: str) -> list[tuple[str, str]]:
    return [(call.action, call.resource) for call in aws.role_calls if call.role == role]


def public_image() -> dict[str, Any]:
    return {"ImageIdentifier": PUBLIC_IMAGE, "ImageRepositoryType": "ECR_PUBLIC"}
