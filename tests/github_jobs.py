"""A job of a workflow, run on this machine: its shell steps, with fakes of docker and sleep before those on PATH.

Jobs with the same folder share RUNNER_TEMP, as if the artifact of one were downloaded by the other.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

_DOCKER = Path(__file__).with_name("fake_docker.py")
_SLEEP = """\
import json, os, sys
from urllib.request import ProxyHandler, Request, build_opener

url = os.environ["AWS_ENDPOINT_URL_APPRUNNER"] + "/_fake/move"
body = json.dumps({"seconds": float(sys.argv[1])}).encode()
build_opener(ProxyHandler({})).open(Request(url, body, method="POST")).close()
"""
"""Moves the clock of the local AWS."""


@dataclass(frozen=True)
class Ended:
    """The result of a job: the exit status of its last step, its output, and what it wrote for GitHub.

    The outputs are those of its steps, which are all outputs of the job.
    """

    status: int
    output: str
    step: str
    summary: str
    environment: Mapping[str, str]
    outputs: Mapping[str, str]


@dataclass
class Job:
    """A job of a workflow.

    Args:
        text: The workflow.
        folder: The folder for the fakes and the files of GitHub's runner.
        environment: The environment variables of the local AWS.
        directory: The checked-out repository.
        variables: The variables on GitHub.
        number: The number of the run.
        name: The job.
        needs: The outputs of the job that it needs.
    """

    text: str
    folder: Path
    environment: Mapping[str, str]
    directory: Path
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    number: int = 71
    name: str = "deploy"
    needs: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        workflow = YAML(typ="safe", pure=True).load(self.text)
        self.shell = workflow["defaults"]["run"]["shell"].split()
        self.job = workflow["jobs"][self.name]
        self.workflow_env = workflow["env"]
        fakes, temp = self.folder / "fakes", self.folder / "temp"
        fakes.mkdir(parents=True, exist_ok=True)
        temp.mkdir(exist_ok=True)
        self._write(fakes / "docker", f'exec {sys.executable} {_DOCKER} "$@"')
        (fakes / "sleep.py").write_text(_SLEEP)
        self._write(fakes / "sleep", f'exec {sys.executable} -S {fakes / "sleep.py"} "$@"')
        aws = Path(sys.executable).with_name("aws")
        self._write(fakes / "aws", f'echo "$1 $2" >>"$AWS_CALLS"\nexec {aws} "$@"')
        self._path = [fakes, Path(sys.executable).parent, self.environment.get("PATH", os.environ["PATH"])]

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The job's steps."""
        return list(self.job["steps"])

    @property
    def docker_images(self) -> Path:
        """The images that docker has in this job."""
        return self.folder / f"images-{self.name}.json"

    @property
    def docker_calls(self) -> str:
        """The calls of docker, one a line."""
        file = self.folder / "docker"
        return file.read_text() if file.exists() else ""

    @property
    def aws_calls(self) -> list[str]:
        """The commands of the AWS CLI, such as "ecr get-login-password"."""
        return (self.folder / "aws").read_text().splitlines()

    def run(self, *names: str, **earlier: str) -> Ended:
        """Run the shell steps until one fails.

        Args:
            names: The steps to run. Default: all.
            earlier: The environment variables that earlier steps have set.
        """
        files = {name: self.folder / name for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        files["GITHUB_ENV"].write_text("".join(f"{name}={value}\n" for name, value in earlier.items()))
        files["GITHUB_STEP_SUMMARY"].touch()
        files["GITHUB_OUTPUT"].write_text("")
        output, status, name = "", 0, ""
        for step in self.steps:
            if "run" not in step or (names and step["name"] not in names):
                continue
            added = _pairs(files["GITHUB_ENV"])
            script = self.folder / "step.sh"
            script.write_text(step["run"])
            completed = subprocess.run(
                [str(script) if word == "{0}" else word for word in self.shell],
                cwd=self.directory / step.get("working-directory", "."),
                env={
                    **self.environment,
                    **{name: str(file) for name, file in files.items()},
                    "PATH": os.pathsep.join(map(str, self._path)),
                    "DOCKER_CALLS": str(self.folder / "docker"),
                    "DOCKER_IMAGES": str(self.docker_images),
                    "AWS_CALLS": str(self.folder / "aws"),
                    "GITHUB_SHA": "8f2c" * 10,
                    "GITHUB_RUN_ID": str(self.number),
                    "GITHUB_RUN_ATTEMPT": "1",
                    "RUNNER_TEMP": str(self.folder / "temp"),
                    **self._values(self.workflow_env),
                    **self._values(self.job.get("env", {})),
                    **added,
                    **self._values(step.get("env", {})),
                },
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            output, status, name = output + completed.stdout, completed.returncode, step["name"]
            if status:
                break
        summary = files["GITHUB_STEP_SUMMARY"].read_text()
        return Ended(status, output, name, summary, _pairs(files["GITHUB_ENV"]), _pairs(files["GITHUB_OUTPUT"]))

    def _values(self, entries: Mapping[str, Any]) -> dict[str, str]:
        """Return environment variables, with expressions evaluated: a variable, a secret or an output, or empty."""
        pattern = r"\$\{\{ (?:vars|secrets|needs\.\w+\.outputs)\.(\w+) \}\}"
        known = {**self.variables, **self.needs}
        return {
            name: re.sub(pattern, lambda match: known.get(match[1], ""), str(value)) for name, value in entries.items()
        }

    @staticmethod
    def _write(file: Path, line: str) -> None:
        file.write_text(f"#!/bin/sh\n{line}\n")
        file.chmod(0o755)


def _pairs(file: Path) -> dict[str, str]:
    """Return what steps have written into a file of GitHub's runner."""
    return dict(line.split("=", 1) for line in file.read_text().splitlines())
