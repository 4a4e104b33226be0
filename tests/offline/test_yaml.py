"""YAML as the Pulumi CLI reads it. Every expected value was observed with CLI 3.255."""

from pathlib import Path
from typing import Any

import pytest

from pulumi_apprunner.offline.config.yaml import YamlError, read_yaml


@pytest.mark.parametrize(
    ("source", "read"),
    [
        ("20:00", "20:00"),
        ("on", "on"),
        ("yes", "yes"),
        ("True", True),
        ('"0123"', "0123"),
        ("0x10", 16),
        ("007", 7),
        ("010", 8),
        ("0o17", 15),
        ("089", 89),
        ("1_000", 1000),
        ("-5", -5),
        ("1.0", 1),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000),
        ("~", None),
        ("", None),
        ("null", None),
        (".inf2", ".inf2"),
        ("!!str 5", "5"),
        ("2024-01-01", "2024-01-01 00:00:00 +0000 UTC"),
        ("arn:aws:iam::123456789012:role/x", "arn:aws:iam::123456789012:role/x"),
        ("{on: on, t: [20:00, 1.0]}", {"on": "on", "t": ["20:00", 1]}),
        ("|\n  a\n  b\n", "a\nb\n"),
    ],
)
def test_a_scalar_has_the_clis_value(tmp_path: Path, source: str, read: Any) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(f"key: {source}\n")
    assert read_yaml(file) == {"key": read}
    assert isinstance(read_yaml(file)["key"], type(read))


def test_keys_of_a_map_override_its_merge_key(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("base: &base {a: 1, b: 1}\nmore:\n  <<: *base\n  b: 2\n")
    assert read_yaml(file)["more"] == {"a": 1, "b": 2}


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("# nothing\n")
    assert read_yaml(file) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1\nb: 2", r"f\.yaml:2:2: not YAML: "),
        ("a: 1\na: 2\n", r"f\.yaml:2:1: 'a' is a duplicate key"),
    ],
)
def test_an_error_has_the_line_and_column(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(text)
    with pytest.raises(YamlError, match=message):
        read_yaml(file)
