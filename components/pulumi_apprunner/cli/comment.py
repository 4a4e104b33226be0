"""Renders the output of `apprunner plan --json` as one comment for a pull request."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from pulumi_apprunner.cli.github import LONGEST

MARKER = "<!-- apprunner plan -->"
"""The first line of the comment. Several sets of plans in one repository need different names (`marker`)."""

_WAIVERS = "waivers"
_LEVELS = ("mandatory", "remediate", "advisory")
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_CHANGES = ("replaced", "deleted", "created", "updated")
_MOST = 30
"""Maximum lines of one list."""


def marker(name: str | None) -> str:
    """Return the first line of a comment with this name."""
    return MARKER if name is None else f"<!-- apprunner plan {html.escape(name)} -->"


def render(plans: Sequence[Mapping[str, Any]]) -> str:
    """Return a comment's Markdown: the changes, violations, remediations and cost of each plan.

    It contains no account numbers and notifies nobody.
    """
    text = "\n".join(line for plan in plans for line in _plan(plan))
    if len(text) > LONGEST - 1_000:
        cut = text[: LONGEST - 1_000].rpartition("\n")[0]
        text = (
            f"{cut}\n\n</details>\n\n*Truncated to the length limit of comments. `apprunner plan` prints the rest.*\n"
        )
    return text


def _plan(plan: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {_plain(plan['project'])} · {_plain(plan['stack'])}"
    yield ""
    violations = [each for each in plan["violations"] if each["policy"] != _WAIVERS]
    counts = Counter(each["level"] for each in violations)
    summary = ", ".join(f"**{counts[level]} {level}**" for level in _LEVELS if counts[level])
    result = f"Policy violations: {summary}" if summary else "No policy violations"
    yield f"{'❌' if counts['mandatory'] else '✅'} {result}. "
    yield _cost(plan)
    yield ""
    yield from _changes(plan)
    for level in _LEVELS:
        yield from _violations(level, [each for each in violations if each["level"] == level])
    waived = [each for each in plan["violations"] if each["policy"] == _WAIVERS]
    yield from _list(f"Waived: {len(waived)}", (f"- {_plain(each['message'])}" for each in waived))
    skipped = [f"- `{each['policy']}` on {_name(each)}: {_plain(each['reason'])}" for each in plan.get("skipped", ())]
    yield from _list(f"Skipped because of unknown values: {len(skipped)}", skipped)


def _cost(plan: Mapping[str, Any]) -> str:
    total = f"${plan['cost']['monthly_usd']:,.2f}"
    before = _map(_map(plan.get("changes")).get("cost")).get("before_usd")
    if before is None:
        return f"Estimated App Runner cost: {total} per month."
    difference = plan["cost"]["monthly_usd"] - before
    if round(difference, 2) == 0:
        return f"Estimated App Runner cost: {total} per month, unchanged."
    return f"Estimated App Runner cost: {total} per month, **{'+' if difference > 0 else '-'}${abs(difference):,.2f}**."


def _changes(plan: Mapping[str, Any]) -> Iterator[str]:
    changes = _map(plan.get("changes"))
    if not changes:
        return
    by_kind = {kind: cast(list[Mapping[str, Any]], changes.get(kind, [])) for kind in _CHANGES}
    counts = [f"{len(by_kind[kind])} {kind}" for kind in _CHANGES if by_kind[kind]]
    if not counts:
        yield "No resource changes.\n"
    lines = [f"- {kind} {_change(each)}" for kind in _CHANGES for each in by_kind[kind]]
    is_open = bool(by_kind["replaced"] or by_kind["deleted"])
    yield from _list(f"Resources: {', '.join(counts)}", lines, is_open=is_open)
    for note in cast(list[str], changes.get("notes", [])):
        yield f"<sub>{_plain(note)}</sub>\n"


def _change(each: Mapping[str, Any]) -> str:
    name = f"**{_plain(each['name'])}** ({_plain(_short(each['type']))})"
    paths = ", ".join(f"`{_plain(path)}`" for path in each.get("because") or each.get("changed") or ())
    notes = [f"{'because of' if each.get('because') else 'in'} {paths}"] if paths else []
    notes += [_plain(note) for note in each.get("notes", ())]
    return "; ".join([name, *notes])


def _violations(level: str, violations: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each rule with its violations and its remediation."""
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for each in violations[:_MOST]:
        by_rule.setdefault(each["policy"], []).append(each)
    for rule, of_rule in by_rule.items():
        yield f"- **{level}** `{rule}`"
        yield from (f"  - {_plain(each['message'])}" for each in of_rule)
        if remediation := of_rule[0].get("remediation"):
            yield f"  - <sub>{_plain(remediation)}</sub>"
    if len(violations) > _MOST:
        yield f"- and {len(violations) - _MOST} more {level} violations"
    if violations:
        yield ""


def _list(title: str, lines: Iterable[str], *, is_open: bool = False) -> Iterator[str]:
    listed = list(lines)
    if not listed:
        return
    more = [f"- and {len(listed) - _MOST} more"] if len(listed) > _MOST else []
    yield f"<details{' open' if is_open else ''}><summary>{title}</summary>\n"
    yield from [*listed[:_MOST], *more]
    yield "\n</details>\n"


def _name(each: Mapping[str, Any]) -> str:
    return _plain(str(each["resource"]).rpartition("::")[2])


def _short(token: str) -> str:
    package, _, rest = token.partition(":")
    module, _, name = rest.rpartition(":")
    return f"{package}.{module.partition('/')[0]}.{name}"


def _plain(text: Any) -> str:
    """Return a text without Markdown, mentions and account numbers."""
    plain = _ACCOUNT.sub("ACCOUNT", str(text))
    plain = html.escape(plain, quote=False).replace("@", "@\u200b").replace("\n", " ")
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", plain)


def _map(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}
