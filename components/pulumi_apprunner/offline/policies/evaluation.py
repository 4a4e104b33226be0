"""A CrossGuard policy pack over a graph: what `pulumi preview --policy-pack` would say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pulumi
from pulumi_policy import (
    EnforcementLevel,
    Policy,
    ResourceValidationPolicy,
    StackValidationArgs,
    StackValidationPolicy,
)

from pulumi_apprunner.offline import project as projects
from pulumi_apprunner.offline import sdk
from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.arguments import Arguments
from pulumi_apprunner.offline.policies.configuration import Settings, settled
from pulumi_apprunner.offline.sdk import policies as _policies
from pulumi_apprunner.offline.values import Secret, leaves

_TELLING = 4
"""Characters from which on a secret text is kept out of messages; a shorter one would be found in every word."""


@dataclass(frozen=True)
class Violation:
    """A rule that something breaks."""

    policy: str
    level: str
    """`advisory`, `mandatory`, or `remediate` for what a policy would mend by itself."""
    resource: str
    """A URN; the stack's own where no resource is to blame."""
    message: str
    remediation: str | None = field(default=None, compare=False)
    """What the rule says of mending it."""


@dataclass(frozen=True)
class Skipped:
    """A rule that could not judge something, because of a value that is not known."""

    policy: str
    resource: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What the rules of a pack say of a graph, in the order of its resources."""

    violations: tuple[Violation, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    messages: tuple[str, ...] = ()
    """What the user should know about the configuration of the pack."""

    @property
    def broken(self) -> bool:
        """Whether the engine would refuse to go on: a mandatory rule is broken."""
        return any(each.level == "mandatory" for each in self.violations)


class RuleError(Exception):
    """A rule failed where it should have judged; the cause is what it raised."""

    def __init__(self, policy: str, resource: str, error: BaseException) -> None:
        self.policy, self.resource = policy, resource
        super().__init__(f"the rule {policy} failed on {resource}: {type(error).__name__}: {error}")


@dataclass(frozen=True)
class Pack:
    """The rules that somebody gives to `pulumi_policy.PolicyPack`."""

    name: str
    policies: Sequence[Policy]
    level: EnforcementLevel = EnforcementLevel.ADVISORY
    """That of rules which name none."""
    initial_config: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @classmethod
    def load(cls, directory: str | Path) -> "Pack":
        """Run a policy pack's program as far as its `PolicyPack` and return what that was given.

        Args:
            directory: The folder with the pack's `__main__.py`.

        Raises:
            ProjectError: There is none, or it makes no PolicyPack.
            Exception: What the program raised.
        """
        main = Path(directory).resolve()
        if not (main / "__main__.py").is_file():
            raise ProjectError(f"{directory}: not a Python policy pack: there is no __main__.py in it")
        with projects.running(main):
            try:
                found = _policies.captured(main / "__main__.py")
            except pulumi.RunError as error:
                raise ProjectError(f"{directory}: its __main__.py failed and made no PolicyPack: {error}") from None
            except SystemExit:
                raise ProjectError(f"{directory}: its __main__.py ended the process and made no PolicyPack") from None
        if found is None:
            raise ProjectError(f"{directory}: its __main__.py makes no PolicyPack")
        return cls(found.name, found.policies, found.level, found.initial_config)


def judge(graph: Graph, pack: Pack | Sequence[Policy], config: Mapping[str, Any] | None = None) -> Verdict:
    """Return what a pack says of a graph.

    Resource rules see inputs, stack rules what the program gets to see, as far as it is known. A rule with an attribute
    `resource_types` is asked only about resources of those types. At the level `remediate` a rule's remediation is
    tried, what it would change is reported, and what is left is judged as mandatory.

    Args:
        graph: What a program made.
        pack: A pack, or rules.
        config: Rule id, or "all", to a level or to `{"enforcementLevel": …, property: …}`, as `--policy-pack-config`
            takes it.

    Raises:
        PolicyConfigError: The configuration is wrong; all problems at once.
        RuleError: A rule raised something.
    """
    given = pack if isinstance(pack, Pack) else Pack("pack", pack)
    settings, messages = settled(given.policies, given.level, given.initial_config, config or {})
    return sdk.within(graph.project, graph.stack, lambda: _Judge(graph, given, settings).verdict(messages))


class _Judge:
    """One pass of a pack's rules over a graph."""

    def __init__(self, graph: Graph, pack: Pack, settings: Mapping[str, Settings]) -> None:
        self._graph = graph
        self._settings = settings
        self._arguments = Arguments(graph)
        active = [each for each in pack.policies if settings[each.name].level is not EnforcementLevel.DISABLED]
        self._of_resources = [each for each in active if isinstance(each, ResourceValidationPolicy)]
        self._of_stacks = [each for each in active if isinstance(each, StackValidationPolicy)]
        self._by_type: dict[str, list[ResourceValidationPolicy]] = {}
        self._secrets = sorted(_secrets(graph), key=len, reverse=True)
        self._violations: list[Violation] = []
        self._skipped: list[Skipped] = []

    def verdict(self, messages: Iterable[str]) -> Verdict:
        for resource in self._arguments.resources:
            if not resource.read:
                self._judge_resource(resource)
        for policy in self._of_stacks:
            self._judge_stack(policy)
        order = {resource.urn: place for place, resource in enumerate(self._graph.resources)}

        def place(each: Violation | Skipped) -> int:
            return order.get(each.resource, -1)

        return Verdict(
            tuple(sorted(self._violations, key=place)), tuple(sorted(self._skipped, key=place)), tuple(messages)
        )

    def _judge_resource(self, resource: Resource) -> None:
        policies = self._by_type.get(resource.type)
        if policies is None:
            policies = self._by_type[resource.type] = [each for each in self._of_resources if _concerns(each, resource)]
        for policy in policies:
            level = self._settings[policy.name].level
            if level is EnforcementLevel.REMEDIATE:
                resource = self._remediated(policy, resource)
                level = EnforcementLevel.MANDATORY
            if not policy.has_validation():
                continue
            args = self._arguments.of_resource(resource, self._settings[policy.name].properties)
            self._ask(policy, level, resource.urn, args)

    def _judge_stack(self, policy: StackValidationPolicy) -> None:
        settings = self._settings[policy.name]
        remediate = settings.level is EnforcementLevel.REMEDIATE
        level = EnforcementLevel.MANDATORY if remediate else settings.level
        args = StackValidationArgs(self._arguments.of_stack(), settings.properties)
        self._ask(policy, level, self._graph.urn, args)

    def _ask(self, policy: Any, level: EnforcementLevel, urn: str, args: Any) -> None:
        def report(message: str, blamed: str | None = None) -> None:
            if message and not isinstance(message, str):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError("Expected message to be a string")
            said = self._without_secrets(message or policy.description)
            self._violations.append(Violation(policy.name, level.value, blamed or urn, said, policy.remediation_steps))

        with self._failures_of(policy.name, urn):
            sdk.finished(policy.validate(args, report))

    def _remediated(self, policy: ResourceValidationPolicy, resource: Resource) -> Resource:
        """Return a resource as a rule would mend it, and report what it would change."""
        if not policy.has_remediation():
            return resource
        properties = _policies.remediable(resource.inputs)
        args = self._arguments.of_resource(resource, self._settings[policy.name].properties, properties)
        mended: Any = None
        with self._failures_of(policy.name, resource.urn):
            mended = sdk.finished(policy.remediate(args))
        if not mended:
            return resource
        inputs = _policies.remediated(mended)
        changed = sorted(key for key in {*inputs, *resource.inputs} if inputs.get(key) != resource.inputs.get(key))
        if changed:
            message = f"{policy.description} It would change {', '.join(changed)}."
            self._violations.append(Violation(policy.name, "remediate", resource.urn, message))
        return replace(resource, inputs=inputs)

    def _without_secrets(self, message: str) -> str:
        """Return a message in which nothing stands that the program says is secret."""
        for text in self._secrets:
            message = message.replace(text, "[secret]")
        return message

    def _failures_of(self, policy: str, urn: str) -> "_Failures":
        return _Failures(policy, urn, self._skipped)


class _Failures:
    """Tells what a rule raises by what it means."""

    def __init__(self, policy: str, resource: str, skipped: list[Skipped]) -> None:
        self._policy, self._resource, self._skipped = policy, resource, skipped

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if isinstance(error, _policies.UnknownValueError):
            self._skipped.append(Skipped(self._policy, self._resource, error.message))
            return True
        if isinstance(error, _policies.NotApplicable):
            return True
        if isinstance(error, Exception | SystemExit):
            raise RuleError(self._policy, self._resource, error) from error
        return False


def _secrets(graph: Graph) -> set[str]:
    """Return the secret texts of a graph that cannot be taken for something else."""
    found = (leaf for resource in graph.resources for leaf in leaves(resource.inputs) if isinstance(leaf, Secret))
    return {text for each in found for text in leaves(each.value) if isinstance(text, str) and len(text) >= _TELLING}


def _concerns(policy: Policy, resource: Resource) -> bool:
    types: Iterable[str] | None = getattr(policy, "resource_types", None)
    return types is None or resource.type in types
