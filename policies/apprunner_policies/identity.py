"""Rules about who takes a role and what it may do."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import identity, source
from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_facts.schedules import operation_of
from apprunner_facts.tokens import POLICY, ROLE, ROLE_POLICY, SCHEDULE
from apprunner_policies.grants import Grant, Statement, grants, role_of, statements
from apprunner_policies.rule import Rule, Stack, StackRule, read

_TRUST = "assumeRolePolicy"
_ADMINISTRATION = re.compile(
    r"arn:aws[\w-]*:iam::aws:policy/(?:.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)"
)
_ANYTHING = "arn:aws:any:any:000000000000:any"
_EVERY_ROLE = re.compile(r"(?:.*:)?(?:role/?)?[*?]+")
_PASS_ROLE = "iam:PassRole"
_SOURCE_KEYS = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid")
_NARROWING = ("resourcetag/", "kms:viaservice", "kms:encryptioncontext", "kms:resourcealiases", "cloudwatch:namespace")
"""Parts of the condition keys that narrow a statement down as a list of resources does."""

_GITHUB = "token.actions.githubusercontent.com"
_REPOSITORY = re.compile(r"repo:[^/:*?]+/[^/:*?]+:.+")


def _nothing_is_a_wildcard(role: PolicyResource, stack: Stack) -> Iterator[str]:
    if not _is_app_runners(role, stack):
        return
    for grant, statement, where in _known_statements(grants(role, stack)):
        if grant.managed_policy_arn and (found := _ADMINISTRATION.fullmatch(grant.managed_policy_arn)):
            yield (
                f"{where} is {grant.managed_policy_arn}: {found[1]} lets the role do far more than App Runner or the "
                "application needs. Replace it by a policy with the actions and resources that are used."
            )
        if statement:
            yield from _wildcards(statement, where, stack.config)


def _wildcards(statement: Statement, where: str, config: Mapping[str, Any]) -> Iterator[str]:
    if not statement.allows:
        return
    for action in statement.actions:
        if "*" in action and not action.rpartition(":")[2].strip("*?"):
            yield (
                f'{where}.Action has "{action}", which allows all that there is and will be. Name the actions that '
                'are used, such as "s3:GetObject".'
            )
    if statement.not_actions:
        yield (
            f"{where} allows all actions but {_said(statement.not_actions)} (NotAction). Name the actions that are "
            "used in Action instead."
        )
    if statement.not_resources:
        yield (
            f"{where} allows its actions on all resources but {_said(statement.not_resources)} (NotResource). Name "
            "the ARNs that are used in Resource instead."
        )
    everywhere = [each for each in statement.resources if _matches(_ANYTHING, each)]
    narrowed = any(part in key for keys in statement.conditions.values() for key in keys for part in _NARROWING)
    without: Any = config.get("actionsWithoutResources")
    known = [str(each).lower() for each in cast(Sequence[Any], without)] if _is_list(without) else []
    demanding = [each for each in statement.actions if not any(fnmatchcase(each.lower(), one) for one in known)]
    if everywhere and not narrowed and demanding:
        yield (
            f'{where}.Resource has "{everywhere[0]}" for {_said(demanding)}: the role may do that with everything in '
            "the account. Name the ARNs that are used. An action that knows no resources goes into a statement of "
            "its own and, if the rule does not know it yet, into the rule's actionsWithoutResources."
        )


def _scheduler_has_a_source(args: ResourceValidationArgs) -> Iterator[str]:
    for place, statement in enumerate(statements(read(args, _TRUST))):
        if not statement.allows or identity.SCHEDULER_SERVICE not in statement.principals.get("Service", ()):
            continue
        if not any(values and "*" not in values for values in _demanded(statement, *_SOURCE_KEYS)):
            yield (
                f"{_TRUST}.Statement[{place}] trusts {identity.SCHEDULER_SERVICE} without a condition on whose "
                "schedules: a schedule of another account could make EventBridge Scheduler use the role. Add "
                '"Condition": {"StringEquals": {"aws:SourceAccount": "<your account id>"}}.'
            )


def _passed_roles_are_named(args: ResourceValidationArgs) -> Iterator[str]:
    for where, document in _documents(args):
        for place, statement in enumerate(statements(document)):
            if statement.allows and _speaks_of_pass_role(statement, args.resource_type):
                yield from _loose_pass_role(statement, f"{where}.Statement[{place}]")


def _loose_pass_role(statement: Statement, where: str) -> Iterator[str]:
    wide = [each for each in statement.resources if _EVERY_ROLE.fullmatch(each)]
    if wide or statement.not_resources:
        found = f'Resource "{wide[0]}"' if wide else "NotResource"
        yield (
            f"{where} allows {_PASS_ROLE} with {found}: whoever has it can hand out any role of the account, also one "
            "that may do more. Name the ARNs of the roles that are passed, such as the service's instance role and "
            "access role."
        )
    services = [values for values in _demanded(statement, "iam:passedtoservice") if values]
    if not services:
        yield (
            f"{where} allows {_PASS_ROLE} without a condition on iam:PassedToService: the roles can be given to any "
            f'service. Add "Condition": {{"StringEquals": {{"iam:PassedToService": "{identity.PASSED_TO_SERVICE}"}}}}, '
            "or the service that the roles are for."
        )
    elif not any(_plain(values) for values in services):
        yield (
            f"{where} allows {_PASS_ROLE} with iam:PassedToService {_said(services[0])}, which lets the roles be given "
            f'to more than one service. Name the services, such as "{identity.PASSED_TO_SERVICE}".'
        )


def _github_is_one_repository(args: ResourceValidationArgs) -> Iterator[str]:
    for place, statement in enumerate(statements(read(args, _TRUST))):
        provider = next(filter(None, map(_github_provider, statement.principals.get("Federated", ()))), None)
        if provider and statement.allows and statement.covers("sts:AssumeRoleWithWebIdentity"):
            yield from _loose_github(statement, provider, f"{_TRUST}.Statement[{place}]", args.get_config())


def _loose_github(statement: Statement, provider: str, where: str, config: Mapping[str, Any]) -> Iterator[str]:
    given: Any = config.get("audiences")
    audiences = {str(each) for each in cast(Sequence[Any], given)} if _is_list(given) else set[str]()
    if not any(values and audiences.issuperset(values) for values in _demanded(statement, f"{provider}:aud")):
        yield (
            f"{where} trusts GitHub's tokens for any audience. Add "
            f'"StringEquals": {{"{provider}:aud": "{min(audiences, default="sts.amazonaws.com")}"}} to its Condition.'
        )
    subjects = [values for values in _demanded(statement, f"{provider}:sub") if values]
    if any(all(_REPOSITORY.fullmatch(each) for each in values) for values in subjects):
        return
    loose = [each for values in subjects for each in values if not _REPOSITORY.fullmatch(each)]
    found = f"{provider}:sub {_said(loose)}" if loose else f"no condition on {provider}:sub"
    yield (
        f"{where} trusts GitHub's tokens with {found}: workflows of repositories that are not meant can take the role. "
        f'Set "StringLike": {{"{provider}:sub": "repo:<owner>/<repository>:<branch, tag or environment>"}} '
        'with owner and repository written out, such as "repo:acme/shop:ref:refs/heads/main".'
    )


def _is_app_runners(role: PolicyResource, stack: Stack) -> bool:
    """Tell whether App Runner takes a role, or a schedule for App Runner does."""
    trust = [each for each in statements(read(role, _TRUST)) if each.allows]
    services = {service for each in trust for service in each.principals.get("Service", ())}
    if services & {identity.BUILD_SERVICE, identity.TASKS_SERVICE}:
        return True
    return identity.SCHEDULER_SERVICE in services and (role.urn in _for_a_pause(stack) or _may_pause(role, stack))


@lru_cache(maxsize=1)
def _for_a_pause(stack: Stack) -> Collection[str]:
    """Return the URNs of the roles under which schedules ask App Runner for something."""
    found: set[str] = set()
    for schedule in stack.of(SCHEDULE):
        with suppress(UnknownValueError):
            if operation_of(read(schedule, "target.arn")) is not None:
                role = role_of(schedule, "target", "target.roleArn", stack)
                found |= {role.urn} if role else set()
    return found


def _may_pause(role: PolicyResource, stack: Stack) -> bool:
    for _, statement, _ in _known_statements(grants(role, stack)):
        if statement and any(action.lower().startswith("apprunner:") for action in statement.actions):
            return True
    return False


def _known_statements(given: Iterable[Grant]) -> Iterator[tuple[Grant, Statement | None, str]]:
    """Yield each statement of some grants and where it stands, None for a policy from outside; UnknownValueError is
    raised after the others."""
    unknown: UnknownValueError | None = None
    for grant in given:
        where = f"{grant.path} of {grant.origin.name} ({grant.origin.resource_type})"
        if grant.managed_policy_arn is not None:
            yield grant, None, where
            continue
        try:
            for place, statement in enumerate(grant.statements):
                yield grant, statement, f"{where}: Statement[{place}]"
        except UnknownValueError as error:
            unknown = unknown or error
    if unknown:
        raise unknown


def _documents(args: ResourceValidationArgs) -> Iterator[tuple[str, Any]]:
    if args.resource_type != ROLE:
        yield "policy", read(args, "policy")
        return
    inline = read(args, "inlinePolicies")
    if not _is_list(inline):
        return
    for place, each in enumerate(cast(Sequence[Any], inline)):
        if isinstance(each, Mapping):
            yield f"inlinePolicies[{place}].policy", cast(Mapping[str, Any], each).get("policy")


def _speaks_of_pass_role(statement: Statement, of_type: str) -> bool:
    """Tell whether a statement allows passing roles. A managed policy of all actions may be a permissions boundary,
    which grants nothing: there IAM's actions have to be named."""
    named = [each for each in statement.actions if of_type != POLICY or each.lower().startswith("iam:")]
    return any(_matches(_PASS_ROLE.lower(), each.lower()) for each in named)


def _demanded(statement: Statement, *keys: str) -> Iterator[tuple[str, ...]]:
    """Yield the values of which a condition demands one, for each condition on these keys."""
    for operator, given in statement.conditions.items():
        comparison = operator.rpartition(":")[2]
        if comparison.startswith(("string", "arn")) and "not" not in comparison:
            yield from (values for key, values in given.items() if key in {each.lower() for each in keys})


def _github_provider(principal: str) -> str | None:
    """Return what the keys of a condition begin with; an enterprise's own issuer has its name in it."""
    provider = principal.rpartition("oidc-provider/")[2]
    return provider if provider == _GITHUB or provider.startswith(f"{_GITHUB}/") else None


def _matches(text: str, pattern: str) -> bool:
    return fnmatchcase(text, pattern.replace("[", "[[]"))


def _plain(values: Iterable[str]) -> bool:
    return not any("*" in each or "?" in each for each in values)


def _is_list(given: Any) -> bool:
    return isinstance(given, Sequence) and not isinstance(given, str)


def _said(values: Iterable[str]) -> str:
    return ", ".join(f'"{each}"' for each in values)


no_wildcard_permissions = StackRule(
    "no-wildcard-permissions",
    resource_types=[ROLE],
    checks=[_nothing_is_a_wildcard],
    description="A role that App Runner or its schedules take allows named actions on named resources.",
    remediation=(
        'Write out the actions ("s3:GetObject", not "s3:*") and the ARNs; "*" is for actions that know no resources, '
        f"such as {identity.LOGIN_ACTION}. Replace AdministratorAccess, PowerUserAccess and the FullAccess policies."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
    config={
        "actionsWithoutResources": {
            "type": "array",
            "items": {"type": "string"},
            "default": [*identity.ACTIONS_WITHOUT_RESOURCES, *TRACING_ACTIONS],
            "description": 'Actions that may stand with "*", as they know no resources; * is any characters.',
        }
    },
)

trust_has_source_account = Rule(
    "trust-has-source-account",
    resource_types=[ROLE],
    checks=[_scheduler_has_a_source],
    description="A role that EventBridge Scheduler takes says whose schedules it is for.",
    remediation=(
        "Add a condition on aws:SourceAccount or aws:SourceArn to the statement that trusts "
        f"{identity.SCHEDULER_SERVICE}. For App Runner's own principals AWS does not say that it is supported."
    ),
    source=source.SCHEDULER,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.MEDIUM,
)

passrole_scoped = Rule(
    "passrole-scoped",
    resource_types=[ROLE, ROLE_POLICY, POLICY],
    checks=[_passed_roles_are_named],
    description="Who may pass roles may pass named ones, to named services.",
    remediation=(
        f"Name the roles' ARNs in the statement that allows {_PASS_ROLE}, and add a condition StringEquals on "
        f"iam:PassedToService; App Runner's is {identity.PASSED_TO_SERVICE}."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
)

github_role_scoped = Rule(
    "github-role-scoped",
    resource_types=[ROLE],
    checks=[_github_is_one_repository],
    description="A role that GitHub Actions takes is for named repositories and for tokens that are meant for AWS.",
    remediation=(
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

RULES = (no_wildcard_permissions, trust_has_source_account, passrole_scoped, github_role_scoped)
