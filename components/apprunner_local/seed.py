"""What the stack files take as given, made in the account under exactly the ids that they name."""

import ipaddress
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from moto.kms.utils import generate_private_key

from apprunner_facts.arns import parse_arn
from pulumi_apprunner.offline.config.yaml import read_yaml

STACK_FILES = sorted(Path(__file__).parents[2].glob("Pulumi.*.yaml"))

Client = Callable[[str], Any]


def value_of(name: str) -> str:
    """Return the value that is seeded for a secret or a parameter, by its name: nothing else looks like it."""
    return f"seeded-secret-value-of-{name.strip('/').replace('/', '-')}"


@dataclass
class Given:
    """What one stack file names.

    Args:
        region: Where it stands.
        vpcs: Each with its subnets and security groups.
        zones: The name of each hosted zone, by its id.
        secrets: The JSON keys that are read from each secret, by its ARN; none of a secret that is read as a whole.
        parameters: The names of SSM's parameters.
        keys: The ARNs of KMS keys.
        encrypted: The key of a secret or a parameter that has one of the account's own.
    """

    region: str
    vpcs: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    zones: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    parameters: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])
    encrypted: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def in_file(cls, path: Path) -> "Given":
        """Return what a stack file names, wherever it stands in it, by the names of the keys."""
        config = read_yaml(path)["config"]
        given = cls(config["aws:region"])
        for found in _mappings(config):
            if "vpcId" in found:
                named = given.vpcs.setdefault(found["vpcId"], {})
                named |= dict.fromkeys([*found.get("subnetIds", []), *_values(found, "securityGroupId")])
            if str(found.get("id")).startswith("Z"):
                given.zones[found["id"]] = found["name"]
            if "secretArn" in found:
                keys = given.secrets.setdefault(found["secretArn"], [])
                keys += [found["jsonKey"]] if "jsonKey" in found else []
            if "parameterName" in found:
                given.parameters.append(found["parameterName"])
            if "kmsKeyArn" in found:
                given.keys.append(found["kmsKeyArn"])
                given.encrypted |= {
                    found[name]: found["kmsKeyArn"] for name in ("secretArn", "parameterName") if name in found
                }
        return given


def seed(client: Callable[[str, str], Any], files: Sequence[Path] = STACK_FILES) -> None:
    """Make everything that stack files name.

    Args:
        client: Gives boto3's client for a service and a region, on moto in this process.
        files: The stack files. Default: those of this project.
    """
    for given in map(_given, files):

        def here(service: str, region: str = given.region) -> Any:
            return client(service, region)

        for number, (vpc, named) in enumerate(given.vpcs.items()):
            _network(here("ec2"), f"10.{number}.0.0/16", vpc, list(named))
        for id, name in given.zones.items():
            with _id("moto.route53.models.create_route53_zone_id", id):
                here("route53").create_hosted_zone(Name=name, CallerReference=id)
        for arn in dict.fromkeys(given.keys):
            id = parse_arn(arn).resource.removeprefix("key/")
            with _id("moto.kms.models.generate_key_id", id), patch("moto.kms.models.generate_private_key", _material):
                here("kms").create_key()
        _secrets(here, given)


_given = cache(Given.in_file)
_material = cache(generate_private_key)  # a key that encrypts needs none, and moto takes its time to make one


def _network(ec2: Any, block: str, vpc: str, named: list[str]) -> None:
    # Asked first, because moto makes the region's own VPC at the first question.
    zones = [zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"]]
    with _id("moto.ec2.models.vpcs.random_vpc_id", vpc):
        ec2.create_vpc(CidrBlock=block)
    blocks = (str(block) for block in ipaddress.ip_network(block).subnets(new_prefix=24))
    numbers = count()
    for id in named:
        if id.startswith("subnet-"):
            with _id("moto.ec2.models.subnets.random_subnet_id", id):
                zone = zones[next(numbers) % len(zones)]
                ec2.create_subnet(VpcId=vpc, CidrBlock=next(blocks), AvailabilityZone=zone)
        else:
            with _id("moto.ec2.models.security_groups.random_security_group_id", id):
                ec2.create_security_group(VpcId=vpc, GroupName=f"given {id}", Description="given")


def _secrets(here: Client, given: Given) -> None:
    for arn, keys in given.secrets.items():
        name, _, suffix = parse_arn(arn).resource.removeprefix("secret:").rpartition("-")
        value = value_of(name)
        key = {"KmsKeyId": given.encrypted[arn]} if arn in given.encrypted else {}
        with _id("moto.secretsmanager.utils.generate_str_id", suffix):
            here("secretsmanager").create_secret(
                Name=name, SecretString=json.dumps(dict.fromkeys(keys, value)) if keys else value, **key
            )
    for name in dict.fromkeys(given.parameters):
        encrypted = {"Type": "SecureString", "KeyId": given.encrypted[name]} if name in given.encrypted else {}
        here("ssm").put_parameter(Name=name, Value=value_of(name), **{"Type": "String"} | encrypted)


@contextmanager
def _id(generator: str, id: str) -> Iterator[None]:
    """Let what moto makes next have this id."""
    with patch(generator, lambda *args, **kwargs: id):
        yield


def _mappings(node: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping in a tree."""
    if isinstance(node, Mapping):
        yield node
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from _mappings(item)


def _values(node: Any, key: str) -> list[Any]:
    """Return what stands under a key, anywhere in a tree."""
    return [found[key] for found in _mappings(node) if key in found]
