"""The numbers between which AWS takes a value."""

from dataclasses import dataclass

from apprunner_facts import source
from apprunner_facts.source import Source


@dataclass(frozen=True, slots=True)
class Range:
    """A whole number's least and greatest value, and what AWS takes where none is given.

    `most` is None where AWS's own model has no maximum; a default quota, which AWS raises on request, is no maximum.
    """

    least: int
    most: int | None
    default: int
    unit: str
    source: Source

    def __contains__(self, number: float) -> bool:
        """Return whether a number is within the bounds."""
        return self.least <= number and (self.most is None or number <= self.most)

    def __str__(self) -> str:
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"


MIN_SIZE = Range(1, 25, 1, "instances", source.CREATE_AUTO_SCALING_CONFIGURATION)
MAX_SIZE = Range(1, None, 25, "instances", source.CREATE_AUTO_SCALING_CONFIGURATION)
"""The API's model and pulumi-aws 7 have no maximum, in contrast to minSize's 25."""
MAX_SIZE_QUOTA = 25
"""An account's default quota for maxSize, which AWS Support raises on request (reported: source.MAX_SIZE_QUOTA)."""
MAX_CONCURRENCY = Range(1, 200, 100, "requests at a time per instance", source.CREATE_AUTO_SCALING_CONFIGURATION)

HEALTH_CHECK_INTERVAL = Range(1, 20, 5, "seconds", source.HEALTH_CHECK_CONFIGURATION)
HEALTH_CHECK_TIMEOUT = Range(1, 20, 2, "seconds", source.HEALTH_CHECK_CONFIGURATION)
HEALTHY_THRESHOLD = Range(1, 20, 1, "checks in a row", source.HEALTH_CHECK_CONFIGURATION)
UNHEALTHY_THRESHOLD = Range(1, 20, 5, "checks in a row", source.HEALTH_CHECK_CONFIGURATION)

PORT = Range(1, 65535, 8080, "TCP port", source.IMAGE_CONFIGURATION)

CUSTOM_DOMAINS_PER_SERVICE = 5
"""A limit, not a quota: AWS's guide says "up to five" (source.CUSTOM_DOMAINS), and no way to raise it is known.

Requests for one are open (reported: github.com/aws/apprunner-roadmap issues 94, 156 and 249, read 2026-11-26).
"""

VARIABLE_LENGTH = 51_200
"""Characters of an environment variable's name and of its value (source.IMAGE_CONFIGURATION)."""
SECRET_LENGTH = 2_048
"""Characters of a secret's environment name and of its reference (source.IMAGE_CONFIGURATION)."""

SOURCE_DIRECTORY_LENGTH = 4_096
"""Characters (source.CODE_REPOSITORY)."""

TAG_KEY_LENGTH = 128
"""Characters (source.CREATE_SERVICE)."""
TAG_VALUE_LENGTH = 256
"""Characters; 0 are allowed (source.CREATE_SERVICE), except by EventBridge Scheduler (TagResource, TagValue)."""

DOMAIN_LENGTH = 253
"""Characters of a domain's name in text, as DNS has it (RFC 1035, without the last dot)."""
TTL = Range(0, 2_147_483_647, 300, "seconds", source.RESOURCE_RECORD_SET)
"""For how long resolvers keep a record; the default is ours."""

VALIDATION_RECORDS = 2
"""DNS records that validate a custom domain's certificate; www, where it is served too, has one more.

AWS promises one or more; pulumi-aws's documentation gives these numbers, and so do all deployments that were found.
"""

RELEASE_SECONDS = 120
"""Seconds within which App Runner releases a connector, a scaling or an observability configuration from a service that
was deleted or has moved (reported, not documented: source.RELEASE)."""

SCHEDULE_EVENT_AGE = (60, 86_400)
"""Seconds for which EventBridge Scheduler may go on trying one event (CreateSchedule, RetryPolicy)."""
SCHEDULE_RETRIES = (0, 185)
"""How often EventBridge Scheduler may try one event again (CreateSchedule, RetryPolicy)."""

QUEUE_RETENTION = 14 * 24 * 60 * 60
"""Seconds for which a queue keeps a message at the most (SetQueueAttributes, MessageRetentionPeriod)."""
