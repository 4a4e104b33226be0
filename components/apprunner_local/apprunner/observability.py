"""Observability configurations."""

from apprunner_local.apprunner.errors import invalid_request
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.state import Members, Region

RESERVED = "DefaultConfiguration"


def begin(region: Region) -> None:
    """Create the configuration that every account has: it traces with X-Ray."""
    # [AW: Copilot] Every account has the observability configuration DefaultConfiguration, which traces with
    # X-Ray.
    region.observability.add(RESERVED, {"TraceConfiguration": {"Vendor": "AWSXRAY"}}, id=f"{1:032x}")


def create(region: Region, parameters: Members) -> Members:
    """CreateObservabilityConfiguration: a further revision of the name; DefaultConfiguration is AWS's own."""
    # [M] CreateObservabilityConfiguration: an existing name gets a further revision. DefaultConfiguration is
    # reserved.
    if parameters["ObservabilityConfigurationName"] == RESERVED:
        raise invalid_request(f"The name {RESERVED} is reserved.")
    settings = {member: parameters[member] for member in ("TraceConfiguration",) if member in parameters}
    quotas = region.world.quotas
    region.observability.require_quota(
        parameters["ObservabilityConfigurationName"], quotas.observability_names, quotas.observability_revisions
    )
    revision = region.observability.add(parameters["ObservabilityConfigurationName"], settings)
    region.tag(revision.arn, parameters.get("Tags"))
    return {"ObservabilityConfiguration": region.observability.described(revision)}


def describe(region: Region, parameters: Members) -> Members:
    """DescribeObservabilityConfiguration."""
    revision = region.observability.find(parameters["ObservabilityConfigurationArn"])
    return {"ObservabilityConfiguration": region.observability.described(revision)}


def list_all(region: Region, parameters: Members) -> Members:
    """ListObservabilityConfigurations: the active ones, by default only the latest of each name."""
    # [M] ListObservabilityConfigurations: only active ones; by default only the latest of each name.
    revisions = region.observability.all_active(
        parameters.get("ObservabilityConfigurationName"), parameters.get("LatestOnly", True)
    )
    some, more = page(region, [region.observability.identity(revision) for revision in revisions], parameters)
    return {"ObservabilityConfigurationSummaryList": some, **more}


def delete(region: Region, parameters: Members) -> Members:
    """DeleteObservabilityConfiguration: unless a service uses it, or it is AWS's own."""
    # [M] DeleteObservabilityConfiguration is rejected while a service uses it.
    # [assumed] The observability configuration DefaultConfiguration cannot be deleted.
    revision = region.observability.active(parameters["ObservabilityConfigurationArn"])
    if revision.name == RESERVED:
        raise invalid_request(f"You can't delete {RESERVED}.")

    def uses(settings: Members) -> bool:
        configured: Members = settings.get("ObservabilityConfiguration", {})
        return bool(configured.get("ObservabilityConfigurationArn") == revision.arn)

    if region.is_in_use(uses):
        raise invalid_request("You can't delete the observability configuration. It's used by one or more services.")
    revision.deleted = region.now()
    return {"ObservabilityConfiguration": region.observability.described(revision)}
