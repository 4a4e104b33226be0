"""The type tokens of the resources that are read here, as pulumi-aws has them in every language."""

SERVICE = "aws:apprunner/service:Service"
AUTO_SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
DEFAULT_AUTO_SCALING = "aws:apprunner/defaultAutoScalingConfigurationVersion:DefaultAutoScalingConfigurationVersion"
SCHEDULE = "aws:scheduler/schedule:Schedule"
