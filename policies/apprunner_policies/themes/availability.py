"""Rules about where App Runner is available, and for whom."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import availability, sizes, source, tokens
from apprunner_facts.regions import HOSTED_ZONE_IDS
from apprunner_policies.properties import as_texts, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import TAGGABLE

regions_allowed = Rule(
    "regions-allowed",
    resource_types=[*TAGGABLE, tokens.CUSTOM_DOMAIN],
    description="App Runner is used in the regions that are allowed.",
    remediation_steps="Set region on the resource, or on its provider (aws:region in the stack's configuration).",
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


@regions_allowed.check
def _region_is_allowed(resource: ResourceValidationArgs) -> Iterator[str]:
    configured = as_texts(resource.get_config().get("regions"))
    allowed = configured or list(HOSTED_ZONE_IDS)
    region, where = value(resource, "region"), "region"
    if region is None and resource.provider:
        region, where = value(resource.provider, "region"), f"region of the provider {resource.provider.name}"
    if isinstance(region, str) and region not in allowed:
        choices = [f'"{each}"' for each in allowed]
        why = "which is not one of those allowed here" if configured else "where AWS does not offer App Runner"
        yield f'{where} is "{region}", {why}. Set it to {sizes.format_choices(choices)}.'


no_new_app_runner = Rule(
    "no-new-app-runner",
    resource_types=[tokens.SERVICE],
    description="Services are made elsewhere than on App Runner, which AWS has closed to new customers.",
    remediation_steps=(
        f"Plan the move to {availability.SUCCESSOR}. An account that was a customer before "
        f"{availability.CLOSED_TO_NEW_CUSTOMERS} may go on, with new services too; no day of its end is announced."
    ),
    source=source.AVAILABILITY,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
)


@no_new_app_runner.check
def _is_new_app_runner(service: ResourceValidationArgs) -> Iterator[str]:
    yield (
        f"serviceName is that of an App Runner service: since {availability.CLOSED_TO_NEW_CUSTOMERS} AWS takes no new "
        f"customers for App Runner, adds no features to it, and recommends {availability.SUCCESSOR}. Make it there, "
        "or waive this rule for this service until the day on which it moves."
    )


RULES = (regions_allowed, no_new_app_runner)
