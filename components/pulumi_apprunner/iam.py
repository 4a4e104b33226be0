"""Trust policies and permission policies with the fewest permissions."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from apprunner_facts.arns import parts_of
from apprunner_facts.identity import (
    CROSS_ACCOUNT_PULL_ACTIONS,
    LOGIN_ACTION,
    PULL_ACTIONS,
    VIA_SERVICE,
    via_services,
)
from apprunner_facts.observability import TRACING_ACTIONS

Statement: TypeAlias = Mapping[str, Any]

TRACING: Statement = {"Effect": "Allow", "Action": [*TRACING_ACTIONS], "Resource": "*"}


def document(statements: Sequence[Statement]) -> str:
    """Return a policy document as JSON."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(
    actions: str | Sequence[str],
    resources: str | Sequence[str],
    conditions: Mapping[str, Mapping[str, Any]] | None = None,
) -> Statement:
    """Return a statement that allows actions on resources under conditions."""
    statement = {"Effect": "Allow", "Action": actions, "Resource": resources}
    return statement | {"Condition": conditions} if conditions else statement


def allow_service(
    service: str, action: str, resource: str, conditions: Mapping[str, Mapping[str, Any]] | None = None
) -> Statement:
    """Return a resource policy's statement that allows an AWS service an action on the resource, under conditions."""
    return {**allow(action, resource, conditions), "Principal": {"Service": service}}


def allow_keys(actions: str | Sequence[str], encrypted: Iterable[tuple[str, str]]) -> list[Statement]:
    """Return statements that allow actions on KMS keys, only through the services whose resources the keys encrypt.

    Without this condition, the role could use a key for all data that is encrypted with it.

    Args:
        actions: The actions on keys, such as kms:Decrypt.
        encrypted: ARNs of encrypted resources, each with its key's ARN.
    """
    services: dict[str, set[str]] = defaultdict(set)
    for arn, key_arn in encrypted:
        try:
            services[key_arn].update(via_services(arn))
        except ValueError:  # an invalid ARN of a user's mocks
            services[key_arn].add("")
    keys: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for key_arn, via in sorted(services.items()):
        keys[tuple(sorted(via))].append(key_arn)
    return [allow(actions, key_arns, {"StringEquals": {VIA_SERVICE: [*via]}}) for via, key_arns in sorted(keys.items())]


def trust(service: str, conditions: Mapping[str, Mapping[str, Any]] | None = None) -> str:
    """Return a trust policy with which one AWS service may assume the role, under conditions."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return document([statement | {"Condition": conditions} if conditions else statement])


def statements_of(policy: str) -> list[Statement]:
    """Return a policy document's statements without their Sids, which must be unique within a policy."""
    value: Any = json.loads(policy)["Statement"]
    statements: list[dict[str, Any]] = [value] if isinstance(value, dict) else value
    return [{key: value for key, value in statement.items() if key != "Sid"} for statement in statements]


def merge(policies: Sequence[str | None], more: Sequence[Statement] = ()) -> str:
    """Return one policy document with the statements of several documents, followed by more statements."""
    return document([*(statement for policy in policies if policy for statement in statements_of(policy)), *more])


def pull(repository_arn: str) -> str:
    """Return a policy that allows pulling one repository's images. ECR's login action supports no resources."""
    return document([allow(PULL_ACTIONS, repository_arn), allow(LOGIN_ACTION, "*")])


def share_images(repository_arn: str, organization_id: str | None, account_ids: Sequence[str]) -> str:
    """Return a repository's policy: roles of some accounts, and of an organization's accounts, may pull."""
    partition = parts_of(repository_arn).partition
    allowed = {"Effect": "Allow", "Action": [*CROSS_ACCOUNT_PULL_ACTIONS]}
    statements: list[Statement] = []
    if account_ids:
        roots = [f"arn:{partition}:iam::{account}:root" for account in account_ids]
        statements.append({**allowed, "Principal": {"AWS": roots}})
    if organization_id is not None:
        condition = {"StringEquals": {"aws:PrincipalOrgID": organization_id}}
        statements.append({**allowed, "Principal": "*", "Condition": condition})
    return document(statements)
