"""Physical names, which AWS wants unique: made of the component's name and the stack's, cut to AWS's limit."""

import hashlib
import re

import pulumi

from apprunner_facts.names import NameRule

_HASH = 7


def physical_name(rule: NameRule, *parts: str, suffix: str = "") -> str:
    """Return a name that AWS takes: the parts and the stack joined by hyphens, and always the suffix.

    A name that has to be cut, or that is too short, ends with a hash of the whole, so that two stay two.

    Args:
        rule: What AWS takes.
        parts: The component's name, and what tells this name from the component's others.
        suffix: What makes the name another one when something else changes.
    """
    whole = "-".join([*parts[:1], pulumi.get_stack(), *parts[1:]])
    tail = f"-{suffix}" if suffix else ""
    text = re.sub(r"[^A-Za-z0-9_-]+", "-", whole).lstrip("-_")
    if text != whole or not rule.shortest <= len(text + tail) <= rule.longest:
        mark = hashlib.sha256(whole.encode()).hexdigest()[:_HASH]
        text = "-".join(filter(None, [text[: rule.longest - len(tail) - _HASH - 1].rstrip("-_"), mark]))
    return text + tail
