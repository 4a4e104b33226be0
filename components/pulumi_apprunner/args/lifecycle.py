"""The arguments for waits, retries and verification around a deployment, and for their credentials."""

from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import source
from apprunner_facts.limits import Range
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.values import AssumableRoleArn

# Limits of this library. The credentials of an assumed role are valid for an hour, so no wait may be longer.
_TIMEOUT = Range(1, 60, 30, "minutes", source.CREATE_SERVICE)
_RETRY = Range(0, 900, 180, "seconds", source.CREATE_SERVICE)


@args_type
class Lifecycle:
    """Waits, retries and verification around a deployment. A CustomDomain only waits and resumes.

    Credentials come from the stack's `aws:` configuration, then from boto3's chain (docs/lifecycle.md). If the program
    creates its own aws.Provider, set the same profile or role here.
    """

    verify_deployment: Literal[True, False, "required"] = True
    """Whether `pulumi up` fails while the program's settings are not deployed: true, false or "required". If the
    outcome cannot be read, "required" fails and true only warns. Default: true."""

    wait_for_operation: StrictBool = True
    """Whether an update waits for an operation in progress, such as a deployment. Default: true."""

    resume_paused: StrictBool = True
    """Whether a paused service is resumed for an update, and when a domain is added or removed. Default: true."""

    retry_access_role_seconds: Annotated[int, Bounds(_RETRY)] = _RETRY.default
    """Seconds, 0 to 900, for which creating a service is retried while App Runner cannot assume the new access role.
    Default: 180."""

    timeout_minutes: Annotated[int, Bounds(_TIMEOUT)] = _TIMEOUT.default
    """Maximum minutes of each wait for an operation, 1 to 60. Default: 30."""

    profile: Annotated[str, StringConstraints(min_length=1)] | None = None
    """The profile in the AWS configuration files for these calls. Default: the one of pulumi-aws."""

    assume_role_arn: AssumableRoleArn | None = None
    """The role to assume for these calls, with the profile's credentials or else boto3's. Default: the one of
    pulumi-aws."""

    @field_validator("timeout_minutes")
    @classmethod
    def _limits_something(cls, minutes: int, info: ValidationInfo) -> int:
        waits = ("verify_deployment", "wait_for_operation", "resume_paused")
        if minutes != _TIMEOUT.default and not any(info.data.get(each, True) for each in waits):
            raise invalid(f"must not be set while {', '.join(waits[:-1])} and {waits[-1]} are false", "Remove it")
        return minutes
