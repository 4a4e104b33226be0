"""A changed secret or parameter is an event, as in AWS."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws


@pytest.fixture
def aws(account: LocalAws) -> LocalAws:
    """Return a local AWS with a rule that matches the events of Secrets Manager and Parameter Store."""
    pattern = '{"source": ["aws.secretsmanager", "aws.ssm"]}'
    account.client("events").put_rule(Name="changes", EventPattern=pattern)
    target = "arn:aws:sns:eu-west-1:123456789012:none"
    account.client("events").put_targets(Rule="changes", Targets=[{"Id": "topic", "Arn": target}])
    return account


@pytest.fixture
def secret(aws: LocalAws) -> str:
    """Return the ARN of a new secret."""
    return str(aws.client("secretsmanager").create_secret(Name="orders/db", SecretString="one")["ARN"])


def events(aws: LocalAws) -> list[dict[str, Any]]:
    """Return the events, oldest first."""
    return [each.event for each in aws.events.deliveries]


@pytest.mark.parametrize("by", ["name", "arn"])
@pytest.mark.parametrize("operation", ["put_secret_value", "update_secret"])
def test_a_new_value_of_a_secret_moves_the_label_of_the_current_version(
    aws: LocalAws, secret: str, operation: str, by: str
) -> None:
    id = secret if by == "arn" else "orders/db"
    version = getattr(aws.client("secretsmanager"), operation)(SecretId=id, SecretString="two")["VersionId"]
    (event,) = events(aws)
    assert (event["source"], event["detail-type"]) == ("aws.secretsmanager", "Secret Label Updated")
    assert (event["region"], event["time"]) == ("eu-west-1", "2026-01-01T00:00:00Z")
    assert event["resources"] == [secret]
    assert event["detail"] == {"name": "orders/db", "labelUpdated": "AWSCURRENT", "versionId": version}


def test_only_the_labels_that_move_are_events_and_pending_and_previous_are_none(aws: LocalAws, secret: str) -> None:
    secrets = aws.client("secretsmanager")
    pending = secrets.put_secret_value(SecretId=secret, SecretString="two", VersionStages=["AWSPENDING"])["VersionId"]
    assert events(aws) == []
    secrets.update_secret_version_stage(SecretId=secret, VersionStage="BLUE", MoveToVersionId=pending)
    current = secrets.get_secret_value(SecretId=secret)["VersionId"]
    secrets.update_secret_version_stage(
        SecretId=secret, VersionStage="AWSCURRENT", MoveToVersionId=pending, RemoveFromVersionId=current
    )
    assert [each["detail"]["labelUpdated"] for each in events(aws)] == ["BLUE", "AWSCURRENT"]


def test_neither_a_new_secret_nor_a_description_nor_a_rejected_call_is_an_event(aws: LocalAws, secret: str) -> None:
    secrets = aws.client("secretsmanager")
    secrets.update_secret(SecretId=secret, Description="Password of the database")
    with pytest.raises(secrets.exceptions.ResourceNotFoundException):
        secrets.put_secret_value(SecretId="none", SecretString="one")
    assert events(aws) == []


def test_a_parameter_is_created_and_updated(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    for value in ("one", "two"):
        ssm.put_parameter(Name="/orders/flags", Value=value, Type="String", Overwrite=True)
    assert [each["resources"] for each in events(aws)] == [
        ["arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"]
    ] * 2
    assert [each["detail"] for each in events(aws)] == [
        {"operation": "Create", "name": "/orders/flags", "type": "String"},
        {"operation": "Update", "name": "/orders/flags", "type": "String"},
    ]


def test_a_rejected_change_of_a_parameter_is_no_event(aws: LocalAws) -> None:
    ssm = aws.client("ssm")
    ssm.put_parameter(Name="flags", Value="one", Type="String")
    with pytest.raises(ssm.exceptions.ParameterAlreadyExists):
        ssm.put_parameter(Name="flags", Value="two", Type="String")
    assert [each["detail"]["operation"] for each in events(aws)] == ["Create"]
