"""Evaluates a policy pack on a resource graph. It imports pulumi_policy, which is an extra, only when it is called."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi

from pulumi_apprunner.offline.graph import Graph
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.policies.report import Report

if TYPE_CHECKING:
    from pulumi_policy import Policy


def evaluate(
    graph: Graph,
    pack: "Pack | Sequence[Policy] | str | Path | None" = None,
    config: Mapping[str, Any] | str | Path | None = None,
) -> Report:
    """Evaluate the rules of a CrossGuard policy pack on a graph, as `pulumi preview --policy-pack` does.

    Resource rules see inputs, stack rules see outputs, as far as they are known. A rule with an attribute
    `resource_types` is evaluated only on resources of those types. At the level `remediate`, a rule's
    remediation runs, the report contains what it would change, and the rule is then evaluated as mandatory.

    Args:
        graph: The graph of a program.
        pack: The directory of a Python policy pack (that of its `PulumiPolicy.yaml`), a loaded pack
            (`Pack.load(directory)`), or a sequence of rules. Default: the pack that is installed with this library.
        config: The pack's configuration: rule id, or "all", to a level or to
            `{"enforcementLevel": …, property: …}`, or the path of a JSON file with it. Default: none.

    Raises:
        ProjectError: The pack cannot be loaded.
        PolicyConfigError: The configuration is invalid.
        RuleError: A rule raised an error.
        pulumi.RunError: pulumi-policy is not installed.
    """
    try:
        from pulumi_apprunner.offline.policies.configuration import load_config
        from pulumi_apprunner.offline.policies.evaluation import evaluate_pack
    except ModuleNotFoundError as error:
        raise pulumi.RunError(f"{error.name} is not installed. Install pulumi-apprunner[testing]") from None
    file = config if isinstance(config, str | Path) else None
    settings = load_config(config) if isinstance(config, str | Path) else config or {}
    return evaluate_pack(graph, _load(pack), settings, file)


def _load(pack: "Pack | Sequence[Policy] | str | Path | None") -> Pack:
    match pack:
        case None:
            return Pack.installed()
        case str() | Path():
            return Pack.load(pack)
        case Pack():
            return pack
        case _:
            return Pack("pack", pack)
