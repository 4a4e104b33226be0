"""Rules that an organisation sets for itself: tags, regions, whether App Runner is still chosen, and the budget."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import availability, sizes, source, tokens
from apprunner_facts.bill import HOURS_A_MONTH, Assumptions
from apprunner_facts.regions import HOSTED_ZONE_IDS
from apprunner_facts.services import read_services
from apprunner_policies.declared import declared, read_unknown
from apprunner_policies.rule import Rule, Stack, StackRule, read, texts

_APP_RUNNER = (
    tokens.SERVICE,
    tokens.AUTO_SCALING,
    tokens.VPC_CONNECTOR,
    tokens.VPC_INGRESS_CONNECTION,
    tokens.OBSERVABILITY,
    tokens.CONNECTION,
)
_AROUND = (
    tokens.ROLE,
    tokens.POLICY,
    tokens.SECURITY_GROUP,
    tokens.SUBNET,
    tokens.VPC_ENDPOINT,
    tokens.QUEUE,
    tokens.METRIC_ALARM,
    tokens.SECRET,
    tokens.PARAMETER,
)


def _has_tags(args: ResourceValidationArgs) -> Iterator[str]:
    missing = _missing(args)
    if missing:
        yield (
            f"tags has no {' and no '.join(map(json.dumps, missing))}, and neither have the provider's defaultTags. "
            f"Set {' and '.join(f'tags[{json.dumps(key)}]' for key in missing)}, or the provider's defaultTags.tags."
        )


def _add_tags(args: ResourceValidationArgs) -> bool:
    """Add the tags that the configuration has a value for; where all tags are unknown they are left alone."""
    values: Any = args.get_config().get("values")
    given: Any = args.props.get("tags")
    if not isinstance(values, Mapping) or not (given is None or isinstance(given, Mapping)):
        return False
    offered = cast(Mapping[str, Any], values)
    added = {key: value for key in _missing(args) if isinstance(value := offered.get(key), str)}
    if not added:
        return False
    if given is None:
        cast(dict[str, Any], args.props)["tags"] = added
    for key, value in added.items() if given is not None else ():
        cast(dict[str, Any], given)[key] = value
    return True


def _missing(args: ResourceValidationArgs) -> list[str]:
    config = args.get_config()
    if args.resource_type not in texts(config.get("types")):
        return []
    missing = [key for key in texts(config.get("tags")) if key not in _keys(read(args, "tags"))]
    missing = missing and [key for key in missing if key not in _default_tags(args)]
    return missing and [key for key in missing if key not in _keys(read(args, "tagsAll"))]


def _default_tags(args: ResourceValidationArgs) -> list[str]:
    """Return the keys of the tags that the provider gives to all; its properties come as they are, or as JSON."""
    given: Any = args.provider.props.get("defaultTags") if args.provider else None
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return []
    return _keys(cast(Mapping[str, Any], given).get("tags")) if isinstance(given, Mapping) else []


def _region_is_allowed(args: ResourceValidationArgs) -> Iterator[str]:
    said = texts(args.get_config().get("regions"))
    allowed = said or list(HOSTED_ZONE_IDS)
    region, where = read(args, "region"), "region"
    if region is None and args.provider:
        region, where = args.provider.props.get("region"), f"region of the provider {args.provider.name}"
    if isinstance(region, str) and region not in allowed:
        choices = [f'"{each}"' for each in allowed]
        why = "which is not one of those allowed here" if said else "where AWS does not offer App Runner"
        yield f'{where} is "{region}", {why}. Set it to {sizes.format_choices(choices)}.'


def _is_new_app_runner(args: ResourceValidationArgs) -> Iterator[str]:
    yield (
        f"serviceName is that of an App Runner service: since {availability.CLOSED_TO_NEW_CUSTOMERS} AWS takes no new "
        f"customers for App Runner, adds no features to it, and recommends {availability.SUCCESSOR}. Make it there, "
        "or waive this rule for this service until the day on which it moves."
    )


def _is_within_the_budget(_: PolicyResource, stack: Stack) -> Iterator[str]:
    budget: Any = stack.config.get("dollars")
    if isinstance(budget, bool) or not isinstance(budget, int | float):
        return
    try:
        assumptions = Assumptions(active=float(stack.config["active"]), hours=float(stack.config["hours"]))
    except (ValueError, TypeError) as error:
        yield f"the rule cannot judge, since its configuration is wrong: {error}. Mend active or hours there."
        return
    services = read_services(declared(stack))
    unknown = [each for service in services for each in service.unknown]
    costs = [(each.bill(assumptions).total, each.name) for each in services if not each.unknown]
    total = sum(cost for cost, _ in costs)
    if total > budget:
        dearest = ", ".join(f"{name} ${cost:,.2f}" for cost, name in sorted(costs, reverse=True)[:3])
        yield (
            f"the services of this stack cost about ${total:,.2f} a month{' at least' if unknown else ''}, above the "
            f"budget of ${budget:,.2f}. The dearest: {dearest}. That is with instances active in "
            f"{assumptions.active * 100:g}% of the hours in which no schedule pauses them, of {assumptions.hours:g} a "
            "month. Lower instanceConfiguration.memory, or minSize of the auto scaling configurations, or set dollars "
            "higher."
        )
    read_unknown(stack, *unknown)


def _keys(given: Any) -> list[str]:
    return list(cast(Mapping[str, Any], given)) if isinstance(given, Mapping) else []


required_tags = Rule(
    "required-tags",
    resource_types=[*_APP_RUNNER, *_AROUND],
    checks=[_has_tags],
    mends=[_add_tags],
    description="Resources have the tags that the organisation demands.",
    remediation=(
        "Set the tags on the resource, or as defaultTags on the provider. At the level remediate, tags that the "
        "configuration has under values are added."
    ),
    source=None,
    config={
        "tags": {
            "type": "array",
            "items": {"type": "string", "minLength": 1},
            "default": [],
            "description": "The keys of the tags demanded; without any the rule judges nothing.",
        },
        "types": {
            "type": "array",
            "items": {"type": "string", "enum": sorted([*_APP_RUNNER, *_AROUND])},
            "default": list(_APP_RUNNER),
            "description": "The types of resources judged; all of App Runner's that take tags where it is left out.",
        },
        "values": {
            "type": "object",
            "additionalProperties": {"type": "string"},
            "default": {},
            "description": "The values of tags that are added at the level remediate, by key.",
        },
    },
)

regions_allowed = Rule(
    "regions-allowed",
    resource_types=[*_APP_RUNNER, tokens.CUSTOM_DOMAIN],
    checks=[_region_is_allowed],
    description="App Runner is used in the regions that are allowed.",
    remediation="Set region on the resource, or on its provider (aws:region in the stack's configuration).",
    source=source.ENDPOINTS,
    severity=Severity.HIGH,
    config={
        "regions": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "The regions allowed; every one that has App Runner where it is empty.",
        }
    },
)

no_new_app_runner = Rule(
    "no-new-app-runner",
    resource_types=[tokens.SERVICE],
    checks=[_is_new_app_runner],
    description="Services are made elsewhere than on App Runner, which AWS has closed to new customers.",
    remediation=(
        f"Plan the move to {availability.SUCCESSOR}. An account that was a customer before "
        f"{availability.CLOSED_TO_NEW_CUSTOMERS} may go on, with new services too; no day of its end is announced."
    ),
    source=source.AVAILABILITY,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
)

monthly_budget = StackRule(
    "monthly-budget",
    resource_types=[tokens.STACK],
    checks=[_is_within_the_budget],
    description="The services of a stack cost no more in a month than their budget.",
    remediation=(
        "Choose smaller instances or a lower minSize, pause services that nobody uses, or raise the budget. It is an "
        "estimate: traffic above the minimum, builds, data transfer, logs, taxes and discounts are not counted."
    ),
    source=source.PRICING,
    level=EnforcementLevel.ADVISORY,
    config={
        "dollars": {
            "type": "number",
            "minimum": 0,
            "description": "The budget of all services of a stack, US dollars a month; without it nothing is judged.",
        },
        "active": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": Assumptions().active,
            "description": "The share of its running hours in which an instance handles requests.",
        },
        "hours": {
            "type": "number",
            "minimum": 1,
            "default": HOURS_A_MONTH,
            "description": "Hours in a month; those in which a schedule pauses a service are not counted.",
        },
    },
)

RULES = (required_tags, regions_allowed, no_new_app_runner, monthly_budget)
