"""Rules about who may assume a role."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, ResourceValidationArgs, Severity

from apprunner_facts import identity, source
from apprunner_facts.tokens import ROLE
from apprunner_policies.conditions import accepted_values, quoted
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
    description="A role that EventBridge Scheduler takes says whose schedules it is for.",
    remediation_steps=(
        "Add a condition on aws:SourceAccount or aws:SourceArn to the statement that trusts "
        f"{identity.SCHEDULER_SERVICE}. For App Runner's own principals AWS does not say that it is supported."
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
                f"{_TRUST}.Statement[{index}] trusts {identity.SCHEDULER_SERVICE} without a condition on whose "
                "schedules: a schedule of another account could make EventBridge Scheduler use the role. Add "
                '"Condition": {"StringEquals": {"aws:SourceAccount": "<your account id>"}}.'
            )


github_role_scoped = Rule(
    "github-role-scoped",
    resource_types=[ROLE],
    description="A role that GitHub Actions takes is for named repositories and for tokens that are meant for AWS.",
    remediation_steps=(
        f'Demand {_GITHUB}:aud "sts.amazonaws.com" and {_GITHUB}:sub "repo:<owner>/<repository>:..." in the trust '
        "policy's conditions, without a wildcard in owner or repository."
    ),
    source=source.GITHUB_OIDC,
    severity=Severity.CRITICAL,
    config={
        "audiences": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["sts.amazonaws.com"],
            "description": "The audiences for which GitHub's tokens are taken.",
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
            f"{where} trusts GitHub's tokens for any audience. Add "
            f'"StringEquals": {{"{provider}:aud": "{min(audiences, default="sts.amazonaws.com")}"}} to its Condition.'
        )
    subjects = [values for values in accepted_values(statement, f"{provider}:sub".lower()) if values]
    if any(all(_REPOSITORY.fullmatch(each) for each in values) for values in subjects):
        return
    loose = [each for values in subjects for each in values if not _REPOSITORY.fullmatch(each)]
    got = f"{provider}:sub {quoted(loose)}" if loose else f"no condition on {provider}:sub"
    yield (
        f"{where} trusts GitHub's tokens with {got}: workflows of repositories that are not meant can take the role. "
        f'Set "StringLike": {{"{provider}:sub": "repo:<owner>/<repository>:<branch, tag or environment>"}} '
        'with owner and repository written out, such as "repo:acme/shop:ref:refs/heads/main".'
    )


def _github_provider(principal: str) -> str | None:
    """Return the prefix of the condition keys; the issuer of an enterprise contains its name."""
    provider = principal.rpartition("oidc-provider/")[2]
    return provider if provider == _GITHUB or provider.startswith(f"{_GITHUB}/") else None


RULES = (trust_has_source_account, github_role_scoped)
