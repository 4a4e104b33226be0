"""The other side of traffic in the rules of a security group."""

from collections.abc import Hashable, Mapping, Sequence
from ipaddress import ip_network
from typing import Annotated, Any

from pydantic import AfterValidator, IPvAnyNetwork, StringConstraints, TypeAdapter, ValidationInfo

from pulumi_apprunner.args.errors import invalid, invalid_paths
from pulumi_apprunner.args.paths import Path

_network = TypeAdapter(IPvAnyNetwork)
_CIDR = "must be a CIDR block such as 10.0.0.0/16 or 2001:db8::/32"


def _cidr(text: str) -> str:
    try:
        network = _network.validate_python(text)
    except ValueError:
        raise invalid(_CIDR, fix_of_value=_block_with_host_bits(text)) from None
    if "/" not in text:
        raise invalid(_CIDR, "Add the prefix length", fix_of_value=f"For this address alone, write {network}")
    return str(network)


def _block_with_host_bits(text: str) -> str:
    """Return a question with the block that an address with a prefix length is in; nothing for other texts."""
    try:
        return f"Did you mean {ip_network(text, strict=False)}?"
    except ValueError:
        return ""


Cidr = Annotated[str, AfterValidator(_cidr)]
"""A block of IPv4 or IPv6 addresses."""
PrefixListId = Annotated[str, StringConstraints(min_length=1)]

_KINDS = ("cidr", "prefix_list_id", "security_group_id")


def exactly_one(security_group_id: Any, info: ValidationInfo) -> Any:
    """Return `security_group_id` if it, or one of `cidr` and `prefix_list_id` before it, is the only one that is set.

    Raises:
        PydanticCustomError: None or several of them are set.
    """
    if not info.data.keys() >= {*_KINDS[:-1]}:  # one is invalid, so reported already
        return security_group_id
    present = [kind for kind in _KINDS if (info.data | {_KINDS[-1]: security_group_id})[kind] is not None]
    if len(present) != 1:
        got = " and ".join(present) or "none"
        raise invalid_paths(
            {(): f"must have one of {', '.join(_KINDS[:-1])} and {_KINDS[-1]}, got {got}. Set exactly one"},
            missing=[] if present else _KINDS,
        )
    return security_group_id


def duplicate_rules(field: str, rules: Mapping[str, Sequence[Hashable]]) -> dict[Path, str]:
    """Return the messages about rules of a security group that equal another one, by path.

    Args:
        field: The argument that holds the rules.
        rules: By name, what identifies a rule, first its other side. An Output as other side equals no other.
    """
    names: dict[Sequence[Hashable], str] = {}
    duplicates: dict[Path, str] = {}
    for name, rule in rules.items():
        if isinstance(rule[0], str) and (first := names.setdefault(rule, name)) != name:
            duplicates[field, name] = f"must differ from {field}.{first}: AWS accepts a rule once. Remove one of them"
    return duplicates
