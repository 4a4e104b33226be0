"""What offline/sdk leans on in private parts of the SDK and of pulumi_policy: what a new version changes shows here."""

import importlib
import threading
from importlib.metadata import version
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.runtime import mocks, settings

from pulumi_apprunner.offline.sdk import computed_outputs
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
    ("pulumi.output", "Unknown"),
    ("pulumi._types", "resource_types"),
    ("pulumi._types", "resource_py_to_pulumi_names"),
    ("pulumi_policy.policy", "_PolicyAnalyzerServicer"),
    ("pulumi_policy.policy", "_NotApplicableError"),
    ("pulumi_policy.proxy", "unknown_checking_proxy"),
    ("pulumi_policy.secret", "secrets_preserving_proxy"),
    ("pulumi_policy.deserialize", "serialize_properties"),
]


@pytest.mark.parametrize(("module", "name"), PRIVATE)
def test_it_is_there(module: str, name: str) -> None:
    versions = ", ".join(f"{each} {version(each)}" for each in ("pulumi", "pulumi_policy"))
    assert hasattr(importlib.import_module(module), name), f"{module}.{name} is gone ({versions}): mend offline/sdk"


@pytest.mark.parametrize("name", ["_get_bool", "_get_int", "_get_float", "_get_object"])
def test_config_has_its_typed_readers(name: str) -> None:
    assert callable(getattr(pulumi.Config, name)), f"pulumi.Config.{name} is gone: mend offline/sdk/config.py"


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
def test_the_mock_monitor_has_no_method_that_ours_does_not_replace(name: str) -> None:
    from pulumi_apprunner.offline.monitor import Monitor

    assert name in vars(Monitor)


def test_what_the_mock_monitor_asks_its_mocks_for_is_all_replaced() -> None:
    from pulumi_apprunner.offline.monitor import Monitor

    asking = {
        name
        for name, method in vars(mocks.MockMonitor).items()
        if callable(method) and "mocks" in getattr(method, "__code__", asking_nothing.__code__).co_names
    }
    assert asking - {"__init__"} <= set(vars(Monitor)), "the SDK's mock monitor asks mocks in a new place"


def asking_nothing() -> None:
    pass


def test_registrations_are_answered_on_the_programs_own_thread() -> None:
    threads: set[int] = set()

    def program() -> None:
        monitor: Any = settings.get_monitor()
        answer = monitor.RegisterResource
        monitor.RegisterResource = lambda request: (threads.add(threading.get_ident()), answer(request))[1]
        aws.iam.Role("r", assume_role_policy="{}")

    run(program)
    assert threads == {threading.get_ident()}, (
        "the SDK calls the engine in a new way: mend _Loop in offline/sdk/running.py"
    )


def test_the_outputs_that_nobody_awaits_are_watched() -> None:
    def program() -> None:
        pulumi.Output.from_input(1)
        assert len(settings.SETTINGS.outputs) > 0, "the SDK keeps its outputs in a new way"  # type: ignore[arg-type]

    run(program)


def test_computed_outputs_are_those_that_a_program_cannot_set() -> None:
    assert computed_outputs("aws:apprunner/service:Service") == {"arn", "serviceId", "serviceUrl", "status", "tagsAll"}
    assert computed_outputs("acme:index:Nothing") == frozenset()


def test_a_run_leaves_the_sdk_as_it_was() -> None:
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
