"""The ranges and lengths that AWS accepts."""

from dataclasses import dataclass

from apprunner_facts import source
from apprunner_facts.source import Source


@dataclass(frozen=True, slots=True)
class Range:
    """The minimum, maximum and default of a whole number.

    `maximum` is None if AWS's API model has none. A default quota, which AWS raises on request, is not a maximum.
    """

    minimum: int
    maximum: int | None
    default: int
    unit: str
    source: Source

    def __contains__(self, number: float) -> bool:
        """Return whether a number is within the bounds."""
        return self.minimum <= number and (self.maximum is None or number <= self.maximum)

    def __str__(self) -> str:
        return f"{self.minimum} or more" if self.maximum is None else f"{self.minimum} to {self.maximum}"


MIN_SIZE = Range(1, 25, 1, "instances", source.CREATE_AUTO_SCALING_CONFIGURATION)
MAX_SIZE = Range(1, None, 25, "instances", source.CREATE_AUTO_SCALING_CONFIGURATION)
"""The API model and pulumi-aws 7 have no maximum. For minSize only the API model has one, 25."""
MAX_SIZE_QUOTA = 25
"""An account's default quota for maxSize. AWS Support raises it on request (reported: source.MAX_SIZE_QUOTA)."""
SCALING_NAMES_QUOTA, SCALING_REVISIONS_QUOTA = 10, 5
"""An account's default quotas for names of scaling configurations in a region, and for active revisions of a name
(https://docs.aws.amazon.com/apprunner/latest/dg/manage-autoscaling.html, read 2026-11-26)."""
MAX_CONCURRENCY = Range(1, 200, 100, "requests at a time per instance", source.CREATE_AUTO_SCALING_CONFIGURATION)

HEALTH_CHECK_INTERVAL = Range(1, 20, 5, "seconds", source.HEALTH_CHECK_CONFIGURATION)
HEALTH_CHECK_TIMEOUT = Range(1, 20, 2, "seconds", source.HEALTH_CHECK_CONFIGURATION)
HEALTHY_THRESHOLD = Range(1, 20, 1, "checks in a row", source.HEALTH_CHECK_CONFIGURATION)
UNHEALTHY_THRESHOLD = Range(1, 20, 5, "checks in a row", source.HEALTH_CHECK_CONFIGURATION)

PORT = Range(1, 65535, 8080, "TCP port", source.IMAGE_CONFIGURATION)

CUSTOM_DOMAINS_PER_SERVICE = 5
"""A limit, not a quota: "up to five" in AWS's guide (source.CUSTOM_DOMAINS). No way to raise it is documented.

Feature requests for more are open (reported: github.com/aws/apprunner-roadmap issues 94, 156, 249, read 2026-11-26).
"""

VARIABLE_LENGTH = 51_200
"""Maximum length of an environment variable's name and of its value (source.IMAGE_CONFIGURATION)."""
SECRET_LENGTH = 2_048
"""Maximum length of a secret's variable name and of its reference (source.IMAGE_CONFIGURATION)."""

SOURCE_DIRECTORY_LENGTH = 4_096
"""Maximum length in characters (source.CODE_REPOSITORY)."""

TAG_KEY_LENGTH = 128
"""Maximum length in characters (source.CREATE_SERVICE)."""
TAG_VALUE_LENGTH = 256
"""Maximum length in characters. Empty values are allowed (source.CREATE_SERVICE), but not by EventBridge Scheduler
(TagResource, TagValue)."""

DOMAIN_LENGTH = 253
"""Maximum length of a domain name, without the trailing dot (RFC 1035)."""
TTL = Range(0, 2_147_483_647, 300, "seconds", source.RESOURCE_RECORD_SET)
"""How long resolvers cache a record. The default is this library's."""
HEALTH_CHECKED_TTL = 60
"""Maximum seconds that AWS recommends for a record with a health check (source.RESOURCE_RECORD_SET, TTL)."""
RECORD_WEIGHT = Range(0, 255, 100, "relative to the other records of the name", source.RESOURCE_RECORD_SET)
"""The weight of a weighted record. It has no default in AWS."""
SET_IDENTIFIER_LENGTH = 128
"""Maximum length of the identifier of a record with a routing policy (source.RESOURCE_RECORD_SET)."""
HEALTH_CHECK_ID_LENGTH = 64
"""Maximum length of a health check's id (source.RESOURCE_RECORD_SET)."""

VALIDATION_RECORDS = 2
"""The number of DNS records that validate a custom domain's certificate. With www there is one more.

AWS documents one or more. pulumi-aws's documentation has these numbers, and all published deployments that we read
agree.
"""

RELEASE_SECONDS = 120
"""Seconds after which App Runner releases a connector, a scaling or an observability configuration that a service no
longer uses (reported, not documented: source.RELEASE)."""

SCHEDULE_EVENT_AGE = (60, 86_400)
"""Minimum and maximum age of an event, in seconds, that EventBridge Scheduler retries (CreateSchedule, RetryPolicy)."""
SCHEDULE_RETRIES = (0, 185)
"""Minimum and maximum number of retries in EventBridge Scheduler (CreateSchedule, RetryPolicy)."""

QUEUE_RETENTION = 14 * 24 * 60 * 60
"""Maximum seconds for which a queue keeps a message (SetQueueAttributes, MessageRetentionPeriod)."""

ALARM_PERIOD_STEP = 60
"""The period of an alarm on AWS's own metrics is a multiple of this, in seconds (source.PUT_METRIC_ALARM)."""
ALARM_PERIODS = Range(1, None, 3, "periods", source.PUT_METRIC_ALARM)
ALARM_SECONDS = 86_400
"""Maximum seconds that an alarm evaluates, if its period is shorter than an hour (source.PUT_METRIC_ALARM)."""

EVENT_AGE = 86_400
"""Maximum age, in seconds, of an event that EventBridge retries to deliver (PutTargets, RetryPolicy)."""
EVENT_RETRIES = 185
"""Maximum number of retries in EventBridge (PutTargets, RetryPolicy)."""
EVENT_PATTERN_LENGTH = 4_096
"""Maximum length of a rule's event pattern (PutRule, EventPattern)."""

TRUST_POLICY_QUOTA = 2_048
"""An account's default quota for the characters of a role's trust policy, without white space (source.IAM_QUOTAS)."""

LOG_RETENTION_DAYS = (
    1,
    3,
    5,
    7,
    14,
    30,
    60,
    90,
    120,
    150,
    180,
    365,
    400,
    545,
    731,
    1096,
    1827,
    2192,
    2557,
    2922,
    3288,
    3653,
)
"""The retentions of a log group in days (source.PUT_RETENTION_POLICY)."""
