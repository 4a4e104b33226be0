"""The two roles of a service: the access role, which pulls its image, and the instance role of the application."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import identity, names
from apprunner_facts.images import ECR, ImageIdentifier
from pulumi_apprunner import iam
from pulumi_apprunner.args.checking import as_output, combine
from pulumi_apprunner.args.service import AppRunnerServiceArgs
from pulumi_apprunner.names import physical_name


class ServiceRole(NamedTuple):
    """A role, and the permissions that must exist before it is used. An existing role has no name."""

    arn: Output[str]
    name: Output[str] | None = None
    grants: Sequence[pulumi.Resource] = ()


def access_role(name: str, args: AppRunnerServiceArgs, opts: ResourceOptions) -> ServiceRole | None:
    """Return the role that pulls a private image; None for other sources, for which App Runner rejects a role."""
    if args.image is None or args.image.repository_type != ECR:
        return None
    if args.access_role_arn is not None:
        return ServiceRole(as_output(args.access_role_arn))
    role = _role(name, "access", identity.BUILD_SERVICE, args, opts)
    policy = aws.iam.RolePolicy(
        f"{name}-access-policy",
        name="pull-image",
        role=role.name,
        policy=combine(lambda known: iam.pull(_repository_arn(known[0])), args.image.identifier),
        opts=opts,
    )
    return ServiceRole(role.arn, role.name, [policy])


def instance_role(name: str, args: AppRunnerServiceArgs, opts: ResourceOptions) -> ServiceRole:
    """Return the application's role. Its permissions exist before the first deployment, which reads the secrets."""
    settings = args.instance_role
    if settings.arn is not None:
        return ServiceRole(as_output(settings.arn))
    # A refresh reads the text of the role's policies into the state of the role, and a statement may be secret.
    secret = ResourceOptions.merge(opts, ResourceOptions(additional_secret_outputs=["inlinePolicies"]))
    role = _role(name, "instance", identity.TASKS_SERVICE, args, secret)
    grants: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(f"{name}-instance-policy-{key}", role=role.name, policy_arn=arn, opts=opts)
        for key, arn in settings.policy_arns.items()
    ]
    documents = [secrets.policy_document for secrets in args.secrets if secrets.policy_document is not None]
    documents += settings.policy_documents
    tracing = [iam.TRACING] if args.tracing else []
    if documents or tracing:
        policy = aws.iam.RolePolicy(
            f"{name}-instance-policy",
            name="application",
            role=role.name,
            policy=combine(lambda known: iam.merge(known, tracing), *documents),
            opts=opts,
        )
        grants.append(policy)
    return ServiceRole(role.arn, role.name, grants)


def _role(name: str, kind: str, trusted: str, args: AppRunnerServiceArgs, opts: ResourceOptions) -> "aws.iam.Role":
    return aws.iam.Role(
        f"{name}-{kind}-role",
        name=physical_name(names.ROLE, name, kind),
        description=f"App Runner {kind} role of {physical_name(names.SERVICE, name)}",
        assume_role_policy=iam.trust(trusted),
        permissions_boundary=args.permissions_boundary,
        tags=args.tags,
        opts=opts,
    )


def _repository_arn(identifier: Any) -> str:
    image = identifier if isinstance(identifier, ImageIdentifier) else None
    return (image and image.repository_arn) or identifier  # any other value is possible only with a user's mocks
