"""Resources that a stack file refers to, which must exist before its first `pulumi up`."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from apprunner_facts import arns
from apprunner_facts.arns import parse_arn
from pulumi_apprunner.offline.config.stack_file import StackFile
from pulumi_apprunner.offline.values import is_list, is_map

REGION = "eu-west-1"
"""The region of a stack file without aws:region."""

_VPC, _MEMBER = re.compile(r"vpc-\w+"), re.compile(r"(subnet|sg)-\w+")


@dataclass
class Existing:
    """The resources that one stack file refers to.

    Args:
        region: The stack's region.
        vpcs: The ids of each VPC's subnets and security groups.
        zones: The name of each hosted zone, by its id.
        secrets: The JSON keys that are read from each secret, by its ARN. A secret that is read whole has none.
        parameters: The names of SSM parameters.
        keys: The ARNs of KMS keys.
        encrypted: The KMS key of each secret and parameter that names one.
        web_acls: The ARNs of web ACLs.
    """

    region: str = REGION
    vpcs: dict[str, dict[str, None]] = field(default_factory=dict[str, dict[str, None]])
    zones: dict[str, str] = field(default_factory=dict[str, str])
    secrets: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    parameters: list[str] = field(default_factory=list[str])
    keys: list[str] = field(default_factory=list[str])
    encrypted: dict[str, str] = field(default_factory=dict[str, str])
    web_acls: list[str] = field(default_factory=list[str])

    @classmethod
    def read(cls, path: Path) -> "Existing":
        """Return the resources that a stack file refers to. Other values are ignored: the program validates them.

        Raises:
            ProjectError: The file is not YAML, or is not a stack file.
            OSError: It cannot be read.
        """
        config = StackFile.read(path).config
        region = config.get("aws:region")
        existing = cls(region if isinstance(region, str) else REGION)
        for each in _mappings(config):
            existing._add(each)
        return existing

    def _add(self, each: Mapping[str, Any]) -> None:
        vpc, zone, zone_name = _text(each, "vpcId"), _text(each, "id"), _text(each, "name")
        if _VPC.fullmatch(vpc):
            subnets: Any = each.get("subnetIds")
            ids: list[Any] = [*(subnets if is_list(subnets) else []), *_values(each, "securityGroupId")]
            members: dict[str, None] = {id: None for id in ids if isinstance(id, str) and _MEMBER.fullmatch(id)}
            self.vpcs[vpc] = self.vpcs.get(vpc, {}) | members
        if arns.HOSTED_ZONE_ID.fullmatch(zone) and zone_name:
            self.zones[zone] = zone_name
        secret, parameter, key = _text(each, "secretArn"), _text(each, "parameterName"), _text(each, "kmsKeyArn")
        if arns.SECRET.fullmatch(secret):
            json_key = _text(each, "jsonKey")
            self.secrets[secret] = [*self.secrets.get(secret, []), *([json_key] if json_key else [])]
        if arns.PARAMETER_NAME.fullmatch(parameter):
            self.parameters.append(parameter)
        if arns.WEB_ACL.fullmatch(web_acl := _text(each, "webAclArn")):
            self.web_acls.append(web_acl)
        if arns.KMS_KEY.fullmatch(key):
            self.keys.append(key)
            self.encrypted |= {name: key for name in (secret, parameter) if name}

    def accounts(self) -> Iterable[str]:
        """Return the account ids in its ARNs, the most frequent one first."""
        ids = Counter(parse_arn(arn).account for arn in (*self.secrets, *self.keys, *self.web_acls))
        return [id for id, _ in ids.most_common()]


def _mappings(node: Any) -> Iterator[Mapping[str, Any]]:
    """Yield every mapping in a tree."""
    if is_map(node):
        yield node
        node = list(node.values())
    if is_list(node):
        for item in node:
            yield from _mappings(item)


def _values(node: Any, key: str) -> list[Any]:
    """Return the values of a key, anywhere in a tree."""
    return [each[key] for each in _mappings(node) if key in each]


def _text(mapping: Mapping[str, Any], key: str) -> str:
    value = mapping.get(key)
    return value if isinstance(value, str) else ""
