"""The page of alarms: its table has the defaults, and each alarm has a section as its runbook."""

from pathlib import Path

from pulumi_apprunner.args.alarm_defaults import DEFAULTS, AlarmSettings

PAGE = (Path(__file__).parents[1] / "docs" / "alarms.md").read_text(encoding="utf-8")


def cell(alarm: AlarmSettings) -> str:
    threshold = "`max_size`" if alarm.threshold is None else f"{alarm.threshold:g}"
    return f"{threshold}, {alarm.datapoints_to_alarm} of {alarm.evaluation_periods} x {alarm.period} s"


def test_the_table_has_the_defaults_of_both_profiles() -> None:
    rows = [
        [text.strip() for text in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("| `")
    ]
    cells = {row[0].strip("`"): row[2:] for row in rows}
    assert set(cells) == set(DEFAULTS["production"]) == set(DEFAULTS["staging"])
    for name, (production, staging) in cells.items():
        for text, alarm in ((production, DEFAULTS["production"][name]), (staging, DEFAULTS["staging"][name])):
            assert text.startswith("off") is not alarm.enabled
            assert not alarm.enabled or text == cell(alarm)


def test_each_alarm_has_a_section() -> None:
    sections = {line.removeprefix("## ") for line in PAGE.splitlines() if line.startswith("## ")}
    assert sections == {name.replace("_", "-") for name in DEFAULTS["production"]}
