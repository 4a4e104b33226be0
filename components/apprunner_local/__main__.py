"""The process that `apprunner local up` starts: `python -m apprunner_local FILE` writes its variables to the file."""

import sys
from pathlib import Path

from apprunner_local.serving import serve, write_when_ready

if __name__ == "__main__":
    serve(write_when_ready(Path(sys.argv[1])))
