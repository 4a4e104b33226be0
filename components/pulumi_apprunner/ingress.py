"""Private access to one App Runner service."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from apprunner_facts.ingress import IP_ADDRESS_TYPES
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import ArgsError, validate
from pulumi_apprunner.args.dicts import PrivateIngressArgsDict
from pulumi_apprunner.args.ingress import PrivateIngressArgs
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.networks import is_public, with_checked_network


class PrivateIngress(pulumi.ComponentResource):
    """The VPC ingress connection of a private service, which connects it with an interface endpoint.

    ```python
    orders = AppRunnerService("orders", AppRunnerServiceArgs(image=..., is_publicly_accessible=False))
    ingress = PrivateIngress(
        "orders-ingress",
        PrivateIngressArgs(
            service_arn=orders.arn, vpc_id=endpoint.vpc_id, vpc_endpoint_id=endpoint.vpc_endpoint_id
        ),
    )
    pulumi.export("host", ingress.domain_name)
    ```

    The service must be private (`is_publicly_accessible=False`) and must not have dual stack: AWS documents private
    endpoints for IPv4 only. A service of the same program is checked.

    pulumi-aws does not update a connection, except for its tags, and AWS accepts a name once. So a change of the
    service, the VPC or the endpoint deletes the connection and creates another one, with another domain name. AWS does
    not delete a service while it has a connection: Pulumi deletes the connection first.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service and the endpoint: PrivateIngressArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    arn: Output[str]
    """The connection's ARN."""
    domain_name: Output[str]
    """The domain name by which clients call the service: https://<domain_name>. Its addresses are those of the
    endpoint."""

    def __init__(
        self, name: str, args: PrivateIngressArgs | PrivateIngressArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of PrivateIngress.
        """
        args = validate(PrivateIngressArgs, "PrivateIngress", name, args)
        super().__init__("apprunner:index:PrivateIngress", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)

        connection = aws.apprunner.VpcIngressConnection(
            f"{name}-connection",
            name=physical_name(names.VPC_INGRESS_CONNECTION, name),
            service_arn=_checked(name, args.service_arn),
            ingress_vpc_configuration={"vpc_id": args.vpc_id, "vpc_endpoint_id": args.vpc_endpoint_id},
            tags=args.tags,
            opts=ResourceOptions(
                parent=self,
                delete_before_replace=True,
                # pulumi-aws accepts a change of them, and applies none (apprunner_facts.change_table).
                replace_on_changes=["ingressVpcConfiguration", "name"],
            ),
        )

        self.arn = connection.arn
        self.domain_name = connection.domain_name
        self.register_outputs({"arn": self.arn, "domainName": self.domain_name})


def _checked(name: str, service_arn: Any) -> pulumi.Input[str]:
    """Return a service's ARN; an Output fails, also in a preview, if its service does not support a connection."""

    def check(service: str, network: Any) -> None:
        if problem := _problem(service, network):
            raise ArgsError(f"PrivateIngress '{name}'", {"service_arn": problem})

    return with_checked_network(service_arn, check)


def _problem(service: str, network: Any) -> str | None:
    """Return why a service does not support a connection; None if it does, or if its settings are unknown."""
    if is_public(network):
        return (
            f"must be the ARN of a private service, got that of {service}, which is public. Set is_publicly_accessible "
            "of the service to False, or remove the PrivateIngress"
        )
    address_type = getattr(network, "ip_address_type", None)
    if address_type == IP_ADDRESS_TYPES[1]:
        return (
            f"must be the ARN of a service with ip_address_type {IP_ADDRESS_TYPES[0]}, got that of {service} with "
            f"{address_type}. AWS documents private endpoints for IPv4 only. Remove ip_address_type of the service"
        )
    return None
