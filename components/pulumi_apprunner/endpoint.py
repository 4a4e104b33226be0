"""A VPC endpoint for private App Runner services."""

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.ingress import REQUESTS_ENDPOINT, REQUESTS_PORT
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import validate, validate_output
from pulumi_apprunner.args.dicts import PrivateEndpointArgsDict
from pulumi_apprunner.args.endpoint import PrivateEndpointArgs
from pulumi_apprunner.args.values import duplicates
from pulumi_apprunner.names import physical_name


class PrivateEndpoint(pulumi.ComponentResource):
    """The interface endpoint through which clients in a VPC call private services, with its security group.

    ```python
    offices = EndpointClient(cidr="10.20.0.0/16")
    endpoint = PrivateEndpoint(
        "internal",
        PrivateEndpointArgs(
            vpc_id="vpc-0a1b2c3d4e5f60718",
            subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
            clients={"offices": offices},
        ),
    )
    ```

    One endpoint serves many services, each with a PrivateIngress. App Runner supports no endpoint policies: only the
    security group limits the clients. Private DNS is disabled, as AWS's samples do: clients use the domain name of the
    service's PrivateIngress.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The subnets and clients: PrivateEndpointArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    vpc_endpoint_id: Output[str]
    """The endpoint's id, for PrivateIngressArgs.vpc_endpoint_id."""
    vpc_id: Output[str]
    """The endpoint's VPC, for PrivateIngressArgs.vpc_id."""
    security_group_id: Output[str]
    """The endpoint's security group, to add more rules."""
    dns_name: Output[str | None]
    """The endpoint's own DNS name. Clients call a service by the domain name of its PrivateIngress instead."""

    def __init__(
        self, name: str, args: PrivateEndpointArgs | PrivateEndpointArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of PrivateEndpoint.
        """
        args = validate(PrivateEndpointArgs, "PrivateEndpoint", name, args)
        super().__init__("apprunner:index:PrivateEndpoint", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        subnet_ids = validate_output("PrivateEndpoint", name, args.subnet_ids, duplicates("subnet_ids", "subnet"))
        group_name = physical_name(names.SECURITY_GROUP, name, "endpoint")

        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            name=group_name,
            description=f"App Runner endpoint {group_name}",
            vpc_id=args.vpc_id,
            tags=args.tags,
            # pulumi-aws deletes a named group first, which AWS rejects while the endpoint uses it.
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        self._client_rules(name, args, group.id)
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.vpc_id,
            # An output of the group, because the provider of this component determines the region.
            service_name=group.region.apply(lambda region: REQUESTS_ENDPOINT.format(region=region)),
            vpc_endpoint_type="Interface",
            ip_address_type="ipv4",
            private_dns_enabled=False,
            subnet_ids=subnet_ids,
            security_group_ids=[group.id],
            tags=args.tags,
            opts=ResourceOptions(parent=self),
        )

        self.vpc_endpoint_id = endpoint.id
        self.vpc_id = endpoint.vpc_id
        self.security_group_id = group.id
        self.dns_name = endpoint.dns_entries.apply(lambda entries: entries[0].dns_name if entries else None)
        self.register_outputs(
            {
                "vpcEndpointId": self.vpc_endpoint_id,
                "vpcId": self.vpc_id,
                "securityGroupId": self.security_group_id,
                "dnsName": self.dns_name,
            }
        )

    def _client_rules(self, name: str, args: PrivateEndpointArgs, group_id: Output[str]) -> None:
        """Create the ingress rules of the endpoint's group."""
        for key, client in args.clients.items():
            aws.vpc.SecurityGroupIngressRule(
                f"{name}-client-{key}",
                security_group_id=group_id,
                cidr_ipv4=client.cidr,
                prefix_list_id=client.prefix_list_id,
                referenced_security_group_id=client.security_group_id,
                ip_protocol="tcp",
                from_port=REQUESTS_PORT,
                to_port=REQUESTS_PORT,
                tags=args.tags,
                opts=ResourceOptions(parent=self),
            )
