"""A VPC connector for App Runner services."""

from collections.abc import Iterator
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from pulumi_apprunner import advice, lifecycle
from pulumi_apprunner.args.checking import combine, validate, validate_output
from pulumi_apprunner.args.dicts import VpcEgressArgsDict
from pulumi_apprunner.args.egress import ALL_TRAFFIC, Destination, VpcEgressArgs
from pulumi_apprunner.args.values import duplicates
from pulumi_apprunner.names import physical_name, short_hash


class VpcEgress(pulumi.ComponentResource):
    """A VPC connector with its own security group, for one or more services.

    ```python
    private = VpcEgress(
        "private",
        VpcEgressArgs(
            vpc_id="vpc-0a1b2c3d4e5f60718",
            subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
            destinations={"orders-db": Destination(security_group_id="sg-0c1d2e3f405162738", port=5432)},
        ),
    )
    AppRunnerService("orders-api", AppRunnerServiceArgs(image=..., vpc_connector_arn=private.vpc_connector_arn))
    ```

    All outgoing traffic of a service with a connector goes through the VPC, including traffic to the internet. Without
    a NAT gateway or VPC endpoints in the subnets' routes, the service reaches neither the internet nor AWS's APIs. App
    Runner pulls images, ships logs and reads secrets outside of the VPC.

    A connector cannot be updated, has one revision per name, and two connectors cannot have the same security groups.
    So a change of subnets or groups changes the names of the connector and of its own group, and replaces both. The new
    group and connector are created, the destinations' ingress rules allow the new group, the services are updated, and
    the old ones are deleted. The deployment with the new connector takes 2 to 5 minutes longer.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The subnets and destinations: VpcEgressArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    vpc_connector_arn: Output[str]
    """The connector's ARN, for AppRunnerServiceArgs.vpc_connector_arn. It resolves after all rules are created."""
    security_group_id: Output[str]
    """The connector's own security group. A change of subnets or groups replaces it."""

    def __init__(self, name: str, args: VpcEgressArgs | VpcEgressArgsDict, opts: ResourceOptions | None = None) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of VpcEgress.
        """
        args = validate(VpcEgressArgs, "VpcEgress", name, args)
        super().__init__("apprunner:index:VpcEgress", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        subnet_ids = validate_output("VpcEgress", name, args.subnet_ids, duplicates("subnet_ids", "subnet"))
        group_ids = validate_output(
            "VpcEgress", name, args.security_group_ids, duplicates("security_group_ids", "security group")
        )
        replacement_hash = combine(_hash, args.vpc_id, subnet_ids, group_ids)
        description = f"App Runner egress {physical_name(names.VPC_CONNECTOR, name)}"
        child = ResourceOptions(parent=self)

        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            name=combine(
                lambda known: physical_name(names.SECURITY_GROUP, name, "egress", suffix=known[0]), replacement_hash
            ),
            description=description,
            vpc_id=args.vpc_id,
            tags=args.tags,
            # pulumi-aws deletes a named group first, which AWS rejects while services use it.
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        rules = [
            *_egress_rules(name, args, group.id, child),
            *_ingress_rules(name, args, group.id, description, child),
        ]
        connector = aws.apprunner.VpcConnector(
            f"{name}-connector",
            vpc_connector_name=combine(
                lambda known: physical_name(names.VPC_CONNECTOR, name, suffix=known[0]), replacement_hash
            ),
            subnets=subnet_ids,
            security_groups=combine(lambda known: [known[0], *(known[1] or ())], group.id, group_ids),
            tags=args.tags,
            opts=ResourceOptions(
                parent=self, depends_on=rules, hooks=lifecycle.configuration_hooks(f"{name}-connector")
            ),
        )

        self.vpc_connector_arn = connector.arn
        self.security_group_id = group.id
        self.register_outputs({"vpcConnectorArn": self.vpc_connector_arn, "securityGroupId": self.security_group_id})


def _hash(properties: list[Any]) -> str:
    """Return a hash of the properties whose change replaces a connector."""
    vpc_id, subnet_ids, group_ids = properties
    text = "\n".join([str(vpc_id), *sorted(map(str, subnet_ids or ())), "", *sorted(map(str, group_ids or ()))])
    return short_hash(text)


def _egress_rules(
    name: str, args: VpcEgressArgs, group_id: Output[str], opts: ResourceOptions
) -> Iterator[pulumi.Resource]:
    """Create the egress rules of the connector's group."""
    all_traffic = {version: Destination(cidr=cidr) for version, cidr in ALL_TRAFFIC.items()}
    for key, destination in (args.destinations if args.restrict_egress else all_traffic).items():
        cidr = destination.cidr
        yield aws.vpc.SecurityGroupEgressRule(
            f"{name}-egress-{key}",
            security_group_id=group_id,
            cidr_ipv4=cidr if cidr and ":" not in cidr else None,
            cidr_ipv6=cidr if cidr and ":" in cidr else None,
            prefix_list_id=destination.prefix_list_id,
            referenced_security_group_id=destination.security_group_id,
            ip_protocol="-1" if destination.port is None else destination.protocol or "tcp",
            from_port=destination.port,
            to_port=destination.port,
            tags=args.tags,
            opts=opts,
        )


def _ingress_rules(
    name: str, args: VpcEgressArgs, group_id: Output[str], description: str, opts: ResourceOptions
) -> Iterator[pulumi.Resource]:
    """Create the ingress rules for the connector's group in the security groups of its destinations."""
    # An update in place would block the old group while services still use it.
    rule_opts = ResourceOptions.merge(opts, ResourceOptions(replace_on_changes=["referencedSecurityGroupId"]))
    for key, destination in args.destinations.items():
        if destination.security_group_id is not None and destination.open_ingress:
            yield aws.vpc.SecurityGroupIngressRule(
                f"{name}-ingress-{key}",
                security_group_id=destination.security_group_id,
                referenced_security_group_id=group_id,
                ip_protocol=destination.protocol or "tcp",
                from_port=destination.port,
                to_port=destination.port,
                description=description,
                tags=args.tags,
                opts=rule_opts,
            )
