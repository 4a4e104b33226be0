"""Rules about managed runtimes."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from pulumi_policy import EnforcementLevel, ResourceValidationArgs

from apprunner_facts import source
from apprunner_facts.runtimes import END_OF_SUPPORT, same_name, successors, supported
from apprunner_facts.sizes import format_choices
from apprunner_facts.tokens import SERVICE
from apprunner_policies import waivers
from apprunner_policies.properties import as_number, text, value
from apprunner_policies.rule import Rule
from apprunner_policies.services import CODE_CONFIGURATION, CODE_VALUES

_RUNTIME = f"{CODE_VALUES}.runtime"

supported_runtime = Rule(
    "supported-runtime",
    resource_types=[SERVICE],
    description="Source code runs on a managed runtime that AWS supports.",
    remediation_steps=(
        "Choose a runtime of the same language that is still supported, or build a container image. The rule does not "
        "see a runtime in apprunner.yaml (configurationSource REPOSITORY). It is advisory: AWS does not document that "
        "App Runner rejects a runtime after its end of support."
    ),
    source=source.CODE_SOURCE,
    level=EnforcementLevel.ADVISORY,
    config={
        "warnDays": {
            "type": "integer",
            "minimum": 0,
            "maximum": 3650,
            "default": 90,
            "description": "The days before its end of support from which a runtime is a violation.",
        }
    },
)


@supported_runtime.check
def _runtime_is_supported(service: ResourceValidationArgs) -> Iterator[str]:
    runtime = text(service, _RUNTIME)
    if runtime is None:
        return
    today = waivers.today(service.get_config())
    problem = _support_problem(runtime, today, service.get_config().get("warnDays")) or _unknown_runtime(runtime, today)
    if problem and value(service, f"{CODE_CONFIGURATION}.configurationSource") != "REPOSITORY":
        yield problem


def _unknown_runtime(runtime: str, today: date) -> str | None:
    if runtime in END_OF_SUPPORT:
        return None
    meant, valid = same_name(runtime), supported(today)
    choices = [meant] if meant in valid else valid
    return f'{_RUNTIME} must be a runtime of App Runner, got "{runtime}". Set it to {_choice(choices)}.'


def _support_problem(runtime: str, today: date, warn_days: Any) -> str | None:
    end = END_OF_SUPPORT.get(runtime)
    if end is None or today < end - timedelta(days=as_number(warn_days) or 0):
        return None
    others = successors(runtime, max(today, end))
    instead = (
        f"Set it to {_choice(others)}."
        if others
        else "App Runner has no other runtime of this language. Build a container image, and create a service with "
        "sourceConfiguration.imageRepository instead of codeRepository."
    )
    ends = "ends" if today < end else "ended"
    return f'{_RUNTIME} must be a supported runtime, got "{runtime}", whose support {ends} on {end}. {instead}'


def _choice(runtimes: Sequence[str]) -> str:
    return format_choices([f'"{each}"' for each in runtimes])


RULES = (supported_runtime,)
