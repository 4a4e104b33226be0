"""The Terraform provider's own example of a service from a public image."""

import pulumi_aws as aws

ORIGIN = "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_service.html.markdown"


def program() -> None:
    aws.apprunner.Service(
        "example",
        service_name="example",
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "public.ecr.aws/jg/hello:latest",
                "image_repository_type": "ECR_PUBLIC",
            },
        },
        tags={"Name": "example-apprunner-service"},
    )
