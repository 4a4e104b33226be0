import pulumi_aws as aws
from pulumi_aws.apprunner import ServiceSourceConfigurationArgsDict


def code(runtime: str) -> ServiceSourceConfigurationArgsDict:
    return {
        "code_repository": {
            "repository_url": "https://github.com/example/orders-api",
            "source_code_version": {"type": "BRANCH", "value": "main"},
            "code_configuration": {
                "configuration_source": "API",
                "code_configuration_values": {"runtime": runtime, "start_command": "npm start"},
            },
        },
        "authentication_configuration": {
            "connection_arn": "arn:aws:apprunner:eu-west-1:111122223333:connection/github/1a2b3c"
        },
    }


def bad() -> None:
    aws.apprunner.Service("api", service_name="orders-api", source_configuration=code("NODEJS_18"))


def good() -> None:
    aws.apprunner.Service("api", service_name="orders-api", source_configuration=code("NODEJS_22"))
