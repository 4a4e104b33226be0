"""What `apprunner plan --json` told, as the one comment that a pull request needs."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

from pulumi_apprunner.cli.github import LONGEST

MARKER = "<!-- apprunner plan -->"
"""What the comment begins with; a repository with several sets of plans gives each a name (`marker`)."""

_WAIVERS = "waivers"
_LEVELS = ("mandatory", "remediate", "advisory")
_ACCOUNT = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_CHANGES = ("replaced", "deleted", "created", "updated")
_MOST = 30
"""Lines of one list, so that a large change still fits."""


def marker(name: str | None) -> str:
    """Return what a comment of this name begins with."""
    return MARKER if name is None else f"<!-- apprunner plan {html.escape(name)} -->"


def render(plans: Sequence[Mapping[str, Any]]) -> str:
    """Return a comment's Markdown: for each plan what changes, what breaks a rule and how to mend it, and the bill.

    It holds no account's number, and nobody is notified by a name in it.
    """
    text = "\n".join(line for plan in plans for line in _plan(plan))
    if len(text) > LONGEST - 1_000:
        cut = text[: LONGEST - 1_000].rpartition("\n")[0]
        text = f"{cut}\n\n</details>\n\n*The rest did not fit into a comment: `apprunner plan` shows it.*\n"
    return text


def _plan(plan: Mapping[str, Any]) -> Iterator[str]:
    yield f"### {_plain(plan['project'])} · {_plain(plan['stack'])}"
    yield ""
    violations = [each for each in plan["violations"] if each["policy"] != _WAIVERS]
    counts = Counter(each["level"] for each in violations)
    broken = ", ".join(f"**{counts[level]} {level}**" for level in _LEVELS if counts[level])
    yield f"{'❌' if counts['mandatory'] else '✅'} {f'Rules broken: {broken}' if broken else 'No rule is broken'}. "
    yield _bill(plan)
    yield ""
    yield from _changes(plan)
    for level in _LEVELS:
        yield from _violations(level, [each for each in violations if each["level"] == level])
    waived = [each for each in plan["violations"] if each["policy"] == _WAIVERS]
    yield from _list(f"Waived: {len(waived)}", (f"- {_plain(each['message'])}" for each in waived))
    skipped = [f"- `{each['policy']}` on {_name(each)}: {_plain(each['reason'])}" for each in plan.get("skipped", ())]
    yield from _list(f"Not judged, since a value is not known yet: {len(skipped)}", skipped)


def _bill(plan: Mapping[str, Any]) -> str:
    total = f"${plan['cost']['monthly_usd']:,.2f}"
    before = _map(_map(plan.get("changes")).get("cost")).get("before_usd")
    if before is None:
        return f"App Runner is estimated at {total} a month."
    difference = plan["cost"]["monthly_usd"] - before
    if round(difference, 2) == 0:
        return f"App Runner is estimated at {total} a month, as before."
    return f"App Runner is estimated at {total} a month, **{'+' if difference > 0 else '-'}${abs(difference):,.2f}**."


def _changes(plan: Mapping[str, Any]) -> Iterator[str]:
    changes = _map(plan.get("changes"))
    if not changes:
        return
    found = {kind: cast(list[Mapping[str, Any]], changes.get(kind, [])) for kind in _CHANGES}
    counts = [f"{len(found[kind])} {kind}" for kind in _CHANGES if found[kind]]
    if not counts:
        yield "No resource changes.\n"
    lines = [f"- {kind} {_change(each)}" for kind in _CHANGES for each in found[kind]]
    yield from _list(f"Resources: {', '.join(counts)}", lines, is_open=bool(found["replaced"] or found["deleted"]))
    for note in cast(list[str], changes.get("notes", [])):
        yield f"<sub>{_plain(note)}</sub>\n"


def _change(each: Mapping[str, Any]) -> str:
    name = f"**{_plain(each['name'])}** ({_plain(_short(each['type']))})"
    because = ", ".join(f"`{_plain(path)}`" for path in each.get("because") or each.get("changed") or ())
    notes = [f"{'by' if each.get('because') else 'in'} {because}"] if because else []
    notes += [_plain(note) for note in each.get("notes", ())]
    return "; ".join([name, *notes])


def _violations(level: str, found: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield each rule with all that breaks it, and how to mend that in general."""
    by_rule: dict[str, list[Mapping[str, Any]]] = {}
    for each in found[:_MOST]:
        by_rule.setdefault(each["policy"], []).append(each)
    for rule, broken in by_rule.items():
        yield f"- **{level}** `{rule}`"
        yield from (f"  - {_plain(each['message'])}" for each in broken)
        if remediation := broken[0].get("remediation"):
            yield f"  - <sub>{_plain(remediation)}</sub>"
    if len(found) > _MOST:
        yield f"- and {len(found) - _MOST} more {level} ones"
    if found:
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
    """Return a text that means nothing in Markdown, notifies nobody and names no account."""
    said = _ACCOUNT.sub("ACCOUNT", str(text))
    said = html.escape(said, quote=False).replace("@", "@\u200b").replace("\n", " ")
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", said)


def _map(value: Any) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], value) if isinstance(value, Mapping) else {}
