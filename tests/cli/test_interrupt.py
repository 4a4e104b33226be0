"""Ctrl-C while the command loads the library."""

import os
import subprocess
import sys
from pathlib import Path

from pages import ROOT


def test_ctrl_c_during_the_start_prints_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "pulumi_apprunner.py").write_text("raise KeyboardInterrupt\n")
    path = os.pathsep.join([str(tmp_path), str(ROOT / "components")])
    code = "from pulumi_apprunner_cli import main; main()"
    variables = {**os.environ, "PYTHONPATH": path}
    run = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout, run.stderr) == (130, "", "")
