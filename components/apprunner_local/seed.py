# pyright: standard
"""Creation of the resources that stack files refer to, in moto, with the same ids."""

import ipaddress
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any
from unittest.mock import patch

from moto.kms.utils import generate_private_key

from apprunner_facts.arns import parse_arn
from apprunner_facts.firewall import REGIONAL_SCOPE
from apprunner_local.existing import Existing

Client = Callable[[str, str], Any]


def secret_value(name: str) -> str:
    """Return the seeded value of a secret or a parameter. It is unique: it contains the name."""
    return f"seeded-secret-value-of-{name.strip('/').replace('/', '-')}"


class Seed:
    """Creates the resources that stack files refer to, each once.

    Args:
        client: Returns boto3's client for a service and a region. It must reach moto in this process.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._created: set[tuple[str, str]] = set()
        self._json_keys: dict[str, set[str]] = {}

    def add(self, existing: Existing) -> None:
        """Create the resources that do not exist yet."""
        for vpc, members in existing.vpcs.items():
            self._network(existing.region, vpc, list(members))
        for id, name in existing.zones.items():
            if self._is_new("zone", id):
                with _generated_id("moto.route53.models.create_route53_zone_id", id):
                    self._client("route53", existing.region).create_hosted_zone(Name=name, CallerReference=id)
        for arn in existing.keys:
            if self._is_new("key", arn):
                self._key(arn)
        for arn, keys in existing.secrets.items():
            self._secret(arn, set(keys), existing.encrypted.get(arn))
        for arn in existing.web_acls:
            if self._is_new("web acl", arn):
                self._web_acl(arn)
        for name in existing.parameters:
            if self._is_new(existing.region, name):
                key = existing.encrypted.get(name)
                encrypted = {"Type": "SecureString", "KeyId": key} if key else {"Type": "String"}
                self._client("ssm", existing.region).put_parameter(Name=name, Value=secret_value(name), **encrypted)

    def _is_new(self, kind: str, id: str) -> bool:
        new = (kind, id) not in self._created
        self._created.add((kind, id))
        return new

    def _network(self, region: str, vpc: str, members: list[str]) -> None:
        ec2 = self._client("ec2", region)
        # This comes first, because moto creates the region's default VPC at the first request.
        zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
        if self._is_new("vpc", vpc):
            number = sum(kind == "vpc" for kind, _ in self._created)
            with _generated_id("moto.ec2.models.vpcs.random_vpc_id", vpc):
                ec2.create_vpc(CidrBlock=f"10.{number % 256}.0.0/16")
        block = ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]["CidrBlock"]
        blocks = [str(each) for each in ipaddress.ip_network(block).subnets(new_prefix=24)]
        for id in members:
            if not self._is_new(vpc, id):
                continue
            if id.startswith("subnet-"):
                number = sum(kind == vpc and each.startswith("subnet-") for kind, each in self._created) - 1
                with _generated_id("moto.ec2.models.subnets.random_subnet_id", id):
                    zone = zones[number % len(zones)]
                    ec2.create_subnet(VpcId=vpc, CidrBlock=blocks[number], AvailabilityZone=zone)
            else:
                with _generated_id("moto.ec2.models.security_groups.random_security_group_id", id):
                    ec2.create_security_group(VpcId=vpc, GroupName=f"existing {id}", Description="existing")

    def _key(self, arn: str) -> None:
        parts = parse_arn(arn)
        id = parts.resource.removeprefix("key/")
        with (
            _generated_id("moto.kms.models.generate_key_id", id),
            patch("moto.kms.models.generate_private_key", _key_material),
        ):
            self._client("kms", parts.region).create_key()

    def _web_acl(self, arn: str) -> None:
        parts = parse_arn(arn)
        *_, name, id = parts.resource.split("/")
        visible: Any = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": name}
        allow: Any = {"Allow": {}}
        with _generated_id("moto.wafv2.models.WAFV2Backend._generate_id", id):
            self._client("wafv2", parts.region).create_web_acl(
                Name=name, Scope=REGIONAL_SCOPE, DefaultAction=allow, VisibilityConfig=visible
            )

    def _secret(self, arn: str, keys: set[str], encrypted: str | None) -> None:
        parts = parse_arn(arn)
        name, _, suffix = parts.resource.removeprefix("secret:").rpartition("-")
        secrets = self._client("secretsmanager", parts.region)
        all_keys = self._json_keys.get(arn, set()) | keys
        text = json.dumps(dict.fromkeys(sorted(all_keys), secret_value(name))) if all_keys else secret_value(name)
        if self._is_new("secret", arn):
            key = {"KmsKeyId": encrypted} if encrypted else {}
            with _generated_id("moto.secretsmanager.utils.generate_str_id", suffix):
                secrets.create_secret(Name=name, SecretString=text, **key)
        elif all_keys != self._json_keys[arn]:
            secrets.put_secret_value(SecretId=arn, SecretString=text)
        self._json_keys[arn] = all_keys


_key_material = cache(generate_private_key)  # encryption does not need it, and moto generates it slowly


@contextmanager
def _generated_id(generator: str, id: str) -> Iterator[None]:
    """Make moto use this id for the next resource that it creates."""
    with patch(generator, lambda *args, **kwargs: id):
        yield
