"""The inputs of pulumi-aws's Service. Every block is set, also with AWS's defaults, so that AWS fills in none."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from apprunner_facts import sizes
from apprunner_facts.observability import TRACING_VARIABLES
from pulumi_apprunner.args.checking import combine
from pulumi_apprunner.args.container import HealthCheck, Size
from pulumi_apprunner.args.service import DEPLOYMENT_VARIABLE, AppRunnerServiceArgs


def source(
    service_name: str, args: AppRunnerServiceArgs, access_role_arn: pulumi.Input[str] | None
) -> "aws.apprunner.ServiceSourceConfigurationArgsDict":
    """Return the block source_configuration."""
    block: aws.apprunner.ServiceSourceConfigurationArgsDict = {
        "auto_deployments_enabled": args.auto_deployments_enabled,
    }
    if args.image is not None:
        block["image_repository"] = {
            "image_identifier": args.image.identifier,
            "image_repository_type": str(args.image.repository_type),
            "image_configuration": _run(service_name, args),
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
                "code_configuration_values": build | _run(service_name, args),
            }
    return block


def without_image(settings: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a service's settings without the image's identifier, for a service that may have any image."""
    block = settings["source_configuration"]
    image = {key: value for key, value in block["image_repository"].items() if key != "image_identifier"}
    return {**settings, "source_configuration": {**block, "image_repository": image}}


def _run(service_name: str, args: AppRunnerServiceArgs) -> Any:
    """Return the configuration that an image and a code repository share."""
    references = [each.value_from for each in args.secrets]
    return {
        "port": str(args.port),
        "start_command": args.start_command,
        "runtime_environment_variables": combine(
            lambda maps: _variables(service_name, args, *maps), args.environment, *references
        ),
        "runtime_environment_secrets": combine(_merge, *references),
    }


def _variables(
    service_name: str, args: AppRunnerServiceArgs, environment: Mapping[str, Any], *references: Mapping[str, Any]
) -> Mapping[str, Any]:
    trigger = {DEPLOYMENT_VARIABLE: args.redeploy_trigger} if args.redeploy_trigger else {}
    tracing = {name: value.format(service_name=service_name) for name, value in TRACING_VARIABLES.items()}
    secret = _merge(references)
    defaults = {name: value for name, value in tracing.items() if args.tracing and name not in secret}
    return _merge([defaults, environment, trigger])


def _merge(maps: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    return {key: value for each in maps for key, value in each.items()}


def instance(
    args: AppRunnerServiceArgs, role_arn: pulumi.Input[str]
) -> "aws.apprunner.ServiceInstanceConfigurationArgsDict":
    """Return the block instance_configuration."""
    size = args.size or Size(cpu=str(sizes.DEFAULT_CPU), memory=str(sizes.DEFAULT_MEMORY))
    return {"cpu": str(size.cpu), "memory": str(size.memory), "instance_role_arn": role_arn}


def health_check(check: HealthCheck) -> "aws.apprunner.ServiceHealthCheckConfigurationArgsDict":
    """Return the block health_check_configuration."""
    return {
        "protocol": check.protocol,
        "path": check.path,
        "interval": check.interval,
        "timeout": check.timeout,
        "healthy_threshold": check.healthy_threshold,
        "unhealthy_threshold": check.unhealthy_threshold,
    }


def network(args: AppRunnerServiceArgs) -> "aws.apprunner.ServiceNetworkConfigurationArgsDict":
    """Return the block network_configuration; without `is_publicly_accessible` pulumi-aws creates a private service."""
    egress: aws.apprunner.ServiceNetworkConfigurationEgressConfigurationArgsDict = {"egress_type": "DEFAULT"}
    if args.vpc_connector_arn is not None:
        egress = {"egress_type": "VPC", "vpc_connector_arn": args.vpc_connector_arn}
    return {
        "egress_configuration": egress,
        "ingress_configuration": {"is_publicly_accessible": args.is_publicly_accessible},
        "ip_address_type": args.ip_address_type,
    }
