"""What an import of the library loads: pulumi_aws loads a module at its first use, and some of them are large."""

import subprocess
import sys

_LOADED = """
names = [name.split(".") for name in sys.modules]
print(*sorted({name[1] for name in names if name[0] == "pulumi_aws" and len(name) > 2}))
"""
_SERVICE = """
from pulumi_apprunner import AppRunnerService
from pulumi_apprunner.testing import run

image = {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1.0.0"}
graph = run(lambda: AppRunnerService("api", {"image": image, "port": 8000}))
graph.one("aws:apprunner/service:Service")
"""


def loaded_modules(program: str) -> list[str]:
    """Return the modules of pulumi_aws that a program in a new process loads."""
    command = [sys.executable, "-c", f"import sys\n{program}\n{_LOADED}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()


def test_an_import_of_the_library_loads_no_module_of_pulumi_aws() -> None:
    # An annotation with a type of pulumi_aws loads its module, unless it is quoted.
    assert loaded_modules("import pulumi_apprunner, pulumi_apprunner.testing") == []


def test_a_program_loads_only_the_modules_of_pulumi_aws_that_it_uses() -> None:
    assert loaded_modules(_SERVICE) == ["apprunner", "iam"]
