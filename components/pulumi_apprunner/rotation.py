"""Deployments after the rotation of a service's secrets."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pulumi
from pulumi import Output, ResourceOptions

from apprunner_facts.events import CURRENT_LABEL, label_events, parameter_changes_of, secret_changes_of
from apprunner_facts.limits import EVENT_PATTERN_LENGTH
from pulumi_apprunner import advice
from pulumi_apprunner.args.checking import ArgsError, combine, validate
from pulumi_apprunner.args.dicts import RedeployOnRotationArgsDict
from pulumi_apprunner.args.rotation import RedeployOnRotationArgs, arns_of, can_change
from pulumi_apprunner.args.secrets import SecretSource
from pulumi_apprunner.redeployment import Change, create_redeployment
from pulumi_apprunner.regions import require_topic_region

_PER_RULE = 5
"""The most secrets of a rule. Their names have up to 512 characters, so that the pattern is short enough. Those of
parameters may be longer, and are in the pattern twice."""


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
        args.topic_arn = require_topic_region("RedeployOnRotation", name, args.topic_arn, args.service_arn)
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
    secrets = [each for label in labels for each in _patterns(by_label[label], partial(_secret_pattern, label))]
    patterns = [("secrets", index, pattern) for index, pattern in enumerate(secrets, 1)]
    patterns += [("parameters", *each) for each in enumerate(_patterns(parameters, _parameter_pattern), 1)]
    return [
        Change(
            kind if index == 1 else f"{kind}-{index}",
            f"Changes of {kind} after which {name} deploys a service again",
            combine(partial(_fitting, name, kind), pattern),
            "$.detail.name",
        )
        for kind, index, pattern in patterns
    ]


def _secret_pattern(label: str, arns: Sequence[Any]) -> pulumi.Input[str]:
    return combine(lambda known: json.dumps(dict(secret_changes_of([arn or "" for arn in known], label))), *arns)


def _parameter_pattern(arns: Sequence[Any]) -> pulumi.Input[str]:
    """Return the pattern for parameters, by their names or ARNs."""

    def pattern(known: list[str | None]) -> str:
        return json.dumps(dict(parameter_changes_of([(text or "").rpartition(":parameter/")[2] for text in known])))

    return combine(pattern, *arns)


def _patterns(
    items: Sequence[Any], pattern_of: Callable[[Sequence[Any]], pulumi.Input[str]]
) -> Iterator[pulumi.Input[str]]:
    """Yield patterns of _PER_RULE items each, of fewer if the pattern would be too long."""
    some: list[Any] = []
    for item in items:
        if len(some) == _PER_RULE or (some and _is_too_long(pattern_of([*some, item]))):
            yield pattern_of(some)
            some = []
        some.append(item)
    if some:
        yield pattern_of(some)


def _is_too_long(pattern: Any) -> bool:
    return isinstance(pattern, str) and len(pattern) > EVENT_PATTERN_LENGTH


def _fitting(name: str, kind: str, known: Sequence[str | None]) -> str:
    """Return a pattern.

    Raises:
        ArgsError: It is too long. The lengths of names that are Outputs were unknown before.
    """
    if _is_too_long(pattern := known[0] or ""):
        problem = (
            f"must have names that fit into a pattern of EventBridge, which has at most {EVENT_PATTERN_LENGTH:,} "
            f"characters, got {len(pattern):,} for {kind}. Shorten them, or divide them among several components"
        )
        raise ArgsError(f"RedeployOnRotation '{name}'", {"secrets": problem})
    return pattern
