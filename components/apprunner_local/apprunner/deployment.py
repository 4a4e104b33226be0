"""The calls of App Runner at a deployment, under the service's two roles."""

from collections.abc import Iterator

from apprunner_facts.arns import parse_arn
from apprunner_facts.images import parse_image
from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_local.apprunner.state import Members, Region

_PULL = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
)  # [AW]: the actions of AWSAppRunnerServicePolicyForECRAccess
_READ = {"secretsmanager": "secretsmanager:GetSecretValue", "ssm": "ssm:GetParameters"}  # [AW, D]


def access_error(region: Region, settings: Members) -> str | None:
    """Make the calls that a deployment of these settings needs; return the first error, None if all succeed.

    Traces are sent while the application runs: the deployment succeeds without them, too [assumed].
    """
    errors = [_access_error(region, *call) for call in (*_pull(region, settings), *_read(region, settings))]
    for action in _trace(settings):
        _access_error(region, _instance_role(settings), action, "*")
    return next(filter(None, errors), None)


def _access_error(region: Region, role: str | None, action: str, resource: str) -> str | None:
    if role is None:
        return f"there is no instance role that {action} could be done under, on {resource}"
    why = region.world.access_error(role, action, resource)
    return why and f"{role} could not do {action} on {resource}: {why}"


def _pull(region: Region, settings: Members) -> Iterator[tuple[str, str, str]]:
    source = settings["SourceConfiguration"]
    role = source.get("AuthenticationConfiguration", {}).get("AccessRoleArn")
    image = parse_image(source.get("ImageRepository", {}).get("ImageIdentifier", ""))
    if role and image and image.account:
        repository = f"arn:aws:ecr:{image.region}:{image.account}:repository/{image.repository}"
        yield role, "ecr:GetAuthorizationToken", "*"
        yield from ((role, action, repository) for action in _PULL)


def _read(region: Region, settings: Members) -> Iterator[tuple[str | None, str, str]]:
    source = settings["SourceConfiguration"]
    configuration = (
        source["ImageRepository"].get("ImageConfiguration", {})
        if "ImageRepository" in source
        else source["CodeRepository"].get("CodeConfiguration", {}).get("CodeConfigurationValues", {})
    )
    for reference in sorted(set(configuration.get("RuntimeEnvironmentSecrets", {}).values())):
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


def _instance_role(settings: Members) -> str | None:
    role: str | None = settings["InstanceConfiguration"].get("InstanceRoleArn")
    return role
