"""What SecretsBinding takes."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import arns
from apprunner_facts.limits import SECRET_LENGTH
from pulumi_apprunner.args.checking import AwsAssigned, In, args_type
from pulumi_apprunner.args.errors import Described, Sensitive, invalid, refuse
from pulumi_apprunner.args.values import SENSITIVE_UNLESS_ARN, AnyKmsKeyArn, SecretName, aws_assigned

JsonKey = Annotated[
    str,
    StringConstraints(pattern=r"^[^:\s]+$"),
    Described("a key, stage or version: no colon and no space"),
    Sensitive(),
]
"""A colon would end it: the reference is ARN:KEY:STAGE:VERSION."""


def _secret_arn(arn: str) -> str:
    if arns.SECRET.fullmatch(arn):
        return arn
    if reference := arns.SECRET_REFERENCE.fullmatch(arn):
        parts = [
            f'{name} to "{reference[name]}"' for name in ("json_key", "version_stage", "version_id") if reference[name]
        ]
        raise invalid(
            "must end with the secret's name and six characters",
            "Set json_key, version_stage and version_id instead of what follows",
            fix_of_value=f"Set {' and '.join(parts)} instead" if parts else "Remove the colons at its end",
        )
    raise refuse(
        "is not a secret's full ARN, arn:aws:secretsmanager:REGION:ACCOUNT:secret:NAME-XXXXXX, "
        "with the six characters at its end and nothing after them"
    )


@args_type
class SecretSource:
    """Where a secret's value is: in Secrets Manager or in SSM's Parameter Store. Give one of the two."""

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
    """The key in a secret that is a JSON object. Default: the whole secret."""

    version_stage: JsonKey | None = None
    """The version by its stage, such as AWSPREVIOUS. Default: AWSCURRENT."""

    version_id: JsonKey | None = None
    """The version by its id. Default: the current one."""

    parameter_arn: (
        In[
            Annotated[
                str,
                aws_assigned(arns.PARAMETER, "a parameter's ARN: arn:aws:ssm:REGION:ACCOUNT:parameter/NAME"),
                SENSITIVE_UNLESS_ARN,
            ]
        ]
        | None
    ) = None
    """The parameter's ARN, in the service's account; it may stand in another region."""

    parameter_name: (
        Annotated[
            str,
            StringConstraints(pattern=rf"^{arns.PARAMETER_NAME.pattern}$", max_length=SECRET_LENGTH),
            Described("a parameter's name: letters, digits, _ . - in parts between slashes"),
            Sensitive(but_for="/"),
        ]
        | None
    ) = None
    """The parameter's name, in the service's account and region. Which these are, the provider is asked for the
    policy."""

    kms_key_arn: In[AnyKmsKeyArn] | None = None
    """The customer-managed key that encrypts it: the service may decrypt with it, but only what it reads through
    Secrets Manager or Parameter Store. Default: AWS's own, which needs no permission."""

    @field_validator("version_id")
    @classmethod
    def _one_version(cls, version_id: str | None, info: ValidationInfo) -> str | None:
        if version_id is not None and info.data.get("version_stage") is not None:
            raise refuse("cannot stand beside version_stage: each of them names a version")
        return version_id

    @field_validator("parameter_name")
    @classmethod
    def _one_source(cls, name: str | None, info: ValidationInfo) -> str | None:
        if not {"secret_arn", "parameter_arn"} <= info.data.keys():
            return name
        sources = [info.data["secret_arn"], info.data["parameter_arn"], name]
        given = sum(source is not None for source in sources)
        if given != 1:
            raise refuse(
                "cannot stand beside another source: give one of secret_arn, parameter_arn and parameter_name"
                if given
                else "is missing, and so are secret_arn and parameter_arn: give one"
            )
        return name

    @field_validator("json_key", "version_stage", "version_id")
    @classmethod
    def _part_of_a_secret(cls, part: Any, info: ValidationInfo) -> Any:
        if part is not None and "secret_arn" in info.data and info.data["secret_arn"] is None:
            raise refuse("goes with secret_arn only: a parameter has one value")
        return part


@args_type
class SecretsBindingArgs:
    """The arguments of a SecretsBinding: from an environment variable's name to where its value is."""

    secrets: Annotated[Mapping[SecretName, SecretSource], Field(min_length=1)]
    """The variables, by name, and their sources."""
