"""The roles with which GitHub Actions delivers images."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import github, names
from apprunner_facts.arns import parts_of
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import ArgsError, as_output, combine, validate
from pulumi_apprunner.args.delivery import (
    GitHubDeliveryArgs,
    GitHubJobs,
    GitHubProvider,
    StackRole,
    subjects_of,
)
from pulumi_apprunner.args.dicts import GitHubDeliveryArgsDict
from pulumi_apprunner.delivery import documents
from pulumi_apprunner.names import physical_name


class GitHubDelivery(pulumi.ComponentResource):
    """The roles with which jobs of one GitHub repository push images and deploy, without stored credentials.

    ```python
    GitHubDelivery(
        "orders-delivery",
        GitHubDeliveryArgs(
            github_repository="acme/orders",
            provider_arn="arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com",
            deploy=GitHubJobs(environments=["production"]),
            repository_arn=images.arn,
            service_arn=orders.arn,
        ),
    )
    ```

    Args:
        name: The component's name and the prefix of its children's names.
        args: The repository and its jobs: GitHubDeliveryArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    provider_arn: Output[str]
    """The ARN of GitHub's identity provider, for other deliveries."""
    deploy_role_arn: Output[str]
    """The role that jobs assume to push and deploy. It resolves after its permissions are set."""
    deploy_role_name: Output[str]
    """The name of the deploy role."""
    stack_role_arn: Output[str] | None
    """The role that jobs assume to run `pulumi up`; None without `stack`."""
    stack_role_name: Output[str] | None
    """The name of the stack role; None without `stack`."""

    def __init__(
        self, name: str, args: GitHubDeliveryArgs | GitHubDeliveryArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of GitHubDelivery.
        """
        args = validate(GitHubDeliveryArgs, "GitHubDelivery", name, args)
        super().__init__("apprunner:index:GitHubDelivery", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)

        self.provider_arn = self._identity_provider(name, args)
        deploy = self._role(name, "deploy", args, args.deploy, "push images and deploy")
        deploy_policy = combine(
            lambda known: documents.deploy(known[0], known[1], read_log=args.read_log),
            args.repository_arn,
            args.service_arn,
        )
        self.deploy_role_name = deploy.name
        self.deploy_role_arn = self._permit(name, "deploy", deploy, deploy_policy)
        self.stack_role_arn = self.stack_role_name = None
        if args.stack is not None:
            stack = self._role(name, "stack", args, args.stack, "run pulumi up")
            self.stack_role_name = stack.name
            self.stack_role_arn = self._permit(name, "stack", stack, self._stack_policy(name, args, args.stack))

        self.register_outputs(
            {
                "providerArn": self.provider_arn,
                "deployRoleArn": self.deploy_role_arn,
                "deployRoleName": self.deploy_role_name,
                "stackRoleArn": self.stack_role_arn,
                "stackRoleName": self.stack_role_name,
            }
        )

    def _role(self, name: str, kind: str, args: GitHubDeliveryArgs, jobs: GitHubJobs, purpose: str) -> "aws.iam.Role":
        """Create a role that jobs may assume."""
        return aws.iam.Role(
            f"{name}-{kind}-role",
            name=physical_name(names.ROLE, name, kind),
            description=f"Jobs of github.com/{args.github_repository} {purpose}",
            assume_role_policy=self.provider_arn.apply(lambda arn: documents.trust(arn, subjects_of(args, jobs))),
            permissions_boundary=args.permissions_boundary,
            tags=args.tags,
            opts=ResourceOptions(parent=self),
        )

    def _permit(self, name: str, kind: str, role: "aws.iam.Role", policy: pulumi.Input[str]) -> Output[str]:
        """Create the policy of a role; return the role's ARN, which resolves after that."""
        opts = ResourceOptions(parent=self)
        created = aws.iam.RolePolicy(f"{name}-{kind}-policy", name="deliver", role=role.name, policy=policy, opts=opts)
        return Output.all(role.arn, created.id).apply(lambda known: known[0])

    def _stack_policy(self, name: str, args: GitHubDeliveryArgs, stack: StackRole) -> Output[str]:
        """Return the policy of the stack role."""
        own_roles = [physical_name(names.ROLE, name, kind) for kind in ("deploy", "stack")]
        zones = len(stack.hosted_zone_ids)

        def document(known: list[Any]) -> str:
            provider_arn, repository_arn, boundary_arn, *rest = known
            account, registry = parts_of(provider_arn), parts_of(repository_arn)
            scope = documents.Scope(
                partition=account.partition,
                account=account.account,
                region=stack.region or registry.region,
                prefix=stack.name_prefix,
                components=stack.components,
                zone_ids=rest[:zones],
                boundary_arn=boundary_arn,
                own_roles=own_roles,
            )
            try:
                return documents.stack(scope, rest[zones:])
            except ValueError as error:
                raise ArgsError(f"GitHubDelivery '{name}'", {"stack": str(error)}) from None

        inputs = (args.repository_arn, stack.roles_boundary, *stack.hosted_zone_ids, *stack.policy_documents)
        return as_output(combine(document, self.provider_arn, *inputs))

    def _identity_provider(self, name: str, args: GitHubDeliveryArgs) -> Output[str]:
        """Return the ARN of GitHub's identity provider, which is created or imported if the arguments describe it."""
        if args.provider is None:
            return as_output(args.provider_arn)
        imported = args.provider.import_arn
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-provider",
            url=_url(args.provider),
            client_id_lists=[github.AUDIENCE],
            tags=args.tags,
            opts=ResourceOptions(
                parent=self,
                import_=imported,
                # An imported provider keeps its audiences and tags: other stacks of the account may need them.
                ignore_changes=["clientIdLists", "tags", "thumbprintLists"] if imported else None,
                # All roles in the account that trust it would become unusable.
                retain_on_delete=True,
            ),
        )
        return provider.arn


def _url(provider: GitHubProvider) -> str:
    match = github.PROVIDER_ARN.fullmatch(provider.import_arn or "")
    issuer = match["issuer"] if match else github.ISSUER
    return f"https://{issuer}" if match or provider.enterprise is None else f"https://{issuer}/{provider.enterprise}"
