"""The docstrings of a class's fields, which Python does not keep.

pydantic can read them too (`use_attribute_docstrings`), but does so whenever it builds a validator. That takes longer
than the rest of a component's first validation. This module reads them only for a JSON schema.
"""

import ast
import dataclasses
import inspect
import textwrap
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

from pydantic import GetJsonSchemaHandler
from pydantic.alias_generators import to_camel
from pydantic_core import CoreSchema


def field_docstrings(cls: type) -> Mapping[str, str]:
    """Return the docstring of each field of a dataclass, inherited fields included.

    Raises:
        OSError: The source code of the class is not available.
    """
    docstrings: dict[str, str] = {}
    for each in reversed(cls.__mro__):
        if dataclasses.is_dataclass(each):
            definition = cast(ast.ClassDef, ast.parse(textwrap.dedent(inspect.getsource(each))).body[0])
            docstrings |= {
                field.target.id: inspect.cleandoc(below.value.value)
                for field, below in pairwise(definition.body)
                if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
                if isinstance(below, ast.Expr) and isinstance(below.value, ast.Constant)
                if isinstance(below.value.value, str)
            }
    return docstrings


def describe_fields(cls: type, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
    """Return a dataclass's JSON schema with the fields' docstrings, as its `__get_pydantic_json_schema__`."""
    json_schema = handler(schema)
    properties = handler.resolve_ref_schema(json_schema)["properties"]
    for name, text in field_docstrings(cls).items():
        for key in {name, to_camel(name)} & properties.keys():
            properties[key]["description"] = text
    return json_schema
