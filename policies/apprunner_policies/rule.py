"""A rule of the pack: a CrossGuard policy over one resource, or over the whole stack, made of checks that stand by
themselves."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    PolicyResource,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationArgs,
    StackValidationPolicy,
)
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.source import Source
from apprunner_policies import waivers
from apprunner_policies.environment import is_production

Check = Callable[[ResourceValidationArgs], Iterable[str]]
"""Judges one thing about a resource, and yields a message for each violation: what was found, what is allowed and the
exact change. It names properties as Pulumi does in every language (`instanceConfiguration.cpu`), not the resource,
which the rule puts in front. It reads only what it judges, the likeliest to be unknown last. The resource has its
configuration, defaults and all, in `get_config()`."""

Mend = Callable[[ResourceValidationArgs], bool]
"""Mends one thing about a resource in `args.props`, in place, and returns whether it changed anything. What is not
known stands there as a text of the SDK's, and a secret as what it holds: properties can only be read and set there."""

StackCheck = Callable[[PolicyResource, "Stack"], Iterable[str]]
"""Judges one thing about a resource by what stands around it, and yields messages as a Check does."""


class Rule(ResourceValidationPolicy):
    """A policy that judges single resources of the types it names, in any program, whatever made them.

    One unknown value keeps a check from judging, but not the rule's other checks: they run all the same, and then the
    unknown value is told to the engine, as CrossGuard wants it. So a rule can hold a check for each property that
    it is about, under one name.

    Args:
        name: what it is called in reports and in configuration: kebab-case, unique in the pack.
        resource_types: the type tokens of the resources that it judges; of all others it says nothing.
        checks: what it looks at; each takes the resource and yields messages.
        description: what is demanded, in one sentence; it stands above every violation.
        remediation: how to mend a violation, for somebody who meets the rule in a catalogue.
        source: where the fact behind it is stated, None where there is no such text.
        level: what a violation does: ADVISORY, MANDATORY, or DISABLED until it is configured.
        severity: how bad a violation is.
        config: JSON schemas of what can be configured, by key. A default in them holds wherever the rule runs
            (the CLI fills defaults in, the SDK alone does not); a check reads `args.get_config()`. Every rule can be
            waived as well (`waivers.CONFIG`).
        mends: what it does at the level `remediate`, before it judges; none is asked about a resource that is waived.
    """

    resource_types: frozenset[str]
    waived: dict[str, list[str]]
    """What a waiver kept it from reporting, by the resource's URN."""

    def __init__(
        self,
        name: str,
        *,
        resource_types: Collection[str],
        checks: Collection[Check],
        description: str,
        remediation: str,
        source: Source | None,
        level: EnforcementLevel = EnforcementLevel.MANDATORY,
        severity: Severity = Severity.MEDIUM,
        config: Mapping[str, dict[str, Any]] | None = None,
        mends: Collection[Mend] = (),
    ) -> None:
        self.resource_types = frozenset(resource_types)
        self.waived = {}
        self._checks, self._mends = tuple(checks), tuple(mends)
        schema = {**(config or {}), **waivers.CONFIG}
        self._defaults = _defaults(schema)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            name,
            description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(schema),
            remediate=self._mended if mends else None,
            severity=severity,
            remediation_steps=remediation,
            url=source.url if source else None,
        )

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Judge one resource: report each violation, then raise UnknownValueError if a check met an unknown value."""
        if args.resource_type not in self.resource_types:
            return
        args = _configured(args, {**self._defaults, **args.get_config()})
        report = _Report(self, args.get_config(), report_violation)
        unknown: UnknownValueError | None = None
        for check in self._checks:
            try:
                for message in check(args):
                    report(message, args.name, args.urn)
            except UnknownValueError as error:
                unknown = unknown or error
        if unknown:
            raise unknown

    def _mended(self, args: ResourceValidationArgs) -> Any:
        if args.resource_type not in self.resource_types:
            return None
        args = _configured(args, {**self._defaults, **args.get_config()})
        found = waivers.waiver(args.get_config(), args.name, args.urn)
        if found and found.holds:
            return None
        changed = [mend(args) for mend in self._mends]
        return args.props if any(changed) else None


class StackRule(StackValidationPolicy):
    """A policy that judges resources by what stands around them; it sees outputs, when everything is registered.

    Its arguments are those of a Rule; it mends nothing. Its checks are asked about each resource of its types; a check
    over the stack as a whole has the type of the stack itself (`types.STACK`). One unknown value keeps a check from
    judging that resource, and no other.
    """

    resource_types: frozenset[str]
    waived: dict[str, list[str]]
    """What a waiver kept it from reporting, by the resource's URN."""

    def __init__(
        self,
        name: str,
        *,
        resource_types: Collection[str],
        checks: Collection[StackCheck],
        description: str,
        remediation: str,
        source: Source | None,
        level: EnforcementLevel = EnforcementLevel.MANDATORY,
        severity: Severity = Severity.MEDIUM,
        config: Mapping[str, dict[str, Any]] | None = None,
    ) -> None:
        self.resource_types = frozenset(resource_types)
        self.waived = {}
        self._checks = tuple(checks)
        schema = {**(config or {}), **waivers.CONFIG}
        self._defaults = _defaults(schema)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            name,
            description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(schema),
            severity=severity,
            remediation_steps=remediation,
            url=source.url if source else None,
        )

    def validate(self, args: StackValidationArgs, report_violation: ReportViolation) -> None:
        """Judge each resource: report each violation, then raise UnknownValueError if a check met an unknown value."""
        stack = Stack(args.resources, {**self._defaults, **args.get_config()})
        report = _Report(self, stack.config, report_violation)
        unknown: UnknownValueError | None = None
        for resource in stack.of(*self.resource_types):
            for check in self._checks:
                try:
                    for message in check(resource, stack):
                        report(message, resource.name, resource.urn)
                except UnknownValueError as error:
                    unknown = unknown or error
        if unknown:
            raise unknown


class Stack:
    """The resources of a stack, and how a rule is configured.

    Args:
        resources: All of them.
        config: The rule's configuration, defaults and all.
    """

    def __init__(self, resources: Collection[PolicyResource], config: Mapping[str, Any]) -> None:
        self.resources = resources
        self.config = config

    @cached_property
    def is_production(self) -> bool:
        """Whether this is production, as `environment.is_production` tells it; an empty stack is not."""
        return any(is_production(self.config, each.urn) for each in self.resources)

    def of(self, *types: str) -> list[PolicyResource]:
        """Return the resources of some types, in the stack's order."""
        if len(types) == 1:
            return self._by_type.get(types[0], [])
        return [each for each in self.resources if each.resource_type in types]

    def referred(self, resource: PolicyResource, key: str, *types: str) -> list[PolicyResource]:
        """Return those resources of some types that a top-level property is made from.

        So a reference is found that is not known yet. What was written as a plain text is not found.
        """
        found = resource.property_dependencies.get(key, [])
        return [each for each in found if each.resource_type in types]

    @cached_property
    def _by_type(self) -> Mapping[str, list[PolicyResource]]:
        found: dict[str, list[PolicyResource]] = defaultdict(list)
        for each in self.resources:
            found[each.resource_type].append(each)
        return found


class HasProps(Protocol):
    """A resource as a rule sees it."""

    @property
    def props(self) -> Mapping[str, Any]: ...


def read(resource: HasProps, path: str) -> Any:
    """Return the property at a path such as "instanceConfiguration.cpu", None where nothing stands there.

    Raises UnknownValueError if the value, or a block on the way to it, is not known yet.
    """
    value: Any = resource.props
    for key in path.split("."):
        value = cast(Mapping[str, Any], value).get(key) if isinstance(value, Mapping) else None
    return value


def known(resource: HasProps, path: str) -> Any:
    """Return the property at a path, None where nothing stands there or it is not known yet."""
    try:
        return read(resource, path)
    except UnknownValueError:
        return None


def texts(given: Any) -> list[str]:
    """Return the texts in a list, such as one of a rule's configuration; none where it is no list."""
    listed = cast(Sequence[Any], given) if isinstance(given, Sequence) and not isinstance(given, str) else ()
    return [each for each in listed if isinstance(each, str)]


def pack(*policies: Policy) -> list[Policy]:
    """Return the policies as a pack takes them.

    Raises ValueError if two have one name: the SDK would take them, and the engine could not tell them apart.
    """
    twice = sorted(name for name, times in Counter(policy.name for policy in policies).items() if times > 1)
    if twice:
        raise ValueError(f"a pack's policies have distinct names; given more than once: {', '.join(twice)}")
    judges = [each for each in policies if isinstance(each, Rule | StackRule)]
    return [*policies, waivers.Waivers(judges)]


class _Report:
    """Tells the engine of violations; what a waiver lifts is remembered instead."""

    def __init__(self, rule: Rule | StackRule, config: Mapping[str, Any], report: ReportViolation) -> None:
        self._rule, self._config, self._tell = rule, config, report

    def __call__(self, message: str, name: str, urn: str) -> None:
        found = waivers.waiver(self._config, name, urn)
        if found is None:
            self._tell(f"{name}: {message}", urn)
        elif found.holds:
            said = f"{name}: {message} (until {found.until}: {found.reason})"
            self._rule.waived.setdefault(urn, []).append(said)
        else:
            self._tell(f"{name}: {message} (The waiver until {found.until} does not hold: {found.reason}.)", urn)


def _defaults(schema: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return {key: each["default"] for key, each in schema.items() if "default" in each}


def _configured(args: ResourceValidationArgs, config: Mapping[str, Any]) -> ResourceValidationArgs:
    return ResourceValidationArgs(
        args.resource_type, args.props, args.urn, args.name, args.opts, args.provider, config, args.stack_tags
    )
