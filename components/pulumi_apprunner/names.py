"""Default physical names, unique in an account and region, as AWS requires."""

import hashlib
import re

import pulumi

from apprunner_facts import names
from apprunner_facts.names import NameRule

_HASH_LENGTH = 7
_ENDS_LIKE_A_HASH = re.compile(rf".*-[0-9a-f]{{{_HASH_LENGTH}}}")


def physical_name(rule: NameRule, component: str, role: str = "", *, suffix: str = "") -> str:
    """Return a name that AWS accepts: `<project>-<component>-<stack>`, then the role and the suffix if they are set.

    A hash of all parts follows the role if the name is too long or has invalid characters, or if another project,
    component and stack could have the same name. Names are distinct even if case is ignored, as IAM requires. In a name
    that is too long, the project is shortened first, then the stack, and the component last.

    Args:
        rule: The length and the characters that AWS accepts.
        component: The component's name.
        role: The resource's role in the component. Either all resources of a type have a role or none, which keeps
            their names distinct. Default: none.
        suffix: A hash of the properties that AWS cannot update, so that their change also changes the name. Default:
            none.
    """
    parts = {"project": pulumi.get_project(), "component": component, "stack": pulumi.get_stack(), "role": role}
    sanitized = {key: re.sub(r"[^A-Za-z0-9_-]+", "-", part).strip("-_") for key, part in parts.items()}
    tail = f"-{suffix}" if suffix else ""
    name = _join(sanitized)
    if sanitized == parts and _is_distinct(name, **parts) and rule.shortest <= len(name + tail) <= rule.longest:
        return name + tail
    digest = short_hash("\0".join(parts.values()))
    shortened = _shorten(sanitized, rule.longest - len(tail) - len(f"-{digest}"))
    return "-".join(filter(None, [shortened, digest])) + tail


def repository_name(component: str) -> str:
    """Return the default name of a repository, which ECR accepts in lower case and with few kinds of separators."""
    name = physical_name(names.REPOSITORY, component)
    valid = re.sub(r"(?=[_-]*_)(?=[_-]*-)[_-]+|_{3,}", "-", name.lower())
    # A name with upper-case letters has a hash already, which keeps it distinct.
    return valid if valid == name.lower() else f"{valid}-{short_hash(name)}"


def short_hash(text: str) -> str:
    """Return the hash of a text for a part of a name."""
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_LENGTH]


def _is_distinct(name: str, *, project: str, stack: str, **_: str) -> bool:
    """Return whether no other project, component and stack can have the same name.

    Without hyphens in project and stack, the name's first and last part, apart from the role, are the project and the
    stack, and the rest is the component.
    """
    return "-" not in project + stack and name == name.lower() and not _ENDS_LIKE_A_HASH.fullmatch(name)


def _shorten(parts: dict[str, str], longest: int) -> str:
    """Return the joined parts, shortened to a maximum length."""
    for key in ("project", "stack", "component"):
        excess = max(0, len(_join(parts)) - longest)
        kept = max(0, len(parts[key]) - excess)
        parts = {**parts, key: parts[key][:kept].rstrip("-_")}
    return _join(parts)


def _join(parts: dict[str, str]) -> str:
    return "-".join(filter(None, parts.values()))
