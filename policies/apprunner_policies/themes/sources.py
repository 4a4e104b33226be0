"""Rules about sources and start commands."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.commands import shell_operator
from apprunner_facts.images import ECR_PUBLIC, parse_image
from apprunner_facts.tokens import CONNECTION, SERVICE
from apprunner_policies.properties import UnknownValues, is_false, known, text, value
from apprunner_policies.regions import region_of
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import AUTHENTICATION, AUTO_DEPLOY, CONFIGURATIONS, IMAGE, IMAGE_TYPE
from apprunner_policies.stack import Stack

_AVAILABLE = "AVAILABLE"

auto_deploy_same_region = StackRule(
    "auto-deploy-same-region",
    resource_types=[SERVICE],
    native=True,
    description="Automatic deployments are enabled only for an image in the service's region.",
    remediation_steps=(
        f"Set {AUTO_DEPLOY} to false for an image of another region. Or replicate the repository with an "
        "aws.ecr.ReplicationConfiguration and use the image in the service's region."
    ),
    source=source.SOURCE_CONFIGURATION,
    level=EnforcementLevel.ADVISORY,
)


@auto_deploy_same_region.check
def _image_is_in_the_services_region(service: PolicyResource, stack: Stack) -> Iterator[str]:
    if is_false(service, AUTO_DEPLOY) or value(service, IMAGE_TYPE) == ECR_PUBLIC:
        return
    identifier = text(service, IMAGE)
    image = parse_image(identifier) if identifier is not None else None
    if image is None or image.region is None:
        return
    region = region_of(service)
    if region is not None and region != image.region:
        yield (
            f"{AUTO_DEPLOY} must be false for an image of another region, got an image in {image.region} and a "
            f"service in {region}. App Runner automatically deploys only images that are pushed in its own region. Set "
            f"{AUTO_DEPLOY} to false, or replicate the repository into {region} and set {IMAGE} to its address there."
        )


connection_available = StackRule(
    "connection-available",
    resource_types=[SERVICE],
    description="A service's connection to a code repository is available before the service is created.",
    remediation_steps=(
        "Create the connection first, complete its handshake in the App Runner console (Connected accounts), and "
        "create the services that use it in a later update. Or use the ARN of a connection of another stack. Offline, "
        "the status of a connection in the stack is unknown: set it in the file of stub values."
    ),
    source=source.CODE_REPOSITORY,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.HIGH,
)


@connection_available.check
def _connection_is_available(service: PolicyResource, stack: Stack) -> Iterator[str]:
    for connection in stack.referenced(service, "sourceConfiguration", CONNECTION):
        status = known(connection, "status")  # a connection that exists has one in the state
        if status != _AVAILABLE:
            got = "unknown: this update creates it" if status is None else status
            yield (
                f"{AUTHENTICATION}.connectionArn must be a connection with status {_AVAILABLE}, got "
                f"{connection.name} (status {got}). Create the connection in a separate update, complete its handshake "
                "in the App Runner console, then add the service."
            )


start_command_without_shell = Rule(
    "start-command-without-shell",
    resource_types=[SERVICE],
    description="A start command is a single command without shell operators.",
    remediation_steps=(
        "Put the commands into a script, or start a shell: sh -c 'first && second'. Users report that App Runner does "
        "not run a shell; AWS's documentation does not state it."
    ),
    source=source.START_COMMAND_WITHOUT_SHELL,
    level=EnforcementLevel.ADVISORY,
)


@start_command_without_shell.check
def _is_one_command(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for path in (f"{configuration}.startCommand" for configuration in CONFIGURATIONS):
        with unknowns:
            operator = shell_operator(text(service, path) or "")
            if operator:
                yield (
                    f"{path} must be a single command, got the shell operator {operator}. Users report that App Runner "
                    f"runs no shell and passes the operator to the command as an argument. Set {path} to a script that "
                    "runs the commands, or to sh -c '...' if the image has a shell."
                )
    unknowns.raise_first()


RULES = (auto_deploy_same_region, connection_available, start_command_without_shell)
