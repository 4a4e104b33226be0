"""The resources that a stack file refers to."""

from pathlib import Path

import pytest

from apprunner_local.existing import Existing
from pulumi_apprunner.testing import ProjectError

SECRET = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/db-Jq3kTz"
WEB_ACL = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/shop/4c1f6d2e-7a85-4b0e-9b7f-1d2e3f405162"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/5f2b7c1e-8d3a-4e6f-9b10-2c4d6e8f0a1b"


def read(folder: Path, text: str) -> Existing:
    file = folder / "Pulumi.dev.yaml"
    file.write_text(text)
    return Existing.read(file)


def test_references_are_found_anywhere_in_the_configuration(tmp_path: Path) -> None:
    existing = read(
        tmp_path,
        f"""\
config:
  aws:region: eu-central-1
  shop:network: {{vpcId: vpc-1, subnetIds: [subnet-1, subnet-2], into: [{{securityGroupId: sg-1}}]}}
  shop:zone: {{id: Z123, name: example.com}}
  shop:secrets:
    PASSWORD: {{secretArn: {SECRET}, jsonKey: password, kmsKeyArn: {KEY}}}
    USER: {{secretArn: {SECRET}, jsonKey: user}}
    FLAGS: {{parameterName: /shop/flags}}
  shop:service: {{webAclArn: {WEB_ACL}}}
""",
    )
    assert existing == Existing(
        region="eu-central-1",
        vpcs={"vpc-1": dict.fromkeys(["subnet-1", "subnet-2", "sg-1"])},
        zones={"Z123": "example.com"},
        secrets={SECRET: ["password", "user"]},
        parameters=["/shop/flags"],
        keys=[KEY],
        encrypted={SECRET: KEY},
        web_acls=[WEB_ACL],
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "config:\n",
        "encryptionsalt: v1:abc\n",
        "config:\n  shop:secrets: {PASSWORD: {secretArn: nope, kmsKeyArn: [1]}}\n",
        "config:\n  shop:secret: nope\n",
        f"config:\n  shop:service: {{webAclArn: {WEB_ACL.replace(':regional/', ':global/')}}}\n",
        "config:\n  shop:network: {vpcId: 12, subnetIds: nope, securityGroupId: {}}\n",
        "config:\n  shop:zone: {id: Z123}\n",
        "config:\n  shop:flags: {parameterName: 'not a name'}\n",
    ],
)
def test_a_value_of_another_form_is_ignored(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Existing()


def test_a_file_with_a_tab_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"Pulumi\.dev\.yaml:2:1: must be indented with spaces, got a tab"):
        read(tmp_path, "config:\n\tshop:name: a\n")
