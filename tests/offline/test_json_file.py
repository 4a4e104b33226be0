"""JSON files and the messages about invalid ones."""

from pathlib import Path

import pytest

from pulumi_apprunner.offline.config.json_file import JsonError, read_json


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text("\n")
    assert read_json(file) is None


def test_a_byte_order_mark_is_ignored(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text('{"a": 1}', encoding="utf-8-sig")
    assert read_json(file) == {"a": 1}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("nope", "1:1: must be JSON: a value is required here, and a string needs double quotation marks"),
        ("{'a': 1}", "1:2: must be JSON: a key in double quotation marks is required here"),
        ('{"a" 1}', "1:6: must be JSON: a colon is required after a key"),
        ('{"a": 1\n"b": 2}', "2:1: must be JSON: a comma or the closing bracket is required here"),
        ('{"a": 1}}', "1:9: must be JSON: nothing is allowed after the end of the JSON value"),
        ('{"a": "b}', "1:7: must be JSON: the string that starts here must end with a quotation mark"),
        ('{"a": "b\nc"}', "1:9: must be JSON: a line break or control character is not allowed in a string"),
        ('{"a": "\\q"}', "1:8: must be JSON: a backslash in a string must be written as \\\\"),
        ('{"a": "\\u12"}', ": must be JSON: \\u must be followed by four hexadecimal digits"),
    ],
)
def test_an_error_has_the_line_the_column_and_what_is_required(tmp_path: Path, text: str, message: str) -> None:
    file = tmp_path / "f.json"
    file.write_text(text)
    with pytest.raises(JsonError) as caught:
        read_json(file)
    assert str(caught.value).startswith(f"{file}:")
    assert str(caught.value).endswith(message)


def test_a_key_that_is_in_an_object_twice_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    file.write_text('{"a": {"b": 1, "c": 2, "b": 3}}')
    with pytest.raises(JsonError, match=r'f\.json: the keys of an object must be unique, got "b" more than once'):
        read_json(file)


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(JsonError, match=r"nowhere\.json: must be a file that can be read, got: No such file"):
        read_json(tmp_path / "nowhere.json")
    (tmp_path / "f.json").write_bytes(b"\xff")
    with pytest.raises(JsonError, match=r"f\.json: must be JSON in UTF-8"):
        read_json(tmp_path / "f.json")
    (tmp_path / "deep.json").write_text("[" * 200_000)
    with pytest.raises(JsonError, match=r"deep\.json: must be JSON with fewer nested values"):
        read_json(tmp_path / "deep.json")
