"""apprunner.yaml, the file with which App Runner builds and runs a service from source code.

    file = SourceFile.read(Path("apprunner.yaml"))
    for problem in file.problems():
        print(f"{file.path}:{problem}")
    file.content["run"]["network"]["port"] = 8000
    file.write()

It requires ruamel.yaml (the extra [cli] or [testing]), which keeps comments, quotation marks and the order of keys.
"""

from pulumi_apprunner.cli.source_file.document import SourceFile
from pulumi_apprunner.cli.source_file.problems import Problem
from pulumi_apprunner.cli.source_file.service import contradictions, unreadable_secrets

__all__ = ["Problem", "SourceFile", "contradictions", "unreadable_secrets"]
