"""A service's description in the words of pulumi-aws: every block that AWS would otherwise guess is given in full."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias, cast

import pulumi
import pulumi_aws as aws
from pulumi import Output

from apprunner_facts import images
from apprunner_facts.observability import TRACING_VARIABLES
from pulumi_apprunner.args.checking import is_output, validate_output
from pulumi_apprunner.args.container import HealthCheck
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.service import DEPLOYMENT_VARIABLE, AppRunnerServiceArgs, duplicate_variables
from pulumi_apprunner.args.values import display_secret_name

Maps: TypeAlias = tuple[Mapping[str, Any], ...]


def image_identifier(name: str, args: AppRunnerServiceArgs) -> pulumi.Input[str] | None:
    """Return the image's address; one that is found out late has to be of the type that decided on the access role."""
    image = args.image
    if image is None or not is_output(image.identifier):
        return image and image.identifier

    def disagreement(identifier: str) -> dict[Path, str]:
        found = images.parse_image(identifier or "")
        if found is None or found.repository_type == image.repository_type:
            return {}
        return {
            ("image", "repository_type"): f"'{image.repository_type}' does not agree with the identifier, which is in "
            f"{found.repository_type}: say so here, since it decides whether an access role is made"
        }

    return validate_output("AppRunnerService", name, image.identifier, disagreement)


def source(
    name: str,
    service_name: str,
    args: AppRunnerServiceArgs,
    identifier: pulumi.Input[str] | None,
    access_role_arn: pulumi.Input[str] | None,
) -> aws.apprunner.ServiceSourceConfigurationArgsDict:
    """Return the block source_configuration."""
    block: aws.apprunner.ServiceSourceConfigurationArgsDict = {
        "auto_deployments_enabled": args.auto_deployments_enabled,
    }
    if args.image is not None and identifier is not None:
        block["image_repository"] = {
            "image_identifier": identifier,
            "image_repository_type": str(args.image.repository_type),
            "image_configuration": _run(name, service_name, args),
        }
        if access_role_arn is not None:
            block["authentication_configuration"] = {"access_role_arn": access_role_arn}
    if args.code is not None:
        block["authentication_configuration"] = {"connection_arn": args.code.connection_arn}
        block["code_repository"] = {
            "repository_url": args.code.repository_url,
            "source_code_version": {"type": "BRANCH", "value": args.code.branch},
            "source_directory": args.code.source_directory,
            "code_configuration": {"configuration_source": args.code.configuration_source},
        }
        if args.code.configuration_source == "API":
            build = {"runtime": args.code.runtime, "build_command": args.code.build_command}
            block["code_repository"]["code_configuration"] = {
                "configuration_source": args.code.configuration_source,
                "code_configuration_values": build | _run(name, service_name, args),
            }
    return block


def _run(name: str, service_name: str, args: AppRunnerServiceArgs) -> Any:
    """Return how the application is run, which an image's and a code repository's configuration say alike."""
    maps = _each_name_once(name, args)
    return {
        "port": str(args.port),
        "start_command": args.start_command,
        "runtime_environment_variables": _picked(maps, lambda *known: _variables(service_name, args, *known)),
        "runtime_environment_secrets": _picked(maps, _references),
    }


def _each_name_once(name: str, args: AppRunnerServiceArgs) -> Maps | Output[list[Any]]:
    """Return the environment and the secrets' maps; where one is pending, once no name stands in two of them."""
    maps = (args.environment, *(secrets.value_from for secrets in args.secrets))
    if any(is_output(each) for each in maps):
        return validate_output("AppRunnerService", name, maps, lambda known: _bound_twice(args, _told(known)))
    return cast(Maps, maps)


def _bound_twice(args: AppRunnerServiceArgs, maps: Maps) -> dict[Path, str]:
    """Return the reasons of `duplicate_variables` under paths that show no name which may be a secret."""
    problems = duplicate_variables(args.redeploy_trigger, [secrets.binding for secrets in args.secrets], *maps)
    return {
        (*path[:-1], display_secret_name(path[-1], place)): why for place, (path, why) in enumerate(problems.items(), 1)
    }


def _picked(maps: Maps | Output[list[Any]], pick: Callable[..., dict[str, Any]]) -> Any:
    return maps.apply(lambda known: pick(*_told(known))) if isinstance(maps, Output) else pick(*maps)


def _variables(
    service_name: str, args: AppRunnerServiceArgs, environment: Mapping[str, Any], *secrets: Mapping[str, Any]
) -> dict[str, Any]:
    deployment = {DEPLOYMENT_VARIABLE: args.redeploy_trigger} if args.redeploy_trigger else {}
    ours: dict[str, str] = {}
    if args.tracing:
        bound = {variable for each in secrets for variable in each}
        ours = {
            variable: value.format(service_name=service_name)
            for variable, value in TRACING_VARIABLES.items()
            if variable not in bound
        }
    return {**ours, **environment, **deployment}


def _references(_: Mapping[str, Any], *secrets: Mapping[str, Any]) -> dict[str, Any]:
    return {variable: value_from for each in secrets for variable, value_from in each.items()}


def _told(maps: Sequence[Mapping[str, Any] | None]) -> Maps:
    return tuple(each or {} for each in maps)


def instance(
    args: AppRunnerServiceArgs, role_arn: pulumi.Input[str]
) -> aws.apprunner.ServiceInstanceConfigurationArgsDict:
    """Return the block instance_configuration."""
    return {"cpu": str(args.size.cpu), "memory": str(args.size.memory), "instance_role_arn": role_arn}


def health_check(check: HealthCheck) -> aws.apprunner.ServiceHealthCheckConfigurationArgsDict:
    """Return the block health_check_configuration."""
    return {
        "protocol": check.protocol,
        "path": check.path,
        "interval": check.interval,
        "timeout": check.timeout,
        "healthy_threshold": check.healthy_threshold,
        "unhealthy_threshold": check.unhealthy_threshold,
    }


def network(args: AppRunnerServiceArgs) -> aws.apprunner.ServiceNetworkConfigurationArgsDict:
    """Return the block network_configuration; without `is_publicly_accessible` pulumi-aws would make the service
    private."""
    egress: aws.apprunner.ServiceNetworkConfigurationEgressConfigurationArgsDict = {"egress_type": "DEFAULT"}
    if args.vpc_connector_arn is not None:
        egress = {"egress_type": "VPC", "vpc_connector_arn": args.vpc_connector_arn}
    return {
        "egress_configuration": egress,
        "ingress_configuration": {"is_publicly_accessible": args.is_publicly_accessible},
        "ip_address_type": args.ip_address_type,
    }
