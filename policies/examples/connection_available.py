import pulumi
import pulumi_aws as aws


def orders_api(connection_arn: pulumi.Input[str]) -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "authentication_configuration": {"connection_arn": connection_arn},
            "code_repository": {
                "repository_url": "https://github.com/acme/orders",
                "source_code_version": {"type": "BRANCH", "value": "main"},
                "code_configuration": {
                    "configuration_source": "API",
                    "code_configuration_values": {"runtime": "PYTHON_311", "start_command": "python app.py"},
                },
            },
        },
    )


def bad() -> None:
    github = aws.apprunner.Connection("github", connection_name="github", provider_type="GITHUB")
    orders_api(github.arn)


def good() -> None:
    orders_api("arn:aws:apprunner:eu-west-1:123456789012:connection/github/0123456789abcdef0123456789abcdef")
