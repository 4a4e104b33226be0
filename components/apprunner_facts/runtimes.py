"""App Runner's managed runtimes for source code."""

from collections.abc import Mapping
from datetime import date
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
