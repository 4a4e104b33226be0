"""The calls of App Runner at a deployment, under the service's two roles."""

from collections.abc import Iterator

from apprunner_facts.arns import parse_arn
from apprunner_facts.identity import LOGIN_ACTION, PULL_ACTIONS, READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.images import parse_image
from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_local.apprunner.settings import secrets
from apprunner_local.apprunner.state import Members, Region

_READ = {"secretsmanager": READ_SECRET_ACTION, "ssm": READ_PARAMETER_ACTION}


def access_error(region: Region, settings: Members) -> str | None:
    """Make the calls that a deployment of these settings needs; return the first error, None if all succeed.

    The settings have an instance role if they have secrets.

    Traces are sent while the application runs: the deployment succeeds without them, too.
    """
    # [AW: AWSAppRunnerServicePolicyForECRAccess] A deployment pulls the image under the access role with five ECR
    # actions.
    # [AW: Copilot; D: env-variable] A deployment reads secrets with GetSecretValue and parameters with
    # ssm:GetParameters under the instance role.
    # [assumed] A deployment without the permissions for tracing succeeds.
    errors = [_access_error(region, *call) for call in (*_pull(region, settings), *_read(region, settings))]
    instance_role = _instance_role(settings)
    for action in _trace(settings) if instance_role else ():
        _access_error(region, instance_role, action, "*")
    return next(filter(None, errors), None) or _missing_image(region, settings)


def _missing_image(region: Region, settings: Members) -> str | None:
    """Return the error of an image that does not exist: the call is accepted, and the deployment fails."""
    # [R: aws/apprunner-roadmap#127] CreateService accepts an image that does not exist; the deployment fails with
    # this message. The local AWS knows only the images of its own ECR repositories, and accepts all others.
    identifier = settings["SourceConfiguration"].get("ImageRepository", {}).get("ImageIdentifier")
    if identifier is None or region.world.image_exists(identifier):
        return None
    return (
        "Failed to pull your application image. Be sure you configure your service with a valid access role to your "
        f"ECR repository. (The fake adds: the image {identifier} does not exist.)"
    )


def _access_error(region: Region, role: str, action: str, resource: str) -> str | None:
    why = region.world.access_error(role, action, resource)
    return why and f"{role} could not do {action} on {resource}: {why}"


def _pull(region: Region, settings: Members) -> Iterator[tuple[str, str, str]]:
    source = settings["SourceConfiguration"]
    role = source.get("AuthenticationConfiguration", {}).get("AccessRoleArn")
    image = parse_image(source.get("ImageRepository", {}).get("ImageIdentifier", ""))
    if role and image and image.repository_arn:
        yield role, LOGIN_ACTION, "*"
        for action in PULL_ACTIONS:
            yield role, action, image.repository_arn


def _read(region: Region, settings: Members) -> Iterator[tuple[str, str, str]]:
    for reference in sorted(set(secrets(settings["SourceConfiguration"]).values())):
        arn = _without_parts(region, reference)
        yield _instance_role(settings), _READ[parse_arn(arn).service], arn


def _without_parts(region: Region, reference: str) -> str:
    """Return the ARN of a secret or a parameter: a name is a parameter's; a key and a version may follow a secret's."""
    if not reference.startswith("arn:"):
        return f"arn:aws:ssm:{region.name}:{region.account}:parameter/{reference.removeprefix('/')}"
    return ":".join(reference.split(":")[:7])


def _trace(settings: Members) -> tuple[str, ...]:
    traced = settings.get("ObservabilityConfiguration", {}).get("ObservabilityEnabled")
    return TRACING_ACTIONS if traced else ()


def _instance_role(settings: Members) -> str:
    """Return the instance role, empty for none."""
    return str(settings["InstanceConfiguration"].get("InstanceRoleArn", ""))
