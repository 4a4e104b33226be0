"""What a deployer may do, to manage the resources of each component with pulumi-aws.

Source: the calls of the Terraform provider's resources and of this library's verification, and for the resources of
each action AWS's Service Authorization Reference (read 2026-11-27). A test compares them with the calls that the local
AWS receives. Roles are in `ROLE_GRANTS`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from apprunner_facts import cloudfront
from apprunner_facts.firewall import LOG_GROUP_PREFIX
from apprunner_facts.identity import EVENTS_SERVICE, PASSED_TO_SERVICE, SCHEDULER_SERVICE, STATES_SERVICE


class Grant(NamedTuple):
    """Actions of a service, and the resources on which they are needed.

    Args:
        service: The prefix of the actions.
        actions: Their names, separated by spaces.
        resources: The last part of the resources' ARNs, separated by spaces; `{prefix}` begins the names of a project's
            resources. "*" for actions without resources.
        place: The region and account in the ARNs. Global services omit one of them, or both.
        owner: The service in the ARNs, if the actions are on resources of another service. Default: `service`.
    """

    service: str
    actions: str
    resources: str = "*"
    place: str = "{region}:{account}"
    owner: str = ""

    def arns(self, partition: str, region: str, account: str, prefix: str) -> list[str]:
        """Return the ARNs of the resources."""
        if self.resources == "*":
            return ["*"]
        place = self.place.format(region=region, account=account)
        owner = self.owner or self.service
        return [f"arn:{partition}:{owner}:{place}:{each.format(prefix=prefix)}" for each in self.resources.split()]


_TAGS = "ListTagsForResource TagResource UntagResource"
_SECURITY_GROUPS = (
    Grant("ec2", "DescribeSecurityGroupRules DescribeSecurityGroups DescribeSubnets DescribeVpcs"),
    Grant(
        "ec2",
        "AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress CreateSecurityGroup CreateTags DeleteSecurityGroup "
        "DeleteTags ModifySecurityGroupRules RevokeSecurityGroupEgress RevokeSecurityGroupIngress",
        "prefix-list/* security-group/* security-group-rule/* vpc/*",
    ),
)
"""The ids of security groups and rules contain no names, so these grants are on all of a region."""

_SCHEDULES = (
    Grant("scheduler", "CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup " + _TAGS, "schedule-group/{prefix}*"),
    Grant("scheduler", "CreateSchedule DeleteSchedule GetSchedule UpdateSchedule", "schedule/{prefix}*"),
)
_PROFILES = Grant(
    "apprunner",
    "CreateAutoScalingConfiguration DeleteAutoScalingConfiguration DescribeAutoScalingConfiguration " + _TAGS,
    "autoscalingconfiguration/{prefix}*",
)

_CHANGE_RULES = "DeleteRule DescribeRule ListTargetsByRule PutRule PutTargets RemoveTargets " + _TAGS
_RULES = Grant("events", _CHANGE_RULES, "rule/{prefix}*")
_MACHINES = (
    Grant(
        "states",
        "CreateStateMachine DeleteStateMachine DescribeStateMachine ListStateMachineVersions UpdateStateMachine "
        + _TAGS,
        "stateMachine:{prefix}*",
    ),
    Grant("states", "ValidateStateMachineDefinition"),
)

GRANTS: Mapping[str, Sequence[Grant]] = {
    "AppRunnerService": (
        Grant(
            "apprunner",
            "CreateService DeleteService DescribeCustomDomains DescribeService ListOperations ResumeService "
            "UpdateService " + _TAGS,
            "service/{prefix}*",
        ),
        Grant(
            "apprunner",
            "CreateService UpdateService",
            "autoscalingconfiguration/* connection/* observabilityconfiguration/* vpcconnector/*",
        ),
        _PROFILES,
        Grant(
            "apprunner",
            "CreateObservabilityConfiguration DeleteObservabilityConfiguration DescribeObservabilityConfiguration "
            + _TAGS,
            "observabilityconfiguration/{prefix}*",
        ),
        Grant("apprunner", "ListServices"),
        # The association of a service with any web ACL of the account: both AWS WAF and App Runner check both.
        Grant("apprunner", "AssociateWebAcl DescribeWebAclForService DisassociateWebAcl", "service/{prefix}*"),
        Grant("apprunner", "AssociateWebAcl", "regional/webacl/*", owner="wafv2"),
        Grant(
            "wafv2", "AssociateWebACL DisassociateWebACL GetWebACLForResource", "service/{prefix}*", owner="apprunner"
        ),
        Grant("wafv2", "AssociateWebACL GetWebACL GetWebACLForResource", "regional/webacl/*"),
        Grant("logs", "DescribeLogStreams GetLogEvents", "log-group:/aws/apprunner/{prefix}*"),
    ),
    "CustomDomain": (
        Grant(
            "apprunner",
            "AssociateCustomDomain DescribeCustomDomains DescribeService DisassociateCustomDomain",
            "service/{prefix}*",
        ),
    ),
    "ImageRepository": (
        Grant(
            "ecr",
            "CreateRepository DeleteLifecyclePolicy DeleteRepository DeleteRepositoryPolicy DescribeRepositories "
            "GetLifecyclePolicy GetRepositoryPolicy PutImageScanningConfiguration PutImageTagMutability "
            "PutLifecyclePolicy SetRepositoryPolicy " + _TAGS,
            "repository/{prefix}*",
        ),
    ),
    "LogRetention": _SCHEDULES,
    "NotificationTopic": (
        Grant(
            "sns",
            "CreateTopic DeleteTopic GetTopicAttributes SetTopicAttributes Subscribe " + _TAGS,
            "{prefix}*",
        ),
        Grant("sns", "GetSubscriptionAttributes SetSubscriptionAttributes Unsubscribe"),
    ),
    "PauseSchedule": (
        *_SCHEDULES,
        Grant(
            "sqs",
            "CreateQueue DeleteQueue GetQueueAttributes ListQueueTags SetQueueAttributes TagQueue UntagQueue",
            "{prefix}*",
        ),
    ),
    "PrivateEndpoint": (
        *_SECURITY_GROUPS,
        Grant("ec2", "DescribePrefixLists DescribeVpcEndpoints"),
        Grant(
            "ec2",
            "CreateTags CreateVpcEndpoint DeleteTags DeleteVpcEndpoints ModifyVpcEndpoint",
            "security-group/* subnet/* vpc/* vpc-endpoint/*",
        ),
    ),
    "PrivateIngress": (
        Grant(
            "apprunner",
            "CreateVpcIngressConnection DeleteVpcIngressConnection DescribeVpcIngressConnection " + _TAGS,
            "vpcingressconnection/{prefix}*",
        ),
        Grant("ec2", "DescribeVpcEndpoints"),
    ),
    # One of its rules is in the region of the image.
    "RedeployOnPush": (Grant("events", _CHANGE_RULES, "rule/{prefix}*", "*:{account}"), *_MACHINES),
    "RedeployOnRotation": (_RULES, *_MACHINES),
    "ScalingProfile": (
        _PROFILES,
        Grant("apprunner", "ListAutoScalingConfigurations"),
        Grant("apprunner", "UpdateDefaultAutoScalingConfiguration", "autoscalingconfiguration/{prefix}*"),
    ),
    "ServiceMonitoring": (
        *_SCHEDULES,
        Grant("cloudwatch", "DeleteAlarms PutMetricAlarm " + _TAGS, "alarm:{prefix}*"),
        Grant("cloudwatch", "DescribeAlarms", "alarm:*"),
        Grant("cloudwatch", "DeleteDashboards GetDashboard PutDashboard", "dashboard/{prefix}*", ":{account}"),
        _RULES,
        Grant("logs", "DeleteQueryDefinition DescribeQueryDefinitions PutQueryDefinition"),
    ),
    "TrafficSplit": (
        Grant("cloudfront", "CreateDistribution CreateFunction CreateKeyValueStore"),
        # The creation of a distribution with tags requires CreateDistribution and TagResource. The ids of distributions
        # and stores contain no names.
        Grant(
            "cloudfront",
            "DeleteDistribution DeleteFunction DeleteKeyValueStore DescribeFunction DescribeKeyValueStore "
            "GetDistribution GetFunction PublishFunction UpdateDistribution UpdateFunction UpdateKeyValueStore "
            + _TAGS,
            "distribution/* function/{prefix}* key-value-store/*",
            ":{account}",
        ),
        Grant(
            "cloudfront-keyvaluestore",
            "DeleteKey DescribeKeyValueStore GetKey PutKey",
            "key-value-store/*",
            ":{account}",
            owner="cloudfront",
        ),
        # CloudFront checks it for the web ACL of a distribution.
        Grant("wafv2", "GetWebACL", "global/webacl/*", f"{cloudfront.REGION}:{{account}}"),
        # Before the weight changes, the services are looked up.
        Grant("apprunner", "DescribeService ListOperations", "service/{prefix}*"),
    ),
    "VpcEgress": (
        *_SECURITY_GROUPS,
        Grant(
            "apprunner",
            "CreateVpcConnector DeleteVpcConnector DescribeVpcConnector " + _TAGS,
            "vpcconnector/{prefix}*",
        ),
    ),
    "WebFirewall": (
        Grant("wafv2", "CreateWebACL UpdateWebACL", "regional/managedruleset/* regional/webacl/{prefix}*"),
        Grant(
            "wafv2",
            "DeleteLoggingConfiguration DeleteWebACL GetLoggingConfiguration GetWebACL PutLoggingConfiguration "
            + _TAGS,
            "regional/webacl/{prefix}*",
        ),
        Grant(
            "logs",
            "AssociateKmsKey CreateLogGroup DeleteLogGroup DeleteRetentionPolicy DisassociateKmsKey "
            "PutRetentionPolicy " + _TAGS,
            f"log-group:{LOG_GROUP_PREFIX}{{prefix}}*",
        ),
        Grant(
            "logs",
            "CreateLogDelivery DeleteLogDelivery DeleteQueryDefinition DescribeLogGroups DescribeQueryDefinitions "
            "DescribeResourcePolicies PutQueryDefinition PutResourcePolicy",
        ),
    ),
}
"""By component. SecretsBinding creates no resources."""

HOSTED_ZONES = "ChangeResourceRecordSets GetHostedZone ListResourceRecordSets"
"""The actions of Route 53 on the hosted zones of domains."""
CHANGES = Grant("route53", "GetChange", "change/*", ":")

PASSES_ROLES_TO: Mapping[str, Sequence[str]] = {
    "AppRunnerService": (PASSED_TO_SERVICE,),
    "LogRetention": (SCHEDULER_SERVICE,),
    "PauseSchedule": (SCHEDULER_SERVICE,),
    "RedeployOnPush": (EVENTS_SERVICE, STATES_SERVICE),
    "RedeployOnRotation": (EVENTS_SERVICE, STATES_SERVICE),
    "ServiceMonitoring": (SCHEDULER_SERVICE,),
}
"""The components that create roles, and the services to which they pass them."""

SERVICE_LINKED_ROLES: Mapping[str, tuple[str, str]] = {
    "AppRunnerService": ("apprunner.amazonaws.com", "AWSServiceRoleForAppRunner"),
    "VpcEgress": ("networking.apprunner.amazonaws.com", "AWSServiceRoleForAppRunnerNetworking"),
}
"""By component: the service and the role that AWS creates with the first such resource of an account.

Source: AWS's policy AWSAppRunnerFullAccess, and for the second one source.VPC_ACCESS.
"""

READ_ROLES = "GetRole GetRolePolicy ListAttachedRolePolicies ListInstanceProfilesForRole ListRolePolicies"
"""Without a condition."""
CHANGE_ROLES = (
    "AttachRolePolicy CreateRole DeleteRole DeleteRolePolicy DetachRolePolicy PutRolePermissionsBoundary PutRolePolicy "
    "UpdateAssumeRolePolicy UpdateRole"
)
"""With a condition on iam:PermissionsBoundary, which all of them support."""
TAG_ROLES = "TagRole UntagRole"
"""They support no such condition."""
POLICY_LENGTH = 10_240
"""Maximum length of all inline policies of a role, without white space
(https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html, read 2026-11-27)."""


def grants(components: Iterable[str]) -> Iterator[Grant]:
    """Yield the grants of components, each once."""
    yield from dict.fromkeys(grant for component in components for grant in GRANTS[component])


def names(grant_or_actions: Grant | str, service: str = "iam") -> list[str]:
    """Return actions with the prefix of their service."""
    if isinstance(grant_or_actions, Grant):
        return [f"{grant_or_actions.service}:{each}" for each in grant_or_actions.actions.split()]
    return [f"{service}:{each}" for each in grant_or_actions.split()]
