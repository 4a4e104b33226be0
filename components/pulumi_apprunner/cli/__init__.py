"""The command line tool `apprunner`: plans a Pulumi program with App Runner services offline."""

import gc
import sys

__all__ = ["INTERRUPTED", "main"]

INTERRUPTED = 130
"""The exit status after Ctrl-C, as a shell reports it."""
_EXTRA = ("typer", "rich", "ruamel", "jinja2", "pulumi_policy")


def main() -> None:
    """Run the command line and exit the process."""
    gc.disable()  # the process is short and creates almost no garbage
    try:
        from pulumi_apprunner.cli.app import app
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in _EXTRA:
            raise
        print(f"error: {error.name} is not installed. Install pulumi-apprunner[cli]", file=sys.stderr)
        sys.exit(2)
    app()
