"""The sources of the facts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """A document that states a fact: its URL and the day it was read."""

    url: str
    read: date


def _api(page: str) -> Source:
    return Source(f"https://docs.aws.amazon.com/apprunner/latest/api/{page}.html", date(2026, 11, 23))


def _guide(page: str) -> Source:
    return Source(f"https://docs.aws.amazon.com/apprunner/latest/dg/{page}.html", date(2026, 11, 23))


def _config_rule(name: str) -> Source:
    """Return the page of a managed rule of AWS Config."""
    return Source(f"https://docs.aws.amazon.com/config/latest/developerguide/{name}.html", date(2026, 11, 27))


CREATE_AUTO_SCALING_CONFIGURATION = _api("API_CreateAutoScalingConfiguration")
MAX_SIZE_QUOTA = Source("https://github.com/aws/apprunner-roadmap/issues/67", date(2026, 11, 26))
CREATE_OBSERVABILITY_CONFIGURATION = _api("API_CreateObservabilityConfiguration")
CREATE_SERVICE = _api("API_CreateService")
HEALTH_CHECK_CONFIGURATION = _api("API_HealthCheckConfiguration")
IMAGE_REPOSITORY = _api("API_ImageRepository")
IMAGE_CONFIGURATION = _api("API_ImageConfiguration")
CODE_REPOSITORY = _api("API_CodeRepository")
CODE_CONFIGURATION_VALUES = _api("API_CodeConfigurationValues")
ENCRYPTION_CONFIGURATION = _api("API_EncryptionConfiguration")
NETWORK_CONFIGURATION = _api("API_NetworkConfiguration")
EGRESS_CONFIGURATION = _api("API_EgressConfiguration")
CREATE_VPC_CONNECTOR = _api("API_CreateVpcConnector")
SOURCE_CONFIGURATION = _api("API_SourceConfiguration")
AUTHENTICATION_CONFIGURATION = _api("API_AuthenticationConfiguration")

CUSTOM_DOMAINS = _guide("manage-custom-domains")
ENVIRONMENT_VARIABLES = _guide("env-variable-manage")
LOGS = _guide("monitor-cwl")
X_RAY = _guide("monitor-xray")
VPC_ACCESS = _guide("network-vpc")
PAUSE = _guide("manage-pause")
IAM = _guide("security_iam_service-with-iam")
METRICS = _guide("monitor-cw")
EVENTS = _guide("monitor-ev")
AVAILABILITY = _guide("apprunner-availability-change")
CODE_SOURCE = _guide("service-source-code")
IMAGE_SOURCE = _guide("service-source-image")
PRIVATE_ENDPOINTS = _guide("network-pl")
PRIVATE_ENDPOINTS_MANAGED = _guide("network-pl-manage")

RESERVED_NAMES = Source("https://www.pulumi.com/registry/packages/aws/api-docs/apprunner/service/", date(2026, 11, 23))
CPU_AND_MEMORY_PAIRS = Source(
    "https://docs.aws.amazon.com/cdk/api/v2/docs/@aws-cdk_aws-apprunner-alpha.Memory.md", date(2026, 11, 23)
)
ENDPOINTS = Source("https://docs.aws.amazon.com/general/latest/gr/apprunner.html", date(2026, 11, 23))
PRICING = Source("https://aws.amazon.com/apprunner/pricing/", date(2026, 11, 23))
RESOURCE_RECORD_SET = Source(
    "https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html", date(2026, 11, 23)
)
RELEASE = Source(
    "https://github.com/alchemy-run/alchemy/blob/main/packages/alchemy/src/AWS/AppRunner/VpcConnector.ts",
    date(2026, 11, 26),
)
"""Another provider, tested on AWS. It retries for two minutes after the service is deleted."""
SCHEDULER = Source("https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html", date(2026, 11, 24))
SECRET_AS_PARAMETER = Source(
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/integration-ps-secretsmanager.html",
    date(2026, 11, 26),
)
SCHEDULER_TARGETS = Source(
    "https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html", date(2026, 11, 26)
)
GITHUB_OIDC = Source(
    "https://docs.github.com/en/actions/how-tos/security-for-github-actions/security-hardening-your-deployments/"
    "configuring-openid-connect-in-amazon-web-services",
    date(2026, 11, 24),
)
GITHUB_CLAIMS = Source("https://docs.github.com/en/actions/reference/security/oidc", date(2026, 11, 26))
KMS_VIA_SERVICE = Source(
    "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service",
    date(2026, 11, 26),
)
QUEUE_KEYS = Source(
    "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html",
    date(2026, 11, 26),
)
START_COMMAND_WITHOUT_SHELL = Source("https://github.com/aws/apprunner-roadmap/issues/180", date(2026, 11, 26))
"""Reported by a user, with the command and its output. AWS does not document it."""
ASSOCIATE_WEB_ACL = Source(
    "https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html", date(2026, 11, 24)
)
SECURITY_GROUP = Source("https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/", date(2026, 11, 24))
"""The note on egress rules: pulumi-aws removes the rule for all traffic that AWS adds to a new group."""
ROLE_NAMES = Source("https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html", date(2026, 11, 26))
SECURITY_GROUP_NAMES = Source(
    "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html", date(2026, 11, 26)
)
PUT_METRIC_ALARM = Source(
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html", date(2026, 11, 26)
)
METRICS_INSIGHTS_ALARMS = Source(
    "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html", date(2026, 11, 26)
)
ALARM_ACTIONS = Source(
    "https://docs.aws.amazon.com/config/latest/developerguide/cloudwatch-alarm-action-check.html", date(2026, 11, 27)
)
CLOUDWATCH_ALARM_TOPIC = Source(
    "https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger", date(2026, 11, 26)
)
"""The statement with which CloudWatch may publish to a topic, limited to alarms by aws:SourceArn."""
EVENTBRIDGE_TOPIC = Source(
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html", date(2026, 11, 26)
)
"""A topic's policy must not contain conditions for EventBridge, which then does not deliver its events."""
EVENT_TYPES = Source("https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-apprunner.html", date(2026, 11, 26))
PUT_RETENTION_POLICY = Source(
    "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
    date(2026, 11, 26),
)
IN_VPC_RULE = _config_rule("apprunner-service-in-vpc")
NO_PUBLIC_ACCESS_RULE = _config_rule("apprunner-service-no-public-access")
"""Its page describes the violation as IsPubliclyAccessible false, which contradicts its name and first sentence."""
OBSERVABILITY_RULE = _config_rule("apprunner-service-observability-enabled")
UNHEALTHY_THRESHOLD_RULE = _config_rule("apprunner-service-max-unhealthy-threshold")
SECRET_EVENTS = Source(
    "https://docs.aws.amazon.com/secretsmanager/latest/userguide/secret-event-notifications.html", date(2026, 11, 27)
)
PARAMETER_EVENTS = Source(
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html", date(2026, 11, 27)
)
EXECUTION_EVENTS = Source(
    "https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html", date(2026, 11, 27)
)
SDK_INTEGRATIONS = Source(
    "https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html", date(2026, 11, 27)
)
"""A state machine's tasks that call an AWS API: the form of their ARNs, and App Runner among the supported services."""
STATE_MACHINE_TRUST = Source(
    "https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html", date(2026, 11, 27)
)
"""The trust policy of a state machine's role, limited by aws:SourceArn."""
RULE_TRUST = Source(
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/cross-service-confused-deputy-prevention.html",
    date(2026, 11, 27),
)
"""For the targets of a rule, aws:SourceArn is the rule's ARN."""
IAM_QUOTAS = Source("https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html", date(2026, 11, 27))
"""Not read itself: its quota for trust policies, 2,048 characters that can be raised to 8,192, is quoted by
https://sph.sh/en/posts/iam-policies-roles-at-scale-aws-limits/ (reported)."""
RULE_TARGETS = Source(
    "https://repost.aws/knowledge-center/sns-not-getting-eventbridge-notification", date(2026, 11, 27)
)
"""The targets of a rule must be in its region."""
ECR_EVENTS = Source("https://docs.aws.amazon.com/AmazonECR/latest/userguide/ecr-eventbridge.html", date(2026, 11, 27))
EVENT_FORWARDING = Source(
    "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html", date(2026, 11, 27)
)
"""A rule can send events to the event bus of another region, under a role."""


def _waf(page: str) -> Source:
    return Source(f"https://docs.aws.amazon.com/waf/latest/developerguide/{page}.html", date(2026, 11, 27))


BASELINE_RULE_GROUPS = _waf("aws-managed-rule-groups-baseline")
IP_RULE_GROUPS = _waf("aws-managed-rule-groups-ip-rep")
USE_CASE_RULE_GROUPS = _waf("aws-managed-rule-groups-use-case")
"""The names of the rules in the groups are those of the guide's last public source text (2023-06-15)."""
RATE_BASED_RULE = _waf("waf-rule-statement-type-rate-based")
STRING_MATCH = _waf("waf-rule-statement-type-string-match")
WCU = _waf("aws-waf-capacity-units")
WAF_LOGGING = Source(
    "https://docs.aws.amazon.com/waf/latest/APIReference/API_LoggingConfiguration.html", date(2026, 11, 27)
)
RULE_ACTION_OVERRIDE = Source(
    "https://docs.aws.amazon.com/waf/latest/APIReference/API_RuleActionOverride.html", date(2026, 11, 27)
)
"""AWS WAF ignores an override of a managed group's rule whose name does not exist."""
WAF_PRIVATE_SERVICES = Source("https://docs.aws.amazon.com/apprunner/latest/dg/waf.html", date(2026, 11, 27))
"""Rules on source addresses do not work for private services."""


def _cloudfront(page: str) -> Source:
    return Source(f"https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/{page}.html", date(2026, 11, 27))


ORIGIN_MODIFICATION = _cloudfront("helper-functions-origin-modification")
"""selectRequestOriginById, in runtime 2.0 and for viewer requests only; its second parameter sets the header Host."""
KEY_VALUE_STORES = _cloudfront("functions-custom-methods")
FUNCTION_EVENTS = _cloudfront("functions-event-structure")
"""The request in both events is the one of the viewer; requestId identifies a request and its response."""
EDGE_FUNCTIONS = _cloudfront("edge-function-restrictions-all")
"""No function runs for a response with the status 400 or higher; headers that functions must not set."""
CLOUDFRONT_QUOTAS = _cloudfront("cloudfront-limits")
CACHE_POLICIES = _cloudfront("using-managed-cache-policies")
ORIGIN_REQUEST_POLICIES = _cloudfront("using-managed-origin-request-policies")
CLOUDFRONT_CERTIFICATES = _cloudfront("cnames-and-https-requirements")
ORIGIN_HEADERS = _cloudfront("add-origin-custom-headers")
"""A header that CloudFront adds replaces the viewer's."""
CLOUDFRONT_ENDPOINTS = Source("https://docs.aws.amazon.com/general/latest/gr/cf_region.html", date(2026, 11, 27))
