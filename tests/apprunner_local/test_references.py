"""References to resources that do not exist in the local AWS."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from local_aws.orders import create, public_image
from local_aws.requests import INVALID_REQUEST, rejection
from local_aws.stack_files import KEY

MISSING_KEY = f"{KEY[:-1]}0"


class Network:
    """Two VPCs, each with a subnet and a security group."""

    def __init__(self, account: LocalAws) -> None:
        ec2 = account.client("ec2")
        self.vpcs = [ec2.create_vpc(CidrBlock=f"10.{number}.0.0/16")["Vpc"]["VpcId"] for number in (100, 101)]
        self.subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.{number}.0.0/24")["Subnet"]["SubnetId"]
            for vpc, number in zip(self.vpcs, (100, 101), strict=True)
        ]
        self.groups = [
            ec2.create_security_group(VpcId=vpc, GroupName="orders", Description="orders")["GroupId"]
            for vpc in self.vpcs
        ]


@pytest.fixture
def network(account: LocalAws) -> Network:
    return Network(account)


def rejected(account: LocalAws, subnets: list[str], groups: list[str]) -> str:
    create = account.client("apprunner").create_vpc_connector
    return rejection(create, VpcConnectorName="private", Subnets=subnets, SecurityGroups=groups)


def test_a_connector_of_one_vpc_is_accepted(account: LocalAws, network: Network) -> None:
    created: Any = account.client("apprunner").create_vpc_connector(
        VpcConnectorName="private", Subnets=network.subnets[:1], SecurityGroups=network.groups[:1]
    )
    assert created["VpcConnector"]["Status"] == "ACTIVE"


def test_missing_subnets_and_security_groups_are_rejected(account: LocalAws, network: Network) -> None:
    assert rejected(account, ["subnet-0123456789abcdef0"], ["sg-0123456789abcdef0"]) == (
        f"{INVALID_REQUEST}These subnets or security groups do not exist: subnet-0123456789abcdef0, "
        "sg-0123456789abcdef0"
    )


def test_subnets_of_two_vpcs_are_rejected(account: LocalAws, network: Network) -> None:
    assert "single VPC" in rejected(account, network.subnets, network.groups[:1])


def test_a_security_group_of_another_vpc_is_rejected(account: LocalAws, network: Network) -> None:
    assert "the VPC of the subnets" in rejected(account, network.subnets[:1], network.groups[1:])


def test_a_missing_key_is_rejected(account: LocalAws) -> None:
    public = {"ImageRepository": public_image()}
    with pytest.raises(Exception, match=f"The KMS key does not exist or cannot be used: {MISSING_KEY}"):
        create(account, source_configuration=public, EncryptionConfiguration={"KmsKey": MISSING_KEY})
    assert create(account, source_configuration=public, EncryptionConfiguration={"KmsKey": KEY})
