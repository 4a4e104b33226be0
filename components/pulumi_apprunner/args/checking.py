"""Validation of a component's arguments: at once, or when an Output resolves."""

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
from pulumi_apprunner.args.paths import Deferred, Path, format_path, spell_path
from pulumi_apprunner.args.wrong_types import RESOLVED_TO_NONE

T = TypeVar("T")


class ArgsError(pulumi.RunError):
    """All invalid arguments of a component.

    Args:
        subject: The component with the arguments, "AppRunnerService 'api'", or the name of a stack file.
        problems: The message about each invalid argument, by path: {"scaling.min_size": "must be 1 to 25, got 0. …"}.
        what: What is invalid. Default: arguments.
    """

    subject: str
    """The component with the arguments, "AppRunnerService 'api'", or the name of a stack file."""
    problems: Mapping[str, str]
    """The message about each invalid argument, by its path: `scaling.min_size`."""

    def __init__(self, subject: str, problems: Mapping[str, str], what: str = "arguments") -> None:
        self.subject = subject
        self.problems = dict(problems)
        lines = [f"  {path}: {reason}" for path, reason in self.problems.items()]
        super().__init__("\n".join([f"{subject}: invalid {what}", *lines]))


@dataclasses.dataclass(frozen=True)
class _Context:
    """The context of a validation: the label for error messages, and the spelling of paths in them."""

    label: str
    what: str = "arguments"
    camel: bool = False
    namespace: str = ""
    model: Any = None
    value: Any = None

    def path(self, raw: Path) -> Path:
        """Return a path as messages may show it: keys that may be secrets by their position."""
        return tuple(spell_path(self.model, self.value, raw, self.camel))

    def error(self, problems: Problems) -> ArgsError:
        return ArgsError(self.label, {self.namespace + path: reason for path, reason in problems.items()}, self.what)


class AwsAssigned(pydantic.AfterValidator):
    """A validator of a value that AWS assigns. It does not validate values of a user's mocks."""


class _Deferrable:
    """Annotation for a value that may be an Output. An Output is validated when it resolves."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        known_type = get_args(source)[0]
        aws_assigns_it = any(isinstance(note, AwsAssigned) for note in get_args(known_type))

        def check(value: Any, validate: Callable[[Any], Any], info: ValidationInfo) -> Any:
            if not isinstance(value, Deferred):
                return validate(value)
            context = cast(_Context, info.context)

            def validate_resolved(known: Any) -> Any:
                if sdk.runs_under_user_mocks() and (known is None or aws_assigns_it):
                    return known
                if known is None:
                    error = context.error({format_path(context.path(value.path)): RESOLVED_TO_NONE})
                    return _unknown_if_skipped(as_output(value.value), error)
                plain = _plain(known, known_type, value.path)
                try:
                    return validate(plain)
                except ValidationError as error:
                    # The value of an Output may be a secret, so messages do not show it.
                    raise context.error(
                        explain(known_type, plain, error, context.path(value.path), camel=context.camel, show=False)
                    ) from None

            def resolve_items(known: Any) -> Any:
                if isinstance(known, list | dict):  # it may contain Outputs
                    return pulumi.Output.from_input(cast(Any, known)).apply(validate_resolved)
                return validate_resolved(known)

            return as_output(value.value).apply(resolve_items)

        return core_schema.with_info_wrap_validator_function(check, handler.generate_schema(known_type))


def _unknown_if_skipped(output: pulumi.Output[Any], error: ArgsError) -> pulumi.Output[Any]:
    """Return an Output that is unknown if its resource is not created, and fails otherwise.

    `pulumi up --target` registers a new resource that is not a target, but does not create it. Then the resource has
    neither an id nor outputs. Resources that depend on it are not created either.
    """

    async def value() -> Any:
        for resource in await output.resources():
            if isinstance(resource, pulumi.CustomResource) and not await resource.id.is_known():
                return pulumi.output.UNKNOWN
        raise error

    return pulumi.Output.from_input(value())


In = Annotated[T | Awaitable[T] | pulumi.Output[T], _Deferrable()]
"""A value of type T or an Output of one, as `pulumi.Input[T]`; an Output is validated when it resolves."""


def is_input(annotation: Any) -> bool:
    """Return whether an annotation is `In[...]`, which accepts Outputs."""
    return any(isinstance(note, _Deferrable) for note in getattr(annotation, "__metadata__", ()))


@dataclass_transform(kw_only_default=True, field_specifiers=(dataclasses.field,))
def args_type(cls: type[T]) -> type[T]:
    """Turn a class into a dataclass of arguments, which `validate` validates; creating one validates nothing."""
    config = pydantic.ConfigDict(
        extra="forbid",
        validate_default=True,
        alias_generator=to_camel,
        populate_by_name=True,
        revalidate_instances="always",
    )
    # setattr: no type declares these attributes, which pydantic reads
    setattr(cls, "__pydantic_config__", config)  # noqa: B010
    setattr(cls, "__get_pydantic_json_schema__", classmethod(describe_fields))  # noqa: B010
    return dataclasses.dataclass(kw_only=True)(cls)


Rules: TypeAlias = Callable[[Any], Mapping[Path, str]]
"""A function that checks arguments, valid or not, and returns messages by path."""


def validate(model: type[T], component: str, name: str, args: T | Mapping[str, Any], rules: Rules | None = None) -> T:
    """Return a component's arguments with defaults. An Output becomes one that is validated when it resolves.

    Args:
        model: The class of the arguments, decorated with `args_type`.
        component: The component's class name.
        name: The component's logical name.
        args: An instance of the model, or a mapping in snake_case or camelCase.
        rules: Additional rules, also checked if the arguments are invalid. Default: none.

    Raises:
        ArgsError: All invalid arguments. An Output with an invalid value fails when it resolves.
    """
    return _check(model, _Context(f"{component} '{name}'"), args, rules)


def validate_config(
    model: type[T], file: str, namespace: str, args: Mapping[str, Any], rules: Rules | None = None
) -> T:
    """Return the arguments in a namespace of a configuration file. Paths in errors are keys of the file."""
    return _check(model, _Context(file, what="configuration", camel=True, namespace=f"{namespace}:"), args, rules)


def is_output(value: object) -> TypeGuard[pulumi.Output[Any] | Awaitable[Any]]:
    """Return whether a value is an Output or an awaitable."""
    return isinstance(value, pulumi.Output | Awaitable)


def as_output(value: Any) -> pulumi.Output[Any]:
    """Return a value as an Output. An Output is returned unchanged; `from_input` would create two more."""
    return cast(pulumi.Output[Any], value) if isinstance(value, pulumi.Output) else pulumi.Output.from_input(value)


def combine(function: Callable[[list[Any]], T], *values: Any) -> T | pulumi.Output[T]:
    """Return the result of a function for a list of values, as an Output if one of the values is an Output."""
    outputs = {index: value for index, value in enumerate(values) if is_output(value)}
    if not outputs:
        return function(list(values))

    def call(resolved: list[Any]) -> T:
        by_index = dict(zip(outputs, resolved, strict=True))
        return function([by_index.get(index, value) for index, value in enumerate(values)])

    if len(outputs) == 1:
        return as_output(*outputs.values()).apply(lambda value: call([value]))
    return pulumi.Output.all(*outputs.values()).apply(call)


def validate_output(
    component: str, name: str, value: Any, rule: Callable[[Any], Mapping[Path, str]]
) -> pulumi.Input[Any]:
    """Return a value that contains Outputs as an Output that fails if it breaks a rule; other values unchanged.

    Use it for rules about several values, some of which are Outputs. Children that use the result wait for the rule. A
    validator must check the same rule for values without Outputs.

    Args:
        component: The component's class name.
        name: The component's logical name.
        value: The value, which may contain Outputs.
        rule: A function that returns messages by path for the resolved value.
    """

    def check(known: Any) -> Any:
        if problems := rule(known):
            raise ArgsError(f"{component} '{name}'", {format_path(path): reason for path, reason in problems.items()})
        return known

    return pulumi.Output.from_input(value).apply(check) if _contains_output(value) else value


def _contains_output(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(map(_contains_output, cast(Mapping[Any, Any], value).values()))
    return any(map(_contains_output, cast(list[Any], value))) if isinstance(value, list) else is_output(value)


def _check(model: type[T], context: _Context, args: T | Mapping[str, Any], rules: Rules | None) -> T:
    if dataclasses.is_dataclass(args) and not isinstance(args, model | type):
        reason = f"must be {model.__name__} or a mapping, got {type(args).__name__}"
        raise context.error({format_path(()): reason})
    plain = _plain(args, model)
    context = dataclasses.replace(context, model=model, value=plain)
    violations = {format_path(context.path(path)): reason for path, reason in rules(plain).items()} if rules else {}
    try:
        valid: T = _adapter(model).validate_python(plain, context=context)
    except ValidationError as error:
        raise context.error({**explain(model, plain, error, camel=context.camel), **violations}) from None
    if violations:
        raise context.error(violations)
    return valid


@functools.cache
def _adapter(model: type[T]) -> pydantic.TypeAdapter[T]:
    return pydantic.TypeAdapter(model)


def _plain(value: Any, annotation: Any, path: Path = ()) -> Any:
    """Return a value with dataclasses as mappings, without fields that are None, and with Outputs as Deferred.

    A map, whose keys the user chooses, keeps None, which is an error. Otherwise its key would be lost silently.
    """
    if is_output(value):
        return Deferred(value, path)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = ((field.name, getattr(value, field.name)) for field in dataclasses.fields(value))
        value = {name: item for name, item in fields if item is not None}
    if isinstance(value, Mapping):
        items = cast(Mapping[Any, Any], value).items()
        return {
            key: _plain_item(item, annotation, path, key)
            for key, item in items
            if item is not None or is_map(annotation)
        }
    if isinstance(value, list | tuple):
        listed = cast(Sequence[Any], value)
        return [_plain_item(item, annotation, path, index) for index, item in enumerate(listed)]
    return value


def _plain_item(item: Any, annotation: Any, path: Path, key: Any) -> Any:
    if isinstance(item, str | int | None):  # most of them, and looking up their type takes time
        return item
    return _plain(item, item_type(annotation, key), (*path, key))
