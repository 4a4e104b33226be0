"""Rules about the permissions of roles."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from pulumi_policy import PolicyResource, Severity

from apprunner_facts import identity, source
from apprunner_facts.iam_reference import needs_all_resources
from apprunner_facts.schedules import operation_of
from apprunner_facts.tokens import GROUP_POLICY, POLICY, ROLE, ROLE_POLICY, SCHEDULE, USER_POLICY
from apprunner_policies.conditions import accepted_values, is_plain, narrows, quote
from apprunner_policies.grants import Grant, attached, grants, role_of
from apprunner_policies.properties import UnknownValues, as_items, items, value
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack
from apprunner_policies.statements import (
    Statement,
    is_wildcard,
    matches,
    matches_any,
    names_no_resource,
    statements,
)

_ADMINISTRATION = re.compile(
    r"arn:aws[\w-]*:iam::aws:policy/(?:.*/)?"
    r"(AdministratorAccess[\w-]*|PowerUserAccess|ReadOnlyAccess|SecretsManagerReadWrite"
    r"|(?:System|Database|Network)Administrator|[\w-]*FullAccess(?:_?[vV]\d+)?)"
)
"""AWS's managed policies that allow all actions of a service, or of most services."""
_PASS_ROLE = "iam:PassRole"
_ANY_ROLE = "arn:aws:iam::000000000000:role/any"

no_wildcard_permissions = StackRule(
    "no-wildcard-permissions",
    resource_types=[ROLE],
    description="A role that App Runner or its schedules assume allows named actions on named resources.",
    remediation_steps=(
        'List the actions ("s3:GetObject", not "s3:*") and the ARNs. Use "*" only for actions that do not support '
        f"resources, such as {identity.LOGIN_ACTION}. Replace AdministratorAccess, PowerUserAccess, FullAccess and "
        "similar policies."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
    config={
        "actionsWithoutResources": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": (
                'More actions allowed on "*", besides those that IAM supports on "*" only; * matches any characters.'
            ),
        }
    },
)


@no_wildcard_permissions.check
def _nothing_is_a_wildcard(role: PolicyResource, stack: Stack) -> Iterator[str]:
    if not _is_app_runners(role, stack):
        return
    unknowns = UnknownValues()
    allowed: list[tuple[Statement, str]] = []
    denials: list[Statement] = []
    with unknowns:
        for grant, statement, where in _known_statements(grants(role, stack)):
            if grant.managed_policy_arn and (match := _ADMINISTRATION.fullmatch(grant.managed_policy_arn)):
                yield (
                    f"{where} must name a policy for this application, got {grant.managed_policy_arn}: {match[1]} "
                    "allows the actions of a whole service or account. Replace it with a policy that lists the actions "
                    "and resources in use."
                )
            if statement and statement.allows:
                allowed.append((statement, where))
            elif statement and not statement.conditions:
                denials.append(statement)
    for statement, where in allowed:
        yield from _wildcards(statement, denials, where, stack.config)
    unknowns.raise_first()


def _wildcards(
    statement: Statement, denials: Iterable[Statement], where: str, config: Mapping[str, Any]
) -> Iterator[str]:
    if wide := [each for each in statement.actions if _names_no_action(each)]:
        yield (
            f"{where}.Action must name actions, got {quote(wide)}, which also allows actions that AWS adds later. List "
            'the actions in use, such as "s3:GetObject".'
        )
    if statement.not_actions:
        yield (
            f"{where} must name actions, got NotAction {quote(statement.not_actions)}, which allows all others. List "
            "the actions in use in Action instead."
        )
    if statement.not_resources and not _are_without_resources(statement):
        yield (
            f"{where} must name resources, got NotResource {quote(statement.not_resources)}, which allows all others. "
            "List the ARNs in use in Resource instead."
        )
    wide = [each for each in statement.resources if names_no_resource(each)]
    if not wide or narrows(statement):
        return
    without = [str(each).lower() for each in as_items(config.get("actionsWithoutResources"))]
    actions = [
        each
        for each in statement.actions
        if not needs_all_resources(each)
        and not any(fnmatchcase(each.lower(), one) for one in without)
        and not any(_narrows(denial, each) for denial in denials)
    ]
    if actions:
        yield (
            f"{where}.Resource must name ARNs, got {quote(wide)} for {quote(actions)}: every resource of this kind is "
            "allowed. List the ARNs in use. Put actions that do not support resources into a statement of their own. "
            "If the rule does not list such an action yet, add it to the rule's actionsWithoutResources."
        )


def _names_no_action(action: str) -> bool:
    """Return whether a pattern matches all actions of a service, or actions of all services."""
    service, separator, name = action.rpartition(":")
    return "*" in action and (not separator or is_wildcard(name) or is_wildcard(service))


def _narrows(denial: Statement, action: str) -> bool:
    """Return whether a denial leaves an action on named resources only, or on no resource, as for a text message."""
    if denial.not_resources:
        return denial.covers(action, _any(action)) and not any(map(names_no_resource, denial.not_resources))
    return denial.covers(action, _any(action))


def _are_without_resources(statement: Statement) -> bool:
    """Return whether NotResource excludes every resource of the actions, as for sns:Publish of text messages."""
    return bool(statement.actions) and not any(statement.covers(each, _any(each)) for each in statement.actions)


def _any(action: str) -> str:
    """Return the ARN of a resource that no statement names."""
    return f"arn:aws:{action.partition(':')[0].lower()}:any:000000000000:any"


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


passrole_scoped = StackRule(
    "passrole-scoped",
    resource_types=[ROLE, ROLE_POLICY, POLICY, USER_POLICY, GROUP_POLICY],
    description="iam:PassRole is limited to named roles and services.",
    remediation_steps=(
        f"List the roles' ARNs in the statement that allows {_PASS_ROLE}, and add a StringEquals condition on "
        f"iam:PassedToService. App Runner's value is {identity.PASSED_TO_SERVICE}."
    ),
    source=source.IAM,
    severity=Severity.HIGH,
)


@passrole_scoped.check
def _passed_roles_are_named(resource: PolicyResource, stack: Stack) -> Iterator[str]:
    # A managed policy of all actions that nothing has may be a permissions boundary, which grants nothing.
    may_be_a_boundary = resource.resource_type == POLICY and resource.urn not in stack.once(attached)
    unknowns = UnknownValues()
    for path in _documents(resource):
        with unknowns:
            policy = statements(value(resource, path))
            denials = [each for each in policy if not each.allows and each.covers(_PASS_ROLE, _ANY_ROLE)]
            if any(not each.conditions and not each.not_resources for each in denials):
                continue
            for index, statement in enumerate(policy):
                if statement.allows and _allows_pass_role(statement, may_be_a_boundary):
                    yield from _loose_pass_role(statement, denials, f"{path}.Statement[{index}]")
    unknowns.raise_first()


def _documents(resource: PolicyResource) -> Iterator[str]:
    if resource.resource_type != ROLE:
        yield "policy"
        return
    yield from (f"inlinePolicies[{index}].policy" for index in range(len(items(resource, "inlinePolicies"))))


def _allows_pass_role(statement: Statement, may_be_a_boundary: bool) -> bool:
    """Return whether a statement allows passing roles; in a boundary only if it names IAM actions or has NotAction."""
    if statement.resources and not any(map(_may_be_a_role, statement.resources)):
        return False
    if statement.not_actions:
        return not matches_any(_PASS_ROLE.lower(), map(str.lower, statement.not_actions))
    actions = [each.lower() for each in statement.actions]
    return matches_any(_PASS_ROLE.lower(), [each for each in actions if not may_be_a_boundary or ":" in each])


def _may_be_a_role(resource: str) -> bool:
    parts = resource.split(":", 5)
    return len(parts) < 6 or (matches("iam", parts[2]) and (parts[5][:1] in "*?" or parts[5].startswith("role")))


def _loose_pass_role(statement: Statement, denials: Sequence[Statement], where: str) -> Iterator[str]:
    wide = [each for each in statement.resources if names_no_resource(each)]
    named = any(each.not_resources and not each.conditions for each in denials)
    if (wide or statement.not_resources) and not named:
        got = f"Resource {quote(wide)}" if wide else f"NotResource {quote(statement.not_resources)}"
        yield (
            f"{where} must allow {_PASS_ROLE} on named roles only, got {got}: any role of the account can be passed, "
            "even one with more permissions. List the ARNs of the roles that are passed, such as the service's "
            "instance role and access role."
        )
    services = [values for values in accepted_values(statement, "iam:passedtoservice") if values]
    resources = [values for values in accepted_values(statement, "iam:associatedresourcearn") if values]
    if any(map(_are_named_services, services)) or any(map(is_plain, map(_services_of, resources))):
        return
    if any(_denies_other_services(each) for each in denials):
        return
    if services:
        yield (
            f"{where} must limit {_PASS_ROLE} to named services, got iam:PassedToService {quote(services[0])}. List "
            f'the services, such as "{identity.PASSED_TO_SERVICE}".'
        )
    else:
        yield (
            f"{where} must limit {_PASS_ROLE} with a condition on iam:PassedToService, got none: the roles can be "
            'passed to any service. Add "Condition": {"StringEquals": {"iam:PassedToService": '
            f'"{identity.PASSED_TO_SERVICE}"}}}}, or the service that uses the roles.'
        )


def _are_named_services(values: Iterable[str]) -> bool:
    return not any(matches("any.amazonaws.com", each) for each in values)


def _services_of(arns: Iterable[str]) -> list[str]:
    """Return the service in each ARN, * where a pattern leaves it open."""
    return [each.split(":")[2] if each.count(":") > 4 else "*" for each in arns]


def _denies_other_services(denial: Statement) -> bool:
    return any(
        "not" in operator and values_by_key.get("iam:passedtoservice")
        for operator, values_by_key in denial.conditions.items()
    )


RULES = (no_wildcard_permissions, passrole_scoped)
