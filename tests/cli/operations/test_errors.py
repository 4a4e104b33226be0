"""Messages about calls that AWS rejects."""

from typing import Any

import pytest
from botocore import exceptions

from pulumi_apprunner.cli.operations.errors import explain
from pulumi_apprunner.lifecycle.sessions import LookupFailedError


def explained(cause: Exception) -> str:
    error = LookupFailedError(str(cause))
    error.__cause__ = cause
    return explain(error)


def client_error(code: str, operation: str) -> Exception:
    response: Any = {"Error": {"Code": code, "Message": "no"}}
    return exceptions.ClientError(response, operation)


@pytest.mark.parametrize("code", ["AccessDenied", "AccessDeniedException"])
@pytest.mark.parametrize(
    ("operation", "action"),
    [
        ("GetMetricData", "cloudwatch:GetMetricData"),
        ("FilterLogEvents", "logs:FilterLogEvents"),
        ("StartDeployment", "apprunner:StartDeployment"),
        ("AssumeRole", "sts:AssumeRole"),
    ],
)
def test_a_denied_call_names_its_permission(code: str, operation: str, action: str) -> None:
    assert explained(client_error(code, operation)) == f"access denied. Grant {action} to the caller"


@pytest.mark.parametrize("code", ["Throttling", "ThrottlingException", "TooManyRequestsException"])
def test_a_throttled_call_names_its_operation(code: str) -> None:
    assert explained(client_error(code, "DescribeAlarms")).startswith(
        "AWS throttled DescribeAlarms, also after retries"
    )


@pytest.mark.parametrize("code", ["ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException"])
def test_invalid_credentials_must_be_renewed(code: str) -> None:
    assert explained(client_error(code, "GetCallerIdentity")) == (
        f"the credentials are invalid or have expired ({code}). Sign in again"
    )


def test_an_expired_sso_session_names_the_command() -> None:
    cause = exceptions.TokenRetrievalError(provider="sso", error_msg="expired")
    assert explained(cause).endswith("Sign in again: aws sso login")


def test_other_errors_keep_their_text() -> None:
    cause = client_error("InternalServiceErrorException", "DescribeService")
    assert explained(cause) == str(cause)
    assert explain(LookupFailedError("a proxy responded")) == "a proxy responded"


def test_a_call_without_a_response_is_not_empty() -> None:
    assert explain(TimeoutError()).startswith("AWS must respond in time")
