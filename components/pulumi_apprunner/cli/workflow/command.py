"""`apprunner workflow`."""

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from pulumi_apprunner.cli.errors import print_error
from pulumi_apprunner.cli.options import Directory, Stack, StubsFile, matching, one_of, repository_path
from pulumi_apprunner.cli.output import ERROR, ignore_closed_pipe, redirect_program_output
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.workflow.configured import check_keys
from pulumi_apprunner.cli.workflow.delivery import find_deliveries
from pulumi_apprunner.cli.workflow.repository import directory_in_repository
from pulumi_apprunner.cli.workflow.settings import DEPLOYS, SEVERITIES, Settings, keys_of
from pulumi_apprunner.cli.workflow.target import find_target
from pulumi_apprunner.cli.workflow.variables import Variable, find_variables
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs


def workflow(
    service: Annotated[
        str, typer.Argument(metavar="SERVICE", help="The service: its component's name or its name in App Runner.")
    ],
    stack: Stack = None,
    cwd: Directory = Path(),
    stubs: StubsFile = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help="The file, such as .github/workflows/deploy.yml. It is overwritten. Default: standard output.",
        ),
    ] = None,
    deploy: Annotated[
        Any,
        typer.Option(
            parser=one_of(*DEPLOYS),
            metavar="MODE",
            help="How a pushed image is deployed. start-deployment: the service's tag is moved to the image, and "
            "StartDeployment deploys it. pulumi: `pulumi up` with the image's digest in the stack's configuration.",
        ),
    ] = DEPLOYS[0],
    branch: Annotated[
        Any,
        typer.Option(
            parser=matching(r"(?!-)[\w./-]+", "the name of a branch"),
            metavar="NAME",
            help="The branch whose pushes are deployed.",
        ),
    ] = "main",
    environment: Annotated[
        Any,
        typer.Option(
            parser=matching(r"\w[\w ./-]*", "the name of an environment"),
            metavar="NAME",
            help="The job's environment on GitHub. Its name is then in the subject of the identity token, instead of "
            "the branch. Default: none.",
        ),
    ] = None,
    dockerfile: Annotated[
        Any, typer.Option(parser=repository_path, metavar="PATH", help="The Dockerfile, from the repository's root.")
    ] = "Dockerfile",
    context: Annotated[
        Any,
        typer.Option(
            parser=repository_path, metavar="PATH", help="The folder of the build, from the repository's root."
        ),
    ] = ".",
    scan: Annotated[
        Any,
        typer.Option(
            parser=one_of(*SEVERITIES),
            metavar="SEVERITY",
            help="The lowest severity of a vulnerability with a fix that stops the job: negligible, low, medium, high "
            "or critical; off for no scan.",
        ),
    ] = "high",
    config: Annotated[
        Any,
        typer.Option(
            parser=matching(r"\S+", "a key without spaces"),
            metavar="KEY",
            help="For --deploy pulumi: the key or path of the image in the stack's configuration, such as "
            "storefront:services.api.image.identifier. Default: the only value that has the image.",
        ),
    ] = None,
) -> None:
    """Write a GitHub Actions workflow that builds, scans and pushes an image of a service, and deploys it.

    The job waits for the deployment, and fails with the end of the service's log if App Runner rolls it back. It needs
    no stored AWS keys. The command runs the program offline, as `apprunner plan` does, and prints the variables that
    GitHub must have. Exit status: 0 success, 2 an error.
    """
    from pulumi_apprunner.cli.workflow.rendering import prefix_of, render  # slow to load, and no other command needs it

    try:
        loaded = Stubs.load(stubs) if stubs else None
        with spinner_when_slow(f"Running {stack or 'the program'}"), redirect_program_output():
            graph = run_project(cwd, stack, stubs=loaded)
        target = find_target(graph, service)
        settings = Settings(deploy, branch, environment or "", dockerfile, context, scan, config or "")
        root, keys = find_project(cwd).root, keys_of(graph, target, settings)
        if keys:
            with spinner_when_slow("Planning another image"), redirect_program_output():
                check_keys(cwd, target, keys, loaded)
        variables = find_variables(graph, target, find_deliveries(graph, target), has_stack_role=keys is not None)
        words = ["apprunner", *sys.argv[1:]]
        text = render(target, settings, words, directory_in_repository(root), keys, variables)
        if output is None:
            with ignore_closed_pipe():
                print(text, end="")
        else:
            output.parent.mkdir(parents=True, exist_ok=True)
            output.write_text(text)
    except (Exception, SystemExit) as error:  # the program may raise anything
        print_error(error)
        raise typer.Exit(ERROR) from None
    if output:
        print(f"Wrote {output}.", file=sys.stderr)
    project = [] if cwd == Path() else ["--cwd", str(cwd)]
    read = ["pulumi", "stack", "output", "--stack", stack or graph.stack, *project]
    _print_variables(prefix_of(target), variables, ["--env", environment] if environment else [], read)
    if deploy == "pulumi":
        _print_notes(root, keeps_image=target.keeps_image)


def _print_notes(root: Path, *, keeps_image: bool) -> None:
    """Print what `pulumi up` in a workflow still needs."""
    if not any((root / name).is_file() for name in ("requirements.txt", "pyproject.toml")):
        print(
            f"Note: {root.name} has no requirements.txt. `pulumi install` in the job installs what it lists. Add one "
            "with pulumi-apprunner, or the file of the toolchain in Pulumi.yaml.",
            file=sys.stderr,
        )
    if not keeps_image:
        print(
            'Note: an update from elsewhere deploys the image in the stack file. Set managedBy to "ci" beside the '
            "image's identifier to prevent this.",
            file=sys.stderr,
        )


def _print_variables(prefix: str, variables: Sequence[Variable], scope: Sequence[str], read: Sequence[str]) -> None:
    """Print to stderr what is left to do: the commands that set the variables on GitHub.

    Args:
        prefix: The beginning of their names.
        variables: The variables.
        scope: The options of `gh variable set` that select an environment.
        read: The command that prints an output of the stack.
    """
    print("Set these variables on GitHub:", file=sys.stderr)
    for each in variables:
        command = shlex.join(["gh", "variable", "set", f"{prefix}_{each.name}", *scope])
        if each.stack_output:
            print(f'  {command} --body "$({shlex.join([*read, each.stack_output])})"', file=sys.stderr)
        else:
            print(f"  {command}\n    It asks for the value: {each.content}", file=sys.stderr)
