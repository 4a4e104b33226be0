"""The schedules of a monitored service: its alarms notify nobody during a pause."""

import json
from collections.abc import Iterator, Sequence

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.schedules import CLOUDWATCH
from pulumi_apprunner import iam
from pulumi_apprunner.args.monitoring import MonitoringPause, ServiceMonitoringArgs, enable_minutes
from pulumi_apprunner.scheduler import ScheduledCall, create_scheduled_calls, scheduled_events


def create_schedules(
    name: str, args: ServiceMonitoringArgs, alarms: "Sequence[aws.cloudwatch.MetricAlarm]", opts: ResourceOptions
) -> None:
    """Create the schedules that disable the alarms' actions at each pause and enable them after each resume."""
    if args.pause is None or not alarms:
        return
    policy = Output.all(*(alarm.arn for alarm in alarms)).apply(_policy)
    create_scheduled_calls(name, [*_calls(args.pause, alarms)], policy, args, opts)


def _calls(pause: MonitoringPause, alarms: "Sequence[aws.cloudwatch.MetricAlarm]") -> Iterator[ScheduledCall]:
    input: Output[str] = Output.all(*(alarm.name for alarm in alarms)).apply(
        lambda known: json.dumps({"AlarmNames": known})
    )
    events = scheduled_events(pause, enable_minutes(pause))
    enables = "deploy" if any(event.kind == "deploy" for event in events) else "resume"
    for event in events:
        if event.kind in ("pause", enables):
            operation = "disableAlarmActions" if event.kind == "pause" else "enableAlarmActions"
            schedule = event.name.replace(event.kind, "disable-alarms" if event.kind == "pause" else "enable-alarms")
            yield ScheduledCall(schedule, event.cron, pause.timezone, pause.enabled, CLOUDWATCH, operation, input)


def _policy(alarm_arns: Sequence[str]) -> str:
    """Return the role's policy: the calls, on the alarms only."""
    return iam.document([iam.allow(["cloudwatch:DisableAlarmActions", "cloudwatch:EnableAlarmActions"], alarm_arns)])
