"""Secrets as environment variables, and the permission to read them."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

import pulumi
import pulumi_aws as aws
from pulumi import InvokeOutputOptions, Output, ResourceOptions

from apprunner_facts import tokens
from apprunner_facts.identity import DECRYPT_ACTION, READ_PARAMETER_ACTION, READ_SECRET_ACTION
from apprunner_facts.regions import partition_of
from pulumi_apprunner import advice, iam, sdk
from pulumi_apprunner.args.checking import as_output, combine, validate
from pulumi_apprunner.args.container import BoundSecrets
from pulumi_apprunner.args.dicts import SecretsBindingArgsDict
from pulumi_apprunner.args.secrets import SecretsBindingArgs, SecretSource


class _Read(NamedTuple):
    """A secret or parameter to read: the action, the ARN, and the customer-managed key that encrypts it."""

    action: str
    arn: pulumi.Input[str]
    key_arn: pulumi.Input[str] | None


class SecretsBinding(pulumi.ComponentResource):
    """Environment variables whose values are in Secrets Manager or Parameter Store.

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

    It creates no resources. It renders references for a service, and a policy that allows reading exactly these
    secrets. The service adds the policy to its instance role before the first deployment. App Runner reads values only
    during a deployment, so deploy again after a rotation (AppRunnerServiceArgs.redeploy_trigger).

    Args:
        name: The component's name.
        args: The variables and their sources: SecretsBindingArgs, or the same as a mapping.
        opts: Options. The provider's account and region are part of the ARN of a parameter with a `parameter_name`.

    Raises:
        ArgsError: All invalid arguments.
    """

    value_from: Mapping[str, pulumi.Input[str]]
    """The reference to the value of each variable; an output if the source is an output."""
    policy_document: Output[str]
    """A policy that allows reading exactly these secrets, as JSON."""
    bound: BoundSecrets
    """The references and the policy, for AppRunnerServiceArgs.secrets."""

    def __init__(
        self, name: str, args: SecretsBindingArgs | SecretsBindingArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Render the references and the policy; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of SecretsBinding.
        """
        args = validate(SecretsBindingArgs, "SecretsBinding", name, args)
        super().__init__("apprunner:index:SecretsBinding", name, {}, opts)
        advice.warn_about_options(self, opts)
        self.value_from = {variable: _reference(source) for variable, source in args.secrets.items()}
        policy = _policy(self._reads(args.secrets.values()))
        self.policy_document = as_output(policy)
        self.bound = BoundSecrets(value_from=self.value_from, policy_document=policy, binding=name)
        self.register_outputs({"valueFrom": self.value_from, "policyDocument": self.policy_document})

    def _reads(self, sources: Collection[SecretSource]) -> list[_Read]:
        """Return the required read of each source. A parameter's name refers to the provider's account and region."""
        reads: list[_Read] = []
        for source in sources:
            if source.secret_arn is not None:
                reads.append(_Read(READ_SECRET_ACTION, source.secret_arn, source.kms_key_arn))
            elif source.parameter_arn is not None:
                reads.append(_Read(READ_PARAMETER_ACTION, source.parameter_arn, source.kms_key_arn))
            elif source.parameter_name is not None:
                path = source.parameter_name.removeprefix("/")
                arn = _parameters(self).apply(lambda prefix, path=path: f"{prefix}/{path}")
                reads.append(_Read(READ_PARAMETER_ACTION, arn, source.kms_key_arn))
        return reads


def _parameters(component: pulumi.ComponentResource) -> Output[str]:
    """Return the prefix of the ARNs of parameters. A run looks up each provider's account and region once."""
    known = sdk.once_per_run(_parameters_by_provider)
    provider = component.get_provider(tokens.PARAMETER)
    if provider not in known:
        opts = InvokeOutputOptions(provider=provider)
        caller, region = aws.get_caller_identity_output(opts=opts), aws.get_region_output(opts=opts)
        known[provider] = Output.all(region.region, caller.account_id).apply(
            lambda values: f"arn:{partition_of(values[0] or '')}:ssm:{values[0]}:{values[1]}:parameter"
        )
    return known[provider]


def _parameters_by_provider() -> dict[pulumi.ProviderResource | None, Output[str]]:
    return {}


def _reference(source: SecretSource) -> pulumi.Input[str]:
    if source.secret_arn is None:
        return source.parameter_arn or source.parameter_name or ""
    parts = [source.json_key or "", source.version_stage or "", source.version_id or ""]
    return combine(lambda arns: _with_parts(arns[0], parts), source.secret_arn)


def _with_parts(secret_arn: str, parts: list[str]) -> str:
    return ":".join([secret_arn, *parts]) if secret_arn and any(parts) else secret_arn


def _policy(reads: Sequence[_Read]) -> str | Output[str]:
    """Return a policy that allows reading each ARN, and decrypting it with its key. It omits ARNs that are None."""

    def document(known: list[str | None]) -> str:
        arns, key_arns = known[: len(reads)], known[len(reads) :]
        statements: list[iam.Statement] = []
        for action in sorted({read.action for read in reads}):
            of_action = {arn for read, arn in zip(reads, arns, strict=True) if arn and read.action == action}
            statements.append(iam.allow(action, sorted(of_action)))
        encrypted = [(arn, key_arn) for arn, key_arn in zip(arns, key_arns, strict=True) if arn and key_arn]
        return iam.document([*statements, *iam.allow_keys(DECRYPT_ACTION, encrypted)])

    return combine(document, *(read.arn for read in reads), *(read.key_arn for read in reads))
