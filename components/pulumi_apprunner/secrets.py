"""Secrets as environment variables, and the permission to read them."""

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOutputOptions, Output, ResourceOptions

from apprunner_facts.identity import READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.regions import partition_of
from pulumi_apprunner import iam
from pulumi_apprunner.args.container import BoundSecrets
from pulumi_apprunner.args.inputs import as_output, checked, combined
from pulumi_apprunner.args.secrets import SecretsBindingArgs, SecretSource

_DECRYPT = "kms:Decrypt"


class SecretsBinding(pulumi.ComponentResource):
    """Environment variables whose values stand in Secrets Manager or SSM's Parameter Store.

    ```python
    secrets = SecretsBinding(
        "orders-secrets",
        SecretsBindingArgs(
            secrets={
                "DATABASE_PASSWORD": SecretSource(
                    secret_arn="arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf",
                    json_key="password",
                ),
                "FEATURE_FLAGS": SecretSource(parameter_name="/orders/flags"),
            }
        ),
    )
    AppRunnerService("orders-api", AppRunnerServiceArgs(image=..., secrets=[secrets.bound]))
    ```

    It makes no resource: it renders what a service needs to know, and a policy with exactly the permissions to read
    these secrets, which the service gives its instance role before the first deployment. App Runner reads values when
    it deploys: after a rotation deploy again (AppRunnerServiceArgs.deployment).

    Args:
        name: The component's name.
        args: The variables and their sources: SecretsBindingArgs, or the same as a mapping.
        opts: Options; the provider is asked for account and region where a parameter is given by its name.

    Raises:
        ArgsError: Arguments that break a rule, all of them at once.
    """

    value_from: Mapping[str, pulumi.Input[str]]
    """From each variable's name to the reference that App Runner reads its value from; an output where its source
    is."""
    policy_document: Output[str]
    """A policy that allows reading exactly these secrets, JSON text."""
    bound: BoundSecrets
    """Both, for AppRunnerServiceArgs.secrets."""

    def __init__(
        self, name: str, args: SecretsBindingArgs | Mapping[str, Any], opts: ResourceOptions | None = None
    ) -> None:
        """Render references and the policy; the class describes the arguments.

        Raises:
            ArgsError: Arguments of SecretsBinding that break a rule, all of them at once.
        """
        args = checked(SecretsBindingArgs, "SecretsBinding", name, args)
        super().__init__("apprunner:index:SecretsBinding", name, {}, opts)
        sources = args.secrets.values()
        secret_arns = [source.secret_arn for source in sources if source.secret_arn is not None]
        parameter_arns = [source.parameter_arn for source in sources if source.parameter_arn is not None]
        parameter_arns += self._arns([source.parameter_name for source in sources if source.parameter_name is not None])

        self.value_from = {variable: _reference(source) for variable, source in args.secrets.items()}
        key_arns = [source.kms_key_arn for source in sources if source.kms_key_arn is not None]
        policy = _policy({READ_SECRET_ACTION: secret_arns, READ_PARAMETER_ACTION: parameter_arns, _DECRYPT: key_arns})
        self.policy_document = as_output(policy)
        self.bound = BoundSecrets(value_from=self.value_from, policy_document=policy, binding=name)
        self.register_outputs({"valueFrom": self.value_from, "policyDocument": self.policy_document})

    def _arns(self, parameter_names: list[str]) -> list[Output[str]]:
        """Return the ARNs of parameters in the provider's own account and region."""
        if not parameter_names:
            return []
        ask = InvokeOutputOptions(parent=self)
        caller, region = aws.get_caller_identity_output(opts=ask), aws.get_region_output(opts=ask)
        where = Output.all(region.region, caller.account_id).apply(
            lambda known: f"arn:{partition_of(known[0] or '')}:ssm:{known[0]}:{known[1]}:parameter"
        )
        return [where.apply(lambda arn, name=name: f"{arn}/{name.removeprefix('/')}") for name in parameter_names]


def _reference(source: SecretSource) -> pulumi.Input[str]:
    if source.secret_arn is None:
        return source.parameter_arn or source.parameter_name or ""
    parts = [source.json_key or "", source.version_stage or "", source.version_id or ""]
    return combined(lambda arns: _with_parts(arns[0], parts), source.secret_arn)


def _with_parts(secret_arn: str, parts: list[str]) -> str:
    return ":".join([secret_arn, *parts]) if secret_arn and any(parts) else secret_arn


def _policy(allowed: Mapping[str, Sequence[pulumi.Input[str]]]) -> str | Output[str]:
    """Return a policy that allows each action on its ARNs; one that came to nothing is left out."""
    actions = [action for action, arns in allowed.items() for _ in arns]

    def document(arns: list[str | None]) -> str:
        known = {action: {arn for each, arn in zip(actions, arns, strict=True) if each == action} for action in actions}
        return iam.document([iam.allow(action, sorted(filter(None, each))) for action, each in known.items()])

    return combined(document, *(arn for arns in allowed.values() for arn in arns))
