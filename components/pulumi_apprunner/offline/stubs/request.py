"""The request for a resource's stub values, and deterministic parts of names and ids for them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from apprunner_facts.arns import EXAMPLE_ACCOUNT
from apprunner_facts.regions import dns_suffix, partition_of
from pulumi_apprunner.offline.values import known_value, value_at

ACCOUNT = EXAMPLE_ACCOUNT
REGION = "us-east-1"

HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LOWER = "abcdefghijkmnpqrstuvwxyz23456789"
MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Stub(NamedTuple):
    """A resource's physical id, and the outputs that are not among its inputs."""

    id: str | None
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class StubRequest:
    """A resource that a program registers or reads."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    region: str
    read: str | None = None
    """The id of an existing resource; None for a resource to create."""
    account: str = field(default=ACCOUNT)

    @cached_property
    def partition(self) -> str:
        return partition_of(self.region)

    @cached_property
    def suffix(self) -> str:
        """The partition's DNS suffix."""
        return dns_suffix(self.partition)

    def string(self, *path: str | int) -> str | None:
        """Return an input if it is a known string."""
        return known_value(value_at(self.inputs, *path), str)

    def physical_name(self, key: str = "name") -> str:
        """Return the name from the input, else from the id of an existing resource, else one as Pulumi generates it."""
        if name := self.string(key):
            return name
        if self.read:
            return self.read.rpartition(":")[2].rpartition("/")[2]
        if prefix := self.string(f"{key}Prefix"):
            return prefix + pseudo_random(self.urn, "20", "0123456789", 24)
        return f"{self.name}-{pseudo_random(self.urn, 'name', '0123456789abcdef', 7)}"

    def hex(self, length: int, salt: str = "") -> str:
        return pseudo_random(self.urn, salt, HEX, length)

    def upper(self, length: int, salt: str = "") -> str:
        return pseudo_random(self.urn, salt, UPPER, length)

    def mixed(self, length: int) -> str:
        return pseudo_random(self.urn, "", MIXED, length)

    def uuid(self, salt: str = "") -> str:
        """Return a UUID in the format of version 4."""
        digits = pseudo_random(self.urn + salt, "uuid", HEX, 32)
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def arn(self, service: str, resource: str, *, is_global: bool = False) -> str:
        """Return an ARN in the resource's account; without a region for a global service."""
        return f"arn:{self.partition}:{service}:{'' if is_global else self.region}:{self.account}:{resource}"

    def ec2_id(self, prefix: str) -> str:
        """Return the id of an existing resource, else one in the format of EC2: `vpc-0…`."""
        return self.read or f"{prefix}-0{self.hex(16)}"


def pseudo_random(seed: str, salt: str, alphabet: str, length: int) -> str:
    """Return characters that look random; the same seed and salt give the same characters."""
    number = int.from_bytes(hashlib.blake2b(f"{salt}|{seed}".encode(), digest_size=40).digest())
    letters: list[str] = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        letters.append(alphabet[index])
    return "".join(letters)
