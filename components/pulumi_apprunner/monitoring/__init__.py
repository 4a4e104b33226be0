"""The monitoring of a service: its alarms."""

from pulumi_apprunner.monitoring.component import ServiceMonitoring

__all__ = ["ServiceMonitoring"]
