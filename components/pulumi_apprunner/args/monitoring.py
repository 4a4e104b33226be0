"""The arguments of ServiceMonitoring."""

from dataclasses import field
from typing import Annotated

from pydantic import StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import limits
from pulumi_apprunner.args.alarm_defaults import problems_of, settings_of
from pulumi_apprunner.args.alarms import Alarms, Profile
from pulumi_apprunner.args.annotations import Bounds, Described
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.values import ServiceArn, Tags, TopicArn

_RUNBOOK_LENGTH = 500


@args_type
class Events:
    """The events of App Runner that are notified. AWS delivers them by best effort."""

    failed_operations: StrictBool = True
    """Whether failed deployments, updates, pauses, resumes, creations and deletions are notified. Default: true."""

    domains: StrictBool = True
    """Whether each change in the validation of a custom domain is notified. Default: true."""


@args_type
class MonitoringSettings:
    """How a service is monitored."""

    profile: Profile = "production"
    """The defaults of the alarms. `production`: low thresholds, all alarms except no_requests. `staging`: high
    thresholds, and no alarms on 4xx responses, capacity and CPU. docs/alarms.md lists both. Default: production."""

    alarms: Alarms = field(default_factory=Alarms)
    """Settings of single alarms. Default: those of the profile."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] | None = None
    """The maximum of the service's scaling profile, 1 or more: the default threshold of the alarm on active instances,
    which requires it. That alarm needs 2 or more, since one active instance is normal. Default: none."""

    events: Events = field(default_factory=Events)
    """The events that are notified besides the alarms. Default: failed operations, and changes of custom domains."""

    notify_on_recovery: StrictBool = True
    """Whether an alarm that returns to OK also sends a notification. Default: true."""

    runbook_url: (
        Annotated[
            str,
            StringConstraints(pattern=r"^https://\S+$", max_length=_RUNBOOK_LENGTH),
            Described("a URL that begins with https:// and contains no spaces"),
        ]
        | None
    ) = None
    """The page that the alarms' descriptions refer to, with the alarm's name as its anchor: `#server-errors`. Default:
    none; they name docs/alarms.md of this library."""

    @field_validator("alarms")
    @classmethod
    def _fit_the_profile(cls, alarms: Alarms, info: ValidationInfo) -> Alarms:
        if "profile" in info.data:
            problems = problems_of(settings_of(alarms, info.data["profile"]))
            if problems:
                raise invalid_paths({("alarms", *path): message for path, message in problems.items()})
        return alarms

    @field_validator("max_size")
    @classmethod
    def _is_required_for_active_instances(cls, max_size: int | None, info: ValidationInfo) -> int | None:
        if not {"profile", "alarms"} <= info.data.keys():
            return max_size
        alarm = settings_of(info.data["alarms"], info.data["profile"])["active_instances"]
        if alarm.enabled and alarm.threshold is None and max_size in (None, 1):
            raise invalid(
                "must be 2 or more for the alarm on active instances",
                "Set it to the maximum of the service's scaling profile, or set alarms.active_instances.enabled to "
                "False",
                got="none" if max_size is None else None,
            )
        return max_size


@args_type
class ServiceMonitoringArgs(MonitoringSettings):
    """The arguments of a ServiceMonitoring."""

    service_arn: In[ServiceArn]
    """The ARN of the service. Its name and id, which the metrics have as dimensions, are parts of it."""

    topic_arn: In[TopicArn]
    """The SNS topic that is notified: NotificationTopic.arn, or another standard topic in the service's region whose
    policy allows cloudwatch.amazonaws.com and events.amazonaws.com to publish."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags. Do not store secrets in tags: pulumi-aws keeps them in plain text in the
    state. Default: none."""
