# pyright: reportPrivateUsage=false
"""The one place that leans on private parts of the Pulumi SDK and of pulumi_policy.

A test goes through all of them; it is the first to fail when a new SDK changes one. `sdk.policies` is imported only
where it is used, since pulumi_policy is an extra.
"""

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2

from pulumi_apprunner.offline.sdk.callbacks import asks_for_output, transformed
from pulumi_apprunner.offline.sdk.config import configured
from pulumi_apprunner.offline.sdk.running import ProgramExit, SeveralErrors, execute, finished, within
from pulumi_apprunner.offline.sdk.types import computed
from pulumi_apprunner.offline.sdk.wire import UNKNOWN_TEXT, decode, decode_value, encoded, optional

__all__ = [
    "UNKNOWN_TEXT",
    "MockMonitor",
    "ProgramExit",
    "SeveralErrors",
    "asks_for_output",
    "computed",
    "configured",
    "decode",
    "decode_value",
    "encoded",
    "engine_pb2",
    "execute",
    "finished",
    "optional",
    "provider_pb2",
    "resource_pb2",
    "transformed",
    "within",
]
