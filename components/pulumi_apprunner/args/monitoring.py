"""The arguments of ServiceMonitoring."""

from dataclasses import field
from typing import Annotated, Literal

from pydantic import StrictBool, StringConstraints, ValidationInfo, field_validator

from apprunner_facts import limits
from apprunner_facts.limits import Range
from apprunner_facts.source import LOGS, PAUSE
from pulumi_apprunner.args.alarm_defaults import problems_of, settings_of
from pulumi_apprunner.args.alarms import Alarms, Profile
from pulumi_apprunner.args.annotations import Bounds, Described
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.regions import check_topic
from pulumi_apprunner.args.schedule import PauseSettings, rhythm_in
from pulumi_apprunner.args.values import PolicyArn, ScheduleTags, ServiceArn, TopicArn

_RUNBOOK_LENGTH = 500
_ENABLE = Range(1, 720, 10, "minutes", PAUSE)
_SLOW = Range(1, None, 1000, "milliseconds", LOGS)


@args_type
class Events:
    """The events of App Runner that are notified. AWS delivers them by best effort."""

    failed_operations: StrictBool = True
    """Whether failed deployments, updates, pauses, resumes, creations and deletions are notified. Default: true."""

    domains: StrictBool = True
    """Whether each change in the validation of a custom domain is notified. Default: true."""


_FieldName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z_@][A-Za-z0-9_.@]*$", max_length=100),
    Described("a field's name: letters, digits and _ . @, not beginning with a digit or dot"),
]


@args_type
class SavedQueries:
    """Logs Insights queries on the application's log, for the console: errors, slow requests, and requests by path."""

    enabled: StrictBool = True
    """Whether the queries are saved. Default: true."""

    log_format: Literal["json", "plain"] = "plain"
    """`json`: each line is a JSON object with the fields below. `plain`: errors contain the word error, exception,
    traceback or fatal, durations end with ms, and requests have the form of an access log: "GET /path HTTP/1.1" 200.
    Default: plain."""

    level_field: _FieldName = "level"
    """The field of a JSON line with its level. Default: level."""

    path_field: _FieldName = "path"
    """The field of a JSON line with a request's path. Default: path."""

    status_field: _FieldName = "status"
    """The field of a JSON line with a response's status code. Default: status."""

    duration_field: _FieldName = "duration_ms"
    """The field of a JSON line with a request's duration in milliseconds. Default: duration_ms."""

    slow_ms: Annotated[int, Bounds(_SLOW)] = _SLOW.default
    """Milliseconds from which a request is slow, 1 or more. Default: 1000."""


@args_type
class MonitoringPause(PauseSettings):
    """When the service is paused, with the settings of its PauseSchedule. Meanwhile the alarms notify nobody."""

    enable_minutes_after_resume: Annotated[int, Bounds(_ENABLE)] | None = None
    """Minutes after a resume, 1 to 720, at which the alarms notify again, so that a start raises no alarm. With `cron`
    it is at cron.deploy, otherwise at cron.resume. Default: 10, or half of the shortest run if that is less."""

    @field_validator("enable_minutes_after_resume")
    @classmethod
    def _before_the_next_pause(cls, minutes: int | None, info: ValidationInfo) -> int | None:
        rhythm = rhythm_in(info.data) if info.data.get("running") else None
        if minutes is not None and rhythm is not None and minutes >= rhythm.shortest_run:
            raise invalid(
                f"must be less than {rhythm.shortest_run} minutes, the shortest run",
                "The alarms would notify during the next pause",
            )
        return minutes


def enable_minutes(pause: MonitoringPause) -> int:
    """Return the minutes after a resume at which the alarms notify again."""
    rhythm = rhythm_in(vars(pause))
    if pause.enable_minutes_after_resume is not None or rhythm is None:
        return pause.enable_minutes_after_resume or _ENABLE.default
    return max(1, min(_ENABLE.default, rhythm.shortest_run // 2))


@args_type
class MonitoringSettings:
    """How a service is monitored."""

    profile: Profile | None = None
    """The defaults of the alarms. `production`: low thresholds, all alarms except no_requests. `staging`: high
    thresholds, and no alarms on 4xx responses, capacity and CPU. docs/alarms.md lists both. Default: production; in a
    Fleet staging, unless its `environment` means production."""

    alarms: Alarms = field(default_factory=Alarms)
    """Settings of single alarms. Default: those of the profile."""

    max_size: Annotated[int, Bounds(limits.MAX_SIZE)] | None = None
    """The maximum of the service's scaling profile, 1 or more: the default threshold of the alarm on active instances,
    which requires it. With 1 this alarm does not exist, since one active instance is normal. Default: none."""

    events: Events = field(default_factory=Events)
    """The events that are notified besides the alarms. Default: failed operations, and changes of custom domains."""

    dashboard: StrictBool | None = None
    """Whether to create a dashboard with requests, latency, instances, alarms and errors. AWS charges for more than
    three dashboards of an account. Default: true for the profile production, otherwise false."""

    queries: SavedQueries = field(default_factory=SavedQueries)
    """Saved queries on the application's log. Default: three queries for plain text."""

    permissions_boundary: In[PolicyArn] | None = None
    """The permissions boundary of the schedules' role. Default: none."""

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


@args_type
class ServiceMonitoringArgs(MonitoringSettings):
    """The arguments of a ServiceMonitoring."""

    service_arn: In[ServiceArn]
    """The ARN of the service. Its name and id, which the metrics have as dimensions, are parts of it."""

    topic_arn: In[TopicArn]
    """The SNS topic that is notified: NotificationTopic.arn, or another standard topic in the service's region whose
    policy allows cloudwatch.amazonaws.com and events.amazonaws.com to publish."""

    pause: MonitoringPause | None = None
    """When the service is paused: schedules disable the alarms' notifications at a pause, and enable them after the
    resume. Default: never."""

    tags: ScheduleTags = field(default_factory=dict[str, str])
    """Tags of all resources that support tags, without empty values, which EventBridge Scheduler rejects. Do not store
    secrets in tags: pulumi-aws keeps them in plain text in the state. Default: none."""

    _topic_is_in_the_services_region = field_validator("topic_arn")(check_topic)

    @field_validator("max_size")
    @classmethod
    def _is_required_for_active_instances(cls, max_size: int | None, info: ValidationInfo) -> int | None:
        if not {"profile", "alarms"} <= info.data.keys():
            return max_size
        alarm = settings_of(info.data["alarms"], info.data["profile"], max_size)["active_instances"]
        if alarm.enabled and alarm.threshold is None and max_size in (None, 1):
            raise invalid(
                "must be 2 or more for the alarm on active instances",
                "Set it to the maximum of the service's scaling profile, or set alarms.active_instances.enabled to "
                "False",
                got="none" if max_size is None else None,
            )
        return max_size
