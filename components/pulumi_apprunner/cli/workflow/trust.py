"""Whether the jobs of a workflow may assume the roles of a delivery."""

import re
from collections.abc import Iterator, Sequence

from apprunner_facts import github
from pulumi_apprunner.cli.workflow.delivery import Delivery
from pulumi_apprunner.offline.graph import Resource
from pulumi_apprunner.offline.values import known_value

_SUBJECT = re.compile(r"repo:[^:]+:(?P<job>(?P<kind>environment:|ref:refs/heads/|ref:refs/tags/)(?P<name>.+))")
"""A subject in GitHub's default form (source.GITHUB_CLAIMS)."""
_NOUNS = {"environment:": "environment", "ref:refs/heads/": "branch", "ref:refs/tags/": "tag"}


def trust_problems(deliveries: Sequence[Delivery], kind: str, branch: str, environment: str) -> Iterator[str]:
    """Yield the roles that do not trust the workflow's jobs; none if one does, or if it is unknown.

    Args:
        deliveries: The deliveries of the service.
        kind: deploy or stack.
        branch: The branch whose pushes are deployed.
        environment: The job's environment, empty for none.
    """
    subject = github.environment_subject("", environment) if environment else github.branch_subject("", branch)
    trusted = {each.name: _subjects(each.roles[kind]) for each in deliveries if kind in each.roles}
    if any(not each or subject[1:] in [match["job"] for match in each] for each in trusted.values()):
        return
    for name, subjects in trusted.items():
        fix = ", or ".join(_fixes(subjects, branch, environment))
        required = f"the environment {environment}" if environment else f"the branch {branch} without an environment"
        got = ", ".join(f"{_NOUNS[each['kind']]} {each['name']}" for each in subjects)
        yield (
            f"{name}.{kind}: must trust the workflow's jobs, those of {required}, got {got}. {fix[0].upper()}{fix[1:]}"
        )


def trusted_subjects(deliveries: Sequence[Delivery], kinds: Sequence[str]) -> list[str] | None:
    """Return the subjects that the roles of some kinds trust; None if there are no roles, none if they are unknown."""
    roles = [each.roles[kind] for each in deliveries for kind in kinds if kind in each.roles]
    return sorted({match[0] for each in roles for match in _subjects(each)}) if roles else None


def _fixes(subjects: Sequence[re.Match[str]], branch: str, environment: str) -> Iterator[str]:
    """Yield what the user can change: the options, or the roles."""
    names = {kind: [each["name"] for each in subjects if each["kind"] == kind] for kind in _NOUNS}
    if environments := names["environment:"]:
        yield f"pass --environment {environments[0]}"
    elif branches := names["ref:refs/heads/"]:
        omit = ["omit --environment"] if environment else []
        other = [] if branch in branches else [f"pass --branch {branches[0]}"]
        yield " and ".join([*omit, *other])
    yield f"add {environment} to its environments" if environment else f"add {branch} to its branches"


def _subjects(role: Resource) -> list[re.Match[str]]:
    """Return the subjects that a role trusts; none if they are unknown, or if one is customized."""
    from apprunner_policies.statements import statements  # slow to load

    document = known_value(role.inputs.get("assumeRolePolicy"), str)
    subjects = [
        subject
        for statement in statements(document)
        for keys in statement.conditions.values()
        for key, values in keys.items()
        if key.endswith(":sub")
        for subject in values
    ]
    matches = [_SUBJECT.fullmatch(each) for each in subjects]
    return [each for each in matches if each] if all(matches) else []
