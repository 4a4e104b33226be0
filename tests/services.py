"""Programs with one service, named api, and lookups in their graphs."""

import json
from collections.abc import Mapping
from typing import Any

import pulumi

from plans import plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    Code,
    Image,
)
from pulumi_apprunner.testing import Graph, Resource
from samples import (
    CONNECTION_ARN,
    IMAGE,
    PUBLIC_IMAGE,
)

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
SERVICE = "aws:apprunner/service:Service"

PRIVATE = Image(identifier=IMAGE)
PUBLIC = Image(identifier=PUBLIC_IMAGE)
CODE = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", runtime="PYTHON_311")
FILE = Code(
    connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", configuration_source="REPOSITORY"
)


def service_graph(opts: pulumi.ResourceOptions | None = None, *, stack: str = "staging", **args: Any) -> Graph:
    """Return the graph of one service named api, with a public image if no source is set."""
    args = {"image": PUBLIC} | args if "code" not in args else args
    return plan(lambda: AppRunnerService("api", AppRunnerServiceArgs(**args), opts), stack=stack)


def service_errors(**args: Any) -> Mapping[str, str]:
    """Return the errors of a service's arguments, with a public image if no source is set."""
    invalid: Any = {"image": PUBLIC} | args
    return problems(lambda: AppRunnerService("api", invalid))


def service(**args: Any) -> Resource:
    return service_graph(**args).one(SERVICE)


def image_configuration(**args: Any) -> Any:
    return service(**args)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]


def document(graph: Graph, name: str, key: str = "policy") -> Any:
    return json.loads(graph.named(name)[key])


def allowed(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def trusts(principal: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}
