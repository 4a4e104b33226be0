"""A team's own component that hands its inputs on: pyright takes it (`make check`), and it runs."""

from collections.abc import Mapping, Sequence

import pulumi

from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    CustomDomain,
    CustomDomainArgs,
    Destination,
    HostedZone,
    Image,
    VpcEgress,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import run
from samples import SERVICE_ARN


class Shop(pulumi.ComponentResource):
    def __init__(
        self,
        name: str,
        image: pulumi.Input[str],
        environment: Mapping[str, pulumi.Input[str]],
        subnet_ids: pulumi.Input[Sequence[pulumi.Input[str]]],
        database_group: pulumi.Input[str],
        zone_id: pulumi.Input[str],
    ) -> None:
        super().__init__("acme:index:Shop", name)
        child = pulumi.ResourceOptions(parent=self)
        egress = VpcEgress(
            name,
            VpcEgressArgs(
                vpc_id=pulumi.Output.from_input("vpc-1"),
                subnet_ids=subnet_ids,
                destinations={"db": Destination(security_group_id=database_group, port=5432)},
            ),
            child,
        )
        service = AppRunnerService(
            name,
            AppRunnerServiceArgs(
                image=Image(identifier=image), environment=environment, vpc_connector_arn=egress.vpc_connector_arn
            ),
            child,
        )
        CustomDomain(
            name,
            CustomDomainArgs(
                service_arn=service.arn, domain_name="shop.example.com", zone=HostedZone(id=zone_id, name="example.com")
            ),
            child,
        )


def test_a_component_may_hand_its_inputs_on() -> None:
    async def later() -> str:
        return "sg-1"

    graph = run(
        lambda: (
            Shop(
                "shop",
                "123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:1",
                {"PEER": pulumi.Output.from_input(SERVICE_ARN)},
                ["subnet-1", pulumi.Output.from_input("subnet-2")],
                later(),
                "Z0123456789ABCDEFGHIJ",
            )
            and None
        )
    )
    assert graph.named("shop-ingress-db")["securityGroupId"] == "sg-1"
