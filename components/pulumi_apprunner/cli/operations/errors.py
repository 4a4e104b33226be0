# pyright: standard
"""Messages about failed calls to AWS: what to grant, or what to do."""

from collections.abc import Mapping
from typing import Any

from pulumi_apprunner.lifecycle.sessions import LookupFailedError

ACTIONS: Mapping[str, str] = {
    "DescribeService": "apprunner:DescribeService",
    "ListOperations": "apprunner:ListOperations",
    "DescribeCustomDomains": "apprunner:DescribeCustomDomains",
    "DescribeAutoScalingConfiguration": "apprunner:DescribeAutoScalingConfiguration",
    "PauseService": "apprunner:PauseService",
    "ResumeService": "apprunner:ResumeService",
    "StartDeployment": "apprunner:StartDeployment",
    "GetMetricData": "cloudwatch:GetMetricData",
    "ListMetrics": "cloudwatch:ListMetrics",
    "DescribeAlarms": "cloudwatch:DescribeAlarms",
    "DescribeLogStreams": "logs:DescribeLogStreams",
    "FilterLogEvents": "logs:FilterLogEvents",
    "GetLogEvents": "logs:GetLogEvents",
    "AssumeRole": "sts:AssumeRole",
}
"""The permission that each call of the commands needs. sts:GetCallerIdentity needs none. docs/guides/operations.md
lists them."""

_DENIED = ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation")
_EXPIRED = ("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException")
_THROTTLED = ("Throttling", "ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded")


def explain(error: LookupFailedError | TimeoutError) -> str:
    """Return what a user does about a failed call."""
    from botocore import exceptions  # pyright: ignore[reportMissingTypeStubs]  # slow to load

    cause: Any = error.__cause__
    if isinstance(error, TimeoutError):
        return "AWS must respond in time, but did not. Check the network, and run the command again"
    if isinstance(cause, exceptions.NoCredentialsError | exceptions.PartialCredentialsError):
        return f"credentials are required, got none ({cause}). Set --profile or AWS_PROFILE, or sign in"
    if isinstance(cause, exceptions.ProfileNotFound):
        return f"{cause}. Set --profile, or aws:profile in the stack's file, to a profile of the AWS configuration"
    if isinstance(cause, exceptions.TokenRetrievalError | exceptions.SSOError):
        return f"the credentials have expired ({cause}). Sign in again: aws sso login"
    if isinstance(cause, exceptions.ClientError):
        return _explain_code(str(cause.response["Error"].get("Code", "")), str(cause.operation_name), str(error))
    return str(error)


def _explain_code(code: str, operation: str, text: str) -> str:
    if code in _DENIED:
        return f"access denied. Grant {ACTIONS.get(operation, operation)} to the caller"
    if code in _THROTTLED:
        return f"AWS throttled {operation}, also after retries. Run the command again in a minute"
    if code in _EXPIRED:
        return f"the credentials are invalid or have expired ({code}). Sign in again"
    return text
