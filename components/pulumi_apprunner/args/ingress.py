"""The arguments of PrivateIngress."""

from dataclasses import field

from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.values import ServiceArn, Tags, VpcEndpointId, VpcId


@args_type
class PrivateIngressArgs:
    """The arguments of a PrivateIngress: a private service, and the endpoint through which clients call it."""

    service_arn: In[ServiceArn]
    """The ARN of a private service with IPv4 addresses. A change replaces the connection: the old one is deleted
    first."""

    vpc_id: In[VpcId]
    """The VPC of the endpoint, such as PrivateEndpoint.vpc_id. A change replaces the connection."""

    vpc_endpoint_id: In[VpcEndpointId]
    """An interface endpoint for com.amazonaws.REGION.apprunner.requests, such as PrivateEndpoint.vpc_endpoint_id. A
    change replaces the connection."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the connection. Do not store secrets in tags: pulumi-aws keeps them in plain text in the state. Default:
    none."""
