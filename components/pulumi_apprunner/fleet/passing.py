"""What a Fleet passes from its own arguments to its components: fields and tags."""

import dataclasses
from typing import Any

from pulumi import Output

from pulumi_apprunner.args.checking import is_output


def select_fields(args: Any, model: type | None = None, **others: Any) -> Any:
    """Return fields of arguments, and other values, as the arguments of a component.

    Args:
        args: The arguments of the Fleet.
        model: The class whose fields are returned. Default: that of the arguments.
        others: Values that override the fields.
    """
    names = [each.name for each in dataclasses.fields(model or args)]
    return {name: getattr(args, name) for name in names} | others


def merge_tags(*tags: Any) -> Any:
    """Return merged tags, where later ones override earlier ones; an output if one of the mappings is an output."""
    if any(map(is_output, tags)):
        return Output.all(*tags).apply(lambda known: merge_tags(*(each or {} for each in known)))
    return {key: value for each in tags for key, value in each.items()}
