"""The resources in the stack files exist in the local AWS from the start."""

import json
from pathlib import Path

from apprunner_local.apprunner import Control
from apprunner_local.aws import LocalAws
from apprunner_local.existing import Existing
from apprunner_local.seed import secret_value
from local_aws.stack_files import EXISTING, PASSWORD, named


def test_the_networks_of_the_stack_files_exist(account: LocalAws) -> None:
    ec2 = account.client("ec2")
    vpcs = {vpc["VpcId"] for vpc in ec2.describe_vpcs()["Vpcs"]}
    subnets = {subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]}
    groups = {group["GroupId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    assert named(r"\bvpc-\w+") <= vpcs
    assert named(r"\bsubnet-\w+") <= subnets
    assert named(r"\bsg-\w+") <= groups


def test_subnets_and_groups_are_in_their_vpc(account: LocalAws) -> None:
    ec2 = account.client("ec2")
    where = {subnet["SubnetId"]: subnet["VpcId"] for subnet in ec2.describe_subnets()["Subnets"]}
    where |= {group["GroupId"]: group["VpcId"] for group in ec2.describe_security_groups()["SecurityGroups"]}
    for existing in EXISTING:
        for vpc, members in existing.vpcs.items():
            assert {where[member] for member in members} == {vpc}


def test_a_region_also_has_its_default_vpc(account: LocalAws) -> None:
    assert [vpc["IsDefault"] for vpc in account.client("ec2").describe_vpcs()["Vpcs"]].count(True) == 1


def test_the_zones_of_the_stack_files_exist(account: LocalAws) -> None:
    zones = account.client("route53").list_hosted_zones()["HostedZones"]
    created = {(zone["Id"].removeprefix("/hostedzone/"), zone["Name"]) for zone in zones}
    assert created == {(id, f"{name}.") for id, name in named(r"id: (Z\w+), name: ([\w.]+)")}


def test_the_keys_of_the_stack_files_exist(account: LocalAws) -> None:
    keys = {key["KeyArn"] for key in account.client("kms").list_keys()["Keys"]}
    assert named(r"arn:aws:kms:\S+") <= keys


def test_the_secrets_and_parameters_of_the_stack_files_exist(account: LocalAws) -> None:
    secrets = {secret["ARN"] for secret in account.client("secretsmanager").list_secrets()["SecretList"]}
    parameters = {one["Name"] for one in account.client("ssm").describe_parameters()["Parameters"]}
    assert secrets == named(r"arn:aws:secretsmanager:\S+")
    assert parameters == named(r"parameterName: ([^\s}]+)")


def test_the_web_acls_of_a_stack_file_exist_once(account: LocalAws) -> None:
    arn = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
    account.seed(Existing(web_acls=[arn]))
    account.seed(Existing(web_acls=[arn]))
    assert [each["ARN"] for each in account.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]] == [arn]
    assert account.created_resources() == []


def test_a_seeded_value_can_be_recognised(account: LocalAws) -> None:
    read = account.client("secretsmanager").get_secret_value(SecretId=PASSWORD)["SecretString"]
    assert read == f'{{"password": "{secret_value("storefront/staging/orders-db")}"}}'
    parameter = account.client("ssm").get_parameter(Name="/storefront/staging/feature-flags")["Parameter"]
    assert parameter["Value"] == secret_value("/storefront/staging/feature-flags")


def test_resources_of_the_stack_files_do_not_count_as_created(account: LocalAws) -> None:
    assert account.created_resources() == []


def test_resources_added_to_a_stack_file_are_created_while_the_local_aws_runs(account: LocalAws) -> None:
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:storefront/new-AbCdEf"
    network = {"vpc-0a1b2c3d4e5f60718": dict.fromkeys(["subnet-0a1b2c3d4e5f60718"])}
    account.seed(Existing(secrets={arn: ["user"]}, vpcs=network))
    network["vpc-0a1b2c3d4e5f60718"] |= dict.fromkeys(["subnet-0b1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718"])
    account.seed(Existing(secrets={arn: ["password"]}, vpcs=network))
    value = account.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    assert json.loads(value).keys() == {"user", "password"}
    subnets = account.client("ec2").describe_subnets(SubnetIds=["subnet-0a1b2c3d4e5f60718", "subnet-0b1b2c3d4e5f60718"])
    assert len({subnet["CidrBlock"] for subnet in subnets["Subnets"]}) == 2
    assert account.created_resources() == []


def test_another_process_can_add_a_stack_file(account: LocalAws, tmp_path: Path) -> None:
    file = tmp_path / "Pulumi.dev.yaml"
    file.write_text("config:\n  aws:region: us-east-1\n  shop:flag: {parameterName: /shop/flag}\n")
    for _ in range(2):
        Control(account.environment["AWS_ENDPOINT_URL_APPRUNNER"]).seed(file)
    parameters = account.client("ssm", "us-east-1").describe_parameters()["Parameters"]
    assert [one["Name"] for one in parameters] == ["/shop/flag"]
