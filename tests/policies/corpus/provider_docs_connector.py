"""The Terraform provider's own example of a VPC connector."""

import pulumi_aws as aws

ORIGIN = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_vpc_connector.html.markdown"
)


def program() -> None:
    aws.apprunner.VpcConnector(
        "connector", vpc_connector_name="name", subnets=["subnet1", "subnet2"], security_groups=["sg1", "sg2"]
    )
