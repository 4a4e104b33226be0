"""The AWS accounts of an environment: it must not be deleted with the credentials of another account.

The settings of the providers are those in the state, because `pulumi destroy` uses them too.

AWS does not find a role, a record or a queue of another account, so Pulumi would take it for deleted and forget it. And
names are the same in each account, so it could delete the environment that has the same number there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from apprunner_facts.arns import parts_of
from apprunner_facts.tokens import AWS_PROVIDER
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.cli.operations.state import contains_secret
from pulumi_apprunner.cli.previews.obstacles import Entry, is_in_aws
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.lifecycle.sessions import Session
from pulumi_apprunner.offline.config.configuration import configuration_from_values
from pulumi_apprunner.offline.sdk.config import pulumi_config
from pulumi_apprunner.offline.values import is_map, value_at

_ADVICE = "Set AWS_PROFILE to one of that account"
"""What to do about credentials for another account."""

_OWN = ("apprunner", "iam")
"""The services whose resources are in the account of the caller. An event bus, for example, may be in another."""
_NO_LOOKUP = "skipRequestingAccountId"


@dataclass(frozen=True)
class ProvidedResource:
    """A resource in AWS, and the settings of the provider that `pulumi destroy` deletes it with.

    Args:
        arn: The resource's ARN.
        settings: The provider's inputs, as the `aws:` configuration has them.
    """

    arn: str
    settings: Mapping[str, Any] = field(repr=False)

    def open_session(self) -> Session:
        """Return a session with the provider's settings. One that is encrypted is left out."""
        plain = {key: value for key, value in self.settings.items() if not is_map(value)}
        config = configuration_from_values("aws", {f"aws:{key}": value for key, value in plain.items()})
        with pulumi_config(config.values, ()):
            return Session(Access.of(Lifecycle()), advice=_ADVICE)


def provided_resources(resources: Sequence[Entry]) -> Iterator[tuple[str, ProvidedResource]]:
    """Yield the resources of a state with ARNs whose provider it has, each after the reference to the provider."""
    providers = {f"{each['urn']}::{each.get('id')}": each for each in resources if each["type"] == AWS_PROVIDER}
    for each in filter(is_in_aws, resources):
        arn, reference = value_at(each.get("outputs") or {}, "arn"), str(each.get("provider"))
        if isinstance(arn, str) and reference in providers:
            yield reference, ProvidedResource(arn, providers[reference].get("inputs") or {})


def find_accounts(resources: Sequence[Entry]) -> list[ProvidedResource]:
    """Return a resource of each provider whose credentials are plain, as far as its ARN has the account of these."""
    own = {key: each for key, each in provided_resources(resources) if parts_of(each.arn).service in _OWN}
    return [each for each in own.values() if not contains_secret(each.settings) and not _skips_lookup(each.settings)]


def require_accounts(accounts: Iterable[ProvidedResource]) -> None:
    """Raise an error if the credentials of a provider are for another account than its resources.

    Raises:
        WrongAccountError: They are.
        LookupFailedError: There are no credentials, or the account could not be looked up.
    """
    for each in accounts:
        each.open_session().require_account(parts_of(each.arn))


def _skips_lookup(settings: Mapping[str, Any]) -> bool:
    return str(settings.get(_NO_LOOKUP)).lower() == "true"
