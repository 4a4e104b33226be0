"""What the services of a Fleet share: the items of its sections, existing or created."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

import pulumi
from pulumi import Output, ResourceOptions

from pulumi_apprunner.args.egress import VpcEgressArgs
from pulumi_apprunner.args.endpoint import PrivateEndpointArgs
from pulumi_apprunner.args.firewall import WebFirewallArgs
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_sections import existing
from pulumi_apprunner.args.repository import ImageRepositoryArgs
from pulumi_apprunner.args.scaling import ScalingProfileArgs
from pulumi_apprunner.args.topic import NotificationTopicArgs
from pulumi_apprunner.egress import VpcEgress
from pulumi_apprunner.endpoint import PrivateEndpoint
from pulumi_apprunner.firewall import WebFirewall
from pulumi_apprunner.fleet.passing import merge_tags, select_fields
from pulumi_apprunner.repository import ImageRepository
from pulumi_apprunner.scaling import ScalingProfile
from pulumi_apprunner.topic import NotificationTopic

T = TypeVar("T")
_Reference = Callable[[T], Output[str]]
References = Mapping[str, pulumi.Input[str]]
"""The ARNs or ids of a section's items, by name."""


class Shared(NamedTuple):
    """What the services of a Fleet share."""

    connectors: References
    endpoints: References
    topics: References
    firewalls: References
    profiles: References
    repositories: References


def create_shared(fleet: FleetArgs, tags: Any, opts: ResourceOptions) -> Shared:
    """Create what the services of a Fleet share, except for what exists already."""

    def references(
        items: Mapping[str, Any], model: type, create: Callable[[str, Any, ResourceOptions], T], output: _Reference[T]
    ) -> References:
        return {
            name: existing(item)
            if existing(item) is not None
            else output(create(name, select_fields(item, model, tags=merge_tags(tags, item.tags)), opts))
            for name, item in items.items()
        }

    return Shared(
        connectors=references(fleet.egress, VpcEgressArgs, VpcEgress, lambda each: each.vpc_connector_arn),
        endpoints=references(fleet.endpoints, PrivateEndpointArgs, PrivateEndpoint, lambda each: each.vpc_endpoint_id),
        topics=references(fleet.topics, NotificationTopicArgs, NotificationTopic, lambda each: each.arn),
        firewalls=references(fleet.firewalls, WebFirewallArgs, WebFirewall, lambda each: each.arn),
        profiles=references(fleet.scaling_profiles, ScalingProfileArgs, ScalingProfile, lambda each: each.arn),
        repositories=references(fleet.repositories, ImageRepositoryArgs, ImageRepository, lambda each: each.arn),
    )
