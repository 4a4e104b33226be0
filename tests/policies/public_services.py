"""Services with a public image, and the messages of a report."""

from typing import Any

import pulumi_aws as aws

SOURCE: Any = {
    "auto_deployments_enabled": False,
    "image_repository": {
        "image_repository_type": "ECR_PUBLIC",
        "image_identifier": "public.ecr.aws/docker/library/nginx:1.27",
    },
}


def service(name="api", **more):
    return aws.apprunner.Service(name, **{"service_name": f"shop-{name}", "source_configuration": SOURCE, **more})


def network_service(name="api", *, public: Any = True, addresses: Any = None):
    network: Any = {"ip_address_type": addresses}
    if public is not None:
        network["ingress_configuration"] = {"is_publicly_accessible": public}
    return service(name, network_configuration=network)


def messages(report):
    return [each.message for each in report.violations]
