"""The settings of a service from a request: with all defaults, after all checks."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from apprunner_facts.arns import parse_arn
from apprunner_facts.names import is_reserved_variable
from apprunner_facts.sizes import PAIRS, parse_cpu, parse_memory
from apprunner_local.apprunner import connections, connectors
from apprunner_local.apprunner.errors import invalid_request
from apprunner_local.apprunner.state import Members, Region

_HEALTH_CHECK = {
    "Protocol": "TCP",
    "Path": "/",
    "Interval": 5,
    "Timeout": 2,
    "HealthyThreshold": 1,
    "UnhealthyThreshold": 5,
}  # [M]
_REPOSITORIES = ("CodeRepository", "ImageRepository")

BUILD_SERVICE, TASKS_SERVICE = "build.apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"
"""The service principals that assume the access role and the instance role [A22, AW]."""


def first(region: Region, parameters: Members) -> Members:
    """Return a new service's settings."""
    usual = {
        "SourceConfiguration": {},
        "InstanceConfiguration": {"Cpu": "1024", "Memory": "2048"},
        "AutoScalingConfigurationArn": region.default_scaling,
        "HealthCheckConfiguration": _HEALTH_CHECK,
        "NetworkConfiguration": {
            "EgressConfiguration": {"EgressType": "DEFAULT"},
            "IngressConfiguration": {"IsPubliclyAccessible": True},
            "IpAddressType": "IPV4",
        },
    }
    # A service that is created without this block has none [P].
    if region.world.created_in_console or "ObservabilityConfiguration" in parameters:
        usual["ObservabilityConfiguration"] = {"ObservabilityEnabled": False}
    return _validated(region, _over(usual, parameters))


def changed(region: Region, former: Members, parameters: Members) -> Members:
    """Return a service's settings after an update.

    A block that is absent stays as it is [P]. Of a present one, each member replaces its old value, and the rest
    stays [assumed]; a repository comes with all that belongs to its source [assumed], but for a code repository's
    CodeConfiguration, which only CreateService needs [M].
    """
    parameters = deepcopy(parameters)
    if "ObservabilityConfiguration" in parameters:
        former = former | {"ObservabilityConfiguration": {}}
    source, old = parameters.get("SourceConfiguration", {}), former["SourceConfiguration"]
    for repository in _REPOSITORIES:
        if repository in source and repository not in old:
            raise invalid_request(
                "You can't change a service between a code repository and an image repository."
            )  # [M]
        if repository in source:
            former = former | {"SourceConfiguration": {}}
    if "CodeRepository" in source and "CodeConfiguration" not in source["CodeRepository"]:
        source["CodeRepository"]["CodeConfiguration"] = old["CodeRepository"]["CodeConfiguration"]
    return _validated(region, _over(former, parameters))


def _over(usual: Members, parameters: Members) -> Members:
    settings = deepcopy(usual)
    for block, value in settings.items():
        if block in parameters:
            settings[block] = value | deepcopy(parameters[block]) if isinstance(value, dict) else parameters[block]
    return settings


def _validated(region: Region, settings: Members) -> Members:
    """Return the settings as the API keeps them, with full ARNs. Raise RejectedError for invalid settings."""
    _size(settings["InstanceConfiguration"])
    _source(region, settings["SourceConfiguration"])
    _secrets(settings)
    _network(region, settings["NetworkConfiguration"])
    if "ObservabilityConfiguration" in settings:
        _observability(region, settings["ObservabilityConfiguration"])
    settings["AutoScalingConfigurationArn"] = region.scaling.active(settings["AutoScalingConfigurationArn"]).arn
    _roles(region, settings)
    return settings


def _secrets(settings: Members) -> None:
    """Require an instance role for secrets; the message: [R] terraform-aws-modules/terraform-aws-app-runner#5."""
    if secrets(settings["SourceConfiguration"]) and "InstanceRoleArn" not in settings["InstanceConfiguration"]:
        raise invalid_request("Instance Role have to be provided if passing in RuntimeEnvironmentSecrets.")


def secrets(source: Members) -> Mapping[str, str]:
    """Return the references of a source's secrets, by variable."""
    configuration = (
        source["ImageRepository"].get("ImageConfiguration", {})
        if "ImageRepository" in source
        else source["CodeRepository"].get("CodeConfiguration", {}).get("CodeConfigurationValues", {})
    )
    references: Mapping[str, str] = configuration.get("RuntimeEnvironmentSecrets", {})
    return references


def _size(instance: Members) -> None:
    """Validate CPU and memory, of which eleven pairs are supported [AW]; the API always returns numbers [P]."""
    cpu, memory = parse_cpu(instance["Cpu"]), parse_memory(instance["Memory"])
    if cpu is None or memory not in PAIRS[cpu]:
        raise invalid_request(f"Cpu {instance['Cpu']} and Memory {instance['Memory']} are not a supported combination.")
    instance |= {"Cpu": str(cpu), "Memory": str(memory)}


def _source(region: Region, source: Members) -> None:
    if sum(repository in source for repository in _REPOSITORIES) != 1:  # [M]
        raise invalid_request("Provide either CodeRepository or ImageRepository, but not both.")
    authentication = source.get("AuthenticationConfiguration", {})
    if "ImageRepository" in source:
        usual = _image(region, source["ImageRepository"], authentication)
        if source.get("AutoDeploymentsEnabled") and not usual:  # [A22]
            raise invalid_request("Automatic deployments need a private repository of the service's own account.")
        source.setdefault("AutoDeploymentsEnabled", usual)
    else:
        _code(region, source["CodeRepository"], authentication)
        source.setdefault("AutoDeploymentsEnabled", True)


def _image(region: Region, image: Members, authentication: Members) -> bool:
    """Check an image; return whether App Runner deploys its new versions automatically by default [M]."""
    identifier, public = image["ImageIdentifier"], image["ImageRepositoryType"] == "ECR_PUBLIC"
    if identifier.startswith("public.ecr.aws/") != public:  # [assumed]
        raise invalid_request("ImageIdentifier does not belong to a repository of ImageRepositoryType.")
    if public and "AccessRoleArn" in authentication:  # [AW] Copilot
        raise invalid_request("AccessRoleArn is not for images of ECR Public.")
    if not public and "AccessRoleArn" not in authentication:  # [M]
        raise invalid_request("AccessRoleArn is required for images of ECR.")
    _run(image.setdefault("ImageConfiguration", {}))
    return not public and identifier.startswith(f"{region.account}.")


def _code(region: Region, code: Members, authentication: Members) -> None:
    if "ConnectionArn" not in authentication:  # [M]
        raise invalid_request("ConnectionArn is required for code repositories.")
    connections.find_available(region, authentication["ConnectionArn"])
    if "CodeConfiguration" not in code:  # [M]
        raise invalid_request("CodeConfiguration is required.")
    configuration = code["CodeConfiguration"]
    if configuration["ConfigurationSource"] == "API":
        if "CodeConfigurationValues" not in configuration:  # [assumed]
            raise invalid_request("CodeConfigurationValues is required where ConfigurationSource is API.")
        _run(configuration["CodeConfigurationValues"])


def _run(configuration: Members) -> None:
    """Validate an application's configuration; App Runner's own variable names are reserved [D: PORT; P, AW]."""
    configuration.setdefault("Port", "8080")
    for block in ("RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets"):
        for name in configuration.get(block, {}):
            if is_reserved_variable(name):
                raise invalid_request(f"{block}: {name} is reserved.")


def _network(region: Region, network: Members) -> None:
    egress = network["EgressConfiguration"] = {"EgressType": "DEFAULT"} | network["EgressConfiguration"]
    network["IngressConfiguration"] = {"IsPubliclyAccessible": True} | network["IngressConfiguration"]
    if (egress["EgressType"] == "VPC") != ("VpcConnectorArn" in egress):  # [M]
        raise invalid_request("VpcConnectorArn is required with the EgressType VPC, and not supported with any other.")
    if "VpcConnectorArn" in egress:
        egress["VpcConnectorArn"] = connectors.find_active(region, egress["VpcConnectorArn"])["VpcConnectorArn"]


def _observability(region: Region, observability: Members) -> None:
    if not observability["ObservabilityEnabled"]:
        if "ObservabilityConfigurationArn" in observability:  # [M] "Specified only when" it is true
            raise invalid_request("ObservabilityConfigurationArn is supported only if ObservabilityEnabled is true.")
    elif "ObservabilityConfigurationArn" not in observability:
        raise invalid_request("ObservabilityConfigurationArn is required where ObservabilityEnabled is true.")
    else:
        named = region.observability.active(observability["ObservabilityConfigurationArn"])
        observability["ObservabilityConfigurationArn"] = named.arn


def _roles(region: Region, settings: Members) -> None:
    """Require roles that can be assumed, which new ones cannot; the message: [R] pulumi/pulumi-aws#1697, [P]."""
    source: Mapping[str, Any] = settings["SourceConfiguration"]
    roles = {
        "access": (source.get("AuthenticationConfiguration", {}).get("AccessRoleArn"), BUILD_SERVICE),
        "instance": (settings["InstanceConfiguration"].get("InstanceRoleArn"), TASKS_SERVICE),
    }
    for kind, (arn, principal) in roles.items():
        if arn and not (parse_arn(arn).account == region.account and region.world.role_ready(arn, principal)):
            raise invalid_request(f"Error in assuming {kind} role {arn}")
