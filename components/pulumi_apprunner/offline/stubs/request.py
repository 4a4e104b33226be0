"""A resource that AWS would be asked to make, and what can be made up for it: the same in every run."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from apprunner_facts.arns import EXAMPLE_ACCOUNT
from apprunner_facts.regions import dns_suffix, partition_of
from pulumi_apprunner.offline.values import at, known

ACCOUNT = EXAMPLE_ACCOUNT
REGION = "us-east-1"

HEX = "0123456789abcdef"
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LOWER = "abcdefghijkmnpqrstuvwxyz23456789"
MIXED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class Answer(NamedTuple):
    """A resource's physical id, and the outputs that are not among its inputs."""

    id: str | None
    outputs: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """The resource that an answer is made up for."""

    type: str
    name: str
    urn: str
    inputs: Mapping[str, Any]
    region: str
    read: str | None = None
    """The id of a resource that exists already."""
    account: str = field(default=ACCOUNT)

    @cached_property
    def partition(self) -> str:
        return partition_of(self.region)

    @cached_property
    def suffix(self) -> str:
        """The partition's DNS suffix."""
        return dns_suffix(self.partition)

    def text(self, *path: str | int) -> str | None:
        """Return an input if it is a text that is known."""
        return known(at(self.inputs, *path), str)

    def called(self, key: str = "name") -> str:
        """Return the physical name: as given, what exists already as its id says, otherwise as Pulumi makes names."""
        if given := self.text(key):
            return given
        if self.read:
            return self.read.rpartition(":")[2].rpartition("/")[2]
        if prefix := self.text(f"{key}Prefix"):
            return prefix + drawn(self.urn, "20", "0123456789", 24)
        return f"{self.name}-{drawn(self.urn, 'name', '0123456789abcdef', 7)}"

    def hex(self, length: int, salt: str = "") -> str:
        return drawn(self.urn, salt, HEX, length)

    def upper(self, length: int, salt: str = "") -> str:
        return drawn(self.urn, salt, UPPER, length)

    def mixed(self, length: int) -> str:
        return drawn(self.urn, "", MIXED, length)

    def uuid(self, salt: str = "") -> str:
        return str(uuid(self.urn + salt))

    def arn(self, service: str, resource: str, *, everywhere: bool = False) -> str:
        """Return an ARN in the resource's account and, unless the service is the same everywhere, its region."""
        return f"arn:{self.partition}:{service}:{'' if everywhere else self.region}:{self.account}:{resource}"

    def of(self, prefix: str) -> str:
        """Return an id as EC2 gives them: `vpc-0…`; that of an existing resource is kept."""
        return self.read or f"{prefix}-0{self.hex(16)}"


def drawn(seed: str, salt: str, alphabet: str, length: int) -> str:
    """Return characters that look random and are the same for the same seed and salt."""
    number = int.from_bytes(hashlib.blake2b(f"{salt}|{seed}".encode(), digest_size=40).digest())
    letters: list[str] = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        letters.append(alphabet[index])
    return "".join(letters)


def uuid(seed: str) -> str:
    """Return a UUID (version 4 by its looks)."""
    digits = drawn(seed, "uuid", HEX, 32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"
