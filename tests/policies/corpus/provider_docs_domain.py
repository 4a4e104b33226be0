"""The Terraform provider's own example of a custom domain, of a service elsewhere."""

import pulumi_aws as aws

ORIGIN = (
    "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_cus"
    "tom_domain_association.html.markdown"
)


def program() -> None:
    aws.apprunner.CustomDomainAssociation(
        "example",
        domain_name="example.com",
        service_arn="arn:aws:apprunner:us-east-1:123456789012:service/example/0a03292a89764e5882c41d8f991c82fe",
    )
