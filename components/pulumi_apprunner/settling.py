"""The rules about several arguments of a service, some of which are Outputs."""

import dataclasses
import functools
from collections.abc import Mapping, Sequence
from typing import Any

from apprunner_facts.images import ImageIdentifier
from pulumi_apprunner.args.checking import as_output, is_output, validate_output
from pulumi_apprunner.args.paths import Path
from pulumi_apprunner.args.service import AppRunnerServiceArgs, duplicate_variables
from pulumi_apprunner.args.values import display_secret_name


def settle(name: str, args: AppRunnerServiceArgs) -> AppRunnerServiceArgs:
    """Return validated arguments whose Outputs fail if they break a rule about several arguments.

    These rules are about the image's type and about variables that are set twice. Everything that the component creates
    uses the returned arguments, so that it waits for the rules.

    Args:
        name: The component's name.
        args: Its validated arguments.
    """
    image = args.image
    if image is not None and is_output(image.identifier):
        rule = functools.partial(_wrong_repository_type, image.repository_type)
        identifier = validate_output("AppRunnerService", name, image.identifier, rule)
        args = dataclasses.replace(args, image=dataclasses.replace(image, identifier=identifier))
    maps = [args.environment, *(each.value_from for each in args.secrets)]
    if any(map(is_output, maps)):
        known = as_output(validate_output("AppRunnerService", name, maps, lambda maps: _duplicates(args, maps)))
        environment, *references = (known.apply(lambda maps, at=at: maps[at] or {}) for at in range(len(maps)))
        secrets = [
            dataclasses.replace(each, value_from=value_from)
            for each, value_from in zip(args.secrets, references, strict=True)
        ]
        args = dataclasses.replace(args, environment=environment, secrets=secrets)
    return args


def _wrong_repository_type(repository_type: str | None, identifier: Any) -> dict[Path, str]:
    if not isinstance(identifier, ImageIdentifier):  # possible only with a user's mocks
        return {}
    if identifier.repository_type == repository_type:
        return {}
    return {
        ("image", "repository_type"): f"must be {identifier.repository_type}, the type of the identifier, got "
        f'"{repository_type}". Set it, since it determines whether an access role is created'
    }


def _duplicates(args: AppRunnerServiceArgs, maps: Sequence[Mapping[str, Any] | None]) -> dict[Path, str]:
    """Return the messages of `duplicate_variables`, without names in paths that may be secrets."""
    bindings = [each.binding for each in args.secrets]
    problems = duplicate_variables(args.redeploy_trigger, bindings, *(each or {} for each in maps))
    return {
        (*path[:-1], display_secret_name(path[-1], position)): message
        for position, (path, message) in enumerate(problems.items(), 1)
    }
