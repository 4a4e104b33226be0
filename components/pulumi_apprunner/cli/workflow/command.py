"""`apprunner workflow`."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from pulumi_apprunner.cli.errors import print_error
from pulumi_apprunner.cli.options import Directory, Stack, StubsFile, matching, one_of, repository_path
from pulumi_apprunner.cli.output import ERROR, ignore_closed_pipe, redirect_program_output
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.workflow.configured import check_keys
from pulumi_apprunner.cli.workflow.delivery import find_deliveries
from pulumi_apprunner.cli.workflow.dependencies import dependency_notes
from pulumi_apprunner.cli.workflow.instructions import backend_lines, file_notes, subject_lines, variable_lines
from pulumi_apprunner.cli.workflow.repository import directory_in_repository
from pulumi_apprunner.cli.workflow.settings import DEPLOYS, SEVERITIES, Settings, keys_of
from pulumi_apprunner.cli.workflow.target import find_target
from pulumi_apprunner.cli.workflow.trust import trusted_subjects
from pulumi_apprunner.cli.workflow.variables import find_variables
from pulumi_apprunner.offline.project import find_project
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs

_KEPT = (
    'Note: an update from elsewhere deploys the image in the stack file. Set managedBy to "ci" beside the image\'s '
    "identifier to prevent this."
)


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
        deliveries = find_deliveries(graph, target)
        subjects = trusted_subjects(deliveries, ("deploy", "stack") if keys else ("deploy",))
        variables = find_variables(graph, target, deliveries, has_stack_role=keys is not None)
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
    project: list[str] = [] if cwd == Path() else ["--cwd", str(cwd)]
    read = ["pulumi", "stack", "output", "--stack", stack or graph.stack, *project]
    scope: list[str] = ["--env", environment] if environment else []
    if output:
        print(f"Wrote {output}.", file=sys.stderr)
    lines = [
        *variable_lines(prefix_of(target), variables, scope, read),
        *(backend_lines(scope) if keys else ()),
        *subject_lines(target.name, subjects, settings),
        *file_notes(root, output, {"--dockerfile": dockerfile, "--context": context}),
        *(dependency_notes(root) if keys else ()),
        *((_KEPT,) if keys and not target.keeps_image else ()),
    ]
    print("\n".join(lines), file=sys.stderr)
