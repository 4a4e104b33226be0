"""A rule of the pack: a CrossGuard policy over one resource, made of checks that stand by themselves."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, cast

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
)
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts.source import Source

SERVICE = "aws:apprunner/service:Service"
AUTO_SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"

Check = Callable[[ResourceValidationArgs], Iterable[str]]
"""Judges one thing about a resource, and yields a message for each violation: what was found, what is allowed and the
exact change. It names properties as Pulumi does in every language (`instanceConfiguration.cpu`), not the resource,
which the rule puts in front. It reads only what it judges, the likeliest to be unknown last."""


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
            (the CLI fills defaults in, the SDK alone does not); a check reads `args.get_config()`.
    """

    resource_types: frozenset[str]

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
    ) -> None:
        self.resource_types = frozenset(resource_types)
        self._checks = tuple(checks)
        self._defaults = {key: schema["default"] for key, schema in (config or {}).items() if "default" in schema}
        super().__init__(  # pyright: ignore[reportUnknownMemberType]  (the SDK leaves an Awaitable open)
            name,
            description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(dict(config)) if config else None,
            severity=severity,
            remediation_steps=remediation,
            url=source.url if source else None,
        )

    def validate(self, args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        """Judge one resource: report each violation, then raise UnknownValueError if a check met an unknown value."""
        if args.resource_type not in self.resource_types:
            return
        if self._defaults:
            args = _configured(args, {**self._defaults, **args.get_config()})
        unknown: UnknownValueError | None = None
        for check in self._checks:
            try:
                for message in check(args):
                    report_violation(f"{args.name}: {message}", None)
            except UnknownValueError as error:
                unknown = unknown or error
        if unknown:
            raise unknown


def read(args: ResourceValidationArgs, path: str) -> Any:
    """Return the property at a path such as "instanceConfiguration.cpu", None where nothing stands there.

    Raises UnknownValueError if the value, or a block on the way to it, is not known yet.
    """
    value: Any = args.props
    for key in path.split("."):
        value = cast(Mapping[str, Any], value).get(key) if isinstance(value, Mapping) else None
    return value


def pack(*policies: Policy) -> list[Policy]:
    """Return the policies as a pack takes them.

    Raises ValueError if two have one name: the SDK would take them, and the engine could not tell them apart.
    """
    twice = sorted(name for name, times in Counter(policy.name for policy in policies).items() if times > 1)
    if twice:
        raise ValueError(f"a pack's policies have distinct names; given more than once: {', '.join(twice)}")
    return list(policies)


def _configured(args: ResourceValidationArgs, config: Mapping[str, Any]) -> ResourceValidationArgs:
    return ResourceValidationArgs(
        args.resource_type, args.props, args.urn, args.name, args.opts, args.provider, config, args.stack_tags
    )
