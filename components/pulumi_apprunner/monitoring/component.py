"""The monitoring of a service."""

from collections.abc import Mapping

import pulumi
from pulumi import Output, ResourceOptions

from apprunner_facts.arns import ServiceIdentity, parse_service_arn
from apprunner_facts.observability import LOG_GROUP
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import as_output, validate
from pulumi_apprunner.args.dicts import ServiceMonitoringArgsDict
from pulumi_apprunner.args.monitoring import ServiceMonitoringArgs
from pulumi_apprunner.monitoring.alarms import create_alarms
from pulumi_apprunner.monitoring.dashboard import create_dashboard
from pulumi_apprunner.monitoring.events import create_event_rules
from pulumi_apprunner.monitoring.queries import create_queries
from pulumi_apprunner.monitoring.schedules import create_schedules
from pulumi_apprunner.regions import require_topic_region


class ServiceMonitoring(pulumi.ComponentResource):
    """The alarms and event rules of a service, which notify a topic, its dashboard and saved queries.

    ```python
    team = Subscription(protocol="email", endpoint="on-call@example.com")
    topic = NotificationTopic("on-call", NotificationTopicArgs(subscriptions={"team": team}))
    ServiceMonitoring(
        "orders-monitoring",
        ServiceMonitoringArgs(
            service_arn=api.arn,
            topic_arn=topic.arn,
            max_size=10,
            alarms=Alarms(latency=Alarm(threshold=800), no_requests=Alarm(enabled=True)),
        ),
    )
    ```

    The alarms on CPU and memory are Metrics Insights queries for the busiest instance, because AWS documents no
    dimension of single instances. They evaluate three hours at most, and an account has a default quota of 200 per
    region.

    Two EventBridge rules notify of failed operations, such as a deployment or a scheduled pause, and of changes of
    custom domains.

    With `pause`, schedules disable the alarms' notifications at a pause and enable them after the resume. A composite
    alarm with a suppressor would need a metric of a paused service, which App Runner does not have.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service, the topic and the alarms: ServiceMonitoringArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    alarm_arns: Mapping[str, Output[str]]
    """The ARNs of the alarms, by their names in Alarms, such as server_errors; disabled ones are omitted."""
    dashboard_name: Output[str] | None
    """The name of the dashboard; None without one."""

    def __init__(
        self, name: str, args: ServiceMonitoringArgs | ServiceMonitoringArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of ServiceMonitoring.
        """
        args = validate(ServiceMonitoringArgs, "ServiceMonitoring", name, args)
        super().__init__("apprunner:index:ServiceMonitoring", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        args.topic_arn = require_topic_region("ServiceMonitoring", name, args.topic_arn, args.service_arn)
        child = ResourceOptions(parent=self)
        service = as_output(args.service_arn).apply(lambda arn: parse_service_arn(arn or ""))

        alarms = create_alarms(name, args, service, child)
        advice.warn_about_insights_alarms(self, len(alarms.keys() & {"cpu", "memory"}))

        create_event_rules(name, args, child)
        self.alarm_arns = {key: alarm.arn for key, alarm in alarms.items()}
        self.dashboard_name = create_dashboard(name, args, [*self.alarm_arns.values()], child)
        create_queries(name, args.queries, service.apply(_application_log_group), child)
        create_schedules(name, args, [*alarms.values()], child)

        self.register_outputs({"alarmArns": self.alarm_arns, "dashboardName": self.dashboard_name})


def _application_log_group(service: ServiceIdentity) -> str:
    return LOG_GROUP.format(service_name=service.name, service_id=service.id, kind="application")
