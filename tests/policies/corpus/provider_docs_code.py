"""The Terraform provider's own example of a service from source code."""

import pulumi_aws as aws

ORIGIN = "https://github.com/hashicorp/terraform-provider-aws/blob/main/website/docs/r/apprunner_service.html.markdown"


def program() -> None:
    connection = aws.apprunner.Connection("example", connection_name="example", provider_type="GITHUB")
    aws.apprunner.Service(
        "example",
        service_name="example",
        source_configuration={
            "authentication_configuration": {"connection_arn": connection.arn},
            "code_repository": {
                "code_configuration": {
                    "code_configuration_values": {
                        "build_command": "python setup.py develop",
                        "port": "8000",
                        "runtime": "PYTHON_3",
                        "start_command": "python runapp.py",
                    },
                    "configuration_source": "API",
                },
                "repository_url": "https://github.com/example/my-example-python-app",
                "source_code_version": {"type": "BRANCH", "value": "main"},
            },
        },
        tags={"Name": "example-apprunner-service"},
    )
