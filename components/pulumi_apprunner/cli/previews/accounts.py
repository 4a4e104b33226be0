"""The AWS accounts of an environment: it must not be deleted with the credentials of another account.

AWS does not find a role, a record or a queue of another account, so Pulumi would take it for deleted and forget it. And
names are the same in each account, so it could delete the environment that has the same number there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apprunner_facts.arns import parts_of
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.cli.operations.state import contains_secret
from pulumi_apprunner.cli.previews.obstacles import Entry, is_in_aws
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.config.configuration import configuration_from_values
from pulumi_apprunner.offline.sdk.config import pulumi_config
from pulumi_apprunner.offline.values import is_map, value_at

ADVICE = "Set AWS_PROFILE to one of that account"
"""What to do about credentials for another account."""

_PROVIDER = "pulumi:providers:aws"
_OWN = ("apprunner", "iam")
"""The services whose resources are in the account of the caller. An event bus, for example, may be in another."""
_NO_LOOKUP = "skipRequestingAccountId"


@dataclass(frozen=True)
class ProviderAccount:
    """A provider of AWS in a state, with which `pulumi destroy` deletes resources.

    Args:
        arn: The ARN of a resource that it has created.
        settings: The provider's inputs, as the `aws:` configuration has them.
    """

    arn: str
    settings: Mapping[str, Any] = field(repr=False)


def find_accounts(resources: Sequence[Entry]) -> list[ProviderAccount]:
    """Return the providers of a state's resources, as far as the state has their accounts and plain credentials."""
    providers = {f"{each['urn']}::{each.get('id')}": each for each in resources if each["type"] == _PROVIDER}
    accounts = [
        ProviderAccount(arn, providers[reference].get("inputs") or {})
        for reference, arn in dict(_arns(resources)).items()
        if reference in providers
    ]
    return [each for each in accounts if not contains_secret(each.settings) and not _skips_lookup(each.settings)]


def require_accounts(accounts: Iterable[ProviderAccount]) -> None:
    """Raise an error if the credentials of a provider are for another account than its resources.

    Raises:
        WrongAccountError: They are.
        LookupFailedError: There are no credentials, or the account could not be looked up.
    """
    for each in accounts:
        settings = {f"aws:{key}": value for key, value in each.settings.items() if not is_map(value)}
        with pulumi_config(configuration_from_values("aws", settings).values, ()):
            access = Access.of(Lifecycle())
        Session(access, advice=ADVICE).require_account(parts_of(each.arn))


def _skips_lookup(settings: Mapping[str, Any]) -> bool:
    return str(settings.get(_NO_LOOKUP)).lower() == "true"


def _arns(resources: Iterable[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the references to providers, and an ARN in the account of each."""
    for each in resources:
        arn = value_at(each.get("outputs") or {}, "arn")
        if is_in_aws(each) and isinstance(arn, str) and parts_of(arn).service in _OWN:
            yield str(each.get("provider")), arn
