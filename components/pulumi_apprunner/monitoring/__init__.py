"""The monitoring of a service: its alarms, events, dashboard, saved queries and schedules."""

from pulumi_apprunner.monitoring.component import ServiceMonitoring

__all__ = ["ServiceMonitoring"]
