"""Check a component's arguments: at once, or when an output resolves."""

import dataclasses
import functools
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, TypeAlias, TypeGuard, TypeVar, cast, dataclass_transform, get_args

import pulumi
import pydantic
from pydantic import GetCoreSchemaHandler, ValidationError, ValidationInfo
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema, core_schema

from pulumi_apprunner import sdk
from pulumi_apprunner.args.annotations import is_map, item_type
from pulumi_apprunner.args.docstrings import describe_fields
from pulumi_apprunner.args.errors import Problems, explain
from pulumi_apprunner.args.kinds import RESOLVED_TO_NONE
from pulumi_apprunner.args.paths import Deferred, Path, format_path, spell_path

T = TypeVar("T")


class ArgsError(pulumi.RunError):
    """Arguments that break rules: `subject` says whose, `problems` maps each one's path to what is wrong with it."""

    subject: str
    problems: Mapping[str, str]

    def __init__(self, subject: str, problems: Mapping[str, str], what: str = "arguments") -> None:
        self.subject = subject
        self.problems = dict(problems)
        lines = [f"  {path}: {reason}" for path, reason in self.problems.items()]
        super().__init__("\n".join([f"{subject}: invalid {what}", *lines]))


@dataclasses.dataclass(frozen=True)
class _Subject:
    """Whose arguments are being checked, and how the error about them is headed and spelled."""

    label: str
    what: str = "arguments"
    camel: bool = False
    namespace: str = ""
    model: Any = None
    given: Any = None

    def path(self, raw: Path) -> Path:
        """Return a path as messages may show it: keys that may be secrets are counted instead."""
        return tuple(spell_path(self.model, self.given, raw, self.camel))

    def error(self, problems: Problems) -> ArgsError:
        return ArgsError(self.label, {self.namespace + path: reason for path, reason in problems.items()}, self.what)


class AwsAssigned(pydantic.AfterValidator):
    """A rule for a value that AWS hands out; what somebody's own mocks make up in its place is let pass."""


class _Deferrable:
    """Annotation for a value that may be an output: it is checked when it resolves, under the path that it stands
    at."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known_type = get_args(source)[0]
        by_aws = any(isinstance(note, AwsAssigned) for note in get_args(known_type))

        def check(value: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
            if not isinstance(value, Deferred):
                return validate(value)
            subject = cast(_Subject, info.context)

            def resolved(known: Any) -> Any:
                if sdk.runs_under_user_mocks() and (known is None or by_aws):
                    return known
                if known is None:
                    problem = subject.error({format_path(subject.path(value.path)): RESOLVED_TO_NONE})
                    return _unknown_if_skipped(as_output(value.value), problem)
                plain = _given(known, known_type, value.path)
                try:
                    return validate(plain)
                except ValidationError as error:
                    # What an output holds may be a secret, so it is not shown.
                    raise subject.error(
                        explain(known_type, plain, error, subject.path(value.path), camel=subject.camel, show=False)
                    ) from None

            def unwrapped(known: Any) -> Any:
                if isinstance(known, list | dict):  # outputs may stand inside of it
                    return pulumi.Output.from_input(cast(Any, known)).apply(resolved)
                return resolved(known)

            return as_output(value.value).apply(unwrapped)

        return core_schema.with_info_wrap_validator_function(check, handler.generate_schema(known_type))


def _unknown_if_skipped(output: pulumi.Output[Any], error: ArgsError) -> pulumi.Output[Any]:
    """Return an unknown output where None comes from a resource that is not created; otherwise it fails.

    An update that targets others (`--target`) registers a new resource without creating it: it then has neither an id
    nor outputs. What depends on it is not created either.
    """

    async def value() -> Any:
        for resource in await output.resources():
            if isinstance(resource, pulumi.CustomResource) and not await resource.id.is_known():
                return pulumi.output.UNKNOWN
        raise error

    return pulumi.Output.from_input(value())


In = Annotated[T | Awaitable[T] | pulumi.Output[T], _Deferrable()]
"""A value of type T, or one that comes later: what `pulumi.Input[T]` is, checked when it is known."""


def is_input(annotation: Any) -> bool:
    """Return whether an annotation is `In[...]`, which accepts outputs."""
    return any(isinstance(note, _Deferrable) for note in getattr(annotation, "__metadata__", ()))


@dataclass_transform(kw_only_default=True, field_specifiers=(dataclasses.field,))
def args_type(cls: type[T]) -> type[T]:
    """Make a dataclass of arguments: it holds what was written; `validate` judges it."""
    config = pydantic.ConfigDict(
        extra="forbid",
        validate_default=True,
        alias_generator=to_camel,
        populate_by_name=True,
        revalidate_instances="always",
    )
    # setattr, since no type declares what pydantic looks for
    setattr(cls, "__pydantic_config__", config)  # noqa: B010
    setattr(cls, "__get_pydantic_json_schema__", classmethod(describe_fields))  # noqa: B010
    return dataclasses.dataclass(kw_only=True)(cls)


Rules: TypeAlias = Callable[[Any], Mapping[Path, str]]
"""A function that returns a reason for each path that breaks a rule, given arguments that may be invalid."""


def validate(model: type[T], component: str, name: str, given: T | Mapping[str, Any], rules: Rules | None = None) -> T:
    """Return a component's arguments, defaults filled in; a pending value becomes an output that is checked later.

    Args:
        model: The class of the arguments, made with `args_type`.
        component: The component's class name.
        name: The component's logical name.
        given: What the user wrote: an instance of the model, or a mapping in snake_case or camelCase.
        rules: Rules that are checked even if the arguments are invalid. Default: none.

    Raises:
        ArgsError: Every problem that is known now. One that is found later fails the output that carries the value.
    """
    return _check(model, _Subject(f"{component} '{name}'"), given, rules)


def validate_config(
    model: type[T], file: str, namespace: str, given: Mapping[str, Any], rules: Rules | None = None
) -> T:
    """Return what a configuration file sets in a namespace; paths are spelled as the keys of the file."""
    return _check(model, _Subject(file, what="configuration", camel=True, namespace=f"{namespace}:"), given, rules)


def is_output(value: object) -> TypeGuard[pulumi.Output[Any] | Awaitable[Any]]:
    """Tell whether a value becomes known only later."""
    return isinstance(value, pulumi.Output | Awaitable)


def as_output(value: Any) -> pulumi.Output[Any]:
    """Return a value as an output; one that is an output already as it is (`from_input` makes three of it)."""
    return cast(pulumi.Output[Any], value) if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)


def combine(make: Callable[[list[Any]], T], *values: Any) -> T | pulumi.Output[T]:
    """Return what is made of values: at once where all are known, otherwise an output that waits for the others."""
    waiting = {index: value for index, value in enumerate(values) if is_output(value)}
    if not waiting:
        return make(list(values))

    def known(found: list[Any]) -> T:
        told = dict(zip(waiting, found, strict=True))
        return make([told.get(index, value) for index, value in enumerate(values)])

    if len(waiting) == 1:
        return as_output(*waiting.values()).apply(lambda one: known([one]))
    return pulumi.Output.all(*waiting.values()).apply(known)


def validate_output(
    component: str, name: str, value: Any, rule: Callable[[Any], Mapping[Path, str]]
) -> pulumi.Output[Any]:
    """Return a value as an output that fails where the rule finds problems (a reason for each path).

    It is for rules over several values of which some are pending: what consumes the output waits for the rule.
    """

    def resolved(known: Any) -> Any:
        if problems := rule(known):
            raise ArgsError(f"{component} '{name}'", {format_path(path): reason for path, reason in problems.items()})
        return known

    return pulumi.Output.from_input(value).apply(resolved)


def _check(model: type[T], subject: _Subject, given: T | Mapping[str, Any], rules: Rules | None) -> T:
    plain = _given(given, model)
    subject = dataclasses.replace(subject, model=model, given=plain)
    violations = {format_path(subject.path(path)): reason for path, reason in rules(plain).items()} if rules else {}
    try:
        valid: T = _adapter(model).validate_python(plain, context=subject)
    except ValidationError as error:
        raise subject.error({**explain(model, plain, error, camel=subject.camel), **violations}) from None
    if violations:
        raise subject.error(violations)
    return valid


@functools.cache
def _adapter(model: type[T]) -> pydantic.TypeAdapter[T]:
    return pydantic.TypeAdapter(model)


def _given(value: Any, annotation: Any, path: Path = ()) -> Any:
    """Return a value with dataclasses as mappings, fields that are None left out, and what is pending under its path.

    In a map, whose keys are the user's own, a None stays, and is refused: leaving it out would lose what was written.
    """
    if is_output(value):
        return Deferred(value, path)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        items = cast(Mapping[Any, Any], value).items()
        return {
            key: _given(item, item_type(annotation, key), (*path, key))
            for key, item in items
            if item is not None or is_map(annotation)
        }
    if isinstance(value, list | tuple):
        listed = cast(Sequence[Any], value)
        return [_given(item, item_type(annotation, index), (*path, index)) for index, item in enumerate(listed)]
    return value
