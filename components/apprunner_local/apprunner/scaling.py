"""Auto scaling configurations, and the one that is the account's default."""

from collections.abc import Callable

from apprunner_facts import limits
from apprunner_local.apprunner.errors import invalid_request
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.revisions import Revision
from apprunner_local.apprunner.state import Members, Region, Service

RESERVED = "DefaultConfiguration"
"""The configuration that every account has."""
_DEFAULTS = {
    "MaxConcurrency": limits.MAX_CONCURRENCY.default,
    "MinSize": limits.MIN_SIZE.default,
    "MaxSize": limits.MAX_SIZE.default,
}


def begin(region: Region) -> None:
    """Create the configuration that every account has."""
    # [M] Every account has the scaling configuration DefaultConfiguration.
    # [AW: Copilot] The id of the scaling configuration DefaultConfiguration is 31 zeros and a 1.
    first = region.scaling.add(RESERVED, dict(_DEFAULTS), id=f"{1:032x}")
    region.default_scaling = first.arn


def create(region: Region, parameters: Members) -> Members:
    """CreateAutoScalingConfiguration: a further revision of the name."""
    # [M] CreateAutoScalingConfiguration: an existing name gets a further revision; MaxConcurrency 100, MinSize 1
    # and MaxSize 25 are the defaults.
    # [assumed] A MinSize above MaxSize is rejected.
    # [P: wait.go] A scaling configuration's status is in lower case.
    settings = {member: parameters.get(member, default) for member, default in _DEFAULTS.items()}
    if settings["MinSize"] > settings["MaxSize"]:
        raise invalid_request("MinSize must not be greater than MaxSize")
    quotas = region.world.quotas
    region.scaling.require_quota(
        parameters["AutoScalingConfigurationName"], quotas.scaling_names, quotas.scaling_revisions
    )
    revision = region.scaling.add(parameters["AutoScalingConfigurationName"], settings)
    region.tag(revision.arn, parameters.get("Tags"))
    return _answer(region, revision)


def describe(region: Region, parameters: Members) -> Members:
    """DescribeAutoScalingConfiguration."""
    return _answer(region, region.scaling.find(parameters["AutoScalingConfigurationArn"]))


def list_all(region: Region, parameters: Members) -> Members:
    """ListAutoScalingConfigurations: the active ones, by default only the latest of each name."""
    # [M] ListAutoScalingConfigurations: only active ones; by default only the latest of each name.
    revisions = region.scaling.all_active(
        parameters.get("AutoScalingConfigurationName"), parameters.get("LatestOnly", True)
    )
    some, more = page(region, [summary(region, revision.arn) for revision in revisions], parameters)
    return {"AutoScalingConfigurationSummaryList": some, **more}


def list_services(region: Region, parameters: Members) -> Members:
    """ListServicesForAutoScalingConfiguration."""
    revision = region.scaling.find(parameters["AutoScalingConfigurationArn"])
    some, more = page(region, [service.arn for service in _users(region, revision)], parameters)
    return {"ServiceArnList": some, **more}


def make_default(region: Region, parameters: Members) -> Members:
    """UpdateDefaultAutoScalingConfiguration: it replaces the previous default."""
    # [M] UpdateDefaultAutoScalingConfiguration replaces the previous default.
    revision = region.scaling.active(parameters["AutoScalingConfigurationArn"])
    region.default_scaling = revision.arn
    return _answer(region, revision)


def delete(region: Region, parameters: Members) -> Members:
    """DeleteAutoScalingConfiguration: one revision or all of a name, unless a service uses it or it is the default."""
    # [M] DeleteAutoScalingConfiguration is rejected for the default, and while a service uses it.
    # [R: hashicorp/terraform-provider-aws#19840 and hashicorp/terraform-provider-aws#38534] The messages of a
    # rejected DeleteAutoScalingConfiguration.
    # [R: alchemy-run/alchemy] DeleteAllRevisions with a full ARN is rejected.
    # [P: auto_scaling_configuration_version.go] The message of a DeleteAutoScalingConfiguration of a deleted revision,
    # which the provider counts as deleted.
    target = region.scaling.find(parameters["AutoScalingConfigurationArn"])
    if target.deleted is not None:
        raise invalid_request(f"The auto scaling configuration you specified has been deleted. ARN: {target.arn}")
    if parameters.get("DeleteAllRevisions") and parameters["AutoScalingConfigurationArn"] == target.arn:
        raise invalid_request(
            "You cannot specify full auto scaling configuration ARN and DeleteAllRevisions as true at same time"
        )
    revisions = region.scaling.all_active(target.name) if parameters.get("DeleteAllRevisions") else [target]
    for revision in revisions:
        if revision.arn == region.default_scaling and revision.name == RESERVED:
            raise invalid_request("You can't delete a reserved auto scaling configuration.")
        if revision.arn == region.default_scaling:
            raise invalid_request("You can't delete the default auto scaling configuration.")
        if region.is_in_use(_uses(revision)):
            raise invalid_request("You can't delete the auto scaling configuration. It's used by one or more services.")
    for revision in revisions:
        revision.deleted = region.now()
    return _answer(region, target)


def summary(region: Region, arn: str) -> Members:
    """Return the short description of a revision, which services show too."""
    revision = region.scaling.find(arn)
    full = _answer(region, revision)["AutoScalingConfiguration"]
    kept = ("Status", "CreatedAt", "HasAssociatedService", "IsDefault")
    return region.scaling.identity(revision) | {member: full[member] for member in kept}


def _users(region: Region, revision: Revision) -> list[Service]:
    return region.users(_uses(revision))


def _uses(revision: Revision) -> Callable[[Members], bool]:
    return lambda settings: bool(settings["AutoScalingConfigurationArn"] == revision.arn)


def _answer(region: Region, revision: Revision) -> Members:
    described = region.scaling.described(revision)
    described["HasAssociatedService"] = bool(_users(region, revision))
    described["IsDefault"] = revision.arn == region.default_scaling
    return {"AutoScalingConfiguration": described}
