"""The arguments of a Fleet."""

from collections.abc import Mapping
from dataclasses import field
from typing import Annotated

from pydantic import StrictBool, StringConstraints

from pulumi_apprunner.args.checking import args_type
from pulumi_apprunner.args.domain import HostedZone
from pulumi_apprunner.args.egress import VpcEgressArgs
from pulumi_apprunner.args.firewall import WebFirewallArgs
from pulumi_apprunner.args.fleet_preview import FleetPreview
from pulumi_apprunner.args.fleet_sections import FleetDelivery, FleetEndpoint, FleetTopic
from pulumi_apprunner.args.fleet_service import FleetService
from pulumi_apprunner.args.repository import ImageRepositoryArgs
from pulumi_apprunner.args.scaling import ScalingProfileArgs
from pulumi_apprunner.args.values import Name, Tags, TagValue


@args_type
class FleetArgs:
    """The arguments of a Fleet: the services of one environment and what they share."""

    environment: Annotated[TagValue, StringConstraints(min_length=1)]
    """The environment's name, such as staging. It is the value of the tag `environment`. Services in production
    are protected by default (`protect`)."""

    protect: StrictBool | None = None
    """Whether Pulumi refuses to delete or replace the services; a service's own `protect` overrides it. Default: true
    if `environment` means production, such as prod, eu-prod-1 or live, but not preprod; otherwise as the component's
    options."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags for all resources that support tags. A service's own tags override them. The tags `environment` and
    `project` are added. Do not store secrets in tags: pulumi-aws keeps them in plain text in the state. Default:
    none."""

    preview: FleetPreview | None = None
    """What makes this the environment of a pull request: its number and the day on which it expires. It then has names
    and domains of its own, small services that are paused at night, and nothing that is shared or protected. Default:
    none."""

    egress: Mapping[Name, VpcEgressArgs] = field(default_factory=dict[str, VpcEgressArgs])
    """VPC connectors by name, each with a security group. Services refer to them by name. Default: none."""

    endpoints: Mapping[Name, FleetEndpoint] = field(default_factory=dict[str, FleetEndpoint])
    """Interface endpoints by name, through which clients in a VPC call private services. The `ingress` of services
    refers to them by name. Default: none."""

    zones: Mapping[Name, HostedZone] = field(default_factory=dict[str, HostedZone])
    """Hosted zones by name. Domains refer to them by name. Default: none."""

    topics: Mapping[Name, FleetTopic] = field(default_factory=dict[str, FleetTopic])
    """Topics for notifications by name. The monitoring of services refers to them by name. Default: none."""

    firewalls: Mapping[Name, WebFirewallArgs] = field(default_factory=dict[str, WebFirewallArgs])
    """Web ACLs by name, with AWS's managed rules. Services refer to them by name. Default: none."""

    scaling_profiles: Mapping[Name, ScalingProfileArgs] = field(default_factory=dict[str, ScalingProfileArgs])
    """Scaling profiles that several services share, by name. Services refer to them by name. Default: none."""

    repositories: Mapping[Name, ImageRepositoryArgs] = field(default_factory=dict[str, ImageRepositoryArgs])
    """Repositories of images by name. Services refer to them by name. A new one is empty: create it and push an image
    before you add the service. Default: none."""

    delivery: Mapping[Name, FleetDelivery] = field(default_factory=dict[str, FleetDelivery])
    """GitHub's access to the repository and the service, by the service's name. Default: none."""

    services: Mapping[Name, FleetService]
    """Services by name. Names in AWS contain it."""
