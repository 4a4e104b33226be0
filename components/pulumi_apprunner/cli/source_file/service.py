# pyright: standard
"""What a service and its program contradict in the service's apprunner.yaml."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from apprunner_facts.observability import TRACING_VARIABLES
from pulumi_apprunner.cli.services import COMPONENT
from pulumi_apprunner.cli.source_file.document import SourceFile
from pulumi_apprunner.cli.source_file.problems import Place, Problem
from pulumi_apprunner.offline.graph import Graph, Resource
from pulumi_apprunner.offline.policies.evaluation import evaluate_pack
from pulumi_apprunner.offline.policies.packs import Pack
from pulumi_apprunner.offline.values import is_map, reveal, value_at, with_value

_CODE = ("sourceConfiguration", "codeRepository")
_SECRETS = (*_CODE, "codeConfiguration", "codeConfigurationValues", "runtimeEnvironmentSecrets")
_ROLE = ("instanceConfiguration", "instanceRoleArn")
_GRANTS_RULE = "secrets-grant-matches"


def contradictions(file: SourceFile, name: str, inputs: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what a service contradicts.

    Args:
        file: The file.
        name: The service's name, for messages.
        inputs: The service's inputs, under the provider's names, without unknown values and secrets.
    """
    whole = Place("")
    if value_at(inputs, *_CODE) is None:
        yield whole.error(f"{name} runs an image. App Runner reads the file only for source code")
        return
    configuration = (*_CODE, "codeConfiguration")
    if value_at(inputs, *configuration, "configurationSource") != "REPOSITORY":
        yield whole.error(
            f'{name} ignores the file: its code.configuration_source is API. Set it to "REPOSITORY", or remove the file'
        )
        return
    if value_at(inputs, *configuration, "codeConfigurationValues") is not None:
        yield whole.error(f"{name} sets values that the file overrides: codeConfigurationValues. Remove them")
    if file.secrets and value_at(inputs, *_ROLE) is None:
        place = whole.key(file.content, "run").key(file.content["run"], "secrets")
        yield place.error(f"{name} has no instance role, with which App Runner reads the secrets. Set instance_role")
    traced = value_at(inputs, "observabilityConfiguration", "observabilityEnabled") is True
    missing = [each for each in TRACING_VARIABLES if each not in file.variables]
    if traced and missing:
        place = whole.key(file.content, "run") if "run" in file.content else whole
        yield place.warning(f"{name} has tracing, which requires these variables in run.env: {', '.join(missing)}")


def unreadable_secrets(file: SourceFile, graph: Graph, service: Resource) -> Iterator[Problem]:
    """Yield the secrets of a file that the program does not let its service's role read.

    The rule secrets-grant-matches finds them, as if the program bound the file's secrets.

    Args:
        file: The file.
        graph: The program's graph.
        service: The service, whose file it is.
    """
    from apprunner_policies import POLICIES

    is_read = value_at(service.inputs, *_CODE, "codeConfiguration", "configurationSource") == "REPOSITORY"
    if not is_read or not file.secrets or value_at(service.inputs, *_ROLE) is None:
        return
    bound = {name: value for name, value in file.secrets.items() if isinstance(value, str)}
    inputs, outputs = (with_value(reveal(dict(each)), _SECRETS, bound) for each in (service.inputs, service.outputs))
    changed = replace(service, inputs=inputs, outputs=outputs)
    resources = tuple(changed if each is service else each for each in graph.resources)
    pack = Pack(_GRANTS_RULE, [each for each in POLICIES if each.name == _GRANTS_RULE])
    report = evaluate_pack(replace(graph, resources=resources), pack, {})
    in_component = service.parent is not None and graph[service.parent].type == COMPONENT
    fix = ". SecretsBinding(...).policy_document does: add it to instance_role.policy_documents" if in_component else ""
    for violation in report.violations:
        message = violation.message.partition(f"{'.'.join(_SECRETS)}.")[2].removesuffix(".")
        name = message.partition(" ")[0]
        if violation.resource == service.urn and name in bound:
            yield _place_of(file, name).error(message + fix)


def _place_of(file: SourceFile, name: str) -> Place:
    """Return the place of a secret in a file."""
    items = file.content["run"]["secrets"]
    index = next(index for index, each in enumerate(items) if is_map(each) and each.get("name") == name)
    return Place("").key(file.content, "run").key(file.content["run"], "secrets").item(items, index)
