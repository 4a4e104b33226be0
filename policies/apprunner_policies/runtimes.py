"""The rule about what builds source code."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from pulumi_policy import EnforcementLevel, ResourceValidationArgs

from apprunner_facts import source
from apprunner_facts.runtimes import END_OF_SUPPORT
from apprunner_facts.sizes import format_choices
from apprunner_facts.tokens import SERVICE
from apprunner_policies import waivers
from apprunner_policies.rule import Rule, read

_CODE_CONFIGURATION = "sourceConfiguration.codeRepository.codeConfiguration"
_RUNTIME = f"{_CODE_CONFIGURATION}.codeConfigurationValues.runtime"


def _runtime_is_supported(args: ResourceValidationArgs) -> Iterator[str]:
    runtime = read(args, _RUNTIME)
    trouble = _trouble(runtime, args.get_config()) if isinstance(runtime, str) else None
    if trouble and read(args, f"{_CODE_CONFIGURATION}.configurationSource") != "REPOSITORY":
        yield trouble


def _trouble(runtime: str, config: Mapping[str, Any]) -> str | None:
    today = waivers.today(config)
    if runtime not in END_OF_SUPPORT:
        supported = _supported_after(today)
        meant = [each for each in supported if _plain(each) == _plain(runtime)]
        return (
            f'{_RUNTIME} is "{runtime}", which is none of the runtimes that the API names. '
            f"Set it to {_choice(meant or supported)}."
        )
    end, days = END_OF_SUPPORT[runtime], config.get("warnDays")
    if end is None or today < end - timedelta(days=days if isinstance(days, int | float) else 0):
        return None
    language = runtime.partition("_")[0]
    others = [each for each in _supported_after(max(today, end)) if each.partition("_")[0] == language]
    instead = (
        f"Set it to {_choice(others)}."
        if others
        else "App Runner has no other runtime of this language: build a container image, and make a service with "
        "sourceConfiguration.imageRepository instead of codeRepository."
    )
    return f'{_RUNTIME} is "{runtime}", whose support {"ends" if today < end else "ended"} on {end}. {instead}'


def _supported_after(day: date) -> list[str]:
    return [name for name, end in END_OF_SUPPORT.items() if end is None or day < end]


def _plain(runtime: str) -> str:
    """Return a runtime's name as apprunner.yaml spells it, which is where the wrong spelling mostly comes from."""
    return runtime.replace("_", "").replace(".", "").lower()


def _choice(runtimes: Sequence[str]) -> str:
    return format_choices([f'"{each}"' for each in runtimes])


supported_runtime = Rule(
    "supported-runtime",
    resource_types=[SERVICE],
    checks=[_runtime_is_supported],
    description="Source code is built with a managed runtime that AWS supports.",
    remediation=(
        "Choose a runtime of the same language whose support has not ended, or build a container image. Where "
        "apprunner.yaml says the runtime (configurationSource REPOSITORY) it cannot be judged here. It is advice: that "
        "App Runner refuses a runtime after its end is not documented."
    ),
    source=source.CODE_SOURCE,
    level=EnforcementLevel.ADVISORY,
    config={
        "warnDays": {
            "type": "integer",
            "minimum": 0,
            "maximum": 3650,
            "default": 90,
            "description": "How many days before the end of its support a runtime is a violation already.",
        }
    },
)

RULES = (supported_runtime,)
