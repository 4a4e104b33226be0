"""The emulated types of resources."""

from collections.abc import Mapping

from apprunner_local.provider import (
    apprunner,
    dashboards,
    edge,
    endpoints,
    firewall,
    iam,
    identity_providers,
    machines,
    monitoring,
    network,
    notifications,
    records,
    repositories,
    scheduling,
)
from apprunner_local.provider.resource import Resource

RESOURCES: Mapping[str, Resource] = {
    one.token: one()
    for one in (
        apprunner.AutoScalingConfigurationVersion,
        apprunner.Connection,
        apprunner.CustomDomainAssociation,
        apprunner.DefaultAutoScalingConfigurationVersion,
        apprunner.ObservabilityConfiguration,
        apprunner.Service,
        apprunner.VpcConnector,
        apprunner.VpcIngressConnection,
        dashboards.Dashboard,
        dashboards.QueryDefinition,
        edge.Distribution,
        edge.Function,
        edge.Key,
        edge.KeyValueStore,
        endpoints.VpcEndpoint,
        firewall.LogGroup,
        firewall.WebAcl,
        firewall.WebAclAssociation,
        firewall.WebAclLoggingConfiguration,
        iam.Role,
        identity_providers.OpenIdConnectProvider,
        iam.RolePolicy,
        iam.RolePolicyAttachment,
        machines.StateMachine,
        monitoring.EventRule,
        monitoring.EventTarget,
        monitoring.MetricAlarm,
        network.SecurityGroup,
        network.SecurityGroupEgressRule,
        network.SecurityGroupIngressRule,
        notifications.Topic,
        notifications.TopicPolicy,
        notifications.TopicSubscription,
        repositories.LifecyclePolicy,
        repositories.Repository,
        repositories.RepositoryPolicy,
        records.HealthCheck,
        records.Record,
        scheduling.Queue,
        scheduling.Schedule,
        scheduling.ScheduleGroup,
    )
}
"""By type."""
