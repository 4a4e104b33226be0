"""The arguments of RedeployOnRotation."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator

from apprunner_facts.arns import SECRET_AS_PARAMETER, Arn, parse_arn
from apprunner_facts.events import label_events
from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.redeployment import RedeploymentArgs
from pulumi_apprunner.args.secrets import SecretSource
from pulumi_apprunner.args.values import SecretName


@args_type
class RedeployOnRotationArgs(RedeploymentArgs):
    """The arguments of a RedeployOnRotation."""

    secrets: Annotated[Mapping[SecretName, SecretSource], Field(min_length=1)]
    """The source of each secret, by environment variable, as in SecretsBindingArgs.secrets. They must be in the
    service's account and region, because AWS sends the events about them there. A secret with a version_id cannot
    change, so it is ignored; one with a version_stage is deployed when that stage moves."""

    @field_validator("secrets")
    @classmethod
    def _send_events_there(cls, secrets: Mapping[str, SecretSource], info: ValidationInfo) -> Any:
        if not any(map(can_change, secrets.values())):
            raise invalid(
                "must contain a value that can change",
                "A secret with a version_id, or with the stage AWSPENDING, never does. Remove them, or the component",
            )
        if problems := _elsewhere(info.data.get("service_arn"), arns_of(secrets)):
            raise invalid_paths({("secrets", *path): message for path, message in problems.items()})
        return secrets


def can_change(source: SecretSource) -> bool:
    """Return whether AWS sends events about the value of a secret."""
    return source.secret_arn is None or (source.version_id is None and label_events(source.version_stage) is not None)


def arns_of(secrets: Mapping[str, SecretSource]) -> Mapping[Path, Any]:
    """Return the ARNs of secrets and parameters, which may be Outputs, and the parameters' names, by their paths."""
    keys = ("secret_arn", "parameter_arn", "parameter_name")
    sources = [(variable, key, getattr(source, key)) for variable, source in secrets.items() for key in keys]
    return {(variable, key): value for variable, key, value in sources if value is not None}


def _elsewhere(service_arn: Any, arns: Mapping[Path, Any]) -> dict[Path, str]:
    """Return messages about secrets whose events do not reach a service. Outputs are not checked."""
    problems: dict[Path, str] = {}
    service = _parsed(service_arn)
    for path, text in arns.items():
        arn = _parsed(text)
        if isinstance(text, str) and SECRET_AS_PARAMETER in text:
            problems[path] = (
                "must not refer to a secret, because Parameter Store sends no events about it. Use secret_arn with the "
                "secret's ARN"
            )
        elif service and arn and (arn.account, arn.region) != (service.account, service.region):
            problems[path] = (
                f"must be in the service's account and region, {service.account} and {service.region}, got "
                f"{arn.account or 'no account'} and {arn.region}. AWS sends events only there. Remove the secret here, "
                "and deploy the service in another way after its rotation"
            )
    return problems


def _parsed(text: Any) -> Arn | None:
    try:
        return parse_arn(text) if isinstance(text, str) else None
    except ValueError:  # a parameter's name, or an invalid ARN of a user's mocks
        return None
