"""Runs JavaScript: with Chromium, or with Node.js on a machine without Chromium."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable
from html import escape, unescape
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def find_chromium() -> str | None:
    """Return Chromium's command; None without one. Where it is required, its absence fails the test."""
    command = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if command is None and os.environ.get("CHROMIUM") == "required":
        pytest.fail(f"one of {', '.join(CHROMIUM)} is required on PATH")
    return command


def javascript(folder: Path) -> Callable[[str], Any]:
    """Return a function that runs an expression, and returns the value of its promise. Skip the test without an engine.

    Args:
        folder: A folder for temporary files.
    """
    chromium, node = find_chromium(), shutil.which("node")
    if chromium is None and node is None:
        pytest.skip(f"one of {', '.join(CHROMIUM)} and node is required on PATH")
    return lambda expression: _in_chromium(chromium, folder, expression) if chromium else _in_node(node, expression)


def _in_node(node: Any, expression: str) -> Any:
    script = f"({expression}).then(value => process.stdout.write(JSON.stringify(value)))"
    return json.loads(subprocess.run([node, "-"], input=script, capture_output=True, text=True, check=True).stdout)


def _in_chromium(chromium: str, folder: Path, expression: str) -> Any:
    page = folder / "page.html"
    # An attribute holds the code, because a script element would end at a "</script>" in it.
    script = (
        "eval(document.body.dataset.code).then(value => {"
        "const out = document.createElement('script'); out.type = 'application/json'; out.id = 'result';"
        "out.textContent = JSON.stringify(value); document.body.append(out); });"
    )
    page.write_text(f'<body data-code="{escape(f"({expression})")}"><script>{script}</script></body>')
    command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}"]
    run = subprocess.run([*command, "--dump-dom", page.as_uri()], capture_output=True, text=True, check=True)
    match = re.search(r'<script type="application/json" id="result">(.*?)</script>', run.stdout, re.DOTALL)
    assert match, run.stderr
    return json.loads(unescape(match[1]))
