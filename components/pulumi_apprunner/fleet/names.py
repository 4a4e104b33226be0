"""The names of a Fleet's components, which must be unique in the program."""

from collections.abc import Iterator

from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_sections import SECTIONS, existing
from pulumi_apprunner.args.fleet_service import FleetDomain


def claim_names(fleet: str, args: FleetArgs) -> None:
    """Claim the logical names of a Fleet's components.

    Raises:
        ArgsError: Another Fleet of the program has components of these names.
    """
    if sdk.runs_under_user_mocks():  # several tests may register the same Fleet with one monitor
        return
    owners = sdk.once_per_run(_owners_of_names)
    names = dict(_names_of_components(args))
    problems = {
        path: f"must be unique in the program, got \"{name}\", which Fleet '{owners[kind, name]}' also has. "
        "Change one of them"
        for (kind, name), path in names.items()
        if (kind, name) in owners
    }
    if problems:
        raise ArgsError(f"Fleet '{fleet}'", problems)
    owners.update(dict.fromkeys(names, fleet))


def name_of_domain(domain: FleetDomain) -> str:
    """Return a domain's logical name. The underscore distinguishes a wildcard from every host."""
    return domain.domain_name.replace("*", "_wildcard")


def _owners_of_names() -> dict[tuple[str, str], str]:
    return {}


def _names_of_components(args: FleetArgs) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the kind and the logical name of the components that must be unique, each with the path of its argument."""
    for section in SECTIONS:
        for name, each in getattr(args, section).items():
            if existing(each) is None:
                yield (section, name), f"{section}.{name}"
    for name, service in args.services.items():
        yield ("services", name), f"services.{name}"
        for index, domain in enumerate(service.domains):
            yield ("domains", name_of_domain(domain)), f"services.{name}.domains[{index}].domain_name"
