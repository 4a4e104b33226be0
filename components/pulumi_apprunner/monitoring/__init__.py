"""The monitoring of a service: its alarms and events."""

from pulumi_apprunner.monitoring.component import ServiceMonitoring

__all__ = ["ServiceMonitoring"]
