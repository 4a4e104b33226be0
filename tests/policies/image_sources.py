"""Services with an image as their source, and the messages of the rules about them."""

from typing import Any

import pulumi_aws as aws

HERE = "111122223333"
THERE = "444455556666"
REPOSITORY = f"{HERE}.dkr.ecr.eu-west-1.amazonaws.com/orders"
FOREIGN = f"{THERE}.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2"
ROLE = f"arn:aws:iam::{HERE}:role/ecr-access"
REGISTRIES = {"registries": [f"{HERE}.dkr.ecr.*.amazonaws.com/*", "public.ecr.aws/docker/library/*"]}
CODE = {"sourceConfiguration": {"codeRepository": {"repositoryUrl": "https://github.com/example/api"}}}


def image(kind, *, identifier=None, **settings):
    repository = {"imageRepositoryType": kind, **({"imageIdentifier": identifier} if identifier is not None else {})}
    return {"sourceConfiguration": {"imageRepository": repository, **settings}}


def service(identifier: Any = f"{REPOSITORY}:1.4.2", *, kind="ECR", role: Any = ROLE, **settings: Any):
    source: dict[str, Any] = {"image_repository": {"image_repository_type": kind, "image_identifier": identifier}}
    if role:
        source["authentication_configuration"] = {"access_role_arn": role}
    configuration: Any = {**source, **settings}
    aws.apprunner.Service("api", service_name="api", source_configuration=configuration)


def words(result):
    return [each.message for each in result.violations]
