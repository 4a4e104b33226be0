import pulumi_aws as aws


def orders_api(start_command: str) -> None:
    aws.apprunner.Service(
        "api",
        service_name="orders-api",
        source_configuration={
            "image_repository": {
                "image_repository_type": "ECR_PUBLIC",
                "image_identifier": "public.ecr.aws/docker/library/node:22",
                "image_configuration": {"start_command": start_command},
            },
            "auto_deployments_enabled": False,
        },
    )


def bad() -> None:
    orders_api("npm run migrate && npm start")


def good() -> None:
    orders_api("sh -c 'npm run migrate && npm start'")
