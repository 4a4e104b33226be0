"""Members of App Runner's responses that contradict its model, or in which the model contradicts itself."""

from collections.abc import Mapping
from dataclasses import dataclass

from apprunner_local.api_model import Ignored, IgnoredTrait


@dataclass(frozen=True)
class ModelException:
    """A member whose values do not match the model.

    Args:
        ignored: The trait of the model that is not checked.
        reason: Why no value of the live API matches it, with the source.
    """

    ignored: IgnoredTrait
    reason: str


_SERVICE_ID = ModelException(
    "pattern",
    "botocore's shape ServiceId has the length 32 and a pattern of 36 characters, which no string matches; the live "
    "API's ids, which are in every ARN, have 32 hexadecimal digits",
)
_LOWER_CASE = "the model's enum is in upper case; "
_SCALING_STATUS = ModelException(
    "case",
    f"{_LOWER_CASE}hashicorp/terraform-provider-aws internal/service/apprunner/wait.go waits for active and inactive",
)

MODEL_EXCEPTIONS: Mapping[tuple[str, str], ModelException] = {
    ("Service", "ServiceId"): _SERVICE_ID,
    ("ServiceSummary", "ServiceId"): _SERVICE_ID,
    ("AutoScalingConfiguration", "Status"): _SCALING_STATUS,
    ("AutoScalingConfigurationSummary", "Status"): _SCALING_STATUS,
    ("VpcConnector", "Status"): ModelException(
        "case", f"{_LOWER_CASE}alchemy-run/alchemy reports lower case, which World.lower_case_connectors switches on"
    ),
    ("CustomDomain", "Status"): ModelException(
        "case",
        f"{_LOWER_CASE}the live API returns lower case, as hashicorp/terraform-provider-aws "
        "internal/service/apprunner/wait.go compares it",
    ),
}
"""The exceptions, by structure and member."""

IGNORED_TRAITS: Ignored = {member: exception.ignored for member, exception in MODEL_EXCEPTIONS.items()}
"""The traits that are not checked, for `api_model.output_problems`."""
