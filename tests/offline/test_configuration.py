"""Configuration as a program gets it from the Pulumi CLI. Every expected value was observed with CLI 3.255.

The CLI ran in UTC: a time with an offset is printed with the name of the machine's zone where the offset is the same.
"""

from collections.abc import Mapping
from pathlib import Path

import pytest

from pulumi_apprunner.offline.config.configuration import ProjectError
from pulumi_apprunner.offline.config.yaml import YamlError
from pulumi_apprunner.offline.project import find_project

PROJECT = "name: shop\nruntime: python\n"


def configuration(folder: Path, stack: str = "config: {}\n", project: str = "") -> Mapping[str, str]:
    """Return the configuration that a program gets from a stack file and Pulumi.yaml."""
    (folder / "Pulumi.yaml").write_text(PROJECT + project)
    (folder / "Pulumi.dev.yaml").write_text(stack)
    return find_project(folder).configuration("dev", {}).values


@pytest.mark.parametrize(
    ("source", "text", "in_json"),
    [
        ("2026-05-31", "2026-05-31 00:00:00 +0000 UTC", '"2026-05-31 00:00:00 +0000 UTC"'),
        ("2026-5-3", "2026-05-03 00:00:00 +0000 UTC", '"2026-05-03 00:00:00 +0000 UTC"'),
        ("2026-05-31T10:20:30Z", "2026-05-31 10:20:30 +0000 UTC", '"2026-05-31 10:20:30 +0000 UTC"'),
        ("2026-05-31T10:20:30", "2026-05-31T10:20:30", '"2026-05-31T10:20:30"'),
        ("2026-05-31 10:20:30", "2026-05-31 10:20:30 +0000 UTC", '"2026-05-31 10:20:30 +0000 UTC"'),
        ("2026-05-31 10:20:30.5", "2026-05-31 10:20:30.5 +0000 UTC", '"2026-05-31 10:20:30.5 +0000 UTC"'),
        ("2026-05-31T10:20:30+02:00", "2026-05-31 10:20:30 +0200 +0200", '"2026-05-31 10:20:30 +0200 +0200"'),
        ("2026-05-31 10:20:30 +02:00", "2026-05-31 10:20:30 +02:00", '"2026-05-31 10:20:30 +02:00"'),
        ("2026-05-31T10:20:30.50-05:30", "2026-05-31 10:20:30.5 -0530 -0530", '"2026-05-31 10:20:30.5 -0530 -0530"'),
        ("2026-02-30", "2026-02-30", '"2026-02-30"'),
        ("2026-13-01", "2026-13-01", '"2026-13-01"'),
        ("20260531", "20260531", "20260531"),
        ('"2026-05-31"', "2026-05-31", '"2026-05-31"'),
        ("!!str 2026-05-31", "2026-05-31", '"2026-05-31"'),
        ('!!timestamp "2026-05-31"', "2026-05-31 00:00:00 +0000 UTC", '"2026-05-31 00:00:00 +0000 UTC"'),
        ("on", "on", '"on"'),
        ("yes", "yes", '"yes"'),
        ("n", "n", '"n"'),
        ("TRUE", "true", "true"),
        ("tRue", "tRue", '"tRue"'),
        ("20:00", "20:00", '"20:00"'),
        ("190:20:30", "190:20:30", '"190:20:30"'),
        ("~", "", "null"),
        ("NULL", "", "null"),
        ("nULL", "nULL", '"nULL"'),
        ("1_000", "1000", "1000"),
        ("1_", "1", "1"),
        ("_1", "_1", '"_1"'),
        ("0x10", "16", "16"),
        ("0X1F", "31", "31"),
        ("-0b101", "-5", "-5"),
        ("0b12", "0b12", '"0b12"'),
        ("0o17", "15", "15"),
        ("017", "15", "15"),
        ("089", "89", "89"),
        ("-0", "0", "0"),
        ("+5", "5", "5"),
        ("1e3", "1000", "1000"),
        ("1e-3", "0.001", "0.001"),
        ("1e400", "1e400", '"1e400"'),
        (".5", "0.5", "0.5"),
        ("5.", "5", "5"),
        ("1.50", "1.5", "1.5"),
        ("1.0", "1", "1"),
        ("9007199254740993", "9007199254740993", "9007199254740993"),
        ("9223372036854775807", "9223372036854775807", "9223372036854775807"),
        ("9223372036854775808", "9223372036854775808", "9223372036854776000"),
        ("18446744073709551616", "18446744073709552000", "18446744073709552000"),
        ("1e20", "100000000000000000000", "100000000000000000000"),
        ("1e21", "1e+21", "1e+21"),
        ("1e-7", "1e-7", "1e-7"),
        ("0.000001", "0.000001", "0.000001"),
        ("123456789012345.678", "123456789012345.67", "123456789012345.67"),
        (".Nan", ".Nan", '".Nan"'),
        ("inf", "inf", '"inf"'),
        ("1.2.3.4", "1.2.3.4", '"1.2.3.4"'),
        ("012345678901", "12345678901", "12345678901"),
        ('!!int "5"', "5", "5"),
        ('!!float "1e3"', "1000", "1000"),
        ('!!bool "true"', "true", "true"),
        ('!!null ""', "", "null"),
        ("!!binary aGVsbG8=", "hello", '"hello"'),
        ("!foo bar", "bar", '"bar"'),
        ("<<", "<<", '"\\u003c\\u003c"'),
        ("-_1", "-1", "-1"),
        ("0x_", "0x_", '"0x_"'),
        ("0xFFFFFFFFFFFFFFFFFF", "0xFFFFFFFFFFFFFFFFFF", '"0xFFFFFFFFFFFFFFFFFF"'),
        ("1e5_0", "1e+50", "1e+50"),
    ],
)
def test_a_value_of_a_stack_file(tmp_path: Path, source: str, text: str, in_json: str) -> None:
    lines = f"config:\n  shop:a: {source}\n  shop:b: [{source}]\n  shop:c:\n    v: {source}\n"
    expected = {"shop:a": text, "shop:b": f"[{in_json}]", "shop:c": f'{{"v":{in_json}}}'}
    assert configuration(tmp_path, lines) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2026-05-31T1:2:3Z", "2026-05-31 01:02:03 +0000 UTC"),
        ("2026-05-31t10:20:30Z", "2026-05-31 10:20:30 +0000 UTC"),
        ("2026-05-31T10:20:30+00:00", "2026-05-31 10:20:30 +0000 UTC"),
        ("2026-05-31T10:20:30.123456789123Z", "2026-05-31 10:20:30.123456789 +0000 UTC"),
        ("2026-05-31T10:20:30.120Z", "2026-05-31 10:20:30.12 +0000 UTC"),
        ("2026-05-31T10:20:30.000Z", "2026-05-31 10:20:30 +0000 UTC"),
        ("2026-05-31T10:20:30,5Z", "2026-05-31 10:20:30.5 +0000 UTC"),
        ("2026-05-31T10:20:30+24:00", "2026-05-31 10:20:30 +2400 +2400"),
        ("2024-02-29", "2024-02-29 00:00:00 +0000 UTC"),
        ("0000-01-01", "0000-01-01 00:00:00 +0000 UTC"),
        *(
            (text, text)
            for text in (
                "2023-02-29",
                "2026-0-1",
                "2026-005-31",
                "+2026-05-31",
                "2026-05-31T",
                "2026-05-31T24:00:00Z",
                "2026-05-31T10:20:60Z",
                "2026-05-31T10:20:30.Z",
                "2026-05-31 10:20:30.",
                "2026-05-31T10:20:30+0200",
                "2026-05-31T10:20:30+2:00",
                "2026-05-31T010:20:30Z",
            )
        ),
    ],
)
def test_a_time_of_a_stack_file(tmp_path: Path, source: str, expected: str) -> None:
    assert configuration(tmp_path, f"config:\n  a: {source}\n") == {"shop:a": expected}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("{z: 1, a: 2, m: {y: 1, b: 2}}", '{"a":2,"m":{"b":2,"y":1},"z":1}'),
        ("{v: \"é☃ <b>&'x'</b>\"}", '{"v":"é☃ \\u003cb\\u003e\\u0026\'x\'\\u003c/b\\u003e"}'),
        ('{v: "\\u2028"}', '{"v":"\\u2028"}'),
        ("{5: x, true: y, on: z}", '{"5":"x","on":"z","true":"y"}'),
        ("{~: x}", '{"\\u003cnil\\u003e":"x"}'),
        ("{1.0: x, 1.50: y, 0x10: z}", '{"1":"x","1.5":"y","16":"z"}'),
        ("{0x10: 1, 16: 2}", '{"16":2}'),
        ("{2026-05-31: x}", '{"2026-05-31 00:00:00 +0000 UTC":"x"}'),
        ("{a: {}, b: [], c: [~, '', -0.0]}", '{"a":{},"b":[],"c":[null,"",0]}'),
        ("{a: 1e15, b: 1e16, c: 123456789.123, d: 9.99e-7}", '{"a":1000000000000000,"b":10000000000000000,'
         '"c":123456789.123,"d":9.99e-7}'),
        ("{a: 5e-324, b: 1.7976931348623157e308}", '{"a":5e-324,"b":1.7976931348623157e+308}'),
    ],
)  # fmt: skip
def test_a_mapping_of_a_stack_file(tmp_path: Path, source: str, expected: str) -> None:
    assert configuration(tmp_path, f"config:\n  a: {source}\n") == {"shop:a": expected}


def test_block_scalars_are_strings(tmp_path: Path) -> None:
    lines = (
        "config:\n  a: |\n    2026-05-31\n    b\n  b: |-\n    5\n  c: >\n    a\n    b\n\n    c\n"
        "  d: |+\n    x\n\n  e: a\n    b\n"
    )
    expected = {"a": "2026-05-31\nb\n", "b": "5", "c": "a b\nc\n", "d": "x\n\n", "e": "a b"}
    assert configuration(tmp_path, lines) == {f"shop:{key}": value for key, value in expected.items()}


def test_only_the_first_document_is_read(tmp_path: Path) -> None:
    assert configuration(tmp_path, "config: {a: 1}\n---\nconfig: {a: 2}\n") == {"shop:a": "1"}


@pytest.mark.parametrize(
    "source",
    [
        "!!int x",
        "!!int ''",
        "!!int 1.5",
        "!!float ~",
        "!!bool on",
        "!!bool 5",
        "!!null x",
        "!!timestamp 5",
        "!!binary '*'",
    ],
)
def test_a_tag_of_another_type_is_an_error(tmp_path: Path, source: str) -> None:
    with pytest.raises(YamlError, match=r"Pulumi\.dev\.yaml:1:13: (must be a !!|a !!binary)"):
        configuration(tmp_path, f"config: {{a: {source}}}\n")


@pytest.mark.parametrize("source", [".inf", "-.INF", "+.Inf", ".nan", "[.NaN]"])
def test_an_infinite_number_is_an_error(tmp_path: Path, source: str) -> None:
    with pytest.raises(ProjectError, match="shop:a: must be a finite number"):
        configuration(tmp_path, f"config: {{a: {source}}}\n")
    assert configuration(tmp_path, f"config: {{a: 1}}\nmore: {source}\n") == {"shop:a": "1"}


# Pulumi.yaml, which the CLI converts to JSON first


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("2026-05-31", "2026-05-31T00:00:00Z"),
        ("2026-5-3", "2026-05-03T00:00:00Z"),
        ("2026-05-31 10:20:30.5", "2026-05-31T10:20:30.5Z"),
        ("2026-05-31T10:20:30+02:00", "2026-05-31T10:20:30+02:00"),
        ("!!timestamp 2026-05-31", "2026-05-31T00:00:00Z"),
        ("'2026-05-31'", "2026-05-31"),
        ("20:00", "20:00"),
        ("0x10", "16"),
        ("010", "8"),
        ("1.50", "1.5"),
        ("1e16", "10000000000000000"),
        ("1e-7", "1e-7"),
        ("1e400", "1e400"),
        ("9007199254740993", "9007199254740993"),
        ("9223372036854775808", "9223372036854776000"),
        ("[2026-05-31, 9223372036854775808]", '["2026-05-31T00:00:00Z",9223372036854776000]'),
        ("{z: 2026-05-31, a: 1}", '{"a":1,"z":"2026-05-31T00:00:00Z"}'),
    ],
)
def test_a_value_of_the_project_file(tmp_path: Path, source: str, expected: str) -> None:
    lines = f"config:\n  a: {{default: {source}}}\n  'other:b': {{value: {source}}}\n"
    assert configuration(tmp_path, project=lines) == {"shop:a": expected, "other:b": expected}


@pytest.mark.parametrize("key", ["a", "'other:a'"])
@pytest.mark.parametrize("source", ["2026-05-31", "1.50", "1e20"])
def test_an_unquoted_time_or_fraction_in_the_project_file_is_an_error(tmp_path: Path, key: str, source: str) -> None:
    with pytest.raises(ProjectError, match="must be a string, an integer, a boolean or a list, got"):
        configuration(tmp_path, project=f"config: {{{key}: {source}}}\n")


def test_an_unquoted_time_is_not_a_valid_default_for_a_string(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"config\.a\.default: must be of type string, got '2026.*Quote it"):
        configuration(tmp_path, project="config: {a: {type: string, default: 2026-05-31}}\n")
