"""TrafficSplit: two services behind one host and one number."""

from pulumi_apprunner.split.component import TrafficSplit

__all__ = ["TrafficSplit"]
