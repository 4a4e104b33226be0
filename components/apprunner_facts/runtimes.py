"""App Runner's managed runtimes for source code."""

import re
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from types import MappingProxyType

_END_OF_2025 = date(2025, 12, 1)

END_OF_SUPPORT: Mapping[str, date | None] = MappingProxyType(
    {
        "PYTHON_3": _END_OF_2025,
        "PYTHON_311": None,
        "NODEJS_12": _END_OF_2025,
        "NODEJS_14": _END_OF_2025,
        "NODEJS_16": _END_OF_2025,
        "NODEJS_18": _END_OF_2025,
        "NODEJS_22": None,
        "CORRETTO_8": None,
        "CORRETTO_11": None,
        "GO_1": _END_OF_2025,
        "DOTNET_6": _END_OF_2025,
        "PHP_81": None,
        "RUBY_31": _END_OF_2025,
    }
)
"""Every runtime of the API (source.CODE_CONFIGURATION_VALUES), and the end of its support.

None: AWS documents no end. AWS does not document whether the API rejects a runtime after its end.
"""

FILE_NAMES: Mapping[str, str] = MappingProxyType({name.lower().replace("_", ""): name for name in END_OF_SUPPORT})
"""The runtimes by their names in apprunner.yaml, <language-name><major-version>: python311 is PYTHON_311."""


def supported(day: date) -> list[str]:
    """Return the runtimes whose support has not ended on a day."""
    return [name for name, end in END_OF_SUPPORT.items() if end is None or day < end]


def successors(runtime: str, day: date) -> list[str]:
    """Return the runtimes of a runtime's language that are supported on a day."""
    return [each for each in supported(day) if _language(each) == _language(runtime)]


def same_name(name: str) -> str | None:
    """Return the runtime of another spelling, such as PYTHON_311 for python3.11; None for any other name."""
    plain = re.sub(r"[^a-z0-9]", "", name.lower())
    return FILE_NAMES.get(re.sub("^node(?!js)", "nodejs", plain).replace("java", "corretto"))


def similar(name: str) -> str | None:
    """Return the runtime that a user most likely means, such as CORRETTO_11 for corretto17; None for none."""
    if same := same_name(name):
        return same
    candidates = [each for each, known in FILE_NAMES.items() if END_OF_SUPPORT[known] is None]
    return next((FILE_NAMES[each] for each in get_close_matches(name.lower(), candidates, 1)), None)


def _language(runtime: str) -> str:
    return runtime.partition("_")[0]
