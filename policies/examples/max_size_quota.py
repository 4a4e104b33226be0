import pulumi_aws as aws


def bad() -> None:
    aws.apprunner.AutoScalingConfigurationVersion(
        "api", auto_scaling_configuration_name="orders-api", min_size=1, max_size=100
    )


def good() -> None:
    aws.apprunner.AutoScalingConfigurationVersion(
        "api", auto_scaling_configuration_name="orders-api", min_size=1, max_size=25
    )
