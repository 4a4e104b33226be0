"""The environments of pull requests, as the states of their stacks describe them.

The number and the expiry are properties of the Fleet in the state. A state is in every backend and does not depend on
the stack's file, which a workflow does not keep. A tag of the stack would be in some backends only, and a tag of a
resource is encrypted if another tag is a secret.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from apprunner_facts import sizes, tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import monthly_bill
from apprunner_facts.limits import MIN_SIZE
from apprunner_facts.previews import has_expired
from apprunner_facts.prices import rates_or_default
from pulumi_apprunner.cli.operations.state import DeployedService, State, parse_state
from pulumi_apprunner.offline.values import is_list, is_map

UPDATING = "an update is in progress. Run the command again when it has ended"
_FLEET = "apprunner:index:Fleet"


@dataclass(frozen=True)
class Environment:
    """The environment of a pull request.

    Args:
        stack: The stack's name.
        number: The number of the pull request.
        expires: The day on which it expires, in UTC; None if its first update did not create anything.
        created: When its oldest resource was created; None if it has none.
        services: The names of its services.
        resources: The number of its resources, without components and providers.
        usd: The estimated cost of its services for a month; None if it is unknown.
        obstacle: Why it must not be removed; "" if it may be.
        services_with_domains: The ARNs of its services with custom domains.
    """

    stack: str
    number: int
    expires: date | None
    created: datetime | None
    services: Sequence[str]
    resources: int
    usd: float | None
    obstacle: str = ""
    services_with_domains: Sequence[str] = ()

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


def read_environment(stack: str, number: int, content: Mapping[str, Any], *, is_updating: bool = False) -> Environment:
    """Return the environment in an exported state.

    Args:
        stack: The stack's name.
        number: The number in it.
        content: The output of `pulumi stack export`.
        is_updating: Whether the backend reports an update in progress.

    Raises:
        pulumi.RunError: The content is not a state.
    """
    state = parse_state(content, f"the state of {stack}", stack)  # it raises an error if the content is not a state
    resources, pending = _items(content, "resources"), _items(content, "pending_operations")
    own = [each for each in resources if each.get("custom") and not each["type"].startswith("pulumi:")]
    fleets = [each for each in resources if each["type"] == _FLEET]
    created = [datetime.fromisoformat(each["created"]) for each in own if each.get("created")]
    obstacles = [
        UPDATING if is_updating else "",
        _other_stack(fleets, number) if own else "",
        _protection(resources),
        _interruption(pending, stack),
    ]
    return Environment(
        stack=stack,
        number=number,
        expires=max((day for day in map(_expiry, fleets) if day), default=None),
        created=min(created, default=None),
        services=sorted(each.name for each in state.services),
        resources=len(own),
        usd=_cost(state),
        obstacle=next(filter(None, obstacles), ""),
        services_with_domains=sorted(_with_domains(own, state.services)),
    )


def _items(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = _map(content, "deployment").get(key)
    return [each for each in found if is_map(each)] if is_list(found) else []


def _preview(fleet: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the state says about the preview of a Fleet; empty without one."""
    return _map(_map(fleet, "inputs"), "preview")


def _map(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """Return the map under a key; empty without one."""
    value = content.get(key)
    return value if is_map(value) else {}


def _expiry(fleet: Mapping[str, Any]) -> date | None:
    try:
        return date.fromisoformat(str(_preview(fleet).get("expires")))
    except ValueError:
        return None


def _other_stack(fleets: Sequence[Mapping[str, Any]], number: int) -> str:
    """Return why a stack with resources is not the environment of a pull request; "" if it is."""
    if not fleets:
        return "it is not the environment of a pull request: its state has no Fleet"
    for each in fleets:
        if _preview(each).get("number") != number:
            name = _name(each)
            return f"it is not the environment of pull request {number}: its Fleet {name} has no such preview.number"
    return ""


def _protection(resources: Iterable[Mapping[str, Any]]) -> str:
    protected = [_name(each) for each in resources if each.get("protect")]
    if not protected:
        return ""
    return f"{_listed(protected)} protected. Remove the protection with `pulumi state unprotect` if it may be deleted"


def _interruption(pending: Iterable[Mapping[str, Any]], stack: str) -> str:
    names = [_name(each["resource"]) for each in pending if is_map(each.get("resource"))]
    if not names:
        return ""
    return (
        f"an update was interrupted while it changed {', '.join(names)}, so AWS may have resources that the state "
        f"does not. Run `pulumi refresh --stack {stack}`"
    )


def _listed(names: Sequence[str]) -> str:
    return f"{names[0]} is" if len(names) == 1 else f"{', '.join(names)} are"


def _name(resource: Mapping[str, Any]) -> str:
    return str(resource["urn"]).rpartition("::")[2]


def _with_domains(resources: Iterable[Mapping[str, Any]], services: Sequence[DeployedService]) -> Iterator[str]:
    domains = [each for each in resources if each["type"] == tokens.CUSTOM_DOMAIN]
    arns = {_map(each, "outputs").get("serviceArn") for each in domains}
    yield from (each.arn for each in services if each.arn in arns)


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
