"""The Terraform provider's own example of an auto scaling configuration."""

import pulumi_aws as aws

ORIGIN = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_aut"
    "o_scaling_configuration_version.html.markdown"
)


def program() -> None:
    aws.apprunner.AutoScalingConfigurationVersion(
        "example",
        auto_scaling_configuration_name="example",
        max_concurrency=50,
        max_size=10,
        min_size=2,
        tags={"Name": "example-apprunner-autoscaling"},
    )
