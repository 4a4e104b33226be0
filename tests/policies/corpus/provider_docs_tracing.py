"""The Terraform provider's own example of a service that is traced."""

import pulumi_aws as aws

ORIGIN = "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_service.html.markdown"


def program() -> None:
    tracing = aws.apprunner.ObservabilityConfiguration(
        "example", observability_configuration_name="example", trace_configuration={"vendor": "AWSXRAY"}
    )
    aws.apprunner.Service(
        "example",
        service_name="example",
        observability_configuration={
            "observability_configuration_arn": tracing.arn,
            "observability_enabled": True,
        },
        source_configuration={
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "public.ecr.aws/aws-containers/hello-app-runner:latest",
                "image_repository_type": "ECR_PUBLIC",
            },
            "auto_deployments_enabled": False,
        },
        tags={"Name": "example-apprunner-service"},
    )
