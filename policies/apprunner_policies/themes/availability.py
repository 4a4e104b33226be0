"""Rules about the availability of App Runner."""

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
    description="App Runner is used in allowed regions only.",
    remediation_steps="Set region on the resource, or on its provider (aws:region in the stack's configuration).",
    source=source.ENDPOINTS,
    severity=Severity.HIGH,
    config={
        "regions": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "The allowed regions. If it is empty, all regions with App Runner.",
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
        choices = sizes.format_choices([f'"{each}"' for each in allowed])
        which = "an allowed region" if configured else "a region with App Runner"
        yield f'{where} must be {which}, got "{region}". Set it to {choices}.'


no_new_app_runner = Rule(
    "no-new-app-runner",
    resource_types=[tokens.SERVICE],
    description="No services are created on App Runner, which AWS has closed to new customers.",
    remediation_steps=(
        f"Plan the migration to {availability.SUCCESSOR}. An account that was a customer before "
        f"{availability.CLOSED_TO_NEW_CUSTOMERS} can still create services. AWS has not announced an end date."
    ),
    source=source.AVAILABILITY,
    level=EnforcementLevel.DISABLED,
    severity=Severity.LOW,
)


@no_new_app_runner.check
def _is_new_app_runner(service: ResourceValidationArgs) -> Iterator[str]:
    yield (
        f"a service must not be on App Runner. Since {availability.CLOSED_TO_NEW_CUSTOMERS} AWS accepts no new "
        f"customers for App Runner, adds no features, and recommends {availability.SUCCESSOR}. Create the service "
        "there, or waive this rule for this service until its migration."
    )


RULES = (regions_allowed, no_new_app_runner)
