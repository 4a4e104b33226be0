"""Requests of the tests to the fake, and the errors of rejected ones."""

from collections.abc import Callable
from typing import Any

import botocore.session
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from apprunner_local.apprunner import AppRunner
from samples import IMAGE, ROLE_ARN

REGION = "eu-west-1"


def client_of(url: str, region: str = REGION, access_key: str = "AKIAIOSFODNN7EXAMPLE") -> Any:
    """Return botocore's client for App Runner, connected to the fake and without retries."""
    return botocore.session.get_session().create_client(
        "apprunner",
        endpoint_url=url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="example",
        config=Config(retries={"total_max_attempts": 1}, proxies={}),
    )


def image(identifier: str = IMAGE, variables: dict[str, str] | None = None, **more: Any) -> dict[str, Any]:
    """Return a source configuration: a private image with an access role."""
    return {
        "ImageRepository": {
            "ImageIdentifier": identifier,
            "ImageRepositoryType": "ECR",
            "ImageConfiguration": {"RuntimeEnvironmentVariables": variables or {}},
        },
        "AuthenticationConfiguration": {"AccessRoleArn": ROLE_ARN},
        "AutoDeploymentsEnabled": False,
        **more,
    }


def running(aws: Any, plane: AppRunner, name: str = "orders", **more: Any) -> str:
    """Create a service, wait until it runs, and return its ARN."""
    created = aws.create_service(ServiceName=name, **({"SourceConfiguration": image()} | more))
    plane.clock.move(60)
    arn: str = created["Service"]["ServiceArn"]
    return arn


def paused(aws: Any, plane: AppRunner, name: str = "orders", **more: Any) -> str:
    """Create a service, pause it, and return its ARN."""
    arn = running(aws, plane, name, **more)
    aws.pause_service(ServiceArn=arn)
    plane.clock.move(20)
    return arn


def status(aws: Any, arn: str) -> str:
    """Return a service's status."""
    value: str = aws.describe_service(ServiceArn=arn)["Service"]["Status"]
    return value


def history(aws: Any, arn: str) -> list[tuple[str, str]]:
    """Return the type and status of a service's operations, newest first."""
    return [(one["Type"], one["Status"]) for one in aws.list_operations(ServiceArn=arn)["OperationSummaryList"]]


def rejection(call: Callable[..., Any], **parameters: Any) -> str:
    """Make a call that is rejected, and return the error's code and message."""
    with pytest.raises(ClientError) as rejected:
        call(**parameters)
    error = rejected.value.response["Error"]
    return f"{error['Code']}: {error['Message']}"


INVALID_REQUEST = "InvalidRequestException: "
INVALID_STATE = "InvalidStateException: "
NOT_FOUND = "ResourceNotFoundException: "
