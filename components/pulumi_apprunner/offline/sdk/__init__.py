# pyright: reportPrivateUsage=false
"""The offline engine's use of private parts of the Pulumi SDK and of pulumi_policy: all of it is in this package.

tests/offline/test_sdk.py checks each part, and fails first when a new SDK changes one. Import `sdk.policies` only where
it is used, because pulumi_policy is an extra.
"""

from pulumi.runtime.mocks import MockMonitor
from pulumi.runtime.proto import engine_pb2, provider_pb2, resource_pb2

from pulumi_apprunner.offline.sdk.callbacks import call_transform, is_output_invoke
from pulumi_apprunner.offline.sdk.config import pulumi_config
from pulumi_apprunner.offline.sdk.running import ProgramExit, SeveralErrors, await_result, execute, with_settings
from pulumi_apprunner.offline.sdk.types import computed_outputs, document_inputs
from pulumi_apprunner.offline.sdk.wire import UNKNOWN_TEXT, decode, decode_value, encode, optional_field

__all__ = [
    "UNKNOWN_TEXT",
    "MockMonitor",
    "ProgramExit",
    "SeveralErrors",
    "await_result",
    "call_transform",
    "computed_outputs",
    "decode",
    "decode_value",
    "document_inputs",
    "encode",
    "engine_pb2",
    "execute",
    "is_output_invoke",
    "optional_field",
    "provider_pb2",
    "pulumi_config",
    "resource_pb2",
    "with_settings",
]
