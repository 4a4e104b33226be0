"""Rules about who may assume a role."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import identity, source
from apprunner_facts.tokens import ROLE
from apprunner_policies.conditions import accepted_values, quote
from apprunner_policies.properties import as_items, value
from apprunner_policies.rule import Rule
from apprunner_policies.statements import Statement, statements

_TRUST = "assumeRolePolicy"
_SOURCE_KEYS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid")
_GITHUB = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"repo:[^/:*?]+/[^/:*?]+:.+")

trust_has_source_account = Rule(
    "trust-has-source-account",
    resource_types=[ROLE],
    description="A role that EventBridge Scheduler assumes is limited to schedules of an account.",
    remediation_steps=(
        "Add a condition on aws:SourceAccount or aws:SourceArn to the statement that trusts "
        f"{identity.SCHEDULER_SERVICE}. AWS does not document that App Runner's own principals support it."
    ),
    source=source.SCHEDULER,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)


@trust_has_source_account.check
def _scheduler_has_a_source(role: ResourceValidationArgs) -> Iterator[str]:
    for index, statement in enumerate(statements(value(role, _TRUST))):
        if not statement.allows or identity.SCHEDULER_SERVICE not in statement.services():
            continue
        if not any(values and "*" not in values for values in accepted_values(statement, *_SOURCE_KEYS)):
            yield (
                f"{_TRUST}.Statement[{index}] must limit {identity.SCHEDULER_SERVICE} to an account, got no such "
                "condition: a schedule of another account could make EventBridge Scheduler use the role. Add "
                '"Condition": {"StringEquals": {"aws:SourceAccount": "<your account id>"}}.'
            )


github_role_scoped = Rule(
    "github-role-scoped",
    resource_types=[ROLE],
    description="A role that GitHub Actions assumes is limited to named repositories and to tokens for AWS.",
    remediation_steps=(
        f'Require {_GITHUB}:aud "sts.amazonaws.com" and {_GITHUB}:sub "repo:<owner>/<repository>:..." in the trust '
        "policy's conditions, without a wildcard in owner or repository."
    ),
    source=source.GITHUB_OIDC,
    severity=Severity.CRITICAL,
    config={
        "audiences": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["sts.amazonaws.com"],
            "description": "The audiences of GitHub's tokens that are accepted.",
        }
    },
)


@github_role_scoped.check
def _github_is_one_repository(role: ResourceValidationArgs) -> Iterator[str]:
    for index, statement in enumerate(statements(value(role, _TRUST))):
        provider = next(filter(None, map(_github_provider, statement.principals.get("Federated", ()))), None)
        if provider and statement.allows and statement.covers("sts:AssumeRoleWithWebIdentity"):
            yield from _loose_github(statement, provider, f"{_TRUST}.Statement[{index}]", role.get_config())


def _loose_github(statement: Statement, provider: str, where: str, config: Mapping[str, Any]) -> Iterator[str]:
    audiences = {str(each) for each in as_items(config.get("audiences"))}
    if not any(
        values and audiences.issuperset(values) for values in accepted_values(statement, f"{provider}:aud".lower())
    ):
        yield (
            f"{where} must accept GitHub's tokens of named audiences only, got no such condition on {provider}:aud. "
            f'Add "StringEquals": {{"{provider}:aud": "{min(audiences, default="sts.amazonaws.com")}"}} to its '
            "Condition."
        )
    subjects = [values for values in accepted_values(statement, f"{provider}:sub".lower()) if values]
    if any(all(_REPOSITORY.fullmatch(each) for each in values) for values in subjects):
        return
    loose = [each for values in subjects for each in values if not _REPOSITORY.fullmatch(each)]
    got = f"{provider}:sub {quote(loose)}" if loose else f"no condition on {provider}:sub"
    yield (
        f"{where} must accept GitHub's tokens of named repositories only, got {got}: workflows of other repositories "
        f'can assume the role. Set "StringLike": '
        f'{{"{provider}:sub": "repo:<owner>/<repository>:<branch, tag or environment>"}} without a wildcard in owner '
        'and repository, for example "repo:acme/shop:ref:refs/heads/main".'
    )


def _github_provider(principal: str) -> str | None:
    """Return the prefix of the condition keys; the issuer of an enterprise contains its name."""
    provider = principal.rpartition("oidc-provider/")[2]
    return provider if provider == _GITHUB or provider.startswith(f"{_GITHUB}/") else None


RULES = (trust_has_source_account, github_role_scoped)
