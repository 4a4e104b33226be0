# pyright: standard
"""What the settings of a service contradict in its apprunner.yaml."""

from collections.abc import Iterator, Mapping
from typing import Any

from apprunner_facts.observability import TRACING_VARIABLES
from pulumi_apprunner.cli.source_file.document import SourceFile
from pulumi_apprunner.cli.source_file.problems import Place, Problem
from pulumi_apprunner.offline.values import value_at

_CODE = ("sourceConfiguration", "codeRepository")


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
    if file.secrets and value_at(inputs, "instanceConfiguration", "instanceRoleArn") is None:
        place = whole.key(file.content, "run").key(file.content["run"], "secrets")
        yield place.error(f"{name} has no instance role, with which App Runner reads the secrets. Set instance_role")
    traced = value_at(inputs, "observabilityConfiguration", "observabilityEnabled") is True
    missing = [each for each in TRACING_VARIABLES if each not in file.variables]
    if traced and missing:
        place = whole.key(file.content, "run") if "run" in file.content else whole
        yield place.warning(f"{name} has tracing, which requires these variables in run.env: {', '.join(missing)}")
