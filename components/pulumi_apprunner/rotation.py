"""Deployments after the rotation of a service's secrets."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from apprunner_facts.events import CURRENT_LABEL, label_events, parameter_changes_of, secret_changes_of
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import combine, validate
from pulumi_apprunner.args.dicts import RedeployOnRotationArgsDict
from pulumi_apprunner.args.rotation import RedeployOnRotationArgs, arns_of, can_change
from pulumi_apprunner.args.secrets import SecretSource
from pulumi_apprunner.redeployment import Change, create_redeployment

_PER_RULE = 5
"""The number of secrets in a rule. A pattern has 4,096 characters at most (PutRule), and a secret's name up to 512."""


class RedeployOnRotation(pulumi.ComponentResource):
    """Deploys a service again when one of its secrets changes, since App Runner reads them only during a deployment.

    ```python
    secrets = {"DATABASE_PASSWORD": SecretSource(secret_arn=database_secret_arn, json_key="password")}
    binding = SecretsBinding("orders-secrets", SecretsBindingArgs(secrets=secrets))
    api = AppRunnerService("orders-api", AppRunnerServiceArgs(image=..., secrets=[binding.bound]))
    RedeployOnRotation(
        "orders-rotation",
        RedeployOnRotationArgs(service_arn=api.arn, secrets=secrets, topic_arn=topic.arn),
    )
    ```

    EventBridge rules start a Step Functions state machine, which waits for the settle time and then for an operation in
    progress. It does nothing if a deployment began after the change, so that several secrets which rotate together lead
    to one deployment, or if the service is paused. It waits until the deployment has ended. If that fails or is rolled
    back, or cannot be started, the topic is notified.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The service, its secrets and the topic: RedeployOnRotationArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    state_machine_arn: Output[str]
    """The ARN of the state machine. An execution of it with the input {} deploys the service."""

    def __init__(
        self, name: str, args: RedeployOnRotationArgs | RedeployOnRotationArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of RedeployOnRotation.
        """
        args = validate(RedeployOnRotationArgs, "RedeployOnRotation", name, args)
        super().__init__("apprunner:index:RedeployOnRotation", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        advice.warn_about_other_regions_of_secrets(self, args.service_arn, arns_of(args.secrets))

        changes = _changes(name, [source for source in args.secrets.values() if can_change(source)])
        machine = create_redeployment(name, args, changes, ResourceOptions(parent=self))

        self.state_machine_arn = machine.arn
        self.register_outputs({"stateMachineArn": self.state_machine_arn})


def _changes(name: str, sources: Sequence[SecretSource]) -> list[Change]:
    """Return the changes of secrets, by the label that moves, and those of parameters."""
    by_label: Mapping[str, list[Any]] = defaultdict(list)
    parameters: list[Any] = []
    for source in sources:
        if source.secret_arn is not None:
            by_label[label_events(source.version_stage) or CURRENT_LABEL].append(source.secret_arn)
        else:
            parameters.append(source.parameter_arn or source.parameter_name)
    labels = sorted(by_label, key=lambda label: (label != CURRENT_LABEL, label))
    secrets = [(label, some) for label in labels for some in _parts(by_label[label])]
    patterns = [("secrets", index, _secret_pattern(some, label)) for index, (label, some) in enumerate(secrets, 1)]
    patterns += [("parameters", index, _parameter_pattern(some)) for index, some in enumerate(_parts(parameters), 1)]
    return [
        Change(
            kind if index == 1 else f"{kind}-{index}",
            f"Changes of {kind} after which {name} deploys a service again",
            pattern,
            "$.detail.name",
        )
        for kind, index, pattern in patterns
    ]


def _secret_pattern(arns: Sequence[Any], label: str) -> pulumi.Input[str]:
    return combine(lambda known: json.dumps(dict(secret_changes_of([arn or "" for arn in known], label))), *arns)


def _parameter_pattern(arns: Sequence[Any]) -> pulumi.Input[str]:
    """Return the pattern for parameters, by their names or ARNs."""

    def pattern(known: list[str | None]) -> str:
        return json.dumps(dict(parameter_changes_of([(text or "").rpartition(":parameter/")[2] for text in known])))

    return combine(pattern, *arns)


def _parts(items: Sequence[Any]) -> list[Sequence[Any]]:
    return [items[start : start + _PER_RULE] for start in range(0, len(items), _PER_RULE)]
