"""Rules about the permissions of roles."""

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import identity, source
from apprunner_facts.observability import TRACING_ACTIONS
from apprunner_facts.schedules import operation_of
from apprunner_facts.tokens import POLICY, ROLE, ROLE_POLICY, SCHEDULE
from apprunner_policies.conditions import accepted_values, is_plain, quote
from apprunner_policies.grants import Grant, grants, role_of
from apprunner_policies.properties import UnknownValues, as_items, items, member, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import Statement, matches, matches_any, statements

_ADMINISTRATION = re.compile(
    r"arn:aws[\w-]*:iam::aws:policy/(?:.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)"
)
_ANYTHING = "arn:aws:any:any:000000000000:any"
_NARROWING = ("resourcetag/", "kms:viaservice", "kms:encryptioncontext", "kms:resourcealiases", "cloudwatch:namespace")
"""Parts of the condition keys that narrow a statement down as a list of resources does."""
_EVERY_ROLE = re.compile(r"(?:.*:)?(?:role/?)?[*?]+")
_PASS_ROLE = "iam:PassRole"

no_wildcard_permissions = StackRule(
    "no-wildcard-permissions",
    resource_types=[ROLE],
    description="A role that App Runner or its schedules assume allows named actions on named resources.",
    remediation_steps=(
        'List the actions ("s3:GetObject", not "s3:*") and the ARNs. Use "*" only for actions that do not support '
        f"resources, such as {identity.LOGIN_ACTION}. Replace AdministratorAccess, PowerUserAccess and FullAccess "
        "policies."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
    config={
        "actionsWithoutResources": {
            "type": "array",
            "items": {"type": "string"},
            "default": [*identity.ACTIONS_WITHOUT_RESOURCES, *TRACING_ACTIONS],
            "description": 'Actions allowed on "*", since they do not support resources; * matches any characters.',
        }
    },
)


@no_wildcard_permissions.check
def _nothing_is_a_wildcard(role: PolicyResource, stack: Stack) -> Iterator[str]:
    if not _is_app_runners(role, stack):
        return
    for grant, statement, where in _known_statements(grants(role, stack)):
        if grant.managed_policy_arn and (match := _ADMINISTRATION.fullmatch(grant.managed_policy_arn)):
            yield (
                f"{where} must not be an administrative policy, got {grant.managed_policy_arn}: {match[1]} allows far "
                "more than the application needs. Replace it with a policy that lists the actions and resources in use."
            )
        if statement and statement.allows:
            yield from _wildcards(statement, where, stack.config)


def _wildcards(statement: Statement, where: str, config: Mapping[str, Any]) -> Iterator[str]:
    for action in statement.actions:
        if "*" in action and not action.rpartition(":")[2].strip("*?"):
            yield (
                f'{where}.Action must name actions, got "{action}", which also allows future actions. List the actions '
                'in use, such as "s3:GetObject".'
            )
    if statement.not_actions:
        yield (
            f"{where} must name actions, got NotAction {quote(statement.not_actions)}, which allows all others. List "
            "the actions in use in Action instead."
        )
    if statement.not_resources:
        yield (
            f"{where} must name resources, got NotResource {quote(statement.not_resources)}, which allows all others. "
            "List the ARNs in use in Resource instead."
        )
    everywhere = [each for each in statement.resources if matches(_ANYTHING, each)]
    narrowed = any(part in key for keys in statement.conditions.values() for key in keys for part in _NARROWING)
    without = [str(each).lower() for each in as_items(config.get("actionsWithoutResources"))]
    actions = [each for each in statement.actions if not any(fnmatchcase(each.lower(), one) for one in without)]
    if everywhere and not narrowed and actions:
        yield (
            f'{where}.Resource must name ARNs, got "{everywhere[0]}" for {quote(actions)}. List the ARNs in use. Put '
            "actions that do not support resources into a statement of their own. If the rule does not list such an "
            "action yet, add it to the rule's actionsWithoutResources."
        )


def _is_app_runners(role: PolicyResource, stack: Stack) -> bool:
    """Return whether App Runner assumes a role, or Scheduler does for a schedule that calls App Runner."""
    trust = [each for each in statements(value(role, "assumeRolePolicy")) if each.allows]
    services = {service for each in trust for service in each.services()}
    if services & {identity.BUILD_SERVICE, identity.TASKS_SERVICE}:
        return True
    return identity.SCHEDULER_SERVICE in services and (
        role.urn in stack.once(_schedule_roles) or _may_call(role, stack)
    )


def _schedule_roles(resources: Resources) -> set[str]:
    """Return the URNs of the roles with which schedules call App Runner."""
    roles: set[str] = set()
    for schedule in resources.of(SCHEDULE):
        with UnknownValues():
            if operation_of(value(schedule, "target.arn")) is not None:
                role = role_of(schedule, "target", "target.roleArn", resources)
                roles |= {role.urn} if role else set()
    return roles


def _may_call(role: PolicyResource, stack: Stack) -> bool:
    """Return whether a role may call App Runner's API."""
    for _, statement, _ in _known_statements(grants(role, stack)):
        if statement and any(action.lower().startswith("apprunner:") for action in statement.actions):
            return True
    return False


def _known_statements(policies: Iterable[Grant]) -> Iterator[tuple[Grant, Statement | None, str]]:
    """Yield each statement of some policies and its place; None for the statements of a policy outside the stack.

    Raises UnknownValueError after the known ones.
    """
    unknowns = UnknownValues()
    for grant in policies:
        where = f"{grant.path} of {grant.origin.name} ({grant.origin.resource_type})"
        if grant.managed_policy_arn is not None:
            yield grant, None, where
            continue
        with unknowns:
            for index, statement in enumerate(grant.statements):
                yield grant, statement, f"{where}: Statement[{index}]"
    unknowns.raise_first()


passrole_scoped = Rule(
    "passrole-scoped",
    resource_types=[ROLE, ROLE_POLICY, POLICY],
    description="iam:PassRole is limited to named roles and services.",
    remediation_steps=(
        f"List the roles' ARNs in the statement that allows {_PASS_ROLE}, and add a StringEquals condition on "
        f"iam:PassedToService. App Runner's value is {identity.PASSED_TO_SERVICE}."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
)


@passrole_scoped.check
def _passed_roles_are_named(resource: ResourceValidationArgs) -> Iterator[str]:
    for path, document in _documents(resource):
        for index, statement in enumerate(statements(document)):
            if statement.allows and _allows_pass_role(statement, resource.resource_type):
                yield from _loose_pass_role(statement, f"{path}.Statement[{index}]")


def _documents(resource: ResourceValidationArgs) -> Iterator[tuple[str, Any]]:
    if resource.resource_type != ROLE:
        yield "policy", value(resource, "policy")
        return
    for index, each in enumerate(items(resource, "inlinePolicies")):
        yield f"inlinePolicies[{index}].policy", member(each, "policy")


def _allows_pass_role(statement: Statement, of_type: str) -> bool:
    """Return whether a statement allows passing roles.

    A managed policy of all actions may be a permissions boundary, which grants nothing. There only statements that name
    IAM actions count.
    """
    actions = [each.lower() for each in statement.actions if of_type != POLICY or each.lower().startswith("iam:")]
    return matches_any(_PASS_ROLE.lower(), actions)


def _loose_pass_role(statement: Statement, where: str) -> Iterator[str]:
    wide = [each for each in statement.resources if _EVERY_ROLE.fullmatch(each)]
    if wide or statement.not_resources:
        got = f'Resource "{wide[0]}"' if wide else "NotResource"
        yield (
            f"{where} must allow {_PASS_ROLE} on named roles only, got {got}: any role of the account can be passed, "
            "even one with more permissions. List the ARNs of the roles that are passed, such as the service's "
            "instance role and access role."
        )
    services = [values for values in accepted_values(statement, "iam:passedtoservice") if values]
    if not services:
        yield (
            f"{where} must limit {_PASS_ROLE} with a condition on iam:PassedToService, got none: the roles can be "
            'passed to any service. Add "Condition": {"StringEquals": {"iam:PassedToService": '
            f'"{identity.PASSED_TO_SERVICE}"}}}}, or the service that uses the roles.'
        )
    elif not any(is_plain(values) for values in services):
        yield (
            f"{where} must limit {_PASS_ROLE} to named services, got iam:PassedToService {quote(services[0])}. List "
            f'the services, such as "{identity.PASSED_TO_SERVICE}".'
        )


RULES = (no_wildcard_permissions, passrole_scoped)
