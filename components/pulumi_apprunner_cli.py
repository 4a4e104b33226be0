"""The entry point of the command `apprunner`. It imports the library inside, so that Ctrl-C ends also a slow start."""

import atexit
import gc
import sys


def main() -> None:
    """Run the command line and exit the process."""
    # The operating system frees the memory. The interpreter's last garbage collection takes a third of a large plan.
    atexit.register(gc.freeze)
    try:
        from pulumi_apprunner.cli import main

        main()
    except KeyboardInterrupt:
        sys.exit(130)  # as a shell reports Ctrl-C
