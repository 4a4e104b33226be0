"""The page of `apprunner cost --html`, rendered by Chromium."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from javascript import CHROMIUM, find_chromium
from shop import Shop

PROGRAM = """
service("api", instance_configuration={"cpu": "2048", "memory": "4096"})
service("<admin> & co", instance_configuration={"cpu": "256", "memory": "512"})
"""
MEASURE = """
const box = element => {
  const {left, top, right, bottom} = element.getBoundingClientRect();
  return {left, top, right, bottom};
};
const rgb = text => text.match(/[\\d.]+/g).slice(0, 3).map(Number);
const color = (element, property) =>
  rgb(getComputedStyle(element)[typeof property === "string" ? property : "color"]);
const result = {
  width: document.documentElement.scrollWidth, window: innerWidth,
  requests: performance.getEntriesByType("resource").length,
  background: rgb(getComputedStyle(document.body).backgroundColor),
  texts: [...document.querySelectorAll("h1, h2, p, li, th, td, caption, figcaption")].map(color),
  charts: [...document.querySelectorAll("svg")].map(svg => ({
    box: box(svg),
    name: document.getElementById(svg.getAttribute("aria-labelledby").split(" ")[0]).textContent,
    labels: [...svg.querySelectorAll("text")].map(e => ({...box(e), text: e.textContent, color: color(e, "fill")})),
    lines: [...svg.querySelectorAll("polyline")].map(e => ({...box(e), color: color(e, "stroke")})),
  })),
};
const out = document.createElement("script"); out.type = "application/json"; out.id = "result";
out.textContent = JSON.stringify(result); document.body.append(out);
"""
"""Measures the page and adds the result to it. The page itself has no script."""


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return Chromium's command. Without one these tests are skipped; where one is required, they fail."""
    return find_chromium() or pytest.skip(f"one of {', '.join(CHROMIUM)} is required on PATH")


@pytest.fixture
def measure(program: Callable[[str], Shop], chromium: str, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that renders the page and returns measurements."""

    def render(*, width: int = 900, dark: bool = False) -> Any:
        page = tmp_path / "cost.html"
        load = ("--requests-per-second", "5", "--seconds-per-request", "0.08")
        assert program(PROGRAM).run("cost", *load, "--html", str(page)).status == 0
        page.write_text(page.read_text().replace("</body>", f"<script>{MEASURE}</script></body>"))
        scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--window-size={width},1500", *scheme]
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        document = subprocess.run(
            [*command, profile, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True
        )
        match = re.search(r'<script type="application/json" id="result">(.*?)</script>', document.stdout, re.DOTALL)
        assert match, document.stderr
        return json.loads(unescape(match[1]))

    return render


def contrast(one: list[float], other: list[float]) -> float:
    """Return the contrast ratio of two colors (WCAG 2.2)."""

    def luminance(color: list[float]) -> float:
        parts = [value / 255 for value in color]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return (
        one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] + 2 < other["bottom"]
        and other["top"] + 2 < one["bottom"]
    )


def test_labels_are_within_the_chart_and_do_not_overlap(measure: Callable[..., Any]) -> None:
    charts = measure()["charts"]
    assert len(charts) == 2
    for chart in charts:
        box, labels = chart["box"], chart["labels"]
        assert [
            each["text"]
            for each in labels
            if not (box["left"] <= each["left"] and each["right"] <= box["right"] and each["bottom"] <= box["bottom"])
        ] == []
        pairs = [
            (one["text"], other["text"])
            for one in labels
            for other in labels
            if one is not other and overlap(one, other)
        ]
        assert pairs == []


def test_each_option_has_a_line_and_a_label_of_its_color(measure: Callable[..., Any]) -> None:
    for chart in measure()["charts"]:
        colors = [tuple(each["color"]) for each in chart["lines"]]
        assert len(set(colors)) == len(colors) == 6
        assert set(colors) <= {tuple(each["color"]) for each in chart["labels"]}


@pytest.mark.parametrize("dark", [False, True])
def test_texts_and_lines_are_readable(measure: Callable[..., Any], dark: bool) -> None:
    page = measure(dark=dark)
    assert (contrast(page["background"], [255, 255, 255]) > 10) == dark
    colors = [*page["texts"], *(each["color"] for chart in page["charts"] for each in chart["labels"])]
    assert min(contrast(color, page["background"]) for color in colors) >= 4.5
    assert min(contrast(each["color"], page["background"]) for chart in page["charts"] for each in chart["lines"]) >= 3


def test_a_narrow_window_scrolls_the_chart_and_not_the_page(measure: Callable[..., Any]) -> None:
    page = measure(width=500)
    assert page["width"] <= page["window"]
    assert page["charts"][0]["box"]["right"] > page["window"]


def test_the_page_loads_nothing_else(measure: Callable[..., Any]) -> None:
    assert measure()["requests"] == 0


def test_names_are_escaped(measure: Callable[..., Any]) -> None:
    names = [chart["name"] for chart in measure()["charts"]]
    assert "Cost of <admin> & co per month by requests per second" in names
