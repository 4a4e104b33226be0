"""The commands and their options."""

import os
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import pulumi
import typer

from apprunner_facts.bill import Assumptions
from apprunner_local.cli import app as local_app
from pulumi_apprunner.cli import comment, github
from pulumi_apprunner.cli.alternatives.command import cost
from pulumi_apprunner.cli.assumptions import resolve_assumptions
from pulumi_apprunner.cli.comparison import compare_plans
from pulumi_apprunner.cli.cost import estimate_cost
from pulumi_apprunner.cli.errors import errors_printed, print_error, run_all
from pulumi_apprunner.cli.lint import lint
from pulumi_apprunner.cli.operations import commands as operations
from pulumi_apprunner.cli.options import Directory, Stack, StubsFile, integer, number, share
from pulumi_apprunner.cli.output import (
    ERROR,
    VIOLATION,
    console_for_output,
    ignore_closed_pipe,
    print_json,
    redirect_program_output,
)
from pulumi_apprunner.cli.plan import Plan, load_plan
from pulumi_apprunner.cli.previews.command import app as previews_app
from pulumi_apprunner.cli.printing import print_plan
from pulumi_apprunner.cli.progress import spinner_when_slow
from pulumi_apprunner.cli.rightsize.command import rightsize
from pulumi_apprunner.cli.workflow.command import workflow
from pulumi_apprunner.offline.policies.configuration import load_config, rule_settings
from pulumi_apprunner.offline.policies.evaluation import evaluate_pack
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.run import run_project
from pulumi_apprunner.offline.stubs.file import Stubs

app = typer.Typer(
    add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode="markdown"
)
app.add_typer(local_app, name="local")
app.add_typer(previews_app, name="previews")
app.command()(cost)
app.command()(rightsize)
app.command()(workflow)


def _print_version(requested: bool) -> None:
    if requested:
        print(f"apprunner {version('pulumi-apprunner')}")
        raise typer.Exit


@app.callback()
def apprunner(
    version: Annotated[
        bool,
        typer.Option(
            "--version", metavar="", is_eager=True, callback=_print_version, help="Print the version and exit."
        ),
    ] = False,
) -> None:
    """Plan a Pulumi program with App Runner services, and operate the services of a deployed stack."""


@app.command()
def plan(
    stack: Stack = None,
    cwd: Directory = Path(),
    as_json: Annotated[
        bool, typer.Option("--json", metavar="", help="Print JSON. docs/plan-json.md describes it.")
    ] = False,
    unknown: Annotated[
        bool,
        typer.Option("--unknown", metavar="", help="Leave values unknown that AWS returns, as in a first preview."),
    ] = False,
    stubs: StubsFile = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="PLAN", help="An older plan of the stack (--json). Print the changes since then."),
    ] = None,
    policy_pack: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="A CrossGuard policy pack (PulumiPolicy.yaml) instead of the included one."),
    ] = None,
    policy_config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The policy configuration, in the format of `pulumi preview`.")
    ] = None,
    hours: Annotated[
        Any,
        typer.Option(
            parser=number,
            metavar="NUMBER",
            help="Hours in the month, for the cost estimate and the rule monthly-budget. Default: the rule's setting "
            f"in the policy configuration, otherwise {Assumptions().hours:g}.",
        ),
    ] = None,
    active: Annotated[
        Any,
        typer.Option(
            parser=share,
            metavar="SHARE",
            help="The share of its running hours in which an instance handles requests, such as 10%. Also for "
            f"the rule monthly-budget. Default: the rule's setting, otherwise {Assumptions().active:.0%}.",
        ),
    ] = None,
    instances: Annotated[
        Any,
        typer.Option(
            parser=integer(),
            metavar="NUMBER",
            help="Provisioned instances of each service. Also for the rule monthly-budget. Default: the rule's "
            "setting, otherwise the minimum of the service's scaling profile.",
        ),
    ] = None,
) -> None:
    """Plan a stack without the Pulumi CLI, an AWS account or a network.

    Runs the program in the Python interpreter of this command, and prints its resources, policy violations and
    estimated monthly cost. Exit status: 0 success, 1 a mandatory policy violation, 2 an error in the program, its
    configuration or the options.
    """
    try:
        with spinner_when_slow(f"Running {stack or 'the program'}"), redirect_program_output():
            pack = Pack.load(policy_pack) if policy_pack else _included_pack()
            options = {"hours": hours, "active": active, "instances": instances}
            config, before, stub_values = run_all(
                lambda: load_config(policy_config) if policy_config else dict[str, Any](),
                lambda: load_plan(against) if against else None,
                lambda: Stubs.load(stubs) if stubs else None,
            )
            assumptions, _ = run_all(
                lambda: resolve_assumptions(options, pack, config, policy_config),
                lambda: rule_settings(pack, config, policy_config),
            )
            graph = run_project(cwd, stack, stubs=stub_values, unknown=unknown)
            changes = compare_plans(against, before, graph) if against and before else None
            report = evaluate_pack(graph, pack, assumptions.policy_config, policy_config)
            estimate = estimate_cost(graph, assumptions.values, assumptions.origins)
        with ignore_closed_pipe():
            _print(Plan(graph, report, estimate, changes), as_json)
    except (Exception, SystemExit) as error:  # the program may raise anything
        print_error(error)
        raise typer.Exit(ERROR) from None
    raise typer.Exit(VIOLATION if report.has_mandatory_violations else 0)


@app.command(name="comment")
def comment_on(
    plans: Annotated[
        list[Path], typer.Argument(metavar="PLAN", help="Outputs of `apprunner plan --json`, one or more.")
    ],
    pull_request: Annotated[
        Any,
        typer.Option(
            parser=integer(1),
            metavar="NUMBER",
            help="The number of the pull request. Without it, only print the comment.",
        ),
    ] = None,
    repository: Annotated[
        str, typer.Option(envvar="GITHUB_REPOSITORY", metavar="OWNER/NAME", help="The repository on GitHub.")
    ] = "",
    name: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="A name for the comment, if a pull request has several of this command."),
    ] = None,
    author: Annotated[
        str, typer.Option(metavar="LOGIN", help="The login of GITHUB_TOKEN. Only comments of this author are updated.")
    ] = "github-actions[bot]",
) -> None:
    """Write plans as one comment on a pull request, and update it on later runs.

    The environment variable GITHUB_TOKEN has the token, GITHUB_API_URL the URL of GitHub's API. The comment contains no
    account numbers. Exit status: 0 success, 2 an error.
    """
    with errors_printed():
        text = comment.render([load_plan(path) for path in plans])
        if pull_request is None:
            print(text)
            return
        token = os.environ.get("GITHUB_TOKEN", "")
        required = (("GITHUB_TOKEN", token), ("--repository", repository))
        if missing := [each for each, value in required if not value]:
            raise pulumi.RunError(f"{' and '.join(missing)} required for a comment on a pull request")
        api = os.environ.get("GITHUB_API_URL", github.API)
        target = github.PullRequest(repository, pull_request, token, author, api)
        print(target.write_comment(comment.marker(name), text))


operations.register(app)
app.command()(lint)


def _included_pack() -> Pack:
    from apprunner_policies import POLICIES

    return Pack("apprunner-policies", POLICIES)


def _print(plan: Plan, as_json: bool) -> None:
    for message in (*plan.graph.messages, *plan.report.messages):
        print(message, file=sys.stderr)
    if as_json:
        print_json(plan.as_json())
        return
    with console_for_output() as console:
        print_plan(console, plan)
