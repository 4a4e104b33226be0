"""Rules about who may assume a role."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import identity, source
from apprunner_facts.arns import parse_arn
from apprunner_facts.github import ISSUER, NAMED, NAMES_A_REPOSITORY
from apprunner_facts.tokens import ROLE, SERVICE
from apprunner_policies.conditions import accepted_values, literal_wildcards, quote, required_values
from apprunner_policies.grants import role_of
from apprunner_policies.properties import as_texts, text, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.services import INSTANCE_ROLE
from apprunner_policies.stack import Stack
from apprunner_policies.statements import Statement, matches_any, statements, trusted_services

_TRUST = "assumeRolePolicy"
_SOURCES = {
    "aws:sourceaccount": re.compile(r"[^*?]+"),
    "aws:sourcearn": re.compile(r"[^:]+:[^:]+:[^:]+:[^:]*:[^:*?]+:.+"),
    "aws:sourceorgid": re.compile(r"[^*?]+"),
    "aws:sourceorgpaths": re.compile(r"o-[^*?/]+/.*"),
}
"""The condition keys that limit a service to an account or organization, with the values that name one."""
_SPELLINGS = {
    each.lower(): each for each in ("aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID", "aws:SourceOrgPaths")
}
_CLAIMS = {
    "repository": re.compile(NAMED),
    "repository_id": re.compile(r"\d+"),
    "job_workflow_ref": re.compile(rf"{NAMED}/.+"),
}
"""Claims that name a repository. A role with a condition on one that AWS does not support cannot be assumed at all."""

instance_role_consistency = StackRule(
    "instance-role-consistency",
    resource_types=[SERVICE],
    native=True,
    description="A service's instance role is a role that App Runner may assume.",
    remediation_steps=(
        f"Set {INSTANCE_ROLE} to the ARN of a role whose {_TRUST} has {identity.TASKS_SERVICE} as service principal. "
        f"{identity.BUILD_SERVICE} is that of the access role, which pulls the image."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
)


@instance_role_consistency.check
def _app_runner_can_assume_the_role(service: PolicyResource, stack: Stack) -> Iterator[str]:
    role = role_of(service, "instanceConfiguration", INSTANCE_ROLE, stack)
    if role is None:
        yield from _no_role(service)
        return
    services = trusted_services(value(role, _TRUST))
    if not matches_any(identity.TASKS_SERVICE, services):
        yield (
            f"{INSTANCE_ROLE} must be a role that {identity.TASKS_SERVICE} may assume, got {role.name}, whose {_TRUST} "
            f"trusts {quote(services) or 'no service'}. App Runner rejects the service. Add {identity.TASKS_SERVICE} "
            "to the policy's Principal, or use another role."
        )


def _no_role(service: PolicyResource) -> Iterator[str]:
    """Yield a message for the ARN of anything but a role."""
    arn = text(service, INSTANCE_ROLE)
    try:
        resource = parse_arn(arn or "").resource
    except ValueError:  # no ARN, which AWS's validation reports
        return
    if not resource.startswith("role/"):
        yield (
            f'{INSTANCE_ROLE} must be the ARN of a role, got "{arn}". App Runner rejects the service. Set it to the '
            "arn of an aws.iam.Role. An instance profile is for EC2 only."
        )


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
        if not statement.allows or not _trusts_scheduler(statement):
            continue
        sources = [(key, values) for key in _SOURCES for values in required_values(statement, key) if values]
        if any(all(map(_SOURCES[key].fullmatch, values)) for key, values in sources):
            continue
        got = "no such condition"
        if sources:
            key, values = sources[0]
            got = f"{_SPELLINGS[key]} {quote(values)}"
        yield (
            f"{_TRUST}.Statement[{index}] must limit {identity.SCHEDULER_SERVICE} to an account, got {got}: a schedule "
            'of another account could make EventBridge Scheduler use the role. Set "Condition": {"StringEquals": '
            '{"aws:SourceAccount": "<your account id>"}}.'
        )


@trust_has_source_account.check
def _nobody_trusts_everybody(role: ResourceValidationArgs) -> Iterator[str]:
    for index, statement in enumerate(statements(value(role, _TRUST))):
        everybody = "*" in statement.principals.get("AWS", ()) and statement.covers("sts:AssumeRole")
        if statement.allows and everybody and not statement.conditions:
            yield (
                f'{_TRUST}.Statement[{index}].Principal must name who may assume the role, got "*": every AWS account '
                "can. Name the service or the accounts, or add a condition such as aws:PrincipalOrgID."
            )


def _trusts_scheduler(statement: Statement) -> bool:
    return matches_any(identity.SCHEDULER_SERVICE, statement.services()) and statement.covers("sts:AssumeRole")


github_role_scoped = Rule(
    "github-role-scoped",
    resource_types=[ROLE],
    description="A role that GitHub Actions assumes is limited to named repositories and to tokens for AWS.",
    remediation_steps=(
        f'Require {ISSUER}:aud "sts.amazonaws.com" and {ISSUER}:sub "repo:<owner>/<repository>:..." in the trust '
        "policy's conditions, without a wildcard in owner or repository. A subject with other claims must name the "
        "repository too."
    ),
    source=source.GITHUB_OIDC,
    severity=Severity.CRITICAL,
    config={
        "audiences": {
            "type": "array",
            "items": {"type": "string"},
            "default": ["sts.amazonaws.com", "sts.amazonaws.com.cn"],
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
    yield from _loose_audience(statement, f"{provider}:aud", where, as_texts(config.get("audiences")))
    yield from _literal_subject(statement, f"{provider}:sub", where)
    if not _names_repositories(statement, provider):
        yield from _loose_subject(statement, f"{provider}:sub", where)


def _literal_subject(statement: Statement, key: str, where: str) -> Iterator[str]:
    literal = literal_wildcards(statement, key.lower())
    if literal:
        yield (
            f"{where} must accept the tokens of its repositories, got StringEquals with {quote(literal)} on {key}. "
            "StringEquals compares * as an ordinary character, so that no token matches. Use StringLike instead."
        )


def _loose_audience(statement: Statement, key: str, where: str, audiences: Collection[str]) -> Iterator[str]:
    conditions = [values for values in accepted_values(statement, key.lower()) if values]
    if any(set(values) <= set(audiences) for values in conditions):
        return
    got = quote(conditions[0]) if conditions else "no condition"
    yield (
        f"{where} must accept only GitHub's tokens for AWS, got {got} on {key}. A workflow can request a token for any "
        f'audience. Add "StringEquals": {{"{key}": "{min(audiences, default="sts.amazonaws.com")}"}} to its Condition. '
        "If another audience is correct, add it to the rule's audiences."
    )


def _loose_subject(statement: Statement, key: str, where: str) -> Iterator[str]:
    required = [values for values in required_values(statement, key.lower()) if values]
    if any(all(map(NAMES_A_REPOSITORY.fullmatch, values)) for values in required):
        return
    conditions = [values for values in accepted_values(statement, key.lower()) if values]
    loose = [each for values in conditions for each in values if not NAMES_A_REPOSITORY.fullmatch(each)]
    got = f"{key} {quote(loose)}" if loose else f"no condition on {key}"
    if conditions and not loose:
        got = f"a condition on {key} with IfExists or ForAllValues"
    yield (
        f"{where} must accept GitHub's tokens of named repositories only, got {got}: workflows of other repositories "
        f'can assume the role. Set "StringLike": {{"{key}": "repo:<owner>/<repository>:<branch, tag or environment>"}} '
        'without a wildcard in owner and repository, for example "repo:acme/shop:ref:refs/heads/main".'
    )


def _names_repositories(statement: Statement, provider: str) -> bool:
    """Return whether a condition on a claim other than the subject names repositories."""
    return any(
        values and all(map(pattern.fullmatch, values))
        for claim, pattern in _CLAIMS.items()
        for values in required_values(statement, f"{provider}:{claim}".lower())
    )


def _github_provider(principal: str) -> str | None:
    """Return the prefix of the condition keys; the issuer of an enterprise contains its name."""
    provider = principal.rpartition("oidc-provider/")[2]
    return provider if provider == ISSUER or provider.startswith(f"{ISSUER}/") else None


RULES = (instance_role_consistency, trust_has_source_account, github_role_scoped)
