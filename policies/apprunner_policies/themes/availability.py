"""Rules about the availability of App Runner."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import availability, sizes, source, tokens
from apprunner_facts.regions import HOSTED_ZONE_IDS
from apprunner_policies.properties import as_texts, value
from apprunner_policies.regions import region_of
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import TAGGABLE
from apprunner_policies.stack import Resources, Stack

_REGIONAL = (*TAGGABLE, tokens.CUSTOM_DOMAIN)

regions_allowed = StackRule(
    "regions-allowed",
    resource_types=_REGIONAL,
    native=True,
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
def _region_is_allowed(resource: PolicyResource, stack: Stack) -> Iterator[str]:
    configured = as_texts(stack.config.get("regions"))
    allowed = configured or list(HOSTED_ZONE_IDS)
    region = region_of(resource)
    if region is None or region in allowed:
        return
    choices = sizes.format_choices([f'"{each}"' for each in allowed])
    requirement = f"must be {'an allowed region' if configured else 'a region with App Runner'}"
    fix = f"Set it to {choices}."
    if resource.provider is None or _sets_region(resource):
        yield f'region {requirement}, got "{region}". {fix}'
        return
    # One resource reports the provider for all others. A waived one reports it too, so that its waiver has an effect.
    same = stack.once(_by_provider)[resource.provider.urn, region]
    is_waived = stack.is_waived(resource.urn)
    first = next((each for each in same if not stack.is_waived(each)), None)
    if is_waived or resource.urn == first:
        more = 0 if is_waived else sum(not stack.is_waived(each) for each in same) - 1
        also = f" {more} more resource{' is' if more == 1 else 's are'} in it." if more else ""
        yield f'region of the provider {resource.provider.name} {requirement}, got "{region}". {fix}{also}'


def _sets_region(resource: PolicyResource) -> bool:
    """Return whether a resource has another region than its provider, whose region pulumi-aws adds to the inputs."""
    own, provider = value(resource, "region"), resource.provider
    return own is not None and (provider is None or own != value(provider, "region"))


def _by_provider(resources: Resources) -> Mapping[tuple[str, str], Sequence[str]]:
    """Return the URNs of resources without a region of their own, by the URN and the region of their provider."""
    by_provider: dict[tuple[str, str], list[str]] = defaultdict(list)
    for each in resources.of(*_REGIONAL, *tokens.NATIVE):
        with suppress(UnknownValueError):
            region = region_of(each)
            if each.provider is not None and region is not None and not _sets_region(each):
                by_provider[each.provider.urn, region].append(each.urn)
    return by_provider


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
