"""Generates docs/policies.md and a page for each theme in docs/policies/, from the rules. `make docs` runs it.

Each rule has a module in policies/examples, with two programs, the functions `bad` and `good`. A rule that is off
without configuration also has a `CONFIG`.
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

from apprunner_facts.tokens import NATIVE
from apprunner_policies import THEMES
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.waivers import CONFIG as OF_EVERY_RULE

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
EXAMPLES = ROOT / "policies" / "examples"

_GENERATED = "<!-- Written by tools/policies.py from the rules themselves: change those and run `make docs`. -->\n"

_TOP = f"""\
# Policy rules

{_GENERATED}
```console
$ apprunner plan --stack prod --policy-config rules.json
```

The policy pack checks any Pulumi program with App Runner services, in any language, with these components or without
them ([how to run it](guides/policy-pack.md)). Each theme below has a page with the rules' configuration and examples.

The rules about single resources also check those of aws-native (`aws-native.apprunner.Service` and others). A rule over
several resources is not applicable to them, because the resources around them may be of aws-native too. The report
lists such rules.

## Levels

The configuration file sets the level and the settings of each rule:

```json
{{
  "all": "advisory",
  "no-plaintext-secrets": "mandatory",
  "prod-min-instances": {{"enforcementLevel": "mandatory", "minInstances": 3}}
}}
```

| level | effect |
|---|---|
| `mandatory` | a violation fails the preview or the update |
| `advisory` | a violation is a warning |
| `remediate` | a rule that can fix a violation does so before the resource is registered; what remains is mandatory |
| `disabled` | the rule is off |

`all` sets the level of every rule, also of those that are disabled by default. It can also have the settings that every
rule understands: `environment` and `production` (below), and waivers. A rule's own setting overrides them; waivers are
added to its own:

```json
{{
  "all": {{
    "environment": "production",
    "waivers": [{{"resource": "legacy-*", "reason": "moves to ECS", "until": "2027-03-31"}}]
  }}
}}
```

Unknown rules, unknown keys, values of the wrong type and dates that do not exist are errors: the preview or plan stops
and lists all of them. The Pulumi CLI itself reports values of the wrong type, with other messages. It reports an
unknown rule without a level as `invalid enforcement level ""`.

If a rule depends on a value that is unknown in a preview, it is skipped there and checked in the update. A rule that
requires another resource, such as an alarm, is skipped in a first preview if it finds none: a program may create it
inside `apply`, which runs only in the update. `apprunner plan` checks such rules: it has stub values for outputs, and
runs `apply`.

**Production**: a stack is production if a word of its name is prod, prd, production or live, or ends in prod. It is not
if another word means the opposite, such as non, pre, test or copy. Words end at a hyphen, an underscore, a dot, a
digit or an upper-case letter.

| stack | |
|---|---|
| prod, live, eu-prod-1, orders_prod, acme-prd, prodEU, euprod | production |
| non-prod, preprod, pre-production, prod-test, prod-copy, product | not production |

The setting `environment` is the name to use instead of the stack's. `production` is a list of patterns for
the names of environments that are production, such as `["customer-*"]`. It replaces this convention.

## Waivers

A waiver exempts a resource from a rule, for a reason and until a date. Until then the rule `waivers`, which is always
advisory, lists the violation in every report. Afterwards it is reported again:

```json
{{
  "prod-min-instances": {{
    "waivers": [{{"resource": "orders-api-scaling", "reason": "moves to ECS in March", "until": "2027-03-31"}}]
  }}
}}
```

`resource` is a logical name or a URN, in which `*` matches any characters. The rule `waivers` also lists waivers that
have ended, and waivers that match no resource of the stack that their rule checks. `today` overrides the current day,
for tests.
"""


def pages() -> Mapping[Path, str]:
    """Return the text of each page: the overview, and one for each theme."""
    themes = {DOCS / "policies" / f"{_name(theme)}.md": "\n".join(_theme(theme)) for theme in THEMES}
    return {DOCS / "policies.md": "\n".join([_TOP, *_overview()]), **themes}


def _name(theme: Any) -> str:
    return theme.__name__.rpartition(".")[2].replace("_", "-")


def _theme(theme: Any) -> Iterator[str]:
    yield f"# {_title(theme)}\n"
    yield _GENERATED
    for rule in theme.RULES:
        yield from _rule(rule)


def _title(theme: Any) -> str:
    """Return the title of a theme from its docstring: "VPC connectors" for "Rules about VPC connectors."."""
    text = inspect.cleandoc(theme.__doc__).splitlines()[0].removesuffix(".")
    text = re.sub(r"^(?:The )?[Rr]ules? about ", "", text)
    return text[:1].upper() + text[1:]


def _overview() -> Iterator[str]:
    for theme in THEMES:
        page = f"policies/{_name(theme)}.md"
        yield f"## [{_title(theme)}]({page})\n"
        yield "| rule | level | requires |"
        yield "|---|---|---|"
        for rule in theme.RULES:
            yield f"| [`{rule.name}`]({page}#{rule.name}) | {_level(rule)} | {rule.description} |"
        yield ""


def _rule(rule: Policy) -> Iterator[str]:
    assert isinstance(rule, Rule | StackRule)
    yield f"## {rule.name}\n"
    yield f"{rule.description}\n"
    severity = rule.severity.value if rule.severity else ""
    types = ", ".join(f"`{_short(each)}`" for each in sorted(rule.resource_types - NATIVE.keys()))
    scope = "" if isinstance(rule, Rule) else ", together with the other resources of the stack"
    natives = " Supports resources of aws-native." if rule.resource_types & NATIVE.keys() else ""
    yield f"*{_level(rule).capitalize()}, severity {severity}. Checks {types}{scope}.{natives}*\n"
    yield f"{rule.remediation_steps}" + (f" ([source]({rule.url}))" if rule.url else "") + "\n"
    if isinstance(rule, Rule) and rule.has_remediation():
        yield "At the level `remediate` the rule fixes violations itself.\n"
    yield from _configuration(rule)
    file = EXAMPLES / f"{rule.name.replace('-', '_')}.py"
    example = runpy.run_path(str(file))
    if "CONFIG" in example:
        yield f"With the configuration `{json.dumps(example['CONFIG'])}`:\n"
    for title, name in (("A violation:", "bad"), ("No violation:", "good")):
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
    """Return the name of a type in a program, such as aws.apprunner.Service."""
    package, module, name = token.split(":")
    return f"{package}.{module.split('/')[0]}.{name}"


def _body(program: Any) -> str:
    source = textwrap.dedent(inspect.getsource(program))
    return textwrap.dedent(source.split(":\n", 1)[1])


def _constants(file: Path, body: str) -> str:
    """Return the constants in the file of an example that its program uses."""
    text = file.read_text()
    constants = [each for each in ast.parse(text).body if isinstance(each, ast.Assign)]
    used = [each for each in constants if re.search(rf"\b{ast.unparse(each.targets[0])}\b", body)]
    return "".join(f"{ast.get_source_segment(text, each)}\n" for each in used)


if __name__ == "__main__":
    for stale in {*(DOCS / "policies").glob("*.md")} - {*pages()}:
        stale.unlink()
    (DOCS / "policies").mkdir(exist_ok=True)
    for path, text in pages().items():
        path.write_text(text)
