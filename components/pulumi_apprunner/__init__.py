"""Pulumi components for AWS App Runner.

The public names are those in `__all__` here and in `pulumi_apprunner.testing`. All other modules are private: their
names may change in any version.
"""

from pulumi_apprunner.args.alarms import Alarm, Alarms, InstanceAlarm, RateAlarm
from pulumi_apprunner.args.checking import ArgsError
from pulumi_apprunner.args.container import BoundSecrets, HealthCheck, Scaling, Size
from pulumi_apprunner.args.delivery import GitHubDeliveryArgs, GitHubJobs, GitHubProvider, StackRole
from pulumi_apprunner.args.dicts import (
    AlarmDict,
    AlarmsDict,
    AppRunnerServiceArgsDict,
    BoundSecretsDict,
    CodeDict,
    CountryListDict,
    CronPairDict,
    CustomDomainArgsDict,
    DestinationDict,
    EndpointClientDict,
    EventsDict,
    FirewallLogDict,
    FleetArgsDict,
    FleetDeliveryDict,
    FleetDomainDict,
    FleetEndpointDict,
    FleetMonitoringDict,
    FleetPauseDict,
    FleetPreviewDict,
    FleetRotationDict,
    FleetServiceDict,
    FleetTopicDict,
    GitHubDeliveryArgsDict,
    GitHubJobsDict,
    GitHubProviderDict,
    HealthCheckDict,
    HostedZoneDict,
    ImageDict,
    ImageRepositoryArgsDict,
    InstanceAlarmDict,
    InstanceRoleDict,
    LifecycleDict,
    LogRetentionArgsDict,
    ManagedRuleGroupDict,
    ManagedRulesDict,
    MonitoringPauseDict,
    NotificationTopicArgsDict,
    PauseScheduleArgsDict,
    PrivateEndpointArgsDict,
    PrivateIngressArgsDict,
    RateAlarmDict,
    RateLimitDict,
    RedeployOnPushArgsDict,
    RedeployOnRotationArgsDict,
    RequiredHeaderDict,
    RoutingDict,
    RunningWindowDict,
    SavedQueriesDict,
    ScalingDict,
    ScalingProfileArgsDict,
    SecretsBindingArgsDict,
    SecretSourceDict,
    ServiceMonitoringArgsDict,
    SizeDict,
    SplitServiceDict,
    StackRoleDict,
    SubscriptionDict,
    TrafficSplitArgsDict,
    VpcEgressArgsDict,
    WebFirewallArgsDict,
)
from pulumi_apprunner.args.domain import CustomDomainArgs, HostedZone, Routing
from pulumi_apprunner.args.egress import Destination, VpcEgressArgs
from pulumi_apprunner.args.endpoint import EndpointClient, PrivateEndpointArgs
from pulumi_apprunner.args.firewall import (
    CountryList,
    FirewallLog,
    ManagedRuleGroup,
    ManagedRules,
    RateLimit,
    RequiredHeader,
    WebFirewallArgs,
)
from pulumi_apprunner.args.fleet import FleetArgs
from pulumi_apprunner.args.fleet_preview import FleetPreview
from pulumi_apprunner.args.fleet_sections import FleetDelivery, FleetEndpoint, FleetTopic
from pulumi_apprunner.args.fleet_service import FleetDomain, FleetMonitoring, FleetPause, FleetRotation, FleetService
from pulumi_apprunner.args.ingress import PrivateIngressArgs
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.args.monitoring import Events, MonitoringPause, SavedQueries, ServiceMonitoringArgs
from pulumi_apprunner.args.push import RedeployOnPushArgs
from pulumi_apprunner.args.repository import ImageRepositoryArgs
from pulumi_apprunner.args.retention import LogRetentionArgs
from pulumi_apprunner.args.rotation import RedeployOnRotationArgs
from pulumi_apprunner.args.scaling import ScalingProfileArgs
from pulumi_apprunner.args.schedule import CronPair, PauseScheduleArgs, RunningWindow
from pulumi_apprunner.args.secrets import SecretsBindingArgs, SecretSource
from pulumi_apprunner.args.service import AppRunnerServiceArgs, InstanceRole
from pulumi_apprunner.args.source import Code, Image
from pulumi_apprunner.args.split import SplitService, TrafficSplitArgs
from pulumi_apprunner.args.topic import NotificationTopicArgs, Subscription
from pulumi_apprunner.delivery import GitHubDelivery
from pulumi_apprunner.domain import CustomDomain
from pulumi_apprunner.egress import VpcEgress
from pulumi_apprunner.endpoint import PrivateEndpoint
from pulumi_apprunner.firewall import WebFirewall
from pulumi_apprunner.fleet import Fleet, FleetServiceOutputs
from pulumi_apprunner.ingress import PrivateIngress
from pulumi_apprunner.monitoring import ServiceMonitoring
from pulumi_apprunner.push import RedeployOnPush
from pulumi_apprunner.repository import ImageRepository
from pulumi_apprunner.retention import LogRetention
from pulumi_apprunner.rotation import RedeployOnRotation
from pulumi_apprunner.scaling import ScalingProfile
from pulumi_apprunner.schedule import PauseSchedule
from pulumi_apprunner.secrets import SecretsBinding
from pulumi_apprunner.service import AppRunnerService
from pulumi_apprunner.split import TrafficSplit
from pulumi_apprunner.topic import NotificationTopic

__all__ = [
    "Alarm",
    "AlarmDict",
    "Alarms",
    "AlarmsDict",
    "AppRunnerService",
    "AppRunnerServiceArgs",
    "AppRunnerServiceArgsDict",
    "ArgsError",
    "BoundSecrets",
    "BoundSecretsDict",
    "Code",
    "CodeDict",
    "CountryList",
    "CountryListDict",
    "CronPair",
    "CronPairDict",
    "CustomDomain",
    "CustomDomainArgs",
    "CustomDomainArgsDict",
    "Destination",
    "DestinationDict",
    "EndpointClient",
    "EndpointClientDict",
    "Events",
    "EventsDict",
    "FirewallLog",
    "FirewallLogDict",
    "Fleet",
    "FleetArgs",
    "FleetArgsDict",
    "FleetDelivery",
    "FleetDeliveryDict",
    "FleetDomain",
    "FleetDomainDict",
    "FleetEndpoint",
    "FleetEndpointDict",
    "FleetMonitoring",
    "FleetMonitoringDict",
    "FleetPause",
    "FleetPauseDict",
    "FleetPreview",
    "FleetPreviewDict",
    "FleetRotation",
    "FleetRotationDict",
    "FleetService",
    "FleetServiceDict",
    "FleetServiceOutputs",
    "FleetTopic",
    "FleetTopicDict",
    "GitHubDelivery",
    "GitHubDeliveryArgs",
    "GitHubDeliveryArgsDict",
    "GitHubJobs",
    "GitHubJobsDict",
    "GitHubProvider",
    "GitHubProviderDict",
    "HealthCheck",
    "HealthCheckDict",
    "HostedZone",
    "HostedZoneDict",
    "Image",
    "ImageDict",
    "ImageRepository",
    "ImageRepositoryArgs",
    "ImageRepositoryArgsDict",
    "InstanceAlarm",
    "InstanceAlarmDict",
    "InstanceRole",
    "InstanceRoleDict",
    "Lifecycle",
    "LifecycleDict",
    "LogRetention",
    "LogRetentionArgs",
    "LogRetentionArgsDict",
    "ManagedRuleGroup",
    "ManagedRuleGroupDict",
    "ManagedRules",
    "ManagedRulesDict",
    "MonitoringPause",
    "MonitoringPauseDict",
    "NotificationTopic",
    "NotificationTopicArgs",
    "NotificationTopicArgsDict",
    "PauseSchedule",
    "PauseScheduleArgs",
    "PauseScheduleArgsDict",
    "PrivateEndpoint",
    "PrivateEndpointArgs",
    "PrivateEndpointArgsDict",
    "PrivateIngress",
    "PrivateIngressArgs",
    "PrivateIngressArgsDict",
    "RateAlarm",
    "RateAlarmDict",
    "RateLimit",
    "RateLimitDict",
    "RedeployOnPush",
    "RedeployOnPushArgs",
    "RedeployOnPushArgsDict",
    "RedeployOnRotation",
    "RedeployOnRotationArgs",
    "RedeployOnRotationArgsDict",
    "RequiredHeader",
    "RequiredHeaderDict",
    "Routing",
    "RoutingDict",
    "RunningWindow",
    "RunningWindowDict",
    "SavedQueries",
    "SavedQueriesDict",
    "Scaling",
    "ScalingDict",
    "ScalingProfile",
    "ScalingProfileArgs",
    "ScalingProfileArgsDict",
    "SecretSource",
    "SecretSourceDict",
    "SecretsBinding",
    "SecretsBindingArgs",
    "SecretsBindingArgsDict",
    "ServiceMonitoring",
    "ServiceMonitoringArgs",
    "ServiceMonitoringArgsDict",
    "Size",
    "SizeDict",
    "SplitService",
    "SplitServiceDict",
    "StackRole",
    "StackRoleDict",
    "Subscription",
    "SubscriptionDict",
    "TrafficSplit",
    "TrafficSplitArgs",
    "TrafficSplitArgsDict",
    "VpcEgress",
    "VpcEgressArgs",
    "VpcEgressArgsDict",
    "WebFirewall",
    "WebFirewallArgs",
    "WebFirewallArgsDict",
]
