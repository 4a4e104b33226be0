"""Writes docs/policies.md, the catalogue of the policy pack, from the rules themselves. `make docs` runs it.

The examples of a rule stand in policies/examples: a module a rule, with two functions that are programs, `bad` and
`good`, and `CONFIG` where the rule judges nothing without.
"""

import ast
import inspect
import json
import re
import runpy
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pulumi_policy import Policy

from apprunner_policies import THEMES
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.waivers import CONFIG as OF_EVERY_RULE

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "policies.md"
EXAMPLES = ROOT / "policies" / "examples"

_TOP = """\
# The rules

<!-- Written by tools/policies.py from the rules themselves: change those and run `make docs`. -->

What the policy pack demands of any Pulumi program with App Runner services, made with these components or not, in any
language. Each rule's level can be changed, and its configuration given, in the file of `--policy-pack-config`:

```json
{
  "all": "advisory",
  "no-plaintext-secrets": "mandatory",
  "prod-min-instances": {"enforcementLevel": "mandatory", "least": 3}
}
```

A *disabled* rule judges nothing until a level is given to it. At the level `remediate` a rule that can mend what it
finds does so before anything is registered; what is left is judged as mandatory. A value that is not known in a preview
keeps a rule from judging what depends on it; it is judged in the update.

**In production** means that the stack is called prod, production or live, or prod-… or …-prod; a rule that asks for it
can be told the `environment` that it judges, and in `production` which names there are.

**Waivers.** Every rule can be lifted from a resource, for a reason and until a day. Until then `waivers`, which only
ever advises, shows it in every report; afterwards it is a violation again:

```json
{
  "prod-min-instances": {
    "waivers": [{"resource": "orders-api-scaling", "reason": "moves to ECS in March", "until": "2027-03-31"}]
  }
}
```

`resource` is a logical name or a URN, in which `*` stands for any characters. `today` gives the day that is judged by,
for tests.
"""


def page() -> str:
    """Return the page."""
    parts = [_TOP, *_overview()]
    for theme in THEMES:
        parts.append(f"## {_title(theme)}\n")
        for rule in theme.RULES:
            parts += _rule(rule)
    return "\n".join(parts)


def _title(theme: Any) -> str:
    return inspect.cleandoc(theme.__doc__).splitlines()[0].removesuffix(".").removeprefix("Rules about ").capitalize()


def _overview() -> Iterator[str]:
    yield "| rule | level | demands |"
    yield "|---|---|---|"
    for theme in THEMES:
        for rule in theme.RULES:
            yield f"| [`{rule.name}`](#{rule.name}) | {_level(rule)} | {rule.description} |"
    yield ""


def _rule(rule: Policy) -> Iterator[str]:
    assert isinstance(rule, Rule | StackRule)
    yield f"### {rule.name}\n"
    yield f"{rule.description}\n"
    severity = rule.severity.value if rule.severity else ""
    judges = ", ".join(f"`{_short(each)}`" for each in sorted(rule.resource_types))
    how = "" if isinstance(rule, Rule) else ", by what stands around them"
    yield f"*{_level(rule).capitalize()}, severity {severity}. Judges {judges}{how}.*\n"
    yield f"{rule.remediation_steps}" + (f" ([AWS's text]({rule.url}))" if rule.url else "") + "\n"
    if isinstance(rule, Rule) and rule.has_remediation():
        yield "It can mend this: give it the level `remediate`.\n"
    yield from _configuration(rule)
    file = EXAMPLES / f"{rule.name.replace('-', '_')}.py"
    example = runpy.run_path(str(file))
    if "CONFIG" in example:
        yield f"With the configuration `{json.dumps(example['CONFIG'])}`:\n"
    for title, name in (("It catches:", "bad"), ("It leaves:", "good")):
        body = _body(example[name])
        yield f"{title}\n\n```python\n{_constants(file, body)}{body}```\n"


def _configuration(rule: Rule | StackRule) -> Iterator[str]:
    schema: Mapping[str, Mapping[str, Any]] = (rule.config_schema.properties if rule.config_schema else None) or {}
    own = {key: each for key, each in schema.items() if key not in OF_EVERY_RULE}
    if not own:
        return
    yield "| configuration | type | default | |"
    yield "|---|---|---|---|"
    for key, each in own.items():
        default = f"`{json.dumps(each['default'])}`" if "default" in each else "-"
        yield f"| `{key}` | {each.get('type', '')} | {default} | {each.get('description', '')} |"
    yield ""


def _level(rule: Policy) -> str:
    return rule.enforcement_level.value if rule.enforcement_level else "advisory"


def _short(token: str) -> str:
    """Return how a type is called in a program: aws.apprunner.Service."""
    package, module, name = token.split(":")
    return f"{package}.{module.split('/')[0]}.{name}"


def _body(program: Any) -> str:
    source = textwrap.dedent(inspect.getsource(program))
    return textwrap.dedent(source.split(":\n", 1)[1])


def _constants(file: Path, body: str) -> str:
    """Return what an example's program names and the file sets above it."""
    text = file.read_text()
    said = [each for each in ast.parse(text).body if isinstance(each, ast.Assign)]
    used = [each for each in said if re.search(rf"\b{ast.unparse(each.targets[0])}\b", body)]
    return "".join(f"{ast.get_source_segment(text, each)}\n" for each in used)


if __name__ == "__main__":
    PAGE.write_text(page())
