"""The environments of pull requests, as the states of their stacks describe them.

The number and the expiry are properties of the Fleet in the state. A state is in every backend and does not depend on
the stack's file, which a workflow does not keep. A tag of the stack would be in some backends only, and a tag of a
resource is encrypted if another tag is a secret.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apprunner_facts import sizes, tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import monthly_bill
from apprunner_facts.limits import MIN_SIZE
from apprunner_facts.previews import has_expired
from apprunner_facts.prices import rates_or_default
from pulumi_apprunner.cli.operations.state import State, parse_state
from pulumi_apprunner.cli.previews.accounts import ProvidedResource, find_accounts, provided_resources
from pulumi_apprunner.cli.previews.obstacles import FLEET, find_obstacle, is_in_aws, name_of
from pulumi_apprunner.offline.values import is_list, is_map, value_at


@dataclass(frozen=True)
class Environment:
    """The environment of a pull request.

    Args:
        stack: The stack's name.
        number: The number of the pull request.
        expires: The day on which it expires, in UTC; None if its first update did not create anything.
        created: When its oldest resource was created; None if it has none.
        services: The names of its services.
        entries: The number of entries in its state; components and providers are entries too.
        resources: The number of its resources in AWS, without components and providers.
        usd: The estimated cost of its services for a month; None if it is unknown.
        obstacle: Why it must not be removed; "" if it may be.
        kept: The names of the resources that stay in AWS after a removal, because of `retain_on_delete`.
        accounts: A resource of each provider whose account is known.
        services_with_domains: Its services with custom domains.
    """

    stack: str
    number: int
    expires: date | None
    created: datetime | None
    services: Sequence[str]
    entries: int
    resources: int
    usd: float | None
    obstacle: str = ""
    kept: Sequence[str] = ()
    accounts: Sequence[ProvidedResource] = ()
    services_with_domains: Sequence[ProvidedResource] = ()

    def has_expired(self, today: date) -> bool:
        """Return whether it has expired on a day in UTC."""
        return self.expires is not None and has_expired(self.expires, today)

    def as_json(self, today: date) -> dict[str, Any]:
        """Return it as JSON, which docs/guides/previews.md describes."""
        return {
            "number": self.number,
            "stack": self.stack,
            "expires": self.expires and self.expires.isoformat(),
            "expired": self.has_expired(today),
            "created_at": self.created and f"{self.created:%Y-%m-%dT%H:%M:%SZ}",
            "services": list(self.services),
            "resources": self.resources,
            "usd_per_month": self.usd,
            "obstacle": self.obstacle or None,
        }


def read_environment(
    stack: str, number: int, project: str, content: Mapping[str, Any], *, is_updating: bool = False
) -> Environment:
    """Return the environment in an exported state.

    Args:
        stack: The stack's name.
        number: The number in it.
        project: The project's name.
        content: The output of `pulumi stack export`.
        is_updating: Whether the backend reports an update in progress.

    Raises:
        pulumi.RunError: The content is not a state.
    """
    state = parse_state(content, f"the state of {stack}", stack)  # it raises an error if the content is not a state
    resources, pending = _items(content, "resources"), _items(content, "pending_operations")
    own = [each for each in resources if is_in_aws(each)]
    created = [datetime.fromisoformat(each["created"]) for each in own if each.get("created")]
    expiries = [_expiry(each) for each in resources if each["type"] == FLEET]
    return Environment(
        stack=stack,
        number=number,
        expires=max(filter(None, expiries), default=None),
        created=min(created, default=None),
        services=sorted(each.name for each in state.services),
        entries=len(resources),
        resources=len(own),
        usd=_cost(state),
        obstacle=find_obstacle(stack, number, project, resources, pending, is_updating=is_updating),
        kept=sorted(name_of(each) for each in own if each.get("retainOnDelete")),
        accounts=find_accounts(resources),
        services_with_domains=_with_domains(resources),
    )


def _items(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = _map(content, "deployment").get(key)
    return [each for each in found if is_map(each)] if is_list(found) else []


def _map(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the map under a key; empty without one."""
    value = content.get(key)
    return value if is_map(value) else {}


def _expiry(fleet: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(value_at(fleet.get("inputs") or {}, "preview", "expires")))
    except ValueError:
        return None


def _with_domains(resources: Sequence[Mapping[str, Any]]) -> list[ProvidedResource]:
    domains = [each for each in resources if each["type"] == tokens.CUSTOM_DOMAIN]
    arns = {_map(each, "outputs").get("serviceArn") for each in domains}
    return [each for _, each in provided_resources(resources) if each.arn in arns]


def _cost(state: State) -> float | None:
    """Return the cost of the services for a month, one instance each; None if a size is unknown."""
    total = 0.0
    for service in state.services:
        size = _map(service.inputs or {}, "instanceConfiguration")
        cpu, memory = sizes.parse_cpu(str(size.get("cpu"))), sizes.parse_memory(str(size.get("memory")))
        if cpu is None or memory is None:
            return None
        total += monthly_bill(
            cpu_units=cpu,
            memory_mb=memory,
            instances=MIN_SIZE.default,
            running_share=state.pauses.running_share(service.urn),
            rates=rates_or_default(parse_arn(service.arn).region),
        ).total
    return round(total, 2)
