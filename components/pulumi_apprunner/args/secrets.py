"""The arguments of SecretsBinding."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import arns
from apprunner_facts.limits import SECRET_LENGTH
from pulumi_apprunner.args.annotations import Described, Sensitive
from pulumi_apprunner.args.checking import AwsAssigned, In, args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import SENSITIVE_UNLESS_ARN, AnyKmsKeyArn, SecretName, aws_assigned

JsonKey = Annotated[
    str,
    StringConstraints(pattern=r"^[^:\s]+$"),
    Described("a JSON key, stage or version without colons and spaces"),
    Sensitive(),
]
"""A part of a reference, ARN:KEY:STAGE:VERSION. It cannot contain a colon, which ends a part."""


def _secret_arn(arn: str) -> str:
    if arns.SECRET.fullmatch(arn):
        return arn
    if reference := arns.SECRET_REFERENCE.fullmatch(arn):
        parts = [
            f'{name} to "{reference[name]}"' for name in ("json_key", "version_stage", "version_id") if reference[name]
        ]
        raise invalid(
            "must end with the secret's name and six characters",
            "Remove the parts after them. Set json_key, version_stage and version_id instead",
            fix_of_value=f"Set {' and '.join(parts)} instead" if parts else "Remove the colons at its end",
        )
    raise invalid(
        "must be the full ARN of a secret (arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-XXXXXX)",
        "It ends with the six characters that Secrets Manager adds to the name",
    )


@args_type
class SecretSource:
    """The source of a secret's value: Secrets Manager or SSM Parameter Store."""

    secret_arn: (
        In[
            Annotated[
                str,
                AwsAssigned(_secret_arn),
                SENSITIVE_UNLESS_ARN,
            ]
        ]
        | None
    ) = None
    """The secret's full ARN in Secrets Manager."""

    json_key: JsonKey | None = None
    """The key, if the secret is a JSON object. Default: the whole secret."""

    version_stage: JsonKey | None = None
    """The version by its stage, such as AWSPREVIOUS. Default: AWSCURRENT."""

    version_id: JsonKey | None = None
    """The version by its id. Default: the current one."""

    parameter_arn: (
        In[
            Annotated[
                str,
                aws_assigned(arns.PARAMETER, "the ARN of a parameter (arn:aws:ssm:REGION:ACCOUNT:parameter/NAME)"),
                SENSITIVE_UNLESS_ARN,
            ]
        ]
        | None
    ) = None
    """The parameter's ARN, in the service's account; its region may differ."""

    parameter_name: (
        Annotated[
            str,
            StringConstraints(pattern=rf"^{arns.PARAMETER_NAME.pattern}$", max_length=SECRET_LENGTH),
            Described("the name of a parameter: letters, digits, _ . - in parts between slashes"),
            Sensitive(except_prefix="/"),
        ]
        | None
    ) = None
    """The parameter's name, in the service's account and region. The component looks both up for the policy."""

    kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The customer-managed KMS key that encrypts the value. The service may decrypt with it only through Secrets
    Manager or Parameter Store. Default: the AWS managed key, which needs no permission."""

    @field_validator("version_id")
    @classmethod
    def _one_version(cls, version_id: str | None, info: ValidationInfo) -> str | None:
        if version_id is not None and info.data.get("version_stage") is not None:
            raise invalid("must not be set together with version_stage", "Each selects a version. Remove one of them")
        return version_id

    @field_validator("parameter_name")
    @classmethod
    def _one_source(cls, name: str | None, info: ValidationInfo) -> str | None:
        if not {"secret_arn", "parameter_arn"} <= info.data.keys():
            return name
        sources = [info.data["secret_arn"], info.data["parameter_arn"], name]
        count = sum(source is not None for source in sources)
        if count == 0:
            raise invalid(
                "secret_arn, parameter_arn or parameter_name is required",
                "Set one of them",
                missing=["secret_arn", "parameter_arn", "parameter_name"],
            )
        if count > 1:
            raise invalid(
                "must not be set together with another source",
                "Set one of secret_arn, parameter_arn and parameter_name",
            )
        return name

    @field_validator("json_key", "version_stage", "version_id")
    @classmethod
    def _part_of_a_secret(cls, part: Any, info: ValidationInfo) -> Any:
        if part is not None and "secret_arn" in info.data and info.data["secret_arn"] is None:
            raise invalid("must not be set without secret_arn", "A parameter has one value", missing=["secret_arn"])
        return part


@args_type
class SecretsBindingArgs:
    """The arguments of a SecretsBinding."""

    secrets: Annotated[Mapping[SecretName, SecretSource], Field(min_length=1)]
    """The source of each secret, by environment variable; one or more."""
