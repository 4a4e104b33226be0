# pyright: reportPrivateUsage=false
"""The whole configuration of a pack on the Pulumi engine, which the SDK reads but does not pass to a pack.

The engine sends the entry "all" with its properties, and entries of unknown rules, to the pack's process. This is the
only use of private parts of pulumi_policy in the pack.
"""

import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

import grpc
from google.protobuf import json_format
from pulumi.runtime import proto
from pulumi_policy import EnforcementLevel, Policy
from pulumi_policy import policy as sdk

from apprunner_policies.configuration import ALL
from apprunner_policies.pack import Waivers


def initial_config(policies: Sequence[Policy]) -> dict[str, EnforcementLevel | dict[str, Any]]:
    """Return the initial configuration for the `PolicyPack`, which sets nothing.

    The engine rejects an entry without a level, such as "all" with an environment only. An initial entry gives "all"
    a level; each rule keeps its own.
    """
    levels = {policy.name: policy.enforcement_level or EnforcementLevel.ADVISORY for policy in policies}
    return {ALL: {}, **levels}


@contextmanager
def whole_configuration(policies: Sequence[Policy]) -> Generator[None]:
    """Pass the configuration that the engine sends to the pack's `Waivers.configure`, within a `with` block.

    An invalid configuration stops the engine's operation. If the SDK has changed, a warning says what does not work.
    """
    servicer: Any = getattr(sdk, "_PolicyAnalyzerServicer", None)
    original: Any = getattr(servicer, "Configure", None)
    pack = next(each for each in policies if isinstance(each, Waivers))
    if original is None:
        print(
            "warning: this version of pulumi-policy does not show the whole configuration to the pack. Settings of "
            '"all" are ignored, and unknown rules and keys are not reported',
            file=sys.stderr,
        )
        yield
        return

    def configure(self: Any, request: Any, context: grpc.ServicerContext) -> Any:
        entries = {name: json_format.MessageToDict(each.properties) for name, each in request.policyConfig.items()}
        merged, problems = pack.configure(entries)
        if problems:
            message = "\n".join(["invalid policy configuration", *(f"  {each}" for each in problems)])
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, message)
        for name, properties in merged.items():
            if properties and name in request.policyConfig:
                request.policyConfig[name].properties.Clear()
                request.policyConfig[name].properties.update(properties)
        own = request.policyConfig[pack.name]
        if own.enforcementLevel != proto.DISABLED:
            own.enforcementLevel = proto.ADVISORY
        return original(self, request, context)

    servicer.Configure = configure
    try:
        yield
    finally:
        servicer.Configure = original
