"""The commands and their options."""

import json
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer
from rich.console import Console

from apprunner_facts.bill import Assumptions
from apprunner_local.cli import app as local_app
from pulumi_apprunner.cli import comment, github
from pulumi_apprunner.cli.against import compared
from pulumi_apprunner.cli.cost import estimated
from pulumi_apprunner.cli.errors import told
from pulumi_apprunner.cli.human import print_plan
from pulumi_apprunner.cli.plan import Plan, load
from pulumi_apprunner.cli.progress import shown_when_slow
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.configuration import load_config
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.run import run_project

BROKEN, WRONG = 1, 2
"""Exit statuses: a mandatory rule is broken; the program, its configuration or the command line is wrong."""

_ENDLESS = 100_000
"""Characters."""
_WIDE_ENOUGH = 110
"""Characters for the table of costs: on a narrower terminal lines go on in the next one, and nothing is cut off."""

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)
app.add_typer(local_app, name="local")


@app.callback()
def apprunner() -> None:
    """What a Pulumi program with App Runner services makes, which rules it breaks, and what it costs."""


def _share(text: str) -> float:
    """Return the share that "10%" or "0.10" is."""
    number = text.strip().removesuffix("%").strip()
    per_cent = text.strip().endswith("%")
    try:
        share = float(number) / 100 if per_cent else float(number)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a share: write 10% or 0.10") from None
    if per_cent and not 0 <= share <= 1:
        raise typer.BadParameter(f"{text!r} is not possible: 0% to 100%")
    return share


@app.command()
def plan(
    stack: Annotated[
        str | None, typer.Option("--stack", "-s", help="The stack; may be left out where there is only one.")
    ] = None,
    cwd: Annotated[
        Path, typer.Option("--cwd", "-C", help="The Pulumi project's directory, or one inside of it.")
    ] = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", help="Print it for machines: docs/plan-json.md has the shape.")
    ] = False,
    unknown: Annotated[
        bool, typer.Option("--unknown", help="Leave unknown what AWS would return, as in a first preview.")
    ] = False,
    stubs: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Answers for stack references and functions, YAML or JSON.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="PLAN", help="An older plan of the stack (--json): show what changes from it to this one."
        ),
    ] = None,
    policy_pack: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Another CrossGuard pack than the one that comes along.")
    ] = None,
    policy_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The pack's configuration, as `pulumi preview` takes it.")
    ] = None,
    hours: Annotated[float, typer.Option(help="Cost: hours in the month.")] = Assumptions().hours,
    active: Annotated[
        Any,
        typer.Option(parser=_share, metavar="SHARE", help="Cost: the part of its hours in which an instance is busy."),
    ] = "10%",
    instances: Annotated[
        int | None, typer.Option(help="Cost: instances of each service; its profile's minimum where left out.")
    ] = None,
) -> None:
    """Show what a stack's program would make, without the Pulumi CLI, an account or a network.

    The real program runs, in the interpreter that this command is installed in. Exit status: 0 all is well, 1 a
    mandatory rule is broken, 2 the program or its configuration is wrong.
    """
    try:
        with shown_when_slow(f"running {stack or 'the program'}"), _standard_output_kept_free():
            assumptions = _assumptions(hours, active, instances)
            pack = Pack.load(policy_pack) if policy_pack else _own_pack()
            config = load_config(policy_config) if policy_config else None
            before = load(against) if against else None
            graph = run_project(cwd, stack, stubs=stubs, unknown=unknown)
            changes = compared(against, before, graph) if against and before else None
            made = Plan(graph, evaluate(graph, pack, config), estimated(graph, assumptions), changes)
        _print(made, as_json)
    except (Exception, SystemExit) as error:  # whatever is wrong is told the same way
        told(error)
        raise typer.Exit(WRONG) from None
    raise typer.Exit(BROKEN if made.report.has_mandatory_violations else 0)


@app.command(name="comment")
def comment_on(
    plans: Annotated[list[Path], typer.Argument(metavar="PLAN...", help="What `apprunner plan --json` printed.")],
    pull_request: Annotated[
        int | None, typer.Option(min=1, help="The pull request's number; without one the comment is only printed.")
    ] = None,
    repository: Annotated[
        str, typer.Option(envvar="GITHUB_REPOSITORY", metavar="OWNER/NAME", help="Its repository on GitHub.")
    ] = "",
    name: Annotated[
        str | None, typer.Option(help="Tells this comment from others of this command on the same pull request.")
    ] = None,
    author: Annotated[
        str, typer.Option(help="The login that GITHUB_TOKEN writes under: only its comments are updated.")
    ] = "github-actions[bot]",
) -> None:
    """Write what plans say as one comment on a pull request, updated in place.

    The token is read from GITHUB_TOKEN, the address of GitHub's API from GITHUB_API_URL. Account numbers are left out.
    Exit status: 0 it stands there, 2 it could not be written.
    """
    try:
        said = comment.render([load(path) for path in plans])
        if pull_request is None:
            print(said)
            return
        token = os.environ.get("GITHUB_TOKEN", "")
        missing = [each for each, given in (("GITHUB_TOKEN", token), ("--repository", repository)) if not given]
        if missing:
            raise pulumi.RunError(f"a comment on a pull request needs {' and '.join(missing)}")
        api = os.environ.get("GITHUB_API_URL", github.API)
        there = github.PullRequest(repository, pull_request, token, author, api)
        print(there.say(comment.marker(name), said))
    except pulumi.RunError as error:
        told(error)
        raise typer.Exit(WRONG) from None


@contextmanager
def _standard_output_kept_free() -> Generator[None]:
    """Send to stderr what the program, and any process that it starts, prints: it is not part of the plan."""
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        if sys.__stdout__ is not None:
            sys.__stdout__.flush()
        os.dup2(kept, 1)
        os.close(kept)


def _assumptions(hours: float, active: float, instances: int | None) -> Assumptions:
    try:
        return Assumptions(hours=hours, active=active, instances=instances)
    except ValueError as error:
        raise pulumi.RunError("\n".join(f"--{line}" for line in str(error).splitlines())) from None


def _own_pack() -> Pack:
    from apprunner_policies import POLICIES

    return Pack("apprunner-policies", POLICIES)


def _print(made: Plan, as_json: bool) -> None:
    for message in (*made.graph.messages, *made.report.messages):
        print(message, file=sys.stderr)
    if as_json:
        print(json.dumps(made.as_json(), indent=2, ensure_ascii=False))
        return
    console = Console(highlight=False, emoji=False)
    if console.is_terminal:
        console.width = max(console.width, _WIDE_ENOUGH)
        print_plan(console, made)
        return
    # Nobody sees it on a screen: lines are as long as they are, and end where they end.
    console.width = _ENDLESS
    with console.capture() as captured:
        print_plan(console, made)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))
