"""Writes docs/changes.md: what happens when something is changed. `make docs` runs it.

What a change of a component's argument does is written here by hand; what one of a resource's property does stands in
apprunner_facts.changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from apprunner_facts import names
from apprunner_facts.change_notes import DELETE_BEFORE_REPLACE, NOTES
from apprunner_facts.changes import (
    ALTERNATIVES,
    ALWAYS_DELETED_FIRST,
    CHANGES,
    COMPUTED,
    DELETED_FIRST_IF_NAMED,
    EXPLICIT_NAMES,
    REGION,
    is_kept,
)

PAGE = Path(__file__).parents[1] / "docs" / "changes.md"


class Row(NamedTuple):
    """What a change of some arguments does."""

    arguments: str
    """Separated by blanks; a nested one by its path, where it differs from the rest."""
    what: str
    away: str = "-"


IN_PLACE = "updated in place"
DEPLOYS = "*deployed*"
REPLACES = "**service replaced, the old one deleted first**; `protect` refuses it"
SERVICE_AWAY = "the service, for minutes; it comes back under another ARN and another address of App Runner's"

COMPONENTS: Mapping[str, Sequence[Row]] = {
    "AppRunnerService": [
        Row("image code", f"from one to the other: {REPLACES}", SERVICE_AWAY),
        Row("image.identifier code.branch", f"{DEPLOYS}, as with everything else within `image` and `code`"),
        Row("service_name kms_key_arn", REPLACES, SERVICE_AWAY),
        Row("port environment start_command size redeploy_trigger", DEPLOYS),
        Row("health_check", f"{DEPLOYS}; taken out, it goes back to TCP every 5 seconds"),
        Row(
            "secrets",
            f"one more or less: the instance role's policy in place, then {DEPLOYS}. A secret's new value is not seen "
            "here: change `redeploy_trigger`",
        ),
        Row(
            "instance_role access_role_arn",
            f"another ARN: {DEPLOYS}, and a role of its own goes after that. Permissions: in place, without deployment",
        ),
        Row(
            "instance_role.policy_arns",
            "another ARN under the same key: the old policy is detached before the new one is attached; under another "
            "key the new one is attached first. **The same ARN under another key ends detached**: take it out, `up`, "
            "put it in",
            "for a moment, what either policy allows",
        ),
        Row(
            "scaling",
            "the next revision of its profile is made, the service takes it in place, the old revision goes",
        ),
        Row(
            "auto_scaling_configuration_arn",
            f"service {IN_PLACE}; a profile of its own goes after that",
        ),
        Row(
            "tracing observability_configuration_arn",
            f"{DEPLOYS}; a configuration of its own is made before that, or goes after it. `tracing` taken out after "
            "`true`: tracing goes on, and AWS refuses to delete the configuration. Set it to `false` instead",
        ),
        Row(
            "vpc_connector_arn",
            f"{DEPLOYS}, with a new connector 2 to 5 minutes longer",
        ),
        Row(
            "is_publicly_accessible",
            f"service {IN_PLACE}",
            "with false: the service for the internet. Only VPC endpoints with an ingress connection reach it then",
        ),
        Row("ip_address_type auto_deployments_enabled tags permissions_boundary", IN_PLACE),
        Row("lifecycle", "nothing in AWS: it holds from this update on (docs/lifecycle.md)"),
        Row("protect", "nothing in AWS: Pulumi notes it. To replace or delete a protected service, change this first"),
    ],
    "VpcEgress": [
        Row(
            "subnet_ids security_group_ids vpc_id",
            "**group, its rules and connector replaced, the new ones first**, under names with another hash; then the "
            "services move over in place, then the old ones go. `security_group_id` is another one after that",
        ),
        Row(
            "destinations",
            "their rules. Port and protocol: in place. Another `security_group_id` replaces the ingress rule in that "
            "group, the new one first. A change among `cidr` (or IPv4 to IPv6), `prefix_list_id` and "
            "`security_group_id` replaces the egress rule, the new one first. A key that is renamed alone fails, since "
            "AWS refuses a second equal rule: remove the destination, `up`, add it under the new key",
            "traffic that no rule allows any more",
        ),
        Row(
            "restrict_egress",
            "true: the rules to all addresses are deleted, a rule for each destination is created; false: the reverse",
            "with true: traffic to anything that is not a destination",
        ),
        Row("tags", IN_PLACE),
    ],
    "CustomDomain": [
        Row(
            "domain_name",
            "**association replaced, the old one deleted first**, and every record with it",
            "the old domain; the new one until its certificate is issued: minutes, in rare cases a day or two",
        ),
        Row(
            "enable_www_subdomain",
            "**association replaced, the old one deleted first**; www's records come or go, the others stay",
            "the domain, until it is on again: some minutes",
        ),
        Row(
            "service_arn",
            "another service, or the same one replaced: **association replaced, the old one deleted first**; the "
            "records that bring traffic follow in place",
            "the domain, until it is on again: some minutes",
        ),
        Row(
            "zone",
            "another `id`: records replaced, the new ones first. Put in or taken out: records made or deleted",
            "taken out: the domain, unless its records stand in the other DNS already (output `records`)",
        ),
        Row("ttl", "records updated in place"),
        Row("lifecycle", "nothing in AWS: it holds from this update on (docs/lifecycle.md)"),
    ],
    "SecretsBinding": [
        Row(
            "secrets",
            "makes no resource: the services that are given `bound` get variables and policy, as with their `secrets`",
        ),
    ],
    "PauseSchedule": [
        Row(
            "running cron deploy_minutes_after_resume",
            "schedules updated in place; one more event adds a schedule, one less takes one out. The service stays as "
            "it is until the next event",
        ),
        Row("timezone retry_minutes service_arn tags permissions_boundary dead_letter_queue_kms_key_arn", IN_PLACE),
        Row("enabled", "schedules updated in place; switched off while the service is paused, it stays paused"),
        Row(
            "dead_letter_queue_arn",
            "schedules updated in place; a queue of its own goes after that",
            "the messages in a queue that goes",
        ),
    ],
    "Fleet": [
        Row("environment tags", f"tags {IN_PLACE}. From or to `prod`, `environment` changes the default of `protect`"),
        Row(
            "protect", "nothing in AWS: Pulumi records it. To replace or delete a protected service, change this first"
        ),
        Row(
            "egress",
            "as for VpcEgress. A renamed key is another VpcEgress: it is created first, then the services use it, then "
            "the old one is deleted",
        ),
        Row("zones", "as `zone` of CustomDomain"),
        Row(
            "services",
            "as for AppRunnerService, SecretsBinding, CustomDomain and PauseSchedule. A renamed key is another service "
            "with its own ARN and address: it is created first, then the old one is deleted; `protect` refuses it",
            "renamed: its domains, until they are on the new service",
        ),
    ],
}
"""By component; a test holds the arguments against the classes."""

_HEAD = """# What happens when something is changed

Generated by `make docs`; a test says when it is stale. `pulumi preview` shows it for a change at hand: `~` is updated
in place, `+-` is replaced.

*Deployed* means that the service is updated in place, and that its old instances answer until the new ones are well.
App Runner takes no update of a paused service, and no domain is put on it or taken off.

## Arguments
"""

_WHOLE = """### A whole component

| change | what happens | away meanwhile |
|---|---|---|
| one more | made; nothing else changes | - |
| the component's name | another component; with `aliases` too, what is named after it is replaced (`service_name` \
keeps a service) | what is replaced |
| another stack (`pulumi stack init`) | everything is created beside the old stack | - |
| the stack's or the project's name (`pulumi stack rename`) | **services replaced, the old ones deleted first**, and \
all else that is named after them: see [Renaming a stack](#renaming-a-stack) | every service, for minutes; it comes \
back under \
another ARN and another address of App Runner's |
| a service taken out, with its domain and schedule | schedules, records and association go first, then the service, \
then its profile and roles. A protected one is refused; a paused one with a domain too | the service |
| a CustomDomain taken out | records and association are deleted; a second one for the same domain has to wait for \
that | the domain |
| a PauseSchedule taken out | schedules and role are deleted; a service that is paused stays paused | - |
| a VpcEgress taken out | the services leave it first, if they no longer name it; AWS deletes no connector in use | - |
"""

_NAMES = f"""## Names in AWS

A resource whose name must be unique in AWS is called `<project>-<component>-<stack>`, such as `shop-api-prod`. Roles,
queues and security groups end with their purpose: `shop-api-prod-access`. A connector and its security group end with a
hash of their subnets and groups. `service_name` sets the name of a service instead.

- A name that is too long for AWS is shortened: the project first, then the stack. The component is shortened only if it
  does not fit alone. The longest name of a scaling profile or observability configuration has
  {names.AUTO_SCALING_CONFIGURATION.longest} characters, of a service or connector {names.SERVICE.longest}, of a role or
  schedule group {names.ROLE.longest}.
- A hash is appended to a name that was shortened, that contains characters which AWS does not accept, or that another
  project, component or stack could have: one with capital letters, or with a hyphen in the project's or the stack's
  name.
"""

_RENAME = """## Renaming a stack

These names contain the project's and the stack's name. So the `up` after a `pulumi stack rename`, which can rename
both, replaces services, roles, security groups, connectors, profiles, observability configurations, schedules and their
queues. `pulumi preview` shows it, and nothing is replaced if the stack is renamed back first.

To keep the services:

1. Set `service_name` of each AppRunnerService to the name that the service has, and run `pulumi up`. Nothing changes.
2. Run `pulumi stack rename`, and then `pulumi up`.

The service, its ARN, its address and its domain stay. These are still replaced:

- *Roles*, the old ones first: until the service is updated with the new ones, the application has no permissions in
  AWS. To avoid it, pass roles of your own (`instance_role.arn`, `access_role_arn`) before the rename.
- *Schedules*, the old ones first, with their role, and their dead-letter queue with the messages in it.
- *Scaling profiles, observability configurations, security groups and connectors*, the new ones first; the services
  move over in place.
"""

_RESOURCES = f"""## Resources

For those who read a plan, or write resources by hand.

- *Replaced*: another one is made, then the old one goes. *Deleted first*: the other way round, as pulumi-aws
  [does it]({EXPLICIT_NAMES.url}) with what bears a `name` that the program gave, and with
  [some types]({DELETE_BEFORE_REPLACE.url}) always. The option `delete_before_replace` decides otherwise, either way.
- A `name` that is left out is not kept: Pulumi makes a new one, and that replaces the resource.
- *Not applied*: Pulumi plans an update and notes it, AWS keeps what it has.
- *Stays*: left out, what was set last goes on.
- What stands within a block goes with the block. A [change of region]({REGION.url}) replaces all that has one.
"""

_KINDS = {"replace": "replaced", "update": "in place", "ignore": "**not applied**"}


def page() -> str:
    """Return the page's text."""
    components = (line for name, rows in COMPONENTS.items() for line in _component(name, rows))
    lines = [_HEAD, *components, _WHOLE, _NAMES, _RENAME, _RESOURCES]
    return "\n".join([*lines, *(line for token in sorted(CHANGES) for line in _resource(token))])


def _component(name: str, rows: Sequence[Row]) -> Iterator[str]:
    yield f"### {name}\n"
    yield "| argument | what happens | away meanwhile |"
    yield "|---|---|---|"
    for row in rows:
        yield f"| {_code(row.arguments.split())} | {row.what} | {row.away} |"
    yield ""


def _resource(token: str) -> Iterator[str]:
    changes = CHANGES[token]
    source = next(change.source.url for path, change in changes.items() if path != "region")
    yield f"### {token}\n"
    yield "| a change of | |"
    yield "|---|---|"
    for kind, said in _KINDS.items():
        if paths := sorted(path for path, change in changes.items() if change.kind == kind):
            yield f"| {_code(paths)} | {said} |"
    for note in dict.fromkeys(change.note for change in changes.values() if change.note):
        yield f"| {_code(sorted(path for path, change in changes.items() if change.note == note))} | {note} |"
    if ALTERNATIVES[token]:
        yield f"| one of {_code(sorted(ALTERNATIVES[token]))} to another | replaced |"
    if kept := sorted(path for path in COMPUTED[token] if is_kept(token, path)):
        yield f"| {_code(kept)} left out | stays |"
    if token in ALWAYS_DELETED_FIRST:
        yield "| whatever replaces it | deleted first |"
    elif token in DELETED_FIRST_IF_NAMED:
        yield "| whatever replaces it, where `name` is given | deleted first |"
    for note in NOTES.get(token, ()):
        yield f"| {note.description} | {note.text} ([source]({note.source.url})) |"
    yield ""
    yield f"Source: [{source.rpartition('/')[2]}]({source})\n"


def _code(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(page())
