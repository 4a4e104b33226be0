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
        ("a:\n\tb: 1\n", "2:1: must be indented with spaces, got a tab"),
        ("a: @x\n", "1:4: a value must not start with @. Quote the value"),
        (
            "a: b: c\n",
            "1:5: a colon is not allowed here. Quote the value, correct the indentation, or add a colon after the key "
            "before it",
        ),
        ("a: [1,\n", "2:1: a value or a closing bracket is required at the end"),
        ("a: [1, 2\n", "2:1: the list that starts in line 1, column 4 must end with ]"),
        ("a: [1\nb: 2", "2:2: expected , or ] in the list that starts in line 1, column 4"),
        ("a: {b: c\n", "2:1: the map that starts in line 1, column 4 must end with }"),
        ("a: {b: 1 c: 2}\n", "1:11: expected , or } in the map that starts in line 1, column 4"),
        ('a: "x\n', "2:1: the string that starts in line 1, column 4 must end with a quotation mark"),
        (
            "a:\n  b: 1\n c: 2\n",
            "3:2: must be indented like the other items of the map or list that starts in line 1, column 1",
        ),
        ("a: [1]]\n", "1:7: ] closes nothing. Remove it, or quote the value"),
        ('a: "x" y\n', "1:8: a string is not allowed here. Quote the value, or correct the indentation"),
        ("a: }\n", "1:4: a value must not start with }. Quote the value"),
        ("a: 1\nb\n", "2:1: a key must be followed by a colon and a space: `key: value`"),
        ("a: *y\n", "1:4: *y is not defined. Quote the value, or define it with &y"),
        ('a: "\\q"\n', "1:6: \\q is not an escape sequence. Use single quotation marks"),
        ('a: "\\x1"\n', "1:7: the escape sequence is not complete. Use single quotation marks"),
        ("a: - b\n", "1:4: a list item is not allowed here. Start it on a line of its own"),
        ("a: !e!x y\n", "1:4: must be YAML: found undefined tag handle '!e!'"),
        ("a: 1\nb: \x07\n", "2:4: must contain only printable characters, got U+0007"),
        ("a: 1\na: 2\n", "2:1: a is a duplicate key. Remove one of the two"),
        ("a: !!int x\n", "1:4: must be a !!int, got 'x'"),
        ("<<: 1\n", "1:5: << must refer to a map, or to a list of maps"),
    ],
)
def test_an_error_has_the_line_the_column_and_what_is_required(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "f.yaml"
    file.write_text(text)
    with pytest.raises(YamlError) as caught:
        read_yaml(file)
    assert str(caught.value) == f"{file}:{message}"


def test_an_anchor_that_contains_itself_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_text("a: &a [*a]\n")
    with pytest.raises(YamlError, match="no anchor that contains itself"):
        read_yaml(file)


def test_a_file_that_is_not_utf_8_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "f.yaml"
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(YamlError, match=r"f\.yaml: must be UTF-8"):
        read_yaml(file)
