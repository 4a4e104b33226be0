"""Finds the stub value for a resource, a stack reference or a function."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from pulumi_apprunner.offline.stubs.file import Stubs
from pulumi_apprunner.offline.stubs.functions import function_result
from pulumi_apprunner.offline.stubs.request import REGION, Stub, StubRequest
from pulumi_apprunner.offline.stubs.resources import RESOURCE_STUBS
from pulumi_apprunner.offline.values import is_list, printable


@dataclass(frozen=True)
class StubResolver:
    """The stub values of one run.

    Args:
        stubs: The user's stub values. They take precedence.
        region: The stack's region.
        unknown: Leave what AWS would return unknown, as in a first preview, but not a resource's region. Functions
            still return stub values, because a program cannot continue without their results.
    """

    stubs: Stubs = field(default_factory=Stubs)
    region: str = REGION
    unknown: bool = False

    def resource(self, request: StubRequest) -> Stub:
        """Return a resource's id, and its outputs that are not among its inputs."""
        user_outputs = dict(self.stubs.resources.get(request.type, {}))
        factory = RESOURCE_STUBS.get(request.type)
        stub = Stub(None, {}) if factory is None else factory(request)
        if self.unknown:  # pulumi-aws sets the region before AWS is called
            stub = Stub(None, {key: value for key, value in stub.outputs.items() if key == "region"})
        id = request.read or user_outputs.pop("id", None) or stub.id
        outputs = {**stub.outputs, **user_outputs}
        return Stub(id, {key: value for key, value in outputs.items() if key not in request.inputs})

    def stack_reference(self, name: str) -> Mapping[str, Any]:
        """Return the properties of a stack reference; without a stub value, its outputs are unknown."""
        outputs = self.stubs.stack_references.get(name)
        return {} if outputs is None else {"outputs": outputs, "secretOutputNames": []}

    def invoke(self, token: str, args: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        """Return the result of a function: the user's, else the offline engine's own, else None."""
        result = self.stubs.invokes.get(token)
        if is_list(result):
            result = next((case["returns"] for case in result if _matches(case["args"], args)), None)
        return result if result is not None else function_result(token, args, region)


def _matches(subset: Mapping[str, Any], args: Mapping[str, Any]) -> bool:
    return all(key in args and args[key] == value for key, value in subset.items())


def missing_stub_error(token: str, args: Mapping[str, Any]) -> pulumi.RunError:
    """Return the error for a call of a function that has no stub value."""
    return pulumi.RunError(
        f"{token} calls AWS and has no stub value. Add its result to a stubs file (apprunner plan --stubs FILE):\n\n"
        f"invokes:\n  {token}:\n    - args: {json.dumps(printable(dict(args)))}\n      returns: {{...}}\n\n"
        "Or use the function's output form, whose result is unknown offline"
    )
