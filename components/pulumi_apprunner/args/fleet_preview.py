"""The arguments of a Fleet that is the environment of a pull request."""

import re
from dataclasses import field
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StrictBool, ValidationInfo, field_validator

from apprunner_facts import sizes
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.container import Scaling, Size
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.fleet_service import FleetPause
from pulumi_apprunner.args.schedule import RunningWindow
from pulumi_apprunner.args.values import ScalingProfileArn

PROFILE = "preview"
"""The name of the scaling profile that services share unless they say otherwise."""

_SMALLEST = min((cpu, memory) for cpu, memories in sizes.PAIRS.items() for memory in memories)


def _number(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        fix = "Remove the quotes" if isinstance(value, str) and value.isdecimal() else ""
        raise invalid("must be the number of a pull request, 1 or more", fix)
    return value


def _day(text: str) -> str:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            date.fromisoformat(text)
            return text
    except ValueError:  # no day of the calendar
        pass
    raise invalid("must be a day as YYYY-MM-DD", "Write it in quotes")


def default_scaling() -> Scaling:
    """Return the number of instances of services unless they or the preview say otherwise."""
    return Scaling(max_size=2)


def default_pause() -> FleetPause:
    """Return when services are paused unless they or the preview say otherwise: at night and on weekends."""
    return FleetPause(timezone="Etc/UTC", running=[RunningWindow(days="Mon-Fri", start="07:00", end="19:00")])


def smallest_size() -> Size:
    """Return the smallest size of an instance."""
    return Size(cpu=str(_SMALLEST[0]), memory=str(_SMALLEST[1]))


@args_type
class FleetPreview:
    """The environment of a pull request: what it is called, when it expires, and what its services have unless they
    say otherwise."""

    number: Annotated[int, BeforeValidator(_number)]
    """The number of the pull request, 1 or more. The stack must have the name pr-NUMBER. The number is part of the
    names in AWS, of the hosts of custom domains, and the value of the tag `apprunner:preview`."""

    expires: Annotated[str, AfterValidator(_day)]
    """The day from which `apprunner previews remove --expired` removes the environment, in UTC, such as "2026-12-04".
    It is the value of the tag `apprunner:expires`. Pass a fixed day, so that another `up` changes nothing."""

    size: Size = field(default_factory=smallest_size)
    """CPU and memory of the services without `size`. Default: the smallest, 0.25 vCPU and 0.5 GB."""

    scaling: Scaling | None = None
    """The number of instances of the services without scaling arguments. They share one scaling profile, `preview`.
    Default: 1 to 2 instances."""

    auto_scaling_configuration_arn: In[ScalingProfileArn] | None = None
    """The ARN of an existing scaling profile for these services, instead of `scaling`. The number of profiles in an
    account is limited, so share one if there are many pull requests. Default: none."""

    pause: FleetPause | None = None
    """When the services without `pause` are paused. Default: they run from Monday to Friday, 07:00 to 19:00 UTC."""

    pause_at_night: StrictBool = True
    """Whether services without `pause` are paused. Default: true."""

    @field_validator("auto_scaling_configuration_arn")
    @classmethod
    def _one_profile(cls, arn: Any, info: ValidationInfo) -> Any:
        if arn is not None and info.data.get("scaling") is not None:
            raise invalid("must not be set together with scaling", "Remove one of them", got="")
        return arn

    @field_validator("pause_at_night")
    @classmethod
    def _true_with_pause(cls, pauses: bool, info: ValidationInfo) -> bool:
        if not pauses and info.data.get("pause") is not None:
            raise invalid("must be true with pause", "Remove one of them")
        return pauses
