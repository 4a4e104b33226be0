"""Pulumi's example of App Runner by way of the CDK: what its construct sends."""

import pulumi_aws as aws

ORIGIN = "https://github.com/pulumi/pulumi-cdk/blob/main/examples/apprunner/index.ts"


def program() -> None:
    aws.apprunner.Service(
        "service",
        service_name="teststack-service",
        source_configuration={
            "auto_deployments_enabled": False,
            "image_repository": {
                "image_configuration": {"port": "8000"},
                "image_identifier": "public.ecr.aws/aws-containers/hello-app-runner:latest",
                "image_repository_type": "ECR_PUBLIC",
            },
        },
        network_configuration={"egress_configuration": {"egress_type": "DEFAULT"}},
    )
