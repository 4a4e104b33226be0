"""An environment is deleted only with credentials for its own account."""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from apprunner_facts import tokens
from apprunner_local.aws import LocalAws
from previewed import ARN, environment, fleet, resource, service
from pulumi_apprunner.cli.previews.accounts import require_accounts
from pulumi_apprunner.cli.previews.environments import Environment
from pulumi_apprunner.lifecycle.sessions import WrongAccountError

_REFERENCE = "urn:pulumi:pr-7::shop::pulumi:providers:aws::aws::1"


@pytest.fixture(autouse=True)
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalAws]:
    """Return a local AWS. Its account is 123456789012."""
    with ExitStack() as stack:
        local = stack.enter_context(LocalAws.start())
        for name, value in {**local.environment, "NO_PROXY": "127.0.0.1"}.items():
            monkeypatch.setenv(name, value)
        yield local


def deployed(arn: str, **settings: Any) -> Environment:
    """Return an environment with a service, which a provider with some inputs created."""
    provider = resource("pulumi:providers:aws", "aws", id="1", inputs={"region": "eu-west-1", **settings})
    api = service(id=arn, outputs={"arn": arn}, provider=_REFERENCE)
    return environment(fleet(), provider, api)


def test_the_credentials_must_be_for_the_account_of_the_environment() -> None:
    require_accounts(deployed(ARN).accounts)
    with pytest.raises(WrongAccountError) as caught:
        require_accounts(deployed(ARN.replace("123456789012", "210987654321")).accounts)
    assert "credentials must be for account 210987654321" in str(caught.value)
    assert "got account 123456789012" in str(caught.value)
    assert str(caught.value).endswith("Set AWS_PROFILE to one of that account")


def test_the_settings_of_the_provider_in_the_state_are_used() -> None:
    role = '[{"roleArn": "arn:aws:iam::210987654321:role/deploy"}]'
    require_accounts(deployed(ARN.replace("123456789012", "210987654321"), assumeRoles=role).accounts)
    with pytest.raises(WrongAccountError, match="got account 210987654321"):
        require_accounts(deployed(ARN, assumeRoles=role).accounts)


def test_a_provider_with_encrypted_credentials_is_not_checked() -> None:
    secret = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:abc"}
    assert deployed(ARN, secretKey=secret).accounts == []
    assert deployed(ARN, skipRequestingAccountId="true").accounts == []


def test_resources_that_may_be_in_another_account_do_not_count() -> None:
    rule = resource(
        tokens.EVENT_RULE,
        "pushes",
        provider=_REFERENCE,
        outputs={"arn": "arn:aws:events:eu-west-1:210987654321:rule/x"},
    )
    provider = resource("pulumi:providers:aws", "aws", id="1", inputs={})
    assert environment(fleet(), provider, rule).accounts == []
