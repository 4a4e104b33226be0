"""The policy documents of the roles that GitHub's jobs assume."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apprunner_facts import deployer, github
from apprunner_facts.arns import parse_service_arn, parts_of
from apprunner_facts.deployer import names as actions_of
from apprunner_facts.identity import DEPLOY_ACTIONS, LOGIN_ACTION, PUSH_ACTIONS, READ_LOG_ACTION
from apprunner_facts.observability import LOG_GROUP
from pulumi_apprunner import iam
from pulumi_apprunner.iam import Statement

_SCOPE = re.compile("^(?:regional|global)/")


def trust(provider_arn: str | None, subjects: github.Subjects) -> str:
    """Return the trust policy of a role that jobs with these subjects assume.

    Exact subjects are compared with StringEquals, in which * has no meaning. Patterns have a statement of their own.
    """
    match = github.PROVIDER_ARN.fullmatch(provider_arn or "")
    issuer = match["issuer"] if match else github.ISSUER  # no match: an invalid ARN of a user's mocks
    audience = {f"{issuer}:aud": github.AUDIENCE}
    statements: list[Statement] = []
    if subjects.exact:
        condition = {"StringEquals": {**audience, f"{issuer}:sub": subjects.exact}}
        statements.append(_assume(provider_arn, condition))
    if subjects.patterns:
        condition = {"StringEquals": audience, "StringLike": {f"{issuer}:sub": subjects.patterns}}
        statements.append(_assume(provider_arn, condition))
    return iam.document(statements)


def _assume(provider_arn: str | None, condition: Mapping[str, Any]) -> Statement:
    return {
        "Effect": "Allow",
        "Principal": {"Federated": provider_arn},
        "Action": github.ASSUME_ACTION,
        "Condition": condition,
    }


def deploy(repository_arn: str, service_arn: str | None, *, read_log: bool) -> str:
    """Return a policy that allows pushing to a repository, and deploying a service and waiting for it."""
    statements = [iam.allow([*PUSH_ACTIONS], repository_arn), iam.allow(LOGIN_ACTION, "*")]
    if service_arn is not None:
        statements.append(iam.allow([*DEPLOY_ACTIONS], service_arn))
        if read_log:
            statements.append(iam.allow(READ_LOG_ACTION, _deployment_logs(service_arn)))
    return iam.document(statements)


def _deployment_logs(service_arn: str) -> str:
    """Return the ARN of the log streams of a service's deployments."""
    arn, (name, id) = parts_of(service_arn), parse_service_arn(service_arn)
    group = LOG_GROUP.format(service_name=name, service_id=id, kind="service")
    return f"arn:{arn.partition}:logs:{arn.region}:{arn.account}:log-group:{group}:log-stream:deployment/*"


@dataclass(frozen=True)
class Scope:
    """What a stack role may manage.

    Args:
        partition: The account's partition.
        account: The account.
        region: The region.
        prefix: The beginning of the names of resources.
        components: The components whose resources it may manage.
        zone_ids: The hosted zones in which it may change records.
        boundary_arn: The permissions boundary of all roles that it may create and change.
        own_roles: The names of the delivery's roles, which it must not change.
    """

    partition: str
    account: str
    region: str
    prefix: str
    components: Sequence[str]
    zone_ids: Sequence[str]
    boundary_arn: str
    own_roles: Sequence[str]

    def roles(self, *roles: str) -> list[str]:
        """Return the ARNs of roles by their names."""
        return [f"arn:{self.partition}:iam::{self.account}:role/{role}" for role in roles]


def stack(scope: Scope, documents: Sequence[str] = ()) -> str:
    """Return a policy that allows managing the resources of components, followed by the statements of documents.

    Raises:
        ValueError: The policy is longer than IAM allows.
    """
    own = iam.document([*_grants(scope), *_service_linked_roles(scope), *_roles(scope)])
    policy = iam.merge([own, *documents])
    length = len("".join(policy.split()))
    if length > deployer.POLICY_LENGTH:
        raise ValueError(
            f"the role's policy must have at most {deployer.POLICY_LENGTH:,} characters, got {length:,}. List only the "
            "components that the program creates, or shorten policy_documents and name_prefix"
        )
    return policy


def _grants(scope: Scope) -> Iterator[Statement]:
    """Yield statements in which each action applies to the resources of its own grants only.

    Grants share a statement, which is shorter than one for each, if they have different types of resources: an action
    applies to its own types. Actions on tags apply to several types, so grants with and without them are kept apart. A
    test compares the statements with AWS's reference of the types of each action.
    """
    actions: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for resources, names in (*_of_components(scope), *_of_zones(scope)):
        actions[tuple(resources)].update(names)
    without_resources = actions.pop(("*",), None)
    if without_resources:
        yield iam.allow(sorted(without_resources), ["*"])
    statements: list[tuple[bool, set[str], set[str], list[str]]] = []
    for resources, names in sorted(actions.items()):
        tags, types = any("Tag" in name for name in names), {_type(arn) for arn in resources}
        fitting = next((each for each in statements if each[0] is tags and not each[1] & types), None)
        if fitting is None:
            statements.append(fitting := (tags, set(), set(), []))
        fitting[1].update(types)
        fitting[2].update(names)
        fitting[3].extend(resources)
    for _, _, names, resources in statements:
        yield iam.allow(sorted(names), resources)


def _type(arn: str) -> str:
    """Return the service and the type of a resource; wafv2's ARNs have a scope before the type."""
    service, rest = arn.split(":")[2], arn.split(":", 5)[5]
    return f"{service} {re.split('[:/]', _SCOPE.sub('', rest))[0]}"


def _of_components(scope: Scope) -> Iterator[tuple[list[str], list[str]]]:
    """Yield resources, and the actions on them."""
    for grant in deployer.grants(scope.components):
        yield grant.arns(scope.partition, scope.region, scope.account, scope.prefix), actions_of(grant)


def _of_zones(scope: Scope) -> Iterator[tuple[list[str], list[str]]]:
    if scope.zone_ids:
        bare = [zone.removeprefix("/hostedzone/") for zone in scope.zone_ids]
        zones = [f"arn:{scope.partition}:route53:::hostedzone/{zone}" for zone in bare]
        yield zones, actions_of(deployer.HOSTED_ZONES, "route53")
        yield deployer.CHANGES.arns(scope.partition, "", "", ""), actions_of(deployer.CHANGES)


def _service_linked_roles(scope: Scope) -> Iterator[Statement]:
    """Yield the statement with which the first service or connector of an account creates AWS's own roles."""
    roles = [each for component, each in deployer.SERVICE_LINKED_ROLES.items() if component in scope.components]
    if roles:
        # The path of such a role is its service, so that no other combination of the two exists.
        arns = [arn for service, role in roles for arn in scope.roles(f"aws-service-role/{service}/{role}")]
        services = [service for service, _ in roles]
        yield iam.allow("iam:CreateServiceLinkedRole", arns, {"StringEquals": {"iam:AWSServiceName": services}})


def _roles(scope: Scope) -> Iterator[Statement]:
    """Yield the statements on roles: only those with the prefix and the boundary, and never the delivery's own."""
    services = {service for each in scope.components for service in deployer.PASSES_ROLES_TO.get(each, ())}
    if not services:
        return
    roles = scope.roles(f"{scope.prefix}*")
    change, read, tag = map(actions_of, (deployer.CHANGE_ROLES, deployer.READ_ROLES, deployer.TAG_ROLES))
    yield iam.allow([*read, *tag], roles)
    yield iam.allow(change, roles, {"StringEquals": {"iam:PermissionsBoundary": scope.boundary_arn}})
    yield iam.allow("iam:PassRole", roles, {"StringEquals": {"iam:PassedToService": sorted(services)}})
    yield {"Effect": "Deny", "Action": [*change, *tag, "iam:PassRole"], "Resource": scope.roles(*scope.own_roles)}
