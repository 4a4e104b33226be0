"""The way from App Runner services into a VPC."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from pulumi_apprunner import advice, lifecycle
from pulumi_apprunner.args.checking import validate, validate_output
from pulumi_apprunner.args.egress import Destination, VpcEgressArgs
from pulumi_apprunner.args.errors import Path
from pulumi_apprunner.args.values import repeated
from pulumi_apprunner.names import physical_name

_EVERYWHERE = {
    "ipv4": Destination(cidr="0.0.0.0/0"),
    "ipv6": Destination(cidr="::/0"),
}


class VpcEgress(pulumi.ComponentResource):
    """A VPC connector with a security group of its own, for one or more services.

    ```python
    private = VpcEgress(
        "private",
        VpcEgressArgs(
            vpc_id="vpc-0a1b2c3d4e5f60718",
            subnet_ids=["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"],
            reaches={"orders-db": Reach(security_group_id="sg-0c1d2e3f405162738", port=5432)},
        ),
    )
    AppRunnerService("orders-api", AppRunnerServiceArgs(image=..., vpc_connector_arn=private.vpc_connector_arn))
    ```

    All that a service with a connector sends goes through the VPC, to the internet too: without a NAT gateway (or VPC
    endpoints) in the subnets' routes it reaches neither the internet nor AWS's APIs. What App Runner itself does,
    pulling the image, shipping logs and reading secrets, does not go through it.

    A connector cannot change, has one revision a name, and no second one may have the same security groups. So with
    other subnets (or groups) its name and its own group change with it: the new ones are made, the databases let the
    new group in, the services move over, then the old ones go. A new connector makes the next start 2 to 5 minutes
    longer.

    Args:
        name: The component's name; its children are called after it.
        args: The subnets and what is reached: VpcEgressArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: Arguments that break a rule, all of them at once.
    """

    vpc_connector_arn: Output[str]
    """For AppRunnerServiceArgs.vpc_connector_arn. Whoever uses it comes after the rules that let the group in."""
    security_group_id: Output[str]
    """The connector's own group, to let in elsewhere. It is another one after a change of subnets."""

    def __init__(self, name: str, args: VpcEgressArgs | Mapping[str, Any], opts: ResourceOptions | None = None) -> None:
        """Register the component and its children; the class describes the arguments.

        Raises:
            ArgsError: Arguments of VpcEgress that break a rule, all of them at once.
        """
        args = validate(VpcEgressArgs, "VpcEgress", name, args)
        super().__init__("apprunner:index:VpcEgress", name, {}, opts)
        advice.warn_of_options(self, opts)
        advice.warn_of_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        child = ResourceOptions(parent=self)
        subnet_ids = validate_output(
            "VpcEgress", name, args.subnet_ids, lambda ids: _twice("subnet_ids", "subnet", ids)
        )
        group_ids = validate_output(
            "VpcEgress", name, args.security_group_ids, lambda ids: _twice("security_group_ids", "security group", ids)
        )
        description = f"App Runner egress {physical_name(names.SECURITY_GROUP, name)}"
        mark = Output.all(args.vpc_id, subnet_ids, group_ids).apply(_mark)

        group = aws.ec2.SecurityGroup(
            f"{name}-group",
            name=mark.apply(lambda known: physical_name(names.SECURITY_GROUP, f"egress-{name}", suffix=known)),
            description=description,
            vpc_id=args.vpc_id,
            tags=args.tags,
            # Where a program names it, pulumi-aws deletes a group first, which AWS refuses while services use it.
            opts=ResourceOptions(parent=self, delete_before_replace=False),
        )
        rules: list[pulumi.Resource] = []
        for key, place in (_EVERYWHERE if args.allows is None else args.allows).items():
            rules.append(_lets_out(f"{name}-to-{key}", group.id, place, args, child))
        for key, reach in args.reaches.items():
            if args.allows is not None:
                place = Destination(security_group_id=reach.security_group_id, port=reach.port, protocol=reach.protocol)
                rules.append(_lets_out(f"{name}-to-{key}", group.id, place, args, child))
            rules.append(
                aws.vpc.SecurityGroupIngressRule(
                    f"{name}-into-{key}",
                    security_group_id=reach.security_group_id,
                    referenced_security_group_id=group.id,
                    ip_protocol=reach.protocol,
                    from_port=reach.port,
                    to_port=reach.port,
                    description=description,
                    tags=args.tags,
                    # Updated in place, the rule would shut out the old group while services still send from it.
                    opts=ResourceOptions(parent=self, replace_on_changes=["referencedSecurityGroupId"]),
                )
            )
        connector = aws.apprunner.VpcConnector(
            f"{name}-connector",
            vpc_connector_name=mark.apply(lambda known: physical_name(names.VPC_CONNECTOR, name, suffix=known)),
            subnets=subnet_ids,
            security_groups=Output.all(group.id, group_ids).apply(lambda known: [known[0], *(known[1] or ())]),
            tags=args.tags,
            opts=ResourceOptions(
                parent=self, depends_on=rules, hooks=lifecycle.configuration_hooks(f"{name}-connector")
            ),
        )

        self.vpc_connector_arn = connector.arn
        self.security_group_id = group.id
        self.register_outputs({"vpcConnectorArn": self.vpc_connector_arn, "securityGroupId": self.security_group_id})


def _twice(field: str, what: str, ids: Sequence[str] | None) -> dict[Path, str]:
    problem = repeated(what)(ids or ())
    return {(field,): problem} if problem else {}


def _mark(parts: list[Any]) -> str:
    """Return what changes with everything that a connector cannot change."""
    vpc_id, subnet_ids, group_ids = parts
    text = "\n".join([str(vpc_id), *sorted(map(str, subnet_ids or ())), "", *sorted(map(str, group_ids or ()))])
    return hashlib.sha256(text.encode()).hexdigest()[:7]


def _lets_out(
    name: str, group_id: Output[str], place: Destination, args: VpcEgressArgs, opts: ResourceOptions
) -> aws.vpc.SecurityGroupEgressRule:
    version = None if place.cidr is None else 6 if ":" in place.cidr else 4
    return aws.vpc.SecurityGroupEgressRule(
        name,
        security_group_id=group_id,
        cidr_ipv4=place.cidr if version == 4 else None,
        cidr_ipv6=place.cidr if version == 6 else None,
        prefix_list_id=place.prefix_list_id,
        referenced_security_group_id=place.security_group_id,
        ip_protocol="-1" if place.port is None else place.protocol or "tcp",
        from_port=place.port,
        to_port=place.port,
        tags=args.tags,
        opts=opts,
    )
