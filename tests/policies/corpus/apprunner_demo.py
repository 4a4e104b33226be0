"""AWS's hello image, with automatic deployments switched off."""

import pulumi_aws as aws

ORIGIN = "https://github.com/tmplcl/apprunner-demo/blob/main/infra/apprunner.tf"


def program() -> None:
    aws.apprunner.Service(
        "this",
        service_name="apprunner-demo",
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
