"""A delivery on the Pulumi engine: its identity provider is created, kept, imported, and used by other stacks."""

from typing import Any

from apprunner_local.aws import LocalAws
from engine.conftest import Make
from engine.programs import delivery, program, repository

PROVIDER_ARN = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
JOBS: Any = {"branches": ["main"]}


def providers(aws: LocalAws) -> list[str]:
    """Return the ARNs of the account's identity providers."""
    return [each["Arn"] for each in aws.client("iam").list_open_id_connect_providers()["OpenIDConnectProviderList"]]


def trusted(aws: LocalAws, role: str) -> Any:
    """Return the identity provider that a role trusts."""
    (statement,) = aws.client("iam").get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]["Statement"]
    return statement["Principal"]["Federated"]


def with_provider(**provider: Any) -> str:
    return program(repository(), delivery(deploy=JOBS, provider=provider))


def test_the_provider_outlives_its_stack_and_can_be_imported(aws: LocalAws, trial: Make) -> None:
    stack = trial(with_provider())
    created = stack.up()
    assert created.ok, created.output
    assert ("create", "delivery-provider") in created.changes
    assert providers(aws) == [PROVIDER_ARN]
    assert trusted(aws, "trial-delivery-test-deploy") == PROVIDER_ARN
    assert stack.up().changes == []

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == ["iam identity provider token.actions.githubusercontent.com"]
    assert providers(aws) == [PROVIDER_ARN]

    again = stack.up()
    assert not again.ok
    assert "EntityAlreadyExists" in again.output

    tags = [{"Key": "owner", "Value": "security"}]
    aws.client("iam").tag_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN, Tags=tags)
    stack.program(with_provider(import_arn=PROVIDER_ARN))
    imported = stack.up()
    assert imported.ok, imported.output
    assert ("import", "delivery-provider") in imported.changes
    assert stack.up().changes == []
    described = aws.client("iam").get_open_id_connect_provider(OpenIDConnectProviderArn=PROVIDER_ARN)
    assert (described["ClientIDList"], described["Tags"]) == (["sts.amazonaws.com"], tags)


def test_a_second_stack_uses_the_provider_of_the_first(aws: LocalAws, trial: Make) -> None:
    aws.client("iam").create_open_id_connect_provider(
        Url=f"https://{PROVIDER_ARN.partition('/')[2]}", ClientIDList=["sts.amazonaws.com"]
    )
    before = aws.created_resources()
    stack = trial(program(repository(), delivery(deploy=JOBS, provider_arn=PROVIDER_ARN)))
    created = stack.up()
    assert created.ok, created.output
    assert [name for _, name in created.changes if "provider" in name] == []
    assert trusted(aws, "trial-delivery-test-deploy") == PROVIDER_ARN
    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before
