"""The settings of a service from a request: with all defaults, after all checks."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from apprunner_facts import limits
from apprunner_facts.arns import parse_arn
from apprunner_facts.identity import BUILD_SERVICE, TASKS_SERVICE
from apprunner_facts.names import is_reserved_variable
from apprunner_facts.sizes import DEFAULT_CPU, DEFAULT_MEMORY, PAIRS, parse_cpu, parse_memory
from apprunner_local.apprunner import connections, connectors
from apprunner_local.apprunner.errors import invalid_request
from apprunner_local.apprunner.state import Members, Region

_HEALTH_CHECK = {
    "Protocol": "TCP",
    "Path": "/",
    "Interval": limits.HEALTH_CHECK_INTERVAL.default,
    "Timeout": limits.HEALTH_CHECK_TIMEOUT.default,
    "HealthyThreshold": limits.HEALTHY_THRESHOLD.default,
    "UnhealthyThreshold": limits.UNHEALTHY_THRESHOLD.default,
}
_REPOSITORIES = ("CodeRepository", "ImageRepository")


def first(region: Region, parameters: Members) -> Members:
    """Return a new service's settings."""
    # [P: service_test.go] A service that is created without an observability configuration has none.
    # [R: hashicorp/terraform-provider-aws#27733] A service that is created in the console has an observability
    # configuration that is disabled. World.created_in_console switches it.
    # [M] The defaults of the health check, the size and the network. The live defaults of the health check may
    # differ.
    defaults = {
        "SourceConfiguration": {},
        "InstanceConfiguration": {"Cpu": str(DEFAULT_CPU), "Memory": str(DEFAULT_MEMORY)},
        "AutoScalingConfigurationArn": region.default_scaling,
        "HealthCheckConfiguration": _HEALTH_CHECK,
        "NetworkConfiguration": {
            "EgressConfiguration": {"EgressType": "DEFAULT"},
            "IngressConfiguration": {"IsPubliclyAccessible": True},
            "IpAddressType": "IPV4",
        },
    }
    if region.world.created_in_console or "ObservabilityConfiguration" in parameters:
        defaults["ObservabilityConfiguration"] = {"ObservabilityEnabled": False}
    return _validated(region, _merge(defaults, parameters))


def changed(region: Region, former: Members, parameters: Members) -> Members:
    """Return a service's settings after an update.

    An absent block keeps its values. In a present block each member replaces the old value, and absent members keep
    theirs. A repository replaces the whole source, except that a code repository keeps its CodeConfiguration, which
    only CreateService requires.
    """
    # [P: service.go] UpdateService: a block that is absent stays as it is.
    # [assumed] UpdateService: in a present block, each absent member stays. pulumi-aws sends whole blocks.
    # [M] UpdateService: a service cannot change between code and image, and a code repository needs no
    # CodeConfiguration.
    parameters = deepcopy(parameters)
    if "ObservabilityConfiguration" in parameters:
        former = former | {"ObservabilityConfiguration": {}}
    source, old = parameters.get("SourceConfiguration", {}), former["SourceConfiguration"]
    for repository in _REPOSITORIES:
        if repository in source and repository not in old:
            raise invalid_request("You can't change a service between a code repository and an image repository.")
        if repository in source:
            former = former | {"SourceConfiguration": {}}
    if "CodeRepository" in source and "CodeConfiguration" not in source["CodeRepository"]:
        source["CodeRepository"]["CodeConfiguration"] = old["CodeRepository"]["CodeConfiguration"]
    return _validated(region, _merge(former, parameters))


def _merge(former: Members, parameters: Members) -> Members:
    settings = deepcopy(former)
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
    """Require an instance role for secrets."""
    # [R: terraform-aws-modules/terraform-aws-app-runner#5] Secrets without an instance role are rejected, with
    # this message.
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
    """Validate CPU and memory, of which eleven pairs are supported; the API always returns numbers."""
    # [AW: Copilot] Eleven pairs of Cpu and Memory are supported.
    # [P: service.go] The API returns Cpu and Memory as numbers.
    cpu, memory = parse_cpu(instance["Cpu"]), parse_memory(instance["Memory"])
    if cpu is None or memory not in PAIRS[cpu]:
        raise invalid_request(f"Cpu {instance['Cpu']} and Memory {instance['Memory']} are not a supported combination.")
    instance |= {"Cpu": str(cpu), "Memory": str(memory)}


def _source(region: Region, source: Members) -> None:
    # [M] Exactly one of CodeRepository and ImageRepository is required.
    # [A22] Automatic deployments need a private repository of the service's own account.
    if sum(repository in source for repository in _REPOSITORIES) != 1:
        raise invalid_request("Provide either CodeRepository or ImageRepository, but not both.")
    authentication = source.get("AuthenticationConfiguration", {})
    if "ImageRepository" in source:
        deploys_by_default = _image(region, source["ImageRepository"], authentication)
        if source.get("AutoDeploymentsEnabled") and not deploys_by_default:
            raise invalid_request("Automatic deployments need a private repository of the service's own account.")
        source.setdefault("AutoDeploymentsEnabled", deploys_by_default)
    else:
        _code(region, source["CodeRepository"], authentication)
        source.setdefault("AutoDeploymentsEnabled", True)


def _image(region: Region, image: Members, authentication: Members) -> bool:
    """Check an image; return whether App Runner deploys its new versions automatically by default."""
    # [AW: Copilot] An access role is rejected for an image of ECR Public.
    # [M] An access role is required for an image of private ECR, whose new versions are deployed automatically by
    # default.
    # [assumed] ImageIdentifier must belong to the ImageRepositoryType.
    identifier, public = image["ImageIdentifier"], image["ImageRepositoryType"] == "ECR_PUBLIC"
    if identifier.startswith("public.ecr.aws/") != public:
        raise invalid_request("ImageIdentifier does not belong to a repository of ImageRepositoryType.")
    if public and "AccessRoleArn" in authentication:
        raise invalid_request("AccessRoleArn is not for images of ECR Public.")
    if not public and "AccessRoleArn" not in authentication:
        raise invalid_request("AccessRoleArn is required for images of ECR.")
    _run(image.setdefault("ImageConfiguration", {}))
    return not public and identifier.startswith(f"{region.account}.")


def _code(region: Region, code: Members, authentication: Members) -> None:
    # [M] A code repository needs an available connection, and CodeConfiguration at its creation.
    # [assumed] CodeConfigurationValues is required if ConfigurationSource is API.
    if "ConnectionArn" not in authentication:
        raise invalid_request("ConnectionArn is required for code repositories.")
    connections.find_available(region, authentication["ConnectionArn"])
    if "CodeConfiguration" not in code:
        raise invalid_request("CodeConfiguration is required.")
    configuration = code["CodeConfiguration"]
    if configuration["ConfigurationSource"] == "API":
        if "CodeConfigurationValues" not in configuration:
            raise invalid_request("CodeConfigurationValues is required where ConfigurationSource is API.")
        _run(configuration["CodeConfigurationValues"])


def _run(configuration: Members) -> None:
    """Validate an application's configuration; App Runner's own variable names are reserved."""
    # [D: env-variable] PORT and names that begin with AWSAPPRUNNER are reserved.
    configuration.setdefault("Port", str(limits.PORT.default))
    for block in ("RuntimeEnvironmentVariables", "RuntimeEnvironmentSecrets"):
        for name in configuration.get(block, {}):
            if is_reserved_variable(name):
                raise invalid_request(f"{block}: {name} is reserved.")


def _network(region: Region, network: Members) -> None:
    # [M] VpcConnectorArn is required with the EgressType VPC, and not supported with any other.
    egress = network["EgressConfiguration"] = {"EgressType": "DEFAULT"} | network["EgressConfiguration"]
    network["IngressConfiguration"] = {"IsPubliclyAccessible": True} | network["IngressConfiguration"]
    if (egress["EgressType"] == "VPC") != ("VpcConnectorArn" in egress):
        raise invalid_request("VpcConnectorArn is required with the EgressType VPC, and not supported with any other.")
    if "VpcConnectorArn" in egress:
        egress["VpcConnectorArn"] = connectors.find_active(region, egress["VpcConnectorArn"])["VpcConnectorArn"]


def _observability(region: Region, observability: Members) -> None:
    # [M] ObservabilityConfigurationArn is required if ObservabilityEnabled is true, and not supported otherwise.
    if not observability["ObservabilityEnabled"]:
        if "ObservabilityConfigurationArn" in observability:
            raise invalid_request("ObservabilityConfigurationArn is supported only if ObservabilityEnabled is true.")
    elif "ObservabilityConfigurationArn" not in observability:
        raise invalid_request("ObservabilityConfigurationArn is required where ObservabilityEnabled is true.")
    else:
        named = region.observability.active(observability["ObservabilityConfigurationArn"])
        observability["ObservabilityConfigurationArn"] = named.arn


def _roles(region: Region, settings: Members) -> None:
    """Require roles that can be assumed. A new role cannot yet."""
    # [R: pulumi/pulumi-aws#1697] CreateService is rejected if App Runner cannot assume a role, also one that is
    # new or does not exist, with this message.
    # [A22] build.apprunner.amazonaws.com assumes the access role, tasks.apprunner.amazonaws.com the instance
    # role.
    source: Mapping[str, Any] = settings["SourceConfiguration"]
    roles = {
        "access": (source.get("AuthenticationConfiguration", {}).get("AccessRoleArn"), BUILD_SERVICE),
        "instance": (settings["InstanceConfiguration"].get("InstanceRoleArn"), TASKS_SERVICE),
    }
    for kind, (arn, principal) in roles.items():
        if arn and not (parse_arn(arn).account == region.account and region.world.role_ready(arn, principal)):
            raise invalid_request(f"Error in assuming {kind} role {arn}")
