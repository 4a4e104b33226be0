"""The operations of App Runner's API, and what handles each."""

from collections.abc import Callable, Mapping

from apprunner_local.apprunner import (
    connections,
    connectors,
    domains,
    ingress,
    observability,
    scaling,
    services,
    tagging,
)
from apprunner_local.apprunner.state import Members, Region

Handler = Callable[[Region, Members], Members]

OPERATIONS: Mapping[str, Handler] = {
    "AssociateCustomDomain": domains.associate,
    "CreateAutoScalingConfiguration": scaling.create,
    "CreateConnection": connections.create,
    "CreateObservabilityConfiguration": observability.create,
    "CreateService": services.create,
    "CreateVpcConnector": connectors.create,
    "CreateVpcIngressConnection": ingress.create,
    "DeleteAutoScalingConfiguration": scaling.delete,
    "DeleteConnection": connections.delete,
    "DeleteObservabilityConfiguration": observability.delete,
    "DeleteService": services.delete,
    "DeleteVpcConnector": connectors.delete,
    "DeleteVpcIngressConnection": ingress.delete,
    "DescribeAutoScalingConfiguration": scaling.describe,
    "DescribeCustomDomains": domains.describe,
    "DescribeObservabilityConfiguration": observability.describe,
    "DescribeService": services.describe,
    "DescribeVpcConnector": connectors.describe,
    "DescribeVpcIngressConnection": ingress.describe,
    "DisassociateCustomDomain": domains.disassociate,
    "ListAutoScalingConfigurations": scaling.list_all,
    "ListConnections": connections.list_all,
    "ListObservabilityConfigurations": observability.list_all,
    "ListOperations": services.list_operations,
    "ListServices": services.list_all,
    "ListServicesForAutoScalingConfiguration": scaling.list_services,
    "ListTagsForResource": tagging.list_all,
    "ListVpcConnectors": connectors.list_all,
    "ListVpcIngressConnections": ingress.list_all,
    "PauseService": services.pause,
    "ResumeService": services.resume,
    "StartDeployment": services.deploy,
    "TagResource": tagging.add,
    "UntagResource": tagging.remove,
    "UpdateDefaultAutoScalingConfiguration": scaling.make_default,
    "UpdateService": services.update,
    "UpdateVpcIngressConnection": ingress.update,
}
