"""Warnings and duplicate domains, on the Pulumi engine."""

import re
from collections.abc import Callable

from engine import programs
from engine.stack import Stack

Make = Callable[..., Stack]

PROGRAM = programs.program(
    programs.service("api"),
    programs.service("web"),
    programs.domain(of="api"),
    "CustomDomain('again', {'domain_name': 'api.staging.example.com', 'service_arn': services['web'].arn})\n",
    "secret = pulumi.Output.secret('canary-4f1d')\n",
    "options = pulumi.ResourceOptions(ignore_changes=['sourceConfiguration'])\n",
    f"args = {{'image': {{'identifier': '{programs.PUBLIC_IMAGE}'}}, 'environment': {{'TOKEN': secret}}}}\n",
    "AppRunnerService('warned', args, options)\n",
)


def test_a_preview_warns_and_an_update_rejects_a_domain_of_two_new_services(trial: Make) -> None:
    stack = trial(PROGRAM)
    preview = stack.preview()
    assert preview.ok, preview.output
    assert "environment.TOKEN: must not be a Pulumi secret" in preview.output
    assert "opts.ignore_changes: has no effect on a component" in preview.output
    assert "canary-4f1d" not in preview.output

    update = stack.up()
    assert not update.ok
    output = re.sub(r"\s+", " ", update.output)
    assert (
        "domain_name: must be used once in an account and region, got api.staging.example.com, which CustomDomain"
        in output
    )
