# pyright: standard
"""The permissions and the trust of a role, by its policies in IAM: inline, attached, and the boundary.

moto's own evaluation ignores conditions that it does not support. This one supports less than IAM, and raises
ValueError for everything else.
"""

import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any

from apprunner_facts.arns import parse_arn
from apprunner_facts.github import ASSUME_ACTION

Context = Mapping[str, str]
"""The condition keys of a call, such as aws:SourceAccount."""


def allowed(iam: Any, role_arn: str, action: str, resource: str, context: Context | None = None) -> bool:
    """Return whether a role allows an action: a policy allows it, none denies it, and the boundary allows it, too.

    Args:
        iam: boto3's client for IAM.
        role_arn: The role.
        action: Such as apprunner:PauseService.
        resource: The ARN of the resource; "*" for an action without resource-level permissions.
        context: The condition keys. Default: none.

    Raises:
        ValueError: A policy has an unsupported element.
        iam.exceptions.NoSuchEntityException: The role does not exist.
    """
    name = _name(role_arn)
    effects = [
        effect for document in _policies(iam, name) for effect in _effects(document, action, context or {}, resource)
    ]
    boundary = iam.get_role(RoleName=name)["Role"].get("PermissionsBoundary")
    if boundary:
        document = _managed(iam, boundary["PermissionsBoundaryArn"])
        bounds = list(_effects(document, action, context or {}, resource))
        if "Allow" not in bounds or "Deny" in bounds:
            return False
    return "Allow" in effects and "Deny" not in effects


def trusts(iam: Any, role_arn: str, service: str, context: Context | None = None) -> bool:
    """Return whether an AWS service may assume a role, by the role's trust policy.

    Args:
        iam: boto3's client for IAM.
        role_arn: The role.
        service: The service's principal, such as scheduler.amazonaws.com.
        context: The condition keys. Default: none.

    Raises:
        ValueError: The policy has an unsupported element.
        iam.exceptions.NoSuchEntityException: The role does not exist.
    """
    document = iam.get_role(RoleName=_name(role_arn))["Role"]["AssumeRolePolicyDocument"]
    effects = list(_effects(document, "sts:AssumeRole", context or {}, principal=service))
    return "Allow" in effects and "Deny" not in effects


def trusts_token(iam: Any, role_arn: str, provider_arn: str, claims: Context) -> bool:
    """Return whether a token of an identity provider may assume a role, by the role's trust policy.

    Args:
        iam: boto3's client for IAM.
        role_arn: The role.
        provider_arn: The identity provider's ARN.
        claims: The token's claims that AWS supports, such as sub and aud.

    Raises:
        ValueError: The policy has an unsupported element.
        iam.exceptions.NoSuchEntityException: The role does not exist.
    """
    issuer = provider_arn.partition("oidc-provider/")[2]
    context = {f"{issuer}:{claim}": value for claim, value in claims.items()}
    document = iam.get_role(RoleName=_name(role_arn))["Role"]["AssumeRolePolicyDocument"]
    effects = list(_effects(document, ASSUME_ACTION, context, principal=provider_arn, kind="Federated"))
    return "Allow" in effects and "Deny" not in effects


def allows_service(document: str, service: str, action: str, resource: str, context: Context | None = None) -> bool:
    """Return whether a resource's policy allows an AWS service an action on the resource.

    Args:
        document: The policy as JSON.
        service: The service's principal, such as events.amazonaws.com.
        action: Such as sns:Publish.
        resource: The ARN of the resource.
        context: The condition keys. Default: none.

    Raises:
        ValueError: The policy has an unsupported element.
    """
    effects = list(_effects(json.loads(document), action, context or {}, resource, service))
    return "Allow" in effects and "Deny" not in effects


def _name(role_arn: str) -> str:
    return parse_arn(role_arn).resource.rpartition("/")[2]


def _policies(iam: Any, role: str) -> Iterator[Mapping[str, Any]]:
    for page in iam.get_paginator("list_role_policies").paginate(RoleName=role):
        for name in page["PolicyNames"]:
            yield iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
    for page in iam.get_paginator("list_attached_role_policies").paginate(RoleName=role):
        for policy in page["AttachedPolicies"]:
            yield _managed(iam, policy["PolicyArn"])


def _managed(iam: Any, arn: str) -> Mapping[str, Any]:
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document: Any = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    return json.loads(document) if isinstance(document, str) else document


def _effects(
    document: Mapping[str, Any],
    action: str,
    context: Context,
    resource: str | None = None,
    principal: str | None = None,
    kind: str = "Service",
) -> Iterator[str]:
    """Yield the effect, Allow or Deny, of each statement that matches a call."""
    for statement in _as_list(document["Statement"]):
        _require_supported(
            statement, *(["Resource"] if resource else []), *(["Principal"] if principal is not None else [])
        )
        if (
            any(_like(each, action, ignore_case=True) for each in _as_list(statement["Action"]))
            and (resource is None or any(_like(each, resource) for each in _as_list(statement["Resource"])))
            and (principal is None or principal in _principals(statement["Principal"], kind))
            and _holds(statement.get("Condition", {}), context)
        ):
            yield statement["Effect"]


def _require_supported(statement: Mapping[str, Any], *on: str) -> None:
    needed = {"Effect", "Action", *on}
    if not needed <= statement.keys() <= needed | {"Sid", "Condition"} or statement["Effect"] not in ("Allow", "Deny"):
        raise ValueError(f"a statement must have {sorted(needed)}, and optionally Sid and Condition, got {statement}")
    texts = chain(_as_list(statement.get("Resource", [])), _condition_values(statement))
    if variable := next((text for text in texts if "${" in text), None):
        raise ValueError(f"variables in policies are not supported, got {variable}")


def _principals(principal: Any, kind: str) -> list[str]:
    if not isinstance(principal, Mapping) or not principal.keys() <= {"AWS", "Federated", "Service"}:
        raise ValueError(f"a principal must be AWS, Federated or Service, got {principal}")
    return _as_list(principal.get(kind, []))


def _holds(condition: Mapping[str, Any], context: Context) -> bool:
    """Return whether a condition holds: every key of every operator, each by one of its values."""
    values_of = {key.lower(): value for key, value in context.items()}
    for operator, wanted in condition.items():
        if operator not in _OPERATORS:
            raise ValueError(f"the condition must be one of {', '.join(_OPERATORS)}, got {operator}")
        for key, values in wanted.items():
            value = values_of.get(key.lower())
            if value is None or not any(_OPERATORS[operator](each, value) for each in _as_list(values)):
                return False
    return True


def _condition_values(statement: Mapping[str, Any]) -> Iterator[str]:
    for wanted in statement.get("Condition", {}).values():
        for values in wanted.values():
            yield from _as_list(values)


def _like(pattern: str, text: str, ignore_case: bool = False) -> bool:
    """Return whether a string matches a pattern, in which * matches any characters and ? one."""
    expression = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(expression, text, re.DOTALL | (re.IGNORECASE if ignore_case else 0)) is not None


def _arn_like(pattern: str, arn: str) -> bool:
    """Return whether an ARN matches a pattern, each of the six parts by itself, as IAM compares ARNs."""
    patterns, parts = pattern.split(":", 5), arn.split(":", 5)
    return len(patterns) == len(parts) and all(map(_like, patterns, parts))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


_OPERATORS = {
    "StringEquals": lambda wanted, value: wanted == value,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
}
"""ArnEquals and ArnLike are equivalent: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html"""
