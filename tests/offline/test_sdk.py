"""The private parts of the SDK and of pulumi_policy that offline/sdk uses. A changed one fails here."""

import importlib
import threading
from importlib.metadata import version
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import mocks, settings

from pulumi_apprunner.offline.sdk import computed_outputs, document_inputs
from pulumi_apprunner.testing import run

PRIVATE = [
    ("pulumi.runtime.rpc", "_special_sig_key"),
    ("pulumi.runtime.rpc", "_special_secret_sig"),
    ("pulumi.runtime.rpc", "_special_resource_sig"),
    ("pulumi.runtime.rpc", "UNKNOWN"),
    ("pulumi.runtime.rpc", "deserialize_properties"),
    ("pulumi.runtime.config", "CONFIG"),
    ("pulumi.runtime.config", "_SECRET_KEYS"),
    ("pulumi.runtime.config", "set_all_config"),
    ("pulumi.runtime.settings", "ROOT"),
    ("pulumi.runtime.settings", "SETTINGS"),
    ("pulumi.runtime.settings", "Settings"),
    ("pulumi.runtime.stack", "run_in_stack"),
    ("pulumi.runtime.resource", "_get_stack_trace"),
    ("pulumi.runtime.mocks", "MockMonitor"),
    ("pulumi.runtime._callbacks", "_CallbackServicer"),
    ("pulumi.runtime.resource", "create_urn"),
    ("pulumi.runtime.rpc", "transfer_properties"),
    ("pulumi.output", "Unknown"),
    ("pulumi.output", "_OutputData"),
    ("pulumi._types", "unwrap_type"),
    ("pulumi._types", "unwrap_optional_type"),
    ("pulumi._types", "resource_types"),
    ("pulumi._types", "resource_py_to_pulumi_names"),
    ("pulumi._types", "resource_pulumi_to_py_names"),
    ("pulumi_policy.policy", "_PolicyAnalyzerServicer"),
    ("pulumi_policy.policy", "_NotApplicableError"),
    ("pulumi_policy.proxy", "unknown_checking_proxy"),
    ("pulumi_policy.secret", "secrets_preserving_proxy"),
    ("pulumi_policy.deserialize", "serialize_properties"),
]


@pytest.mark.parametrize(("module", "name"), PRIVATE)
def test_a_private_part_exists(module: str, name: str) -> None:
    versions = ", ".join(f"{each} {version(each)}" for each in ("pulumi", "pulumi_policy"))
    assert hasattr(importlib.import_module(module), name), (
        f"{module}.{name} does not exist ({versions}): fix offline/sdk"
    )


@pytest.mark.parametrize("name", ["_get_bool", "_get_int", "_get_float", "_get_object"])
def test_config_has_its_typed_readers(name: str) -> None:
    assert callable(getattr(pulumi.Config, name)), f"pulumi.Config.{name} does not exist: fix offline/sdk/config.py"


@pytest.mark.parametrize(
    "name",
    [
        "RegisterResource",
        "ReadResource",
        "RegisterResourceOutputs",
        "Invoke",
        "RegisterStackTransform",
        "RegisterStackInvokeTransform",
    ],
)
def test_every_method_of_the_mock_monitor_is_overridden(name: str) -> None:
    from pulumi_apprunner.offline.monitor import Monitor

    assert name in vars(Monitor)


def test_every_method_that_calls_the_mocks_is_overridden() -> None:
    from pulumi_apprunner.offline.monitor import Monitor

    calling = {
        name
        for name, method in vars(mocks.MockMonitor).items()
        if callable(method) and "mocks" in getattr(method, "__code__", _calls_no_mocks.__code__).co_names
    }
    assert calling - {"__init__"} <= set(vars(Monitor)), "the SDK's mock monitor calls its mocks in a new place"


def _calls_no_mocks() -> None:
    pass


def test_registrations_run_in_the_programs_thread() -> None:
    threads: set[int] = set()

    def program() -> None:
        monitor: Any = settings.get_monitor()
        register = monitor.RegisterResource
        monitor.RegisterResource = lambda request: (threads.add(threading.get_ident()), register(request))[1]
        aws.iam.Role("r", assume_role_policy="{}")

    run(program)
    assert threads == {threading.get_ident()}, (
        "the SDK calls the engine in a new way: fix _Loop in offline/sdk/running.py"
    )


def test_outputs_that_are_not_awaited_are_tracked() -> None:
    def program() -> None:
        pulumi.Output.from_input(1)
        assert len(settings.SETTINGS.outputs) > 0, "the SDK keeps its outputs in a new way"  # type: ignore[arg-type]

    run(program)


def test_computed_outputs_are_outputs_that_are_not_inputs() -> None:
    service: Any = aws.apprunner.Service
    assert computed_outputs(service.pulumi_type) == {"arn", "serviceId", "serviceUrl", "status", "tagsAll"}
    assert computed_outputs("acme:index:Nothing") == frozenset()


@pytest.mark.parametrize(
    ("resource", "inputs"), [(aws.iam.Role, {"assumeRolePolicy"}), (aws.s3.BucketPolicy, {"policy"})]
)
def test_document_inputs_accept_json_or_an_object(resource: Any, inputs: set[str]) -> None:
    assert document_inputs(resource.pulumi_type) == inputs


def test_an_unknown_type_has_no_document_inputs() -> None:
    assert document_inputs("acme:index:Nothing") == frozenset()


def test_a_run_restores_the_sdks_state() -> None:
    before = (settings.get_monitor(), settings.get_project(), settings.get_stack(), settings.get_root_resource())
    run(lambda: None, project="other", stack="other")
    assert before == (
        settings.get_monitor(),
        settings.get_project(),
        settings.get_stack(),
        settings.get_root_resource(),
    )


def test_the_sdks_own_mocks_work_before_and_after_a_run() -> None:
    class Cloud(mocks.Mocks):
        def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
            return "id", {**args.inputs, "arn": "arn"}

        def call(self, args: mocks.MockCallArgs) -> tuple[dict[str, Any], None]:
            return {}, None

    @pulumi.runtime.test
    def checked() -> Any:
        return aws.iam.Role("r", assume_role_policy="{}").arn.apply(seen.append)

    seen: list[str] = []
    pulumi.runtime.set_mocks(Cloud())
    checked()
    run(lambda: aws.iam.Role("r", assume_role_policy="{}") and None)
    checked()
    assert seen == ["arn", "arn"]
